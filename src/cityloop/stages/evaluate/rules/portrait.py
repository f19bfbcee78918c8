"""数字画像: one object beside its fair peers: same group, similar workload; what is few is told, and not placed."""

from collections.abc import Iterable, Mapping
from statistics import median

from cityloop.domain.policy import Policy
from cityloop.stages.evaluate.model import Figure, Group
from cityloop.stages.evaluate.model.portrait import Of, PortraitMark, Standing
from cityloop.stages.evaluate.rules.asking import major_of
from cityloop.stages.evaluate.rules.fair.intervals import wilson

MILLION = 1_000_000
LEAST = 10  # with fewer below the line nobody is placed
PEERS_LEAST = 3
LIKE = 2.0  # a peer has between half and twice the work
HIGH, LOW = 75.0, 25.0
LESS_IS_BETTER = frozenset({"rework_rate", "recurring", "missed", "extended", "filed_from_public"})
MEASURED: Mapping[Of, tuple[str, ...]] = {
    Of.person: (
        "valid_reports", "verified_on_time", "inspected_on_time", "filed_on_time", "filed_accurately", "dispatched_accurately",
        "dispatched_on_time", "handled_on_time", "rework_rate",
    ),
    Of.team: ("filed_from_collectors", "missed", "verified_on_time", "inspected_on_time", "handled_on_time", "recurring"),
    Of.unit: ("handling_rate", "handled_on_time", "rework_rate", "extended", "closing_rate", "closed_on_time"),
    Of.street: ("closing_rate", "closed_on_time", "handled_on_time", "rework_rate", "recurring", "missed"),
    Of.problem_class: ("filing_rate", "handled_on_time", "rework_rate", "closing_rate", "recurring"),
}  # fmt: skip


def marks_of(of: Of, object: str, groups: Iterable[Group], policy: Policy) -> tuple[PortraitMark, ...]:
    """Each number of the object beside those of its peers; none where nothing stands below its line."""
    known = {each.group: {figure.metric: figure for figure in each.figures} for each in groups if each.group}
    own = known.get(object, {})
    fellows = [each for each in known if each != object and _fellow(of, object, each, policy)]
    found = []
    for metric in MEASURED[of]:
        figure = own.get(metric)
        if figure and figure.denominator:
            found.append(_mark(figure, {each: known[each][metric] for each in fellows}))
    return tuple(found)


def _fellow(of: Of, object: str, other: str, policy: Policy) -> bool:
    """Whether two may be compared: units of the kind, or of the level where few have the kind; classes of a major one."""
    if of is Of.problem_class:
        return major_of(object) == major_of(other)
    if of is Of.person:
        return other.startswith("account:")
    if of is not Of.unit:
        return True
    unit, another = policy.unit_by_id.get(object), policy.unit_by_id.get(other)
    if unit is None or another is None:
        return False
    alike = sum(each.kind == unit.kind for each in policy.units)
    return another.kind == unit.kind if alike > PEERS_LEAST else another.level is unit.level


def _mark(figure: Figure, others: Mapping[str, Figure]) -> PortraitMark:
    below = figure.denominator or 0
    like = {
        name: each for name, each in others.items() if each.denominator and below / LIKE <= each.denominator <= below * LIKE and each.denominator >= LEAST
    }  # fmt: skip
    sign = -1 if figure.metric in LESS_IS_BETTER else 1
    share = figure.numerator / below
    rates = {name: each.numerator / (each.denominator or 1) for name, each in like.items()}
    interval = wilson(figure.numerator, below)
    few = below < LEAST or len(rates) < PEERS_LEAST
    sure = bool(rates) and not interval.low <= median(rates.values()) <= interval.high
    percentile = None if few else percentile_of(sign * share, [sign * each for each in rates.values()])
    return PortraitMark(
        metric=figure.metric, numerator=figure.numerator, denominator=below, value=share, low=interval.low, high=interval.high,
        is_less_better=sign < 0, middle=median(rates.values()) if rates else None, least=min(rates.values(), default=None),
        most=max(rates.values(), default=None), percentile=percentile, standing=_standing(percentile, below, sure), peers=tuple(sorted(like)),
    )  # fmt: skip


def percentile_of(value: float, others: list[float]) -> float:
    """The share of others that are worse, with half of those alike; of 100.

    >>> percentile_of(0.9, [0.5, 0.9, 0.95, 0.7]), percentile_of(0.1, [0.5]), percentile_of(0.5, [0.5])
    (62.5, 0.0, 50.0)
    """
    worse = sum(each < value for each in others)
    alike = sum(each == value for each in others)
    return 100 * (worse + alike / 2) / len(others)


def _standing(percentile: float | None, below: int, sure: bool) -> Standing:
    """Strong or weak where it stands out, and surely so: the middle of its peers lies outside its interval."""
    if percentile is None:
        return Standing.few if below < LEAST else Standing.alone
    if not sure:
        return Standing.middle
    return Standing.strong if percentile >= HIGH else Standing.weak if percentile <= LOW else Standing.middle
