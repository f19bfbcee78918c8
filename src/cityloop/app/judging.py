"""Who judges what was observed: this process while there is little, a process of its own once there is much.

The kernel and the server would else wait for each other's interpreter. Both follow the same logs from the same saved state;
only the server writes to the database.
"""

import contextlib
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

import msgspec

from cityloop.app.settings import Settings, environment_with, settings_from
from cityloop.db import Database, Tx
from cityloop.domain.ids import CityId
from cityloop.domain.policy import Policy
from cityloop.domain.sensing import Event
from cityloop.journal import Journal, Writer
from cityloop.packs.book import PackBook
from cityloop.stages.sense import RegisterBook, Watcher
from cityloop.stages.sense.service.alarms import tell_events
from cityloop.stages.sense.service.planning import rules_of
from cityloop.stages.sense.service.watching import TOLD_AT_ONCE
from cityloop.telemetry.log import Position
from cityloop.telemetry.written import behind_under

MUCH_BYTES = 6 << 20  # some three hundred thousand observations that wait
ENDS_S = 10.0


class _Looked(msgspec.Struct):
    """What a look of the other process found."""

    rows: int
    waiting: list[tuple[Event, str]]
    positions: dict[str, tuple[int, int]]


_READ = msgspec.json.Decoder(_Looked)


class Judge:
    """A watcher that moves to a process of its own when there is much to judge, and stays there. See `Watcher`."""

    def __init__(self, watcher: Watcher, settings: Settings, root: Path, register: RegisterBook, policy: Callable[[], Policy]):
        self._watcher, self._settings, self._root = watcher, settings, root
        self._register, self._policy = register, policy
        self._other: subprocess.Popen[bytes] | None = None
        self._has_moved = False
        self._looked = _Looked(0, [], {})
        self._told = 0

    @property
    def waiting(self) -> Sequence[tuple[Event, str]]:
        """Events that are not told yet, some of them."""
        return self._looked.waiting if self._has_moved else self._watcher.waiting

    def look(self) -> int:
        """Judge some of what is new; gives how many rows. Called in a thread."""
        if not self._has_moved:
            if not self._watcher.waiting and self._watcher.behind() > MUCH_BYTES:
                self._watcher.keep(now=True)
                self._has_moved = True
            else:
                return self._watcher.look()
        other = self._running()
        assert other.stdin, "it is asked by a pipe"
        assert other.stdout, "and answers by one"
        line = b""
        with contextlib.suppress(BrokenPipeError):
            other.stdin.write(b"%d\n" % self._told)
            other.stdin.flush()
            line = other.stdout.readline()
        if not line:
            self.close()
            raise ChildProcessError("who judges went away; another goes on from what was saved")
        self._told, self._looked = 0, _READ.decode(line)
        return self._looked.rows or len(self._looked.waiting)

    def tell(self, tx: Tx) -> int:
        """Tell the events that wait; after the commit `told` forgets them."""
        if not self._has_moved:
            return self._watcher.tell(tx)
        policy = self._policy()
        return tell_events(tx, self._looked.waiting, rules_of(policy), self._register.now(), policy.class_of_label)

    def told(self) -> None:
        """What `tell` told is committed."""
        if not self._has_moved:
            self._watcher.told()
            return
        self._told, self._looked.waiting = self._told + len(self._looked.waiting), []

    def keep(self) -> None:
        """Save the state where it is time; the other process does so by itself."""
        if not self._has_moved:
            self._watcher.keep()

    @property
    def positions(self) -> Mapping[str, Position]:
        """How far each log is judged, as far as this process knows."""
        if not self._has_moved:
            return self._watcher.positions
        return {name: Position(*at) for name, at in self._looked.positions.items()} or self.saved_to()

    def behind(self) -> int:
        """How many bytes of the logs are not judged yet."""
        return behind_under(self._root, self.positions)

    def saved_to(self) -> dict[str, Position]:
        """From where each log would be read after a crash, whichever process judges it."""
        return self._watcher.saved_to()

    def close(self) -> None:
        """End the other process, which saves what it knows."""
        if self._other is None:
            return
        other, self._other = self._other, None
        self._told, self._looked = 0, _Looked(0, [], {})
        for pipe in (other.stdin, other.stdout):
            with contextlib.suppress(BrokenPipeError):
                if pipe:
                    pipe.close()
        try:
            other.wait(ENDS_S)
        except subprocess.TimeoutExpired:
            other.kill()
            other.wait()

    def _running(self) -> "subprocess.Popen[bytes]":
        if self._other is None:
            self._other = subprocess.Popen(
                [sys.executable, "-c", "from cityloop.app.judging import main; main()"], stdin=subprocess.PIPE,
                stdout=subprocess.PIPE, env=environment_with(self._settings), start_new_session=True,
            )  # fmt: skip
        return self._other


def judge(settings: Settings, asked: IO[bytes], answers: IO[bytes]) -> None:
    """The other process: looks each time it is asked, until nobody asks any more. It changes nothing in the database."""
    home = Path(settings.home)
    database = Database(settings.database_url, CityId(settings.city))
    writer = Writer(database, Journal({}))
    book, register = PackBook(writer), RegisterBook(database)
    watcher = Watcher(home / "telemetry" / "log", home / "telemetry" / "watcher.npz", database, register.now, book.in_force)
    again_at = 0.0
    try:
        for line in asked:
            for _ in range(-(-int(line) // TOLD_AT_ONCE)):
                watcher.told()
            if time.monotonic() > again_at:
                book.refresh()
                register.refresh()
                again_at = time.monotonic() + 1.0
            rows = watcher.look()
            looked = _Looked(rows, list(watcher.waiting), {name: tuple(at) for name, at in watcher.positions.items()})
            answers.write(msgspec.json.encode(looked) + b"\n")
            answers.flush()
            watcher.keep()
    except BrokenPipeError:
        pass
    watcher.keep(now=True)
    writer.close()
    database.close()


def main() -> None:
    """Judge as the settings in the environment say."""
    judge(settings_from(), sys.stdin.buffer, sys.stdout.buffer)
