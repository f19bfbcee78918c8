"""Keeps the processes of one server at one door: another in the place of one that died; all renewed while the door is open.

The door is one listening socket that every process inherits, so a connection waits there and belongs to whoever takes it:
none is refused or lost because a process ends. (With SO_REUSEPORT each process has a queue of its own, and what waits in the
queue of one that ends is lost.) SIGTERM ends all, SIGHUP renews all; then this supervisor is replaced too, by the same program
as it lies on the disk now.
"""

import contextlib
import os
import select
import signal
import socket
import sys
import time
from pathlib import Path

import msgspec
from msgspec import Struct

from cityloop.app import Settings, environment_with, manager_told
from cityloop.app.rounds import QUICK_S, pause_s
from cityloop.cli.say import console, wrong

TOLD = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD}
LOOK_S = 0.1
READY_S = 120.0  # a city's pack and models are loaded, tables brought up to date
END_S = 30.0  # drain, running requests and what is done beside


class Child(Struct):
    """A process of ours."""

    role: str
    pid: int
    since: float
    ready: int = -1  # the pipe by which it says that it answers; -1 once it did

    @property
    def is_ready(self) -> bool:
        return self.ready < 0


class Kept(Struct):
    """What `cityloop restart` reads, in `home`/up.json: `rolls` counts how often all were renewed, `failed` says why not."""

    pid: int
    processes: list[Child]
    rolls: int = 0
    failed: str = ""


def roles_of(settings: Settings) -> list[str]:
    """What each process does. With worker processes beside them those that answer only answer."""
    match settings.role:
        case "worker":
            return ["worker"] * max(1, settings.workers)
        case "web":
            return ["web"] * settings.processes
        case _:
            web = "web" if settings.workers else "all"
            return [web] * settings.processes + ["worker"] * settings.workers


def kept_file(settings: Settings) -> Path:
    """Where it is written who runs."""
    return Path(settings.home) / "up.json"


def write_kept(settings: Settings, kept: Kept) -> None:
    """Write it, whole or not at all."""
    path = kept_file(settings)
    part = path.with_suffix(".part")
    part.write_bytes(msgspec.json.encode(kept))
    part.replace(path)


def say_ready() -> None:
    """Tell a service manager that asked for it that we answer. Source: sd_notify(3)."""
    if where := manager_told():
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager, contextlib.suppress(OSError):
            manager.sendto(b"READY=1", where.replace("@", "\0", 1))


