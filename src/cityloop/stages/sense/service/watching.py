"""The watcher: follows what was observed, judges it, has alarms told, and remembers how far it is."""

import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from cityloop.db import Database, Tx
from cityloop.domain.calendar import epoch_us
from cityloop.domain.policy import Policy
from cityloop.domain.sensing import Event
from cityloop.journal import Writer
from cityloop.stages.sense.model import Register
from cityloop.stages.sense.rules.kernel import NEVER, Plan, State, carried, listened, state_of, step
from cityloop.stages.sense.service.alarms import tell_events
from cityloop.stages.sense.service.planning import Planned, plan_now
from cityloop.stages.sense.service.snapshot import Snapshot, load, positions_in, save
from cityloop.telemetry import batch_of
from cityloop.telemetry.log import START, Position, end_of, follow, logs_in
from cityloop.telemetry.written import behind_under

LAG_US = 2_000_000  # the watermark stands so far behind the clock
SAVE_EVERY_S = 15.0
SHARE = 20  # saving takes at most one part in so many of the time
ROWS = 100_000  # judged at once
TOLD_AT_ONCE = 200  # alarms in one transaction
ACTOR = "machine:sense"


class _Turn(NamedTuple):
    """What is judged before the watermark moves on to `until`: of each log that is left, as far as it went by then."""

    until: int
    left: deque[tuple[Path, Position]]


class Watcher:
    """Judges the logs of a city, one turn after the other, however much comes in meanwhile. One process does it at a time.

    After a crash it goes on from the last snapshot; what is judged again has the ids it had, and is told once.
    """

    def __init__(
        self, root: Path, path: Path, database: Database, register: Callable[[], Register], policy: Callable[[], Policy], *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ):  # fmt: skip
        self.root, self.path, self._database = root, path, database
        self._register, self._policy, self._clock = register, policy, clock
        self._judging: tuple[Plan, State] | None = None
        self._planned: Planned | None = None
        self._positions: dict[str, Position] = {}
        self._until = NEVER
        self._turn: _Turn | None = None
        self._waiting: list[tuple[Event, str]] = []
        self._saved_at, self._save_s, self._is_saved = time.monotonic(), 0.0, True
        self.rows = 0  # judged since it was made

    @property
    def positions(self) -> Mapping[str, Position]:
        """How far each log is judged."""
        return self._positions

    def behind(self) -> int:
        """How many bytes of the logs are not judged yet."""
        return behind_under(self.root, self._positions)

    def saved_to(self) -> dict[str, Position]:
        """From where each log would be read after a crash, whichever process judges it."""
        return positions_in(self.path)

    def look(self) -> int:
        """Judge some of a turn, one log after the other; gives how many rows, 0 at its end. What it found waits in `waiting`
        until it was told."""
        if self._waiting:
            return 0
        plan, state = self._settle_plan()
        turn = self._turn = self._turn or self._begun()
        while turn.left:
            folder, end = turn.left[0]
            for position, batch in follow(folder, self._positions.get(folder.name, START), until=end, rows=ROWS):
                _, events = step(plan, state, batch)
                self._positions[folder.name], self._is_saved = position, False
                self._waiting += [(event, "gone") for event in events]
                self.rows += batch.size
                turn.left.rotate(-1)
                return batch.size
            turn.left.popleft()
        if turn.until > self._until:
            _, events = step(plan, state, batch_of([], [], []), turn.until)
            self._until = turn.until
            self._waiting += [(event, "gone") for event in events]
        self._turn = None
        return 0

    @property
    def waiting(self) -> Sequence[tuple[Event, str]]:
        """Events that are not told yet, some of them."""
        return self._waiting[:TOLD_AT_ONCE]

    def tell(self, tx: Tx) -> int:
        """Tell some of the events that wait; after the commit `told` forgets them."""
        assert self._planned, "what waits was judged by a plan"
        return tell_events(tx, self.waiting, self._planned.rules, self._register(), self._policy().class_of_label)

    def told(self) -> None:
        """What `tell` told is committed."""
        del self._waiting[:TOLD_AT_ONCE]

    def keep(self, *, now: bool = False) -> None:
        """Save the state where it is time; never while events wait that nobody has been told."""
        since = time.monotonic() - self._saved_at
        if self._waiting or self._is_saved or not (now or since > max(SAVE_EVERY_S, SHARE * self._save_s)):
            return
        began = time.monotonic()
        assert self._judging, "something was judged"
        save(self.path, Snapshot(*self._judging, dict(self._positions), self._until))
        self._saved_at, self._is_saved = time.monotonic(), True
        self._save_s = self._saved_at - began

    def round(self, writer: Writer) -> int:
        """Judge all that is new and tell it; gives how many rows. For commands and tests; a server takes the steps apart."""
        rows = 0
        while True:
            seen = self.look()
            told = bool(self._waiting)
            while self._waiting:
                writer.change(self.tell, actor=ACTOR)
                self.told()
            rows += seen
            if not seen and not told:
                break
        self.keep()
        return rows

    def _begun(self) -> _Turn:
        """A turn that begins: first the clock, then the logs, so that whatever came by that moment is in it."""
        until = epoch_us(self._clock()) - LAG_US
        return _Turn(until, deque((folder, end_of(folder)) for folder in logs_in(self.root)))

    def _settle_plan(self) -> tuple[Plan, State]:
        """The plan of the register and the pack as they are, and its state: what the plan before had too stays."""
        policy, register = self._policy(), self._register()
        now = self._clock()
        planned = plan_now(self._database, policy, register, now, before=self._planned)
        if self._judging and planned is self._planned:
            return self._judging
        plan, before = planned.plan, self._before()
        if before is None:
            state = state_of(plan)
        else:
            state, ended = carried(*before, plan, at=max(self._until, epoch_us(now) - LAG_US))
            self._waiting += [(event, "changed") for event in ended]
        if not self._judging:
            listened(plan, state.pairs["silence"], self._until, epoch_us(now))
        self._judging, self._planned, self._is_saved = (plan, state), planned, False
        return self._judging

    def _before(self) -> tuple[Plan, State] | None:
        """The plan and the state until now: at hand, or as they were saved."""
        if self._judging:
            return self._judging
        kept = load(self.path)
        if kept is None:
            return None
        self._positions, self._until = dict(kept.positions), kept.until
        return kept.plan, kept.state
