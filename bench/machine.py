"""CPU and memory of processes, as the operating system counts them; a city server started for a benchmark."""

import contextlib
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import psycopg

from bench.ready import PRELOAD, Forked, nursery

POSTGRES = os.environ.get("CITYLOOP_BENCH_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")


def say(words: str) -> None:
    """A line for whoever waits."""
    print(words, flush=True)


def cpu_s(pid: int) -> float:
    """CPU time of a process so far, its dead children included. Units: seconds, to the nanosecond where it lives."""
    try:
        threads = Path(f"/proc/{pid}/task").iterdir()
        return sum(int((each / "schedstat").read_text().split()[0]) for each in threads) / 1e9
    except (FileNotFoundError, ProcessLookupError):
        return 0.0


def children(pid: int) -> list[int]:
    """A process and all that it started."""
    found = [pid]
    for each in found:
        for task in Path(f"/proc/{each}/task").glob("*/children"):
            found += [int(child) for child in task.read_text().split()]
    return found


def rss_mb(pids: list[int]) -> float:
    """Resident memory. Units: MB."""
    total = 0
    for pid in pids:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                total += int(line.split()[1])
    return total / 1024


class Postgres:
    """A database of our own on the server, dropped at the end."""

    def __init__(self) -> None:
        self.name = f"bench_{os.getpid()}_{secrets.token_hex(3)}"
        with psycopg.connect(POSTGRES, autocommit=True) as admin:
            admin.execute(f"CREATE DATABASE {self.name} TEMPLATE template0")
        parts = psycopg.conninfo.conninfo_to_dict(POSTGRES)
        self.url = (
            f"postgresql://{parts.get('user', 'postgres')}@{parts.get('host')}:{parts.get('port', 5432)}/{self.name}"
        )

    def backends(self) -> list[int]:
        """The server's processes that work for us."""
        with psycopg.connect(POSTGRES, autocommit=True) as admin:
            return [row[0] for row in admin.execute("SELECT pid FROM pg_stat_activity WHERE datname = %s", [self.name])]

    def drop(self) -> None:
        with psycopg.connect(POSTGRES, autocommit=True) as admin:
            admin.execute(f"DROP DATABASE {self.name} WITH (FORCE)")


class Server:
    """A city server in processes of its own, on a port of its own."""

    def __init__(
        self,
        *,
        database: str = "",
        processes: int = 1,
        home: Path | None = None,
        pack: str = "demo",
        port: int = 0,
        entry: str = "cityloop.cli",
        city: str = "bench",
        environment: dict[str, str] | None = None,
        sheds: bool = False,  # what it costs is measured of all that is sent, not of what is left of it
        forked: bool = False,  # from a process that has read the program already: see ready.py
    ):
        self.home = home or Path(tempfile.mkdtemp(prefix="cityloop-bench-"))
        self._own_home = home is None
        self.port = port or free_port()
        self.database = database
        settings = {
            "CITY": city, "HOME": str(self.home), "DATABASE": database, "PACK": pack, "PORT": str(self.port),
            "PROCESSES": str(processes), "PERSON_PER_MIN": "0",
        } | ({} if sheds else {"SHED_AFTER_MS": "0"})  # fmt: skip
        told = {f"CITYLOOP_{name}": value for name, value in settings.items()}
        self.log = (self.home / "server.log").open("w")
        told = os.environ | told | (environment or {})
        self.process: subprocess.Popen | Forked
        if forked:
            self.process = nursery(told.get(PRELOAD, "")).fork(entry, told, self.home / "server.log")
        else:
            self.process = subprocess.Popen([sys.executable, "-m", entry, "up"], env=told, stdout=self.log, stderr=self.log, start_new_session=True)
        try:
            self._wait()
        except BaseException:
            self.stop(hard=True)  # nobody else knows of it yet
            raise

    def _wait(self) -> None:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health", timeout=1).read()
                return
            except OSError:
                if self.process.poll() is not None:
                    break
                time.sleep(0.05)
        raise RuntimeError(f"the server did not start:\n{(self.home / 'server.log').read_text()[-3000:]}")

    def wait_until_idle(self, stuck_s: float) -> None:
        """Wait until every handler has caught up; a backlog that has not shrunk for so long is stuck. Asks often near the
        end, so that the end is known to a fiftieth of a second, and seldom while much waits, as each question is work for
        the server."""
        least, until = None, time.monotonic() + stuck_s
        while time.monotonic() < until:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health", timeout=60) as answer:
                behind = json.loads(answer.read())["behind"]
            if behind == 0:
                return
            if least is None or behind < least:
                least, until = behind, time.monotonic() + stuck_s
            time.sleep(min(0.2, 0.02 + behind / 10_000))
        raise RuntimeError(f"the backlog does not shrink: {least} facts have waited for {stuck_s:.0f} s")

    @property
    def pids(self) -> list[int]:
        return children(self.process.pid)

    def cpu_s(self) -> float:
        return sum(cpu_s(pid) for pid in self.pids)

    def stop(self, *, hard: bool = False, keep: bool = False) -> None:
        if self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError):  # it ended in this very moment
                os.killpg(self.process.pid, signal.SIGKILL if hard else signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()
        self.log.close()
        if self._own_home and not (hard or keep):
            self.forget()

    def forget(self) -> None:
        """Remove the city's files."""
        shutil.rmtree(self.home, ignore_errors=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
