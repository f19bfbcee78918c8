"""Roads as lines on a plane: where two cross, where a number hangs, how far a point is from one."""

from collections.abc import Iterator
from itertools import pairwise
from math import cos, hypot, inf, radians
from typing import NamedTuple

from msgspec import Struct

from cityloop.domain.doors import number_of
from cityloop.domain.policy import Policy, Road

METRES = 111_195.0  # in a degree of latitude, on a sphere of the earth's mean radius
MEET_M = 12.0  # two lines that come this near meet: not every survey draws them through each other
SAME_CROSSING_M = 60.0
PLATE_M = 25.0
Pair = tuple[float, float]


class Spot(NamedTuple):
    """A point, and how far from it the place may be. `known`: somebody told it, it is not estimated."""

    lon: float
    lat: float
    reach_m: float
    known: bool = True


class Roads(Struct, frozen=True):
    """The crossings of a policy's roads by both codes in order, and each road's plates by their order along it."""

    crossings: dict[tuple[str, str], tuple[Pair, ...]]
    plates: dict[str, tuple[tuple[tuple[int, int], Pair], ...]]
    middles: dict[str, Spot]

    def crossings_of(self, one: str, other: str) -> tuple[Pair, ...]:
        return self.crossings.get((one, other) if one < other else (other, one), ())

    def middle_of(self, road: Road) -> Spot:
        """The point halfway along the road's longest piece."""
        found = self.middles.get(road.code)
        if found is None:
            found = self.middles[road.code] = _middle(road)
        return found

    def number_at(self, road: Road, number: tuple[int, int]) -> Spot:
        """Where a number is: on its plate; between the nearest two of its side; else somewhere along the road."""
        plates = self.plates.get(road.code, ())
        side = [each for each in plates if each[0][0] % 2 == number[0] % 2]
        same = next((place for said, place in side if said == number), None) or next(
            (place for said, place in side if said[0] == number[0]), None
        )
        if same:
            return Spot(*same, PLATE_M)
        below = [each for each in side if each[0][0] < number[0]]
        above = [each for each in side if each[0][0] > number[0]]
        if not below or not above:
            return self.middle_of(road)._replace(known=False)
        (low, (x1, y1)), (high, (x2, y2)) = below[-1], above[0]
        share = (number[0] - low[0]) / (high[0] - low[0])
        reach = max(PLATE_M, _metres(x1, y1, x2, y2))
        return Spot(x1 + share * (x2 - x1), y1 + share * (y2 - y1), reach, known=False)


def roads_of(policy: Policy) -> Roads:
    """The roads of a policy, worked out once for it."""
    found = policy.__dict__.get("_roads")
    if found is None:
        plates: dict[str, list[tuple[tuple[int, int], Pair]]] = {}
        for door in policy.doors:
            if (number := number_of(door.number)) is not None:
                plates.setdefault(door.road, []).append((number, (door.lon, door.lat)))
        found = policy.__dict__["_roads"] = Roads(
            _crossings(policy), {code: tuple(sorted(each)) for code, each in plates.items()}, {}
        )
    return found


def from_road_m(road: Road, lon: float, lat: float) -> float:
    """Metres from a point to the road's middle line."""
    best = inf
    shrink = cos(radians(lat))
    for line in road.lines:
        for (x1, y1), (x2, y2) in pairwise(line):
            ax, ay = (x1 - lon) * shrink, y1 - lat
            bx, by = (x2 - lon) * shrink - ax, y2 - lat - ay
            long = bx * bx + by * by
            share = min(1.0, max(0.0, -(ax * bx + ay * by) / long)) if long else 0.0
            best = min(best, hypot(ax + share * bx, ay + share * by))
    return best * METRES


def _metres(x1: float, y1: float, x2: float, y2: float) -> float:
    return hypot((x2 - x1) * cos(radians(y1)), y2 - y1) * METRES


def _middle(road: Road) -> Spot:
    def length(line: tuple[Pair, ...]) -> float:
        return sum(_metres(*one, *other) for one, other in pairwise(line))

    line = max(road.lines, key=length)
    left = length(line) / 2
    lon, lat = line[0]
    for one, other in pairwise(line):
        step = _metres(*one, *other)
        if step >= left:
            share = left / step if step else 0.0
            lon, lat = one[0] + share * (other[0] - one[0]), one[1] + share * (other[1] - one[1])
            break
        left -= step
    return Spot(round(lon, 7), round(lat, 7), max(_metres(lon, lat, *point) for each in road.lines for point in each))


def _crossings(policy: Policy) -> dict[tuple[str, str], tuple[Pair, ...]]:
    """Where any two roads meet; what lies nearer together than a wide crossing is one."""
    if len(policy.roads) < 2:
        return {}
    import numpy as np
    import shapely

    origin = policy.roads[0].lines[0][0]
    scale = np.array([METRES * cos(radians(origin[1])), METRES])
    owners = [code for code, each in enumerate(policy.roads) for _ in each.lines]
    lines = [shapely.LineString((np.array(line) - origin) * scale) for each in policy.roads for line in each.lines]
    drawn = np.array(lines, dtype=object)
    left, right = shapely.STRtree(drawn).query(drawn, predicate="dwithin", distance=MEET_M)
    of = np.array(owners)
    keep = of[left] < of[right]
    left, right = left[keep], right[keep]
    if not len(left):
        return {}
    meets = shapely.intersection(drawn[left], drawn[right])
    apart = shapely.is_empty(meets)
    meets[apart] = shapely.shortest_line(drawn[left][apart], drawn[right][apart])
    found: dict[tuple[str, str], list[Pair]] = {}
    for one, other, meet in zip(of[left].tolist(), of[right].tolist(), meets, strict=True):
        codes = sorted((policy.roads[one].code, policy.roads[other].code))
        places = found.setdefault((codes[0], codes[1]), [])
        for x, y in _points(meet):
            if all(hypot(x - px, y - py) > SAME_CROSSING_M for px, py in places):
                places.append((x, y))
    return {
        codes: tuple((round(float(origin[0] + x / scale[0]), 7), round(float(origin[1] + y / scale[1]), 7)) for x, y in places)
        for codes, places in found.items()
    }


def _points(meet) -> Iterator[Pair]:
    """A point for each part of what two lines share: where they cross, or the middle of where they run together."""
    for part in getattr(meet, "geoms", (meet,)):
        middle = part.interpolate(0.5, normalized=True) if part.length else part.representative_point()
        yield middle.x, middle.y
