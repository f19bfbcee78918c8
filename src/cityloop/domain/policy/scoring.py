"""How a city scores: schemes, their indicators, functions and groups; and what follows for money. Filled by `packs/`."""

from datetime import date
from enum import StrEnum

from msgspec import Struct

from cityloop.domain.policy.rows import Source, Words

FULL = 100.0


class Shape(StrEnum):
    """What a function does with a value."""

    rate = "rate"  # the value is the share of full marks
    rest = "rest"  # 1 - rate
    bracket = "bracket"  # a table of ranges, each with its points
    step = "step"  # full marks from a threshold on, and so much less for each step short of it
    linear = "linear"  # a line between two points, level beyond them
    piecewise = "piecewise"  # lines between more than two
    veto = "veto"  # 否决项: past the threshold, the whole score is held down
    survey = "survey"  # 实地考察: so much less for each occurrence
    questionnaire = "questionnaire"  # options with weights


class Better(StrEnum):
    """Which way is good."""

    more = "more"
    less = "less"


class Role(StrEnum):
    """What a line of a scheme does to the score."""

    score = "score"  # adds its weight's share
    bonus = "bonus"  # adds its points beside the weights
    deduction = "deduction"  # takes its points away
    veto = "veto"


class Objects(StrEnum):
    """Whose score it is: a grouping of figures."""

    city = "all"
    unit = "unit"
    person = "person"
    district = "district"
    street = "street"
    grid = "grid"


class Piece(Struct, frozen=True, kw_only=True):
    """A row of a function. Units: `lower`, `upper` in the value's own unit, `points` of the indicator's full marks.

    A bracket holds from `lower`, inside unless the piece below has it, to `upper`, inside only if `upper_inside`; None is
    no end. Of other shapes `lower` is the threshold, or a point of a line.
    """

    lower: float | None = None
    upper: float | None = None
    upper_inside: bool = False
    points: float = 0.0
    step: float = 0.0
    deduct: float = 0.0
    floor: float = 0.0
    option: str = ""  # of a questionnaire: what was answered; of grades: the letter


class Function(Struct, frozen=True, kw_only=True):
    """How a value becomes points."""

    code: str
    shape: Shape
    better: Better
    pieces: tuple[Piece, ...]
    source: Source


class Indicator(Struct, frozen=True, kw_only=True):
    """A line of a scheme: what is measured, by which function, with which weight.

    Units: `weight` in the scheme's points; `full` are the function's full marks; `baseline` and `target` in the value's own
    unit (rates in [0, 1]); `least`: with fewer below the line there are no points.
    """

    code: str
    role: Role
    metric: str
    function: str
    weight: float
    full: float
    least: int
    baseline: float | None
    target: float | None
    unit: str
    dimension: str
    name: Words
    says: Words
    source: Source
    since: date
    group: str = ""  # of objects; "": all
    city_kind: str = ""  # "": every kind of city


class Scheme(Struct, frozen=True, kw_only=True):
    """A way to score objects of a kind.

    Units: `full`, `floor`, `cap`, `bonus_max`, `deduction_max` in points; `known_least_ppm`: the share of the weights that
    must have points, else there is no score.
    """

    code: str
    objects: Objects
    name: Words
    says: Words
    full: float
    floor: float
    cap: float
    bonus_max: float
    deduction_max: float
    known_least_ppm: int
    grades: str
    source: Source
    indicators: tuple[Indicator, ...] = ()
    groups: dict[str, str] = {}  # object -> group


class BudgetDeed(StrEnum):
    """What a budget rule proposes."""

    running_costs = "running_costs"  # 运行经费
    model_tuning = "model_tuning"  # 模型调优优先
    supervision = "supervision"  # 督导
    retraining = "retraining"  # 再培训
    staff = "staff"
    equipment = "equipment"


class BudgetRule(Struct, frozen=True, kw_only=True):
    """以效定资: what is proposed for the next quarter from a score. Both ends outside: exactly `above` is not above.

    Units: `above`, `below` in the scheme's points; `change_ppm` of what the object has now; `least`: with fewer cases behind
    the score nothing is proposed.
    """

    code: str
    scheme: str
    above: float | None
    below: float | None
    deed: BudgetDeed
    change_ppm: int
    least: int
    name: Words
    source: Source


class Successor(Struct, frozen=True, kw_only=True):
    """A unit that was merged into another, or goes under another id since: its numbers stand with that one."""

    unit: str
    into: str
    since: date


