"""How large areas and landmarks are: a middle, and how far their ground reaches from it."""

from math import cos, hypot, radians

from cityloop.domain.policy import Landmark, Policy

METRES = 111_195.0
POINT_M = 60.0  # a landmark of which only a point is known
Box = tuple[float, float, float, float]


def area_box(policy: Policy, code: str) -> Box | None:
    """The box around an area's or a cell's ground: west, south, east, north. None where it has no cell."""
    boxes = policy.__dict__.get("_area_boxes")
    if boxes is None:
        boxes = policy.__dict__["_area_boxes"] = _boxes(policy)
    return boxes.get(code)


def area_middle(policy: Policy, code: str) -> tuple[float, float, float]:
    """The middle of an area, and how far its corners are from that; the city's where it has no cell."""
    west, south, east, north = area_box(policy, code) or policy.settings.bounds
    lon, lat = (west + east) / 2, (south + north) / 2
    return lon, lat, metres(lon, lat, east, north)


def landmark_reach_m(landmark: Landmark) -> float:
    return max([metres(landmark.lon, landmark.lat, *point) for point in landmark.ring], default=POINT_M)


def metres(x1: float, y1: float, x2: float, y2: float) -> float:
    """The distance on a plane: a thousandth off over a city."""
    return hypot((x2 - x1) * cos(radians(y1)), y2 - y1) * METRES


def _boxes(policy: Policy) -> dict[str, Box]:
    found: dict[str, Box] = {}
    for cell in policy.cells:
        lons, lats = [x for x, _ in cell.ring], [y for _, y in cell.ring]
        box = (min(lons), min(lats), max(lons), max(lats))
        for length in (6, 9, 12, 15):
            code = cell.code[:length]
            one = found.get(code)
            found[code] = box if one is None else (
                min(one[0], box[0]), min(one[1], box[1]), max(one[2], box[2]), max(one[3], box[3])
            )  # fmt: skip
    return found
