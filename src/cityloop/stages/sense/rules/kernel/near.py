"""Which sensors are neighbours: those of one property within a distance, the nearest first."""

from collections.abc import Sequence

import numpy as np

from cityloop.domain.place import Point

MOST = 8  # more do not tell more
METRES_A_DEGREE = 111_320.0


def neighbours_of(points: Sequence[Point | None], same: Sequence[str], radius_m: float) -> list[list[int]]:
    """For each point the places of its neighbours; points that are None have none. Units: metres, on a plane at their latitude."""
    found: list[list[int]] = [[] for _ in points]
    known = [place for place, point in enumerate(points) if point is not None]
    if not known:
        return found
    lon = np.array([points[place].lon for place in known])  # type: ignore[union-attr]
    lat = np.array([points[place].lat for place in known])  # type: ignore[union-attr]
    what = np.array([same[place] for place in known])
    x, y = lon * METRES_A_DEGREE * np.cos(np.radians(lat)), lat * METRES_A_DEGREE
    for row, place in enumerate(known):
        away = np.hypot(x - x[row], y - y[row])
        near = np.flatnonzero((away <= radius_m) & (what == what[row]))
        near = near[near != row]
        found[place] = [known[each] for each in near[np.argsort(away[near], kind="stable")][:MOST]]
    return found
