"""Roads, landmarks and door plates of a pack that was read, as the policy has them."""

from itertools import pairwise
from typing import Any

from cityloop.domain.policy import Door, Landmark, LandmarkKind, Road


def road(v: dict[str, Any]) -> Road:
    return Road(code=v["code"], name=v["name"], aliases=v.get("aliases", ()), lines=v["wkt"].parts)


def landmark(v: dict[str, Any]) -> Landmark:
    ring = v["wkt"].parts[0]
    lon, lat = ring[0] if len(ring) == 1 else _middle(ring)
    return Landmark(
        code=v["code"], kind=LandmarkKind(v["kind"]), name=v["name"], aliases=v.get("aliases", ()), lon=lon, lat=lat,
        ring=ring if len(ring) > 1 else (),
    )  # fmt: skip


def door(v: dict[str, Any]) -> Door:
    return Door(road=v["road"], number=v["number"], lon=v["lon"], lat=v["lat"])


def _middle(ring: tuple[tuple[float, float], ...]) -> tuple[float, float]:
    """The centroid of a closed ring; of one without ground, the middle of its points.

    >>> _middle(((0.0, 0.0), (2.0, 0.0), (2.0, 1.0), (0.0, 1.0), (0.0, 0.0)))
    (1.0, 0.5)
    """
    x0, y0 = ring[0]
    twice = across = up = 0.0
    for (x1, y1), (x2, y2) in pairwise(ring):
        turn = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)
        twice += turn
        across += (x1 + x2 - 2 * x0) * turn
        up += (y1 + y2 - 2 * y0) * turn
    if not twice:
        return sum(x for x, _ in ring[:-1]) / (len(ring) - 1), sum(y for _, y in ring[:-1]) / (len(ring) - 1)
    return round(x0 + across / (3 * twice), 7), round(y0 + up / (3 * twice), 7)
