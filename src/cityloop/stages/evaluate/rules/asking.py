"""Whose areas are looked at, what is counted only, and what groups are called."""

from collections.abc import Iterable, Mapping

from cityloop.domain.codes import SchemeUnknown, minor_of
from cityloop.domain.facts.intake import Channel
from cityloop.domain.ids import AreaCode
from cityloop.domain.policy import Policy, Words
from cityloop.domain.words import WORDS
from cityloop.stages.evaluate.model import AreaUnknown, By, FilterUnknown, Metric, MetricUnknown, Only, Part
from cityloop.stages.evaluate.model.metrics import metrics_by


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


def is_inside(area: str, scope: Iterable[AreaCode] | None) -> bool:
    """Whether an area lies in what seats cover together; "" is the whole city.

    >>> is_inside("990101002", ("990101",)), is_inside("", ("990101",)), is_inside("", None)
    (True, False, True)
    """
    return scope is None or any(area.startswith(each) for each in scope)


def only_known(only: Only, policy: Policy) -> None:
    """That the pack knows what is counted only.

    Refuses with `AreaUnknown` or `FilterUnknown`.
    """
    area, unit, asked_class = only.area, only.unit, only.problem_class
    if area is not None and area not in policy.area_by_code and area not in policy.cell_by_code:
        raise AreaUnknown(f"There is no area {area[:30]}; take a code from the pack's areas.csv or cells.geojson.")
    if only.grid is not None and only.grid not in cells_of_grids(policy):
        raise FilterUnknown(f"There is no duty grid {only.grid[:30]!r}; take one from the pack's cells.geojson.")
    if unit is not None and unit not in policy.unit_by_id:
        raise FilterUnknown(f"There is no unit {unit[:60]!r}; take one from the pack's units.csv.")
    if asked_class is not None and not any(asked_class in (each.key, major_of(each.key)) for each in policy.classes):
        raise FilterUnknown(f"There is no class {asked_class[:60]!r}; take a class of the catalogue, or a major class.")
    if only.channel is not None and only.channel not in tuple(Channel):
        raise FilterUnknown(f"There is no channel {only.channel[:30]!r}; take one of {', '.join(Channel)}.")


def cells_of_grids(policy: Policy) -> dict[str, tuple[str, ...]]:
    """The cells of each duty grid, as the pack draws them now."""
    found: dict[str, list[str]] = {}
    for cell in policy.cells:
        found.setdefault(cell.duty_grid, []).append(cell.code)
    return {grid: tuple(cells) for grid, cells in found.items()}


def grids_of_cells(policy: Policy) -> dict[str, str]:
    """The duty grid of each cell, as the pack draws them now."""
    return {each.code: each.duty_grid for each in policy.cells}


def minor_class_of(class_key: str) -> str:
    """The minor class in which a class lies; the key itself where nobody knows its format."""
    try:
        return minor_of(class_key) if class_key else ""
    except SchemeUnknown:
        return class_key


def major_of(class_key: str) -> str:
    """The major class in which a class lies: the key of the minor class without its last two digits.

    >>> major_of("gbt30428_2_2013/event/0102"), major_of("gbt30428_2_2013/event/010203")
    ('gbt30428_2_2013/event/01', 'gbt30428_2_2013/event/01')
    """
    return minor_class_of(class_key)[:-2]


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
        case By.major:
            return next((each.major_name for each in policy.classes if major_of(each.key) == group), None)
        case By.component:
            thing = policy.component_by_code.get(group)
            return {policy.settings.languages[0]: thing.name} if thing and thing.name else None
        case By.channel:
            return WORDS.get(f"channel.{group}")
        case _:
            return None
    found = known.get(group)
    return found.name if found else None


def metric_called(code: str, policy: Policy) -> Metric:
    """The metric as the city reads it.

    Refuses with `MetricUnknown`.
    """
    metric = metrics_by(policy.figures).get(code)
    if metric is None:
        raise MetricUnknown(f"There is no metric {code[:60]!r}; see /v1/figures/metrics.")
    return metric


def metric_named(code: str, part: Part, policy: Policy) -> Metric:
    """The metric as the city reads it, if rows stand on that side of its line.

    Refuses with `MetricUnknown`.
    """
    metric = metric_called(code, policy)
    if part not in metric.sides and metric.took is None:
        raise MetricUnknown(f"{code} has no {part}; it is a count, so ask for its numerator.")
    return metric
