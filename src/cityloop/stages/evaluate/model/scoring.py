"""What scoring speaks of: numbers of objects, the lines of a score, the sheet; and how it says no."""

from collections.abc import Mapping
from datetime import date, datetime

from msgspec import Struct

from cityloop.domain.errors import Invalid, NotFound, Refused
from cityloop.stages.evaluate.model import Span


class SchemeUnknown(NotFound):
    """No such scoring scheme in the pack."""

    code = "evaluate.scheme_unknown"


class PeriodTooLong(Invalid):
    """The days asked for are more than one sheet tells of."""

    code = "evaluate.sheet_too_long"


class EntryUnknown(NotFound):
    """No such points were entered."""

    code = "evaluate.entry_unknown"


class EntryWrong(Invalid):
    """Points that the scheme does not count, or without a reason."""

    code = "evaluate.entry_wrong"


class EntryGone(Refused):
    """The points were withdrawn already."""

    code = "evaluate.entry_gone"


class BudgetUnknown(NotFound):
    """No such proposal, or no such line of it."""

    code = "evaluate.budget_unknown"


class BudgetEmpty(Refused):
    """No rule looks at the scheme, or no score lies beyond its ends."""

    code = "evaluate.budget_empty"


class BudgetWaits(Refused):
    """A proposal for the same quarter waits for people."""

    code = "evaluate.budget_waits"


class BudgetDone(Refused):
    """It was decided, or the one who proposed it would decide it."""

    code = "evaluate.budget_done"


class Number(Struct, frozen=True):
    """One metric of one object: a rate by its two numbers; a count has nothing below the line."""

    numerator: float
    denominator: float | None = None


class UseOfDay(Struct, frozen=True):
    """How often a function of the platform was called on a day."""

    day: date
    function: str
    calls: int


class Called(Struct, frozen=True, kw_only=True):
    """How much a function was used: its calls, the days on which there were any, the last of them. No calls: it lies idle."""

    function: str
    calls: int
    days: int
    last_day: date | None


class Excluded(Struct, frozen=True):
    """A case that is not counted 剔除: in these metrics, or in none at all where none are named."""

    case_id: str
    metrics: tuple[str, ...] = ()


Numbers = Mapping[tuple[str, str], Number]  # (object, metric code)


class Line(Struct, frozen=True, kw_only=True):
    """One indicator of one object, with all that it takes to defend it.

    Units: `value` in [0, 1] for rates, else in the indicator's own unit; `points` and `target_points` out of `full`,
    `weight` what the line's share of full marks adds to the score (points of 100, or the scheme's own full marks).
    `points` None: no number, or too few cases; `why` is the code that says which: "rate", "bracket:3", "nothing_below",
    "too_few", "no_number", "veto" …
    """

    indicator: str
    metric: str | None
    number: Number | None
    value: float | None
    points: float | None
    full: float
    weight: float
    target_points: float | None
    why: str


class Score(Struct, frozen=True, kw_only=True):
    """What one object came to: its lines, bonus and deduction; its rank within its group.

    Units: `points` and the interval `low`..`high` in the scheme's points; `cases`: how many rows stand behind it.
    """

    object: str
    group: str
    points: float | None
    lines: tuple[Line, ...]
    bonus: float
    deduction: float
    vetoed: bool
    grade: str | None
    rank: int | None
    low: float | None
    high: float | None
    cases: int
    target_points: float | None = None  # the same lines against the target instead of the baseline 双轨


class Sheet(Struct, frozen=True, kw_only=True):
    """All scores of one scheme over one period, with what it takes to make them again."""

    scheme: str
    pack: str
    by: str
    span: Span
    as_of: datetime
    seq: int
    scores: tuple[Score, ...]
