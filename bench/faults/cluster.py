"""A PostgreSQL server of our own, which a test may kill: Debian's programs, a folder and a port that nobody else has."""

import contextlib
import os
import secrets
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg

from bench.machine import free_port


def programs() -> Path | None:
    """Where the server's programs lie, the newest first; None where none are installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"), key=lambda each: int(each.parts[-3]))
    return found[-1].parent if found else None


def _open_to_postgres(folder: Path) -> None:
    """Give a folder to the user under whom the server runs."""
    if os.getuid() == 0:
        shutil.chown(folder, "postgres", "postgres")


class OwnPostgres:
    """A cluster that is made, started, killed, started again and thrown away. It syncs as the real one does.

    `data` is where its files lie; `options` are added whenever it starts, e.g. `-c fsync=off`.
    """

    def __init__(self, data: Path | None = None, *, options: str = "", standby_of: "OwnPostgres | None" = None) -> None:
        self.port = free_port()
        self.home = Path(tempfile.mkdtemp(prefix="cityloop-pg-"))
        self.data = data or self.home / "data"
        self.options = options
        self.environment: dict[str, str] = {}
        for each in (self.home, *([data.parent] if data else [])):
            _open_to_postgres(each)
        if standby_of is None:
            self._run("initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-k", "-N")
            self.start()
            self.name = f"own_{secrets.token_hex(4)}"
            with psycopg.connect(f"postgresql://postgres@127.0.0.1:{self.port}/postgres", autocommit=True) as admin:
                admin.execute(f"CREATE DATABASE {self.name} TEMPLATE template0")
        else:
            self.name = standby_of.name
            self._run("pg_basebackup", "-D", self.data, "-R", "-X", "stream", "-c", "fast", "-d", f"{standby_of.server} application_name=standby")
            self.start()

    @property
    def server(self) -> str:
        """How its server is reached, as words of libpq."""
        return f"host=127.0.0.1 port={self.port} user=postgres"

    @property
    def url(self) -> str:
        """Its database."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/{self.name}"

    def start(self) -> None:
        """Start it, and wait until it answers; after a kill it first reads its log again."""
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.home} {self.options}"
        self._run("pg_ctl", "-D", self.data, "-w", "-t", "60", "-l", self.home / "log", "-o", options, "start")

    def promote(self) -> None:
        """A standby begins to lead."""
        self._run("pg_ctl", "-D", self.data, "-w", "promote")

    def set(self, **settings: str) -> None:
        """Change settings of the running server."""
        with psycopg.connect(f"{self.server} dbname=postgres", autocommit=True) as admin:
            for name, value in settings.items():
                admin.execute(f"ALTER SYSTEM SET {name} = '{value}'")
            admin.execute("SELECT pg_reload_conf()")
        time.sleep(0.3)  # the processes read it in their next turn

    def stop_streaming(self) -> None:
        """A standby hears no more of its primary."""
        self.set(primary_conninfo="host=127.0.0.1 port=1 user=postgres")

    def forget_pid(self) -> None:
        """Remove what a dead server left of itself, as whoever starts it at boot does."""
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def kill(self) -> None:
        """As if it had lost its power, but for what the operating system still holds: no process says goodbye."""
        main = int((self.data / "postmaster.pid").read_text().split()[0])
        workers = [int(each) for task in Path(f"/proc/{main}/task").glob("*/children") for each in task.read_text().split()]
        for pid in (main, *workers):
            with contextlib.suppress(ProcessLookupError):  # whoever it worked for is gone, and so is it
                os.kill(pid, 9)
        while any(Path(f"/proc/{pid}").exists() for pid in (main, *workers)):
            time.sleep(0.02)

    def stop(self) -> None:
        """Stop it in good order."""
        self._run("pg_ctl", "-D", self.data, "-m", "fast", "-w", "stop")

    def forget(self) -> None:
        """Stop it and remove all of it."""
        self._run("pg_ctl", "-D", self.data, "-m", "immediate", "-w", "stop", check=False)
        shutil.rmtree(self.home, ignore_errors=True)

    def _run(self, program: str, *arguments: object, check: bool = True) -> None:
        where = programs()
        assert where is not None
        as_whom = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
        told = ["env", *(f"{name}={value}" for name, value in self.environment.items())]
        done = subprocess.run(
            [*as_whom, *told, str(where / program), *map(str, arguments)], cwd="/", capture_output=True, text=True, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        assert done.returncode == 0 or not check, done.stdout + done.stderr