class Scoring(Struct, frozen=True, kw_only=True):
    """All that a pack says of scores and of what follows from them."""

    schemes: dict[str, Scheme] = {}
    functions: dict[str, Function] = {}
    budget: tuple[BudgetRule, ...] = ()
    successors: tuple[Successor, ...] = ()

    def succeeded_by(self, unit: str, day: date) -> str:
        """The unit whose numbers a unit's are on a day; itself where nobody took over. The check has refused circles."""
        into = {each.unit: each.into for each in self.successors if each.since <= day}
        while unit in into:
            unit = into[unit]
        return unit


COUNTS = frozenset(
    (
        "reported", "collected", "opened", "accepted", "filed", "refused", "voided", "dispatched", "due_to_handle", "handled",
        "handled_in_time", "handled_late", "to_handle", "to_handle_in_time", "overdue_open", "reworked", "suspended",
        "still_suspended", "deferred", "due_to_close", "closed", "closed_in_time", "closed_late", "to_close", "open_now", "self_handled",
    )
)  # fmt: skip
RATES = frozenset(
    (
        "valid_reports", "filed_from_collectors", "filed_from_public", "missed", "verified_on_time", "inspected_on_time",
        "filing_rate", "filed_on_time", "filed_accurately", "recurring", "dispatched_accurately", "dispatched_on_time",
        "handling_rate", "handled_on_time", "extended", "rework_rate", "suspension_rate", "deferral_rate", "closing_rate",
        "closed_on_time",
    )
)  # fmt: skip
MEANS = frozenset(("accepting_elapsed_min", "accepting_working_min", "handling_elapsed_min", "handling_working_min"))
FIGURES = COUNTS | RATES | MEANS  # a test holds them against the table of metrics
CELLS = "cells"  # how many unit cells an area has
CHOSEN = frozenset(("hotline_solved", "hotline_satisfied", "verdict_solved", "verdict_satisfied"))  # options, counted by each
TALLIED = frozenset(
    ("hotline_contact", "verdict_given", "redone", "upheld_appeals", "verify_sent_on_time", "placed", "component_tied")
)
KNOWN = frozenset(("cells_in_grids", "functions_used", "functions_called"))  # of the city as a whole, or of an area
ANSWERS = CHOSEN | TALLIED | KNOWN
SCHEME, SPREAD, SURVEY = "scheme:", "spread:", "survey:"  # another score; best less worst district; a number from outside


def in_force(indicators: tuple[Indicator, ...], day: date) -> tuple[Indicator, ...]:
    """The version of a scheme's lines on a day: those of the latest `since` that has come."""
    since = max((each.since for each in indicators if each.since <= day), default=None)
    return tuple(each for each in indicators if each.since == since)


def read_for(version: tuple[Indicator, ...], group: str, city_kind: str) -> tuple[Indicator, ...]:
    """The lines of an object of a group, in a city of a kind: a row for them goes before one for all."""
    best: dict[str, Indicator] = {}
    for each in version:
        if each.group in ("", group) and each.city_kind in ("", city_kind):
            held = best.get(each.code)
            if held is None or (each.group != "", each.city_kind != "") > (held.group != "", held.city_kind != ""):
                best[each.code] = each
    return tuple(best.values())


def is_rate(metric: str) -> bool:
    """Does the metric lie in [0, 1]?"""
    if metric.startswith(SPREAD):
        return is_rate(metric.removeprefix(SPREAD))
    if "/" in metric and not metric.startswith(SURVEY):
        return CELLS not in metric.split("/")
    return metric in RATES or metric in ANSWERS or metric.startswith(SCHEME)


def metric_fault(metric: str) -> str | None:
    """Why a metric is none, in words; None if it is one. Names of other schemes are looked at by the check."""
    if metric.startswith((SCHEME, SURVEY)):
        return None if metric.partition(":")[2] else "it names nothing after the colon"
    inner = metric.removeprefix(SPREAD)
    if metric.startswith(SPREAD):
        return None if inner in RATES else f"{inner!r} is no rate, so there is no best and worst of it"
    if "/" in inner:
        above, _, below = inner.partition("/")
        if below in ("", "0"):
            return "nothing stands below the line: a division by nothing"
        for part in (above, below):
            if part not in COUNTS and not (part == CELLS and part is below):
                return f"{part!r} is no count"
        return None
    return None if inner in FIGURES or inner in ANSWERS else f"{inner!r} is no metric"
