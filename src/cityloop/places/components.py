"""The registered component that a report near it is most likely about."""

from collections.abc import Mapping
from math import cos, radians

from msgspec import Struct

from cityloop.domain.codes import minor_of
from cityloop.domain.ids import ClassKey
from cityloop.domain.place import Point, distance_m
from cityloop.domain.policy import Component, Policy

METRES_A_DEGREE = 110_500  # of latitude, at the equator where it is least


class ComponentIndex(Struct, frozen=True):
    """Components by class and box; a box is no smaller than the search radius, so nine boxes are enough."""

    near_m: float
    lon_step: float
    lat_step: float
    boxes: Mapping[tuple[ClassKey, int, int], tuple[Component, ...]]


def nearest_component(policy: Policy, class_key: ClassKey, lon: float, lat: float) -> tuple[Component, float] | None:
    """The nearest component of a class within the city's `component_near_m`, and its distance in metres.

    Of two that are equally near, the one with the smaller code.
    """
    index = policy.__dict__.get("_component_index") or _index_of(policy)
    column, row = int(lon // index.lon_step), int(lat // index.lat_step)
    here = Point(lon=lon, lat=lat)
    found = [
        (distance_m(here, Point(lon=each.lon, lat=each.lat)), each.code, each)
        for x in (column - 1, column, column + 1)
        for y in (row - 1, row, row + 1)
        for key in {class_key, minor_of(class_key)}  # things are registered under their minor class, mostly
        for each in index.boxes.get((key, x, y), ())
    ]
    best = min(found, default=None)
    return (best[2], best[0]) if best and best[0] <= index.near_m else None


def _index_of(policy: Policy) -> ComponentIndex:
    near_m = policy.settings.component_near_m
    widest = max([abs(each.lat) for each in policy.components], default=0.0)
    lat_step = max(near_m, 1) / METRES_A_DEGREE
    lon_step = lat_step / max(cos(radians(min(widest + 2 * lat_step, 89.0))), 0.01)
    boxes: dict[tuple[ClassKey, int, int], list[Component]] = {}
    for each in policy.components:
        boxes.setdefault((each.class_key, int(each.lon // lon_step), int(each.lat // lat_step)), []).append(each)
    index = policy.__dict__["_component_index"] = ComponentIndex(
        near_m, lon_step, lat_step, {place: tuple(inside) for place, inside in boxes.items()}
    )
    return index