class Supervisor:
    """The processes of one server at its door. Takes over those that an older supervisor started."""

    def __init__(self, settings: Settings, door: socket.socket, grace_s: float, kept: Kept | None = None):
        self.settings = settings
        self.door = door
        self.grace_s = grace_s
        self.children = kept.processes if kept else []
        self.rolls = kept.rolls if kept else 0
        self.failed = ""
        self.ending = False
        self.renew = False
        self._died: dict[int, int] = {}  # place -> how often in a row, soon after its start
        self._again: dict[int, float] = {}  # place -> when it is started again

    def run(self) -> None:
        """Keep them until told to end."""
        signal.pthread_sigmask(signal.SIG_BLOCK, TOLD)
        for role in roles_of(self.settings)[len(self.children) :]:
            self.children.append(self._start(role))
        self._write()
        is_said = False
        while not self.ending:
            self._hear()
            if not is_said and all(child.is_ready for child in self.children):
                is_said = True
                say_ready()
            if self.renew and not self.ending:
                self.renew = False
                self._roll()
        self._end()

    def _start(self, role: str) -> Child:
        hear, say = os.pipe()
        os.set_inheritable(say, True)
        command = [sys.executable, "-m", "cityloop.cli.one", role, str(self.door.fileno()), str(say), str(self.grace_s)]
        pid = os.posix_spawn(sys.executable, command, environment_with(self.settings), setsigmask=[])
        os.close(say)
        return Child(role, pid, time.time(), hear)

    def _hear(self) -> None:
        """Take what was said to us: by a signal, by a child that answers, by one that ended."""
        said = signal.sigtimedwait(TOLD, LOOK_S)
        if said and said.si_signo in (signal.SIGTERM, signal.SIGINT):
            self.ending = True
        if said and said.si_signo == signal.SIGHUP:
            self.renew = True
        for child in self.children:
            self._listen(child)
        for place, child in enumerate(self.children):
            if place not in self._again and self._is_over(child):
                self._plan(place, child)
        for place, when in list(self._again.items()):
            if time.monotonic() >= when and not self.ending:
                del self._again[place]
                self.children[place] = self._start(self.children[place].role)
                self._write()

    def _listen(self, child: Child) -> None:
        if child.is_ready or not select.select([child.ready], [], [], 0)[0]:
            return
        if os.read(child.ready, 1):
            os.close(child.ready)
            child.ready = -1

    def _is_over(self, child: Child) -> bool:
        try:
            return os.waitpid(child.pid, os.WNOHANG)[0] == child.pid
        except ChildProcessError:
            return True

    def _plan(self, place: int, child: Child) -> None:
        """Another one: at once, or after growing pauses where each dies of its start."""
        quick = time.time() - child.since < QUICK_S
        self._died[place] = self._died.get(place, 0) + 1 if quick else 0
        pause = pause_s(self._died[place])
        self._again[place] = time.monotonic() + pause
        if not self.ending:
            wrong(f"Process {child.pid} ({child.role}) ended; another one starts in {pause:.0f} s.")

    def _roll(self) -> None:
        """Renew all, each only once its successor answers. The first that does not come up ends it: the old ones go on."""
        self.failed = ""
        for place in range(len(self.children)):
            if not self._beside(place):
                break
        if self.ending:
            return
        self.rolls += not self.failed
        self._write()
        if not self.failed:
            self._replace_self()

    def _beside(self, place: int) -> bool:
        """The new one first, then the old one ends."""
        old, new = self.children[place], self._start(self.children[place].role)
        if not self._came(new) and self.ending:
            return self._stop([new])
        if not new.is_ready:
            self.failed = f"the new process ({new.role}) did not come up; the old ones go on, see the log"
            wrong(f"Renewing stopped: {self.failed}.")
            return self._stop([new])
        self.children[place] = new
        self._write()
        return not self._stop([old])

    def _came(self, child: Child) -> bool:
        until = time.monotonic() + READY_S
        while not child.is_ready and not self.ending and time.monotonic() < until:
            self._hear()
            self._listen(child)
            if self._is_over(child):
                return False
        return child.is_ready

    def _stop(self, children: list[Child]) -> bool:
        """Let them end, hard if they do not. False, always."""
        for child in children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child.pid, signal.SIGTERM)
        until = time.monotonic() + END_S + self.grace_s + self.settings.drain_s
        left = list(children)
        while left and time.monotonic() < until:
            self._hear()
            left = [child for child in left if not self._is_over(child)]
        for child in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child.pid, signal.SIGKILL)
            self._is_over(child)
        return False

    def _end(self) -> None:
        self.door.close()
        going, self.children = self.children, []
        self._stop(going)
        kept_file(self.settings).unlink(missing_ok=True)

    def _write(self) -> None:
        write_kept(self.settings, Kept(os.getpid(), self.children, self.rolls, self.failed))

    def _replace_self(self) -> None:
        """The supervisor as it lies on the disk now; the processes and the door stay."""
        console.print("All processes are renewed.")
        kept = msgspec.json.encode(Kept(os.getpid(), self.children, self.rolls)).decode()
        command = [sys.executable, "-m", "cityloop.cli.one", "supervisor", str(self.door.fileno()), kept, str(self.grace_s)]
        os.execve(sys.executable, command, environment_with(self.settings))
