"""Counts by group and period, put in order: one metric of many over time."""

from collections.abc import Iterable, Mapping

from cityloop.domain.policy import Policy, Words
from cityloop.stages.evaluate.model import By, Figure, Metric, Point, Serie, Tally
from cityloop.stages.evaluate.rules.asking import grids_of_cells, major_of, minor_class_of
from cityloop.stages.evaluate.rules.values import add, figure_of

APART = "\t"
ALL = "*"


def by_group(
    tallies: dict[str, Tally], by: By, policy: Policy
) -> dict[str, dict[str, Tally]]:  # fmt: skip
    """The tallies of each group by period; what was counted by cell or class stands in what it lies in."""
    grids = grids_of_cells(policy) if by is By.grid else {}
    found: dict[str, dict[str, Tally]] = {}
    for key, tally in tallies.items():
        group, _, period = key.partition(APART)
        if by is By.grid:
            group = grids.get(group, "")
        elif by in (By.minor_class, By.major):
            group = (major_of if by is By.major else minor_class_of)(group)
        elif by is By.all:
            group = ""
        add(found.setdefault(group, {}).setdefault(period, Tally(numbers={})), tally)
    return found


def serie_of(
    group: str, there: Mapping[str, Tally], metric: Metric, periods: Iterable[str], *, name: Words | None, simulated: bool
) -> Serie:  # fmt: skip
    """A group's numbers, a point for each period."""
    empty = Tally(numbers={})
    points = tuple(_point(figure_of(metric, there.get(period, empty), None)) for period in periods)
    return Serie(
        group=group, name=name, simulated=simulated or any(each.simulated for each in there.values()), points=points,
        whole=_point(figure_of(metric, there.get(ALL, empty), None)),
    )  # fmt: skip


def _point(figure: Figure) -> Point:
    return Point(numerator=figure.numerator, denominator=figure.denominator, value=figure.value)
