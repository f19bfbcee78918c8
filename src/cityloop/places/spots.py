"""Spots: H3 cells as plain integers, the one spatial key that every database has."""

from functools import lru_cache
from math import ceil, cos, hypot, radians

from h3.api.basic_int import cell_to_boundary, cell_to_latlng, grid_disk, latlng_to_cell

from cityloop.domain.place import Point, distance_m

SPOT_RES = 9  # about 200 m from edge to edge; Where.spot says the same
RING_M = 140  # whatever lies nearer than this to a place of a spot is in it or in the ring around it
METRES_A_DEGREE = 111_694.0  # the most that a degree of latitude has; of longitude cos(latitude) times as many
SLACK = 0.99  # a plane is not the ellipsoid: what is measured on it may be this share of the truth
POLAR_LAT, WRAP_LON = 85.0, 179.0  # beyond, a plane says nothing


def spot_of(lon: float, lat: float) -> int:
    """The spot of a place. Units: degrees (WGS 84).

    >>> spot_of(112.53, 28.48)
    618120599899471871
    """
    return latlng_to_cell(lat, lon, SPOT_RES)


def spots_around(lon: float, lat: float, radius_m: float) -> tuple[int, ...]:
    """Every spot that may hold a place within `radius_m`, in ascending order; some of them lie beyond it.

    >>> len(spots_around(112.53, 28.48, 50)), len(spots_around(112.53, 28.48, 200))
    (1, 7)
    """
    disk = _disk(latlng_to_cell(lat, lon, SPOT_RES), max(1, ceil(radius_m / RING_M)))
    if abs(lat) > POLAR_LAT or abs(lon) > WRAP_LON:
        return tuple([spot for spot, _, _, _ in disk])
    per_lon = cos(radians(lat)) * METRES_A_DEGREE
    return tuple([
        spot
        for spot, east, north, reach_m in disk
        if hypot((east - lon) * per_lon, (north - lat) * METRES_A_DEGREE) * SLACK <= radius_m + reach_m
    ])  # fmt: skip


@lru_cache(maxsize=8192)  # a city has a few thousand spots; asking H3 anew costs ten times as much
def _disk(spot: int, rings: int) -> tuple[tuple[int, float, float, float], ...]:
    """Spots in the rings, ascending, each with its middle and how far its corners are from that."""
    found = []
    for each in sorted(int(near) for near in grid_disk(spot, rings)):
        lat, lon = cell_to_latlng(each)
        middle = Point(lon=lon, lat=lat)
        reach_m = max(distance_m(middle, Point(lon=x, lat=y)) for y, x in cell_to_boundary(each))
        found.append((each, lon, lat, reach_m))
    return tuple(found)
