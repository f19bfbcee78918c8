"""The registered component that a report near it is most likely about, or at whose door it is."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from math import ceil, cos, radians

from msgspec import Struct

from cityloop.domain.codes import minor_of
from cityloop.domain.ids import ClassKey
from cityloop.domain.place import Point, distance_m
from cityloop.domain.policy import Component, Kind, Policy

METRES_A_DEGREE = 110_500  # of latitude, at the equator where it is least


class ComponentIndex(Struct, frozen=True):
    """Components by box; a box is no smaller than the search radius for one of a class, so nine boxes are enough."""

    near_m: float
    lon_step: float
    lat_step: float
    boxes: Mapping[tuple[int, int], tuple[Component, ...]]


def nearest_component(
    policy: Policy, class_key: ClassKey, lon: float, lat: float, *, without: Collection[str] = (),
    more: Sequence[Component] = (),
) -> tuple[Component, float] | None:  # fmt: skip
    """The nearest component of a class within the city's `component_near_m`, and its distance in metres; of an event that is
    looked at with a thing of the city 门前责任, the nearest such thing within its own distance.

    Of two that are equally near, the one with the smaller code. `without` are the codes of the pack that no longer count,
    `more` the components that count beside it: what a census found since, the same sequence as long as nothing changes.
    """
    near_m = policy.settings.component_near_m
    minor = minor_of(class_key)
    keys: Collection[ClassKey] = {class_key, minor}  # things are registered under their minor class, mostly
    if frontage := policy.frontage_of.get(class_key) or policy.frontage_of.get(minor):
        near_m, keys = frontage.within_m, policy.trades_of[frontage.thing]
    here = Point(lon=lon, lat=lat)
    able = [each for each in _boxed(_index_of(policy), lon, lat, near_m) if each.class_key in keys and each.code not in without]
    able += [each for each in _boxed(_index_beside(policy, more), lon, lat, near_m) if each.class_key in keys] if more else []
    found = [(distance_m(here, Point(lon=each.lon, lat=each.lat)), each.code, each) for each in able]
    best = min(found, default=None)
    return (best[2], best[0]) if best and best[0] <= near_m else None


def has_things(policy: Policy, class_key: ClassKey) -> bool:
    """Whether things of the city are registered that a report of a class may be about, or at whose door it may be."""
    known = policy.class_by_key[class_key]
    return known.kind is Kind.component or not policy.frontage_of.keys().isdisjoint((class_key, minor_of(class_key)))


def components_around(policy: Policy, lon: float, lat: float, radius_m: float) -> list[tuple[float, Component]]:
    """The pack's components within a radius, each with its distance in metres, in no order."""
    here = Point(lon=lon, lat=lat)
    found = [
        (distance_m(here, Point(lon=each.lon, lat=each.lat)), each) for each in _boxed(_index_of(policy), lon, lat, radius_m)
    ]
    return [each for each in found if each[0] <= radius_m]


def _boxed(index: ComponentIndex, lon: float, lat: float, radius_m: float) -> Iterator[Component]:
    reach = ceil(radius_m / max(index.near_m, 1))
    column, row = int(lon // index.lon_step), int(lat // index.lat_step)
    for x in range(column - reach, column + reach + 1):
        for y in range(row - reach, row + reach + 1):
            yield from index.boxes.get((x, y), ())


def _index_of(policy: Policy) -> ComponentIndex:
    """Of the pack's components."""
    known = policy.__dict__.get("_component_index")
    if known is None:
        known = policy.__dict__["_component_index"] = _boxes_of(policy.components, policy.settings.component_near_m)
    return known


def _index_beside(policy: Policy, more: Sequence[Component]) -> ComponentIndex:
    """Of what counts beside the pack's; kept as long as it is that."""
    known = policy.__dict__.get("_component_index_beside")
    if known is None or known[0] is not more:
        known = policy.__dict__["_component_index_beside"] = (more, _boxes_of(more, policy.settings.component_near_m))
    return known[1]


def _boxes_of(components: Sequence[Component], near_m: float) -> ComponentIndex:
    widest = max([abs(each.lat) for each in components], default=0.0)
    lat_step = max(near_m, 1) / METRES_A_DEGREE
    lon_step = lat_step / max(cos(radians(min(widest + 2 * lat_step, 89.0))), 0.01)
    boxes: dict[tuple[int, int], list[Component]] = {}
    for each in components:
        boxes.setdefault((int(each.lon // lon_step), int(each.lat // lat_step)), []).append(each)
    return ComponentIndex(near_m, lon_step, lat_step, {place: tuple(inside) for place, inside in boxes.items()})
