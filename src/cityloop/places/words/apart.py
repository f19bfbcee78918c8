"""How far a point is from a place that words name."""

from itertools import pairwise
from math import cos, radians

from cityloop.domain.policy import Policy
from cityloop.places.words.found import Heard, PlaceKind
from cityloop.places.words.grounds import area_box, metres
from cityloop.places.words.roads import from_road_m, roads_of


def apart_m(policy: Policy, heard: Heard, lon: float, lat: float) -> float:
    """Metres from a point to the place: 0 in a landmark's ground or in an area's box, to a road its line.

    A number that is known only to hang somewhere along its road is as near as the road.
    """
    if heard.kind in (PlaceKind.area, PlaceKind.cell):
        west, south, east, north = area_box(policy, heard.code) or policy.settings.bounds
        return metres(lon, lat, min(max(lon, west), east), min(max(lat, south), north))
    code, _, number = heard.code.partition("/")
    road = policy.road_by_code.get(code)
    if heard.kind is PlaceKind.road and road:
        return from_road_m(road, lon, lat)
    if heard.kind is PlaceKind.address and road and number and heard.reach_m >= roads_of(policy).middle_of(road).reach_m:
        return from_road_m(road, lon, lat)
    landmark = policy.landmark_by_code.get(code)
    if landmark and landmark.ring:
        return 0.0 if _holds(landmark.ring, lon, lat) else min(_from_edge(*pair, lon, lat) for pair in pairwise(landmark.ring))  # fmt: skip
    return metres(lon, lat, heard.lon, heard.lat)


def _holds(ring: tuple[tuple[float, float], ...], lon: float, lat: float) -> bool:
    odd = False
    for (x1, y1), (x2, y2) in pairwise(ring):
        if (y1 > lat) != (y2 > lat) and lon < x1 + (lat - y1) / (y2 - y1) * (x2 - x1):
            odd = not odd
    return odd


def _from_edge(one: tuple[float, float], other: tuple[float, float], lon: float, lat: float) -> float:
    shrink = cos(radians(lat))
    ax, ay = (one[0] - lon) * shrink, one[1] - lat
    bx, by = (other[0] - lon) * shrink - ax, other[1] - lat - ay
    long = bx * bx + by * by
    share = min(1.0, max(0.0, -(ax * bx + ay * by) / long)) if long else 0.0
    return metres(0.0, 0.0, ax + share * bx, ay + share * by)
