"""Load shedding: what can wait is sent away at once while there is too much to do, so that work in the field goes on.

The rule is pure: `Pressure` in, a share for each lane out. `Shedder` spreads a share evenly, without chance.
"""

from enum import IntEnum

from msgspec import Struct


class Lane(IntEnum):
    """In what order requests are sent away: the first go first."""

    later = 0  # tiles, exports, searches of strangers, long sums: whoever wants them asks again
    open = 1  # other reads of whoever is not signed in
    look = 2  # reads of whoever is signed in
    report = 3  # what strangers bring: reports, verdicts
    sense = 4  # batches of observations: a lane of their own, as wide as SENSE_AT_ONCE
    work = 5  # what people on duty do: sign, finish, patrol, photos, accept, dispatch


# of a lane: the pressure from which on some are sent away, and that from which on all are
LEVELS: dict[Lane, tuple[float, float]] = {
    Lane.later: (0.7, 1.0), Lane.open: (0.8, 1.2), Lane.look: (1.1, 1.8), Lane.report: (1.7, 3.0), Lane.sense: (20.0, 40.0),
    Lane.work: (20.0, 40.0),
}  # fmt: skip
SENSE_AT_ONCE = 64  # batches under way; each is thousands of observations, and the lane is never wider than this
RETRY_MAX_S = 30


class Load(Struct, frozen=True, kw_only=True):
    """How much waits. Units: seconds by which the loop is late, and for which the first waits for its turn; how many do; changes,
    reads and requests that wait."""

    late_s: float = 0.0
    turn_s: float = 0.0
    turns: int = 0
    changes: int = 0
    reads: int = 0
    under_way: int = 0


class Limits(Struct, frozen=True, kw_only=True):
    """Where one of them alone is a pressure of 1."""

    late_s: float = 0.025
    turn_s: float = 0.045
    turns: int = 24
    changes: int = 384  # three batches of the writer's thread
    reads: int = 32
    under_way: int = 512
    handed: int = 24  # reads before each process to which they are handed: then reads alone are sent away


def pressure_of(load: Load, limits: Limits) -> float:
    """The worst of all.

    >>> pressure_of(Load(late_s=0.01, reads=64), Limits())
    2.0
    """
    return max(
        load.late_s / limits.late_s, load.turn_s / limits.turn_s, load.turns / limits.turns, load.changes / limits.changes,
        load.reads / limits.reads, load.under_way / limits.under_way,
    )  # fmt: skip


def share_shed(lane: Lane, pressure: float) -> float:
    """Which share of a lane is sent away.

    >>> share_shed(Lane.open, 0.5), share_shed(Lane.open, 1.0), share_shed(Lane.open, 2.0), share_shed(Lane.work, 10.0)
    (0.0, 0.5, 1.0, 0.0)
    """
    begins, all_from = LEVELS[lane]
    return round(min(1.0, max(0.0, (pressure - begins) / (all_from - begins))), 6)


def retry_after_s(pressure: float) -> int:
    """After how long to come again: the longer, the more there is to do.

    >>> retry_after_s(1.0), retry_after_s(3.0), retry_after_s(99.0)
    (2, 6, 30)
    """
    return max(1, min(RETRY_MAX_S, round(2 * pressure)))


class Shedder:
    """Sends away the share that the rule says: of each ten alike, not by lot. Counts what it sent away, by lane."""

    def __init__(self) -> None:
        self.sent_away = dict.fromkeys(Lane, 0)
        self._owed = [dict.fromkeys(Lane, 0.0), dict.fromkeys(Lane, 0.0)]

    def lets_in(self, lane: Lane, pressure: float, *, before: float | None = None) -> bool:
        """Whether this one is let in. `before` is the pressure at which it was let in once: only what came on top is sent away now.

        >>> shedder = Shedder()
        >>> [shedder.lets_in(Lane.open, 1.0, before=0.8) for _ in range(4)], [shedder.lets_in(Lane.open, 1.0, before=1.0) for _ in range(4)]
        ([True, False, True, False], [True, True, True, True])
        """
        owed = self._owed[before is not None]
        if pressure <= LEVELS[lane][0]:
            owed[lane] = 0.0
            return True
        gone = share_shed(lane, before) if before else 0.0
        owes = owed[lane] + max(0.0, share_shed(lane, pressure) - gone) / max(1.0 - gone, 1e-6)
        owed[lane] = owes - 1.0 if owes >= 1.0 else owes
        self.sent_away[lane] += owes >= 1.0
        return owes < 1.0


class Pulse:
    """How late the loop is: what it was told to do at a moment, and when it does it.

    One late beat is a stumble (a sealing, a collection): lateness counts once the last few beats were all late. What is
    overdue right now counts too, less a stumble's length while the last beats came in time, and all of it once they came late:
    in one turn of the loop whoever stands far behind is late.
    Where few came meanwhile it is no crowd that makes it late, and sending some away would help nobody.
    """

    KEPT = 3
    STUMBLE_S, CROWDED_S = 0.06, 0.01
    CROWD = 16  # requests between two beats

    def __init__(self, every_s: float = 0.02) -> None:
        self.every_s = every_s
        self._due = 0.0
        self._last = [0.0] * self.KEPT
        self._came_before = 0
        self.came = 0  # since the last beat; whoever lets requests in counts them here

    def begin(self, now: float) -> float:
        """Give the moment of the first beat."""
        self._due = now + self.every_s
        return self._due

    def beat(self, now: float) -> float:
        """Note a beat; give the moment of the next."""
        self._last = [*self._last[1:], max(0.0, now - self._due)]
        self._came_before, self.came = self.came, 0
        return self.begin(now)

    def late_s(self, now: float) -> float:
        """By how much the loop is late."""
        if self.came < self.CROWD and self._came_before < self.CROWD:
            return 0.0
        late_s = min(self._last)
        allowed_s = self.STUMBLE_S * max(0.0, 1.0 - late_s / self.CROWDED_S)
        overdue_s = now - self._due - allowed_s if self._due else 0.0
        return max(late_s, overdue_s)
