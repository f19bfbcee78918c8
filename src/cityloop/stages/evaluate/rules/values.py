"""What counts come to, and what became of them since another period."""

from collections.abc import Callable, Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from cityloop.domain.calendar import WorkCalendar
from cityloop.domain.policy import Words
from cityloop.stages.evaluate.model import Against, Change, Figure, Group, Known, Measure, Metric, Part, Taken, Tally
from cityloop.stages.evaluate.model.metrics import PLAIN
from cityloop.stages.evaluate.rules.working import worked_of

MILLION = 1_000_000
MINUTE_US = 60_000_000
Earlier = Mapping[Against, tuple[Known, Tally]]


def half_up(above: int, below: int) -> int:
    """The quotient, rounded; a half goes up.

    >>> half_up(1, 2), half_up(1, 3), half_up(2, 3), half_up(-1, 2), half_up(-2, 3)
    (1, 0, 1, 0, -1)
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


def figure_of(metric: Metric, tally: Tally, earlier: Earlier | None = None) -> Figure:
    """The figure of a metric in a tally, and what became of it since the earlier ones."""
    above, below = _two(metric, tally)
    value = value_of(metric.measure, above, below)
    return Figure(
        metric=metric.code, numerator=_shown(metric, above), denominator=below, value=value, measure=metric.measure,
        formula=f"figures.formula.{metric.code}", window=metric.window,
        changes=tuple(change_of(metric, value, against, *there) for against, there in (earlier or {}).items()),
    )  # fmt: skip


def change_of(metric: Metric, value: int | None, against: Against, known: Known, before: Tally) -> Change:
    """What a figure was in another period, and the difference; nothing where the city was not there.

    What stands as of now is no different in any period: it has none.
    """
    if known is Known.none or not metric.rows.moments:
        return Change(
            against=against, numerator=None, denominator=None, value=None, difference=None, change_ppm=None
        )  # fmt: skip
    above, below = _two(metric, before)
    was = value_of(metric.measure, above, below)
    difference = None if value is None or was is None else value - was
    relative = None
    if metric.measure is not Measure.ppm and difference is not None and was:
        relative = half_up(difference * MILLION, was)
    return Change(
        against=against, numerator=_shown(metric, above), denominator=below, value=was, difference=difference,
        change_ppm=relative,
    )  # fmt: skip


def _two(metric: Metric, tally: Tally) -> tuple[int, int | None]:
    above = tally.numbers.get((metric.code, Part.numerator), 0)
    if metric.measure is Measure.count:
        return above, None
    return above, tally.numbers.get((metric.code, Part.denominator), 0)


def _shown(metric: Metric, above: int) -> int:
    return half_up(above, MINUTE_US) if metric.measure is Measure.min else above


def group_of(
    group: str,
    tally: Tally,
    metrics: Iterable[Metric],
    *,
    name: Words | None = None,
    simulated: bool = False,
    earlier: Earlier | None = None,
) -> Group:
    """All figures of a group."""
    return Group(
        group=group, name=name, simulated=simulated or bool(tally.simulated),
        figures=tuple(figure_of(metric, tally, earlier) for metric in metrics),
    )  # fmt: skip


def whole_of(tallies: Iterable[Tally]) -> Tally:
    """The groups together."""
    whole = Tally(numbers={})
    for tally in tallies:
        add(whole, tally)
    return whole


def add(to: Tally, more: Tally) -> None:
    """Add a tally to another."""
    to.simulated += more.simulated
    for key, count in more.numbers.items():
        to.numbers[key] = to.numbers.get(key, 0) + count


def regrouped(tallies: Mapping[str, Tally], group_of: Callable[[str], str]) -> dict[str, Tally]:
    """The tallies of cells or classes as those of what they lie in."""
    found: dict[str, Tally] = {}
    for group, tally in tallies.items():
        add(found.setdefault(group_of(group), Tally(numbers={})), tally)
    return found


def add_times(tallies: Mapping[str, Tally], taken: Iterable[Taken], calendar: WorkCalendar) -> None:
    """Add to each group what its rows took. Units: µs."""
    for group, metrics, began, ended, times in taken:
        plain = _sum(ended - began, times)
        working = _sum(worked_of(calendar, began, ended), times) if {*metrics} - PLAIN else 0
        numbers = tallies[group].numbers
        for metric in metrics:
            key = (metric, Part.numerator)
            numbers[key] = numbers.get(key, 0) + (plain if metric in PLAIN else working)


def _sum(spans: NDArray[np.int64], times: NDArray[np.int64] | None) -> int:
    """The sum, exactly: of ten million spans of a year it is more than 64 bits hold."""
    high, low = spans >> 20, spans & 0xFFFFF
    if times is not None:
        high, low = high * times, low * times
    return (int(high.sum()) << 20) + int(low.sum())
