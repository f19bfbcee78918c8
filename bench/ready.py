"""A process that has read the program already, and from which servers fork: one that is killed a thousand times need not read the
same modules a thousand times.
"""

import ctypes
import json
import os
import random
import runpy
import select
import signal
import subprocess
import sys
from functools import cache
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path

MODULES = ("cityloop.cli", "cityloop.app.server")
PRELOAD = "LD_PRELOAD"


class Forked:
    """A server that was forked, as one that was started: see `subprocess.Popen`."""

    def __init__(self, pid: int):
        self.pid = pid
        try:
            self._ends: int | None = os.pidfd_open(pid)
        except ProcessLookupError:
            self._ends = None

    def poll(self) -> int | None:
        """None while it runs. How it ended nobody knows."""
        return None if self._ends is not None and not self._has_ended(0) else 0

    def wait(self, timeout: float | None = None) -> int:
        """Until it has ended.

        Raises `subprocess.TimeoutExpired`.
        """
        if self._ends is not None and not self._has_ended(timeout):
            raise subprocess.TimeoutExpired(str(self.pid), timeout or 0.0)
        return 0

    def _has_ended(self, timeout: float | None) -> bool:
        if not select.select([self._ends], [], [], timeout)[0]:
            return False
        os.close(self._ends)
        self._ends = None
        return True


class Nursery:
    """Where servers are forked: with this library before all others, where one is named. It ends with who made it; processes
    that fork from who made it share it.
    """

    def __init__(self, preload: str = ""):
        told = os.environ | ({PRELOAD: preload} if preload else {})
        self._process = subprocess.Popen([sys.executable, "-m", "bench.ready"], env=told, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)
        self._one_by_one = get_context("fork").Lock()

    def fork(self, entry: str, environment: dict[str, str], log: Path) -> Forked:
        """A process that runs `python -m ENTRY up` and writes to this file."""
        assert self._process.stdin, "it is asked by a pipe"
        assert self._process.stdout, "and answers by one"
        with self._one_by_one:
            self._process.stdin.write(json.dumps([entry, environment, str(log)]).encode() + b"\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the process from which servers fork went away")
        return Forked(int(line))


@cache
def nursery(preload: str = "") -> Nursery:
    """The one of this process, made when it is first wanted."""
    return Nursery(preload)


def main() -> None:
    """Read the program, then fork whenever it is asked for."""
    for name in MODULES:
        import_module(name)
    for name in import_module("cityloop.app.server").LOADED_AHEAD:
        import_module(name)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks how they ended
    for line in sys.stdin.buffer:
        entry, environment, log = json.loads(line)
        if (pid := os.fork()) == 0:
            _become(entry, environment, log)
        print(pid, flush=True)


def _become(entry: str, environment: dict[str, str], log: str) -> None:
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    random.seed()
    nothing, said = os.open(os.devnull, os.O_RDONLY), os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    for old, new in ((nothing, 0), (said, 1), (said, 2)):
        os.dup2(old, new)
    os.environ.clear()
    os.environ.update(environment)
    if PRELOAD in environment:
        ctypes.CDLL(None).machine_begin()  # it woke before it was told of its disk
    sys.argv = [entry, "up"]
    runpy.run_module(entry, run_name="__main__", alter_sys=True)
    os._exit(0)


if __name__ == "__main__":
    main()
