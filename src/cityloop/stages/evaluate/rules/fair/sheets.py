"""What a sheet says beside its points: how far each of them can be relied on."""

from datetime import date, datetime

from msgspec import Struct

from cityloop.domain.facts import FrozenScore
from cityloop.stages.evaluate.rules.fair.intervals import Interval
from cityloop.stages.evaluate.rules.fair.likeness import Adjusted
from cityloop.stages.evaluate.rules.fair.shrinkage import Drawn

PLACED_LEAST = 20  # cases: with fewer nobody has a place


class FairLine(Struct, frozen=True, kw_only=True):
    """How sure a rate of a score is: its own interval, and drawn to its group where that is known."""

    indicator: str
    within: Interval | None
    drawn: Drawn | None


class FairScore(Struct, frozen=True, kw_only=True):
    """A score as it would be frozen, with all that tells how far it can be relied on.

    `adjusted`: what went late beside what others' rates at the same work would give; None where that is not counted.
    """

    score: FrozenScore
    lines: tuple[FairLine, ...]
    adjusted: Adjusted | None
    few: bool


class FairSheet(Struct, frozen=True, kw_only=True):
    """Scores as they are now, ready to be frozen."""

    scheme: str
    pack: str
    by: str
    first_day: date
    last_day: date
    as_of: datetime
    seq: int
    excluded: tuple[str, ...]
    scores: tuple[FairScore, ...]
