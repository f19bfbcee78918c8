"""Pure decisions of evaluating: which days, whose areas, and what counts come to."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta

from cityloop.domain.calendar import WorkCalendar
from cityloop.domain.ids import AreaCode
from cityloop.domain.policy import Policy, Words
from cityloop.domain.time import epoch_us
from cityloop.stages.evaluate.model import (
    AreaUnknown,
    By,
    Figure,
    Group,
    Measure,
    Metric,
    MetricUnknown,
    Part,
    Period,
    PeriodWrong,
    Span,
    Tally,
)
from cityloop.stages.evaluate.model.metrics import ELAPSED, METRIC_OF, METRICS, WORKING

MILLION = 1_000_000
MINUTE_US = 60_000_000
YEARS = range(1970, 2199)


# which days


def days_of(period: Period, on: date) -> tuple[date, date]:
    """The first and last day of the period that holds a day.

    >>> days_of(Period.week, date(2026, 3, 4))
    (datetime.date(2026, 3, 2), datetime.date(2026, 3, 8))
    >>> days_of(Period.month, date(2024, 2, 10))[1]
    datetime.date(2024, 2, 29)
    """
    match period:
        case Period.day:
            return on, on
        case Period.week:
            monday = on - timedelta(days=on.weekday())
            return monday, monday + timedelta(days=6)
        case Period.month:
            first = on.replace(day=1)
            return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        case Period.year:
            return date(on.year, 1, 1), date(on.year, 12, 31)


def span_of(first_day: date, last_day: date, calendar: WorkCalendar) -> Span:
    """The period from one local day to another, both inside.

    Refuses with `PeriodWrong`.
    """
    for day in (first_day, last_day):
        if day.year not in YEARS:
            raise PeriodWrong(f"{day} is beyond the calendar; ask for days from {YEARS[0]} to {YEARS[-1]}.")
    if first_day > last_day:
        raise PeriodWrong(f"The period begins on {first_day} and ends before, on {last_day}; swap from= and to=.")
    since, until = (
        calendar.local(calendar.moment(day.toordinal(), 0)).astimezone(UTC)
        for day in (first_day, last_day + timedelta(days=1))
    )
    return Span(first_day=first_day, last_day=last_day, since=since, until=until, zone=calendar.week.zone)


def days_asked(
    first_day: date | None, last_day: date | None, period: Period | None, on: date | None, today: date
) -> tuple[date, date]:
    """The days of a question: from and to, or a named period around a day; else this month.

    Refuses with `PeriodWrong`.
    """
    by_days = first_day is not None or last_day is not None
    if by_days and (period is not None or on is not None):
        raise PeriodWrong("Both days and a named period are asked for; give from= and to=, or period= and on=.")
    if by_days:
        if first_day is None or last_day is None:
            raise PeriodWrong("A period has two ends, both inside; give from= and to=.")
        return first_day, last_day
    day = on or today
    if day.year not in YEARS:
        raise PeriodWrong(f"{day} is beyond the calendar; ask for a day from {YEARS[0]} to {YEARS[-1]}.")
    return days_of(period or Period.month, day)


# whose areas


def scope_of(areas: Iterable[AreaCode | None]) -> tuple[AreaCode, ...] | None:
    """The areas that seats cover together, none inside another; None is the whole city.

    >>> scope_of(["990101002", "990101", "990102"]), scope_of(["990101", None])
    (('990101', '990102'), None)
    """
    found: list[AreaCode] = []
    for area in sorted(set(areas), key=lambda each: each or ""):
        if area is None:
            return None
        if not any(area.startswith(wider) for wider in found):
            found.append(area)
    return tuple(found)


def area_known(area: AreaCode | None, policy: Policy) -> AreaCode | None:
    """The area that was asked for; None is all that the caller sees.

    Refuses with `AreaUnknown`.
    """
    if area is not None and area not in policy.area_by_code:
        raise AreaUnknown(f"There is no area {area}; take a code from the pack's areas.csv.")
    return area


def fine_of(policy: Policy) -> tuple[tuple[str, int], ...]:
    """How keys of fine classes are known: what they begin with, and how long they are."""
    return tuple(sorted({(f"{each.key.rpartition('/')[0]}/", len(each.key)) for each in policy.classes if each.parent}))


def name_of(by: By, group: str, policy: Policy) -> Words | None:
    """What a group is called; people are not named here."""
    known: Mapping[str, object]
    match by:
        case By.unit:
            known = policy.unit_by_id
        case By.district | By.street | By.community:
            known = policy.area_by_code
        case By.problem_class | By.minor_class:
            known = policy.class_by_key
        case _:
            return None
    found = known.get(group)
    return found.name if found else None


# what counts come to


def metric_named(code: str, part: Part) -> Metric:
    """The metric, if rows stand on that side of its line.

    Refuses with `MetricUnknown`.
    """
    metric = METRIC_OF.get(code)
    if metric is None:
        raise MetricUnknown(f"There is no metric {code[:60]!r}; see /v1/figures/metrics.")
    if rows_behind(metric, part) is None:
        raise MetricUnknown(f"{code} has no {part}; it is a count, so ask for its numerator.")
    return metric


def rows_behind(metric: Metric, part: Part) -> str | None:
    """The condition of the rows on one side of the line; of a mean both are the rows that it is taken over."""
    if part is Part.denominator or metric.numerator is None:
        return metric.denominator
    return metric.numerator


def half_up(above: int, below: int) -> int:
    """The quotient, rounded; a half goes up.

    >>> half_up(1, 2), half_up(1, 3), half_up(2, 3)
    (1, 0, 1)
    """
    return (2 * above + below) // (2 * below)


def value_of(measure: Measure, numerator: int, denominator: int | None) -> int | None:
    """What the two numbers come to; None where nothing stands below the line.

    Units: a count, parts per million, or minutes, of which the numerator comes in µs.
    """
    if denominator is None:
        return numerator
    if denominator == 0:
        return None
    if measure is Measure.ppm:
        return half_up(numerator * MILLION, denominator)
    return half_up(numerator, denominator * MINUTE_US)


def figure_of(metric: Metric, tally: Tally) -> Figure:
    """The figure of a metric in a tally."""
    above = tally.numbers.get((metric.code, Part.numerator), 0)
    below = None
    if metric.denominator is not None:
        below = tally.numbers.get((metric.code, Part.denominator), 0)
    return Figure(
        metric=metric.code, numerator=half_up(above, MINUTE_US) if metric.measure is Measure.min else above,
        denominator=below, value=value_of(metric.measure, above, below), measure=metric.measure,
        formula=f"figures.formula.{metric.code}", window=metric.window,
    )  # fmt: skip


def group_of(group: str, tally: Tally, name: Words | None, simulated: bool) -> Group:
    """All figures of a group."""
    figures = tuple(figure_of(metric, tally) for metric in METRICS)
    return Group(group=group, name=name, simulated=simulated or tally.simulated, figures=figures)


def whole_of(tallies: Iterable[Tally]) -> Tally:
    """The groups together."""
    numbers: dict[tuple[str, Part], int] = {}
    simulated = False
    for tally in tallies:
        simulated |= tally.simulated
        for key, count in tally.numbers.items():
            numbers[key] = numbers.get(key, 0) + count
    return Tally(numbers=numbers, simulated=simulated)


def add_times(
    tallies: Mapping[str, Tally], spans: Iterable[tuple[str, datetime, datetime]], calendar: WorkCalendar
) -> None:
    """Add each group's handling times to its tally. Units: µs."""
    elapsed, working = (ELAPSED, Part.numerator), (WORKING, Part.numerator)
    for group, given_at, ended_at in spans:
        numbers = tallies[group].numbers
        start, end = epoch_us(given_at), epoch_us(ended_at)
        numbers[elapsed] = numbers.get(elapsed, 0) + end - start
        numbers[working] = numbers.get(working, 0) + calendar.worked(start, end)
