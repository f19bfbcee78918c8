"""数字画像: one object beside its fair peers: same group, similar workload; what is few is told, and not placed."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from statistics import median

from msgspec.structs import replace

from cityloop.domain.policy import Policy
from cityloop.stages.evaluate.model import Figure, Group, Measure
from cityloop.stages.evaluate.model.portrait import Of, PortraitMark, Standing
from cityloop.stages.evaluate.rules.asking import major_of, minor_class_of
from cityloop.stages.evaluate.rules.fair.intervals import poisson, wilson

Days = tuple[date, date]  # both inside
LEAST = 10  # with fewer below the line nobody is placed; of a count, with fewer of one's own and the peers' middle together
PEERS_LEAST = 3
LIKE = 2.0  # a peer has between half and twice the work
HIGH, LOW = 75.0, 25.0
LESS_IS_BETTER = frozenset({"rework_rate", "recurring", "missed", "extended", "filed_from_public", "filed"})
_AT_WORK = ("handling_rate", "handled_on_time", "rework_rate", "extended", "closing_rate", "closed_on_time")
MEASURED: Mapping[Of, tuple[str, ...]] = {
    Of.person: (
        "valid_reports", "verified_on_time", "inspected_on_time", "filed_on_time", "filed_accurately", "dispatched_accurately",
        "dispatched_on_time", "handled_on_time", "rework_rate",
    ),
    Of.team: ("filed_from_collectors", "missed", "verified_on_time", "inspected_on_time", "handled_on_time", "recurring"),
    Of.unit: _AT_WORK,
    Of.street: ("closing_rate", "closed_on_time", "handled_on_time", "rework_rate", "recurring", "missed"),
    Of.problem_class: ("filing_rate", "handled_on_time", "rework_rate", "closing_rate", "recurring"),
    Of.contractor: _AT_WORK,
    Of.shop: ("filed", "recurring", "handled_on_time", "rework_rate"),
}  # fmt: skip


def marks_of(
    of: Of, object: str, groups: Iterable[Group], policy: Policy, trades: Mapping[str, str] | None = None
) -> tuple[PortraitMark, ...]:
    """Each number of the object beside those of its peers; none where nothing stands below its line.

    `trades`: the class of each shop that is registered now.
    """
    known = {each.group: {figure.metric: figure for figure in each.figures} for each in groups if each.group}
    own = known.get(object, {})
    fellows = _fellows(of, object, [each for each in known if each != object], policy, trades or {})
    found = []
    for metric in MEASURED[of]:
        figure = own.get(metric)
        if figure and (figure.denominator or figure.measure is Measure.count):
            found.append(_mark(figure, {each: known[each][metric] for each in fellows}))
    return tuple(found)


def _fellows(of: Of, object: str, others: Collection[str], policy: Policy, trades: Mapping[str, str]) -> list[str]:
    """Who may be compared: units of the kind, or of the level where few have the kind; classes of a major one; contractors
    that do work of a kind; shops of the trade, or of the trades of its kind where few have the trade.
    """
    match of:
        case Of.problem_class:
            return [each for each in others if major_of(each) == major_of(object)]
        case Of.person:
            return [each for each in others if each.startswith("account:")]
        case Of.unit:
            return _units_alike(object, others, policy)
        case Of.contractor:
            kinds = kinds_of_work(policy)
            return [each for each in others if kinds.get(each, set()) & kinds.get(object, set())]
        case Of.shop:
            own = trades.get(object, "")
            alike = sum(each == own for each in trades.values()) > PEERS_LEAST
            if alike:
                return [each for each in others if trades.get(each) == own]
            return [each for each in others if each in trades and minor_class_of(trades[each]) == minor_class_of(own)]
        case _:
            return list(others)


def _units_alike(object: str, others: Collection[str], policy: Policy) -> list[str]:
    unit = policy.unit_by_id.get(object)
    if unit is None:
        return []
    alike = sum(each.kind == unit.kind for each in policy.units) > PEERS_LEAST
    known = [policy.unit_by_id[each] for each in others if each in policy.unit_by_id]
    return [each.id for each in known if (each.kind == unit.kind if alike else each.level is unit.level)]


def kinds_of_work(policy: Policy) -> dict[str, set[str]]:
    """The kinds of the units whose work each contractor does or did."""
    found: dict[str, set[str]] = {}
    for each in policy.contracts:
        found.setdefault(each.contractor, set()).add(policy.unit_by_id[each.unit].kind)
    return found


def contracted(days: Days, policy: Policy) -> Iterator[tuple[str, str, Days]]:
    """Contractor, unit and days of each contract, as far as it lies in the days that are asked for."""
    for each in policy.contracts:
        first, last = max(days[0], each.since), min(days[1], each.until or days[1])
        if first <= last:
            yield each.contractor, each.unit, (first, last)


def together(name: str, parts: Iterable[Group]) -> Group:
    """Groups as one: what was counted of each is added. A value is told by what is added, so there is none."""
    whole = Group(group=name, name=None, simulated=False, figures=())
    figures: dict[str, Figure] = {}
    for part in parts:
        whole = replace(whole, simulated=whole.simulated or part.simulated)
        for each in part.figures:
            was = figures.get(each.metric)
            below = None if each.denominator is None else each.denominator + ((was and was.denominator) or 0)
            above = each.numerator + (was.numerator if was else 0)
            figures[each.metric] = replace(each, numerator=above, denominator=below, value=None, changes=())
    return replace(whole, figures=tuple(figures.values()))


def nothing_of(whole: Group, name: str) -> Group:
    """The numbers of something of which nothing was counted."""
    blank = tuple(
        replace(each, numerator=0, denominator=None if each.denominator is None else 0, value=None, changes=()) for each in whole.figures
    )  # fmt: skip
    return Group(group=name, name=None, simulated=False, figures=blank)


def _mark(figure: Figure, others: Mapping[str, Figure]) -> PortraitMark:
    if figure.measure is Measure.count:
        value, interval = float(figure.numerator), poisson(figure.numerator)
        rates = {name: float(each.numerator) for name, each in others.items()}
        work = figure.numerator + (median(rates.values()) if rates else 0)
    else:
        work = figure.denominator or 0
        value, interval = figure.numerator / work, wilson(figure.numerator, work)
        like = {name: each for name, each in others.items() if _has_like_work(each.denominator or 0, work)}
        rates = {name: each.numerator / (each.denominator or 1) for name, each in like.items()}
    sign = -1 if figure.metric in LESS_IS_BETTER else 1
    is_few, middle = work < LEAST, median(rates.values()) if rates else None
    percentile = None if is_few or len(rates) < PEERS_LEAST else percentile_of(sign * value, [sign * each for each in rates.values()])
    sure = middle is not None and not interval.low <= middle <= interval.high
    return PortraitMark(
        metric=figure.metric, measure=figure.measure, numerator=figure.numerator, denominator=figure.denominator, value=value,
        low=interval.low, high=interval.high, is_less_better=sign < 0, middle=middle, least=min(rates.values(), default=None),
        most=max(rates.values(), default=None), percentile=percentile, standing=_standing(percentile, is_few, sure),
        peers=tuple(sorted(rates)),
    )  # fmt: skip


def _has_like_work(other: int, own: int) -> bool:
    return other >= LEAST and own / LIKE <= other <= own * LIKE


def percentile_of(value: float, others: list[float]) -> float:
    """The share of others that are worse, with half of those alike; of 100.

    >>> percentile_of(0.9, [0.5, 0.9, 0.95, 0.7]), percentile_of(0.1, [0.5]), percentile_of(0.5, [0.5])
    (62.5, 0.0, 50.0)
    """
    worse = sum(each < value for each in others)
    alike = sum(each == value for each in others)
    return 100 * (worse + alike / 2) / len(others)


def _standing(percentile: float | None, is_few: bool, sure: bool) -> Standing:
    """Strong or weak where it stands out, and surely so: the middle of its peers lies outside its interval."""
    if percentile is None:
        return Standing.few if is_few else Standing.alone
    if not sure:
        return Standing.middle
    return Standing.strong if percentile >= HIGH else Standing.weak if percentile <= LOW else Standing.middle
