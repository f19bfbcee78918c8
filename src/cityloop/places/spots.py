"""Spots: H3 cells as plain integers, the one spatial key that every database has."""

from functools import lru_cache
from math import ceil

from h3.api.basic_int import grid_disk, latlng_to_cell

SPOT_RES = 9  # about 200 m from edge to edge; Where.spot says the same
RING_M = 140  # whatever lies nearer than this to a place of a spot is in it or in the ring around it


def spot_of(lon: float, lat: float) -> int:
    """The spot of a place. Units: degrees (WGS 84).

    >>> spot_of(112.53, 28.48)
    618120599899471871
    """
    return latlng_to_cell(lat, lon, SPOT_RES)


def spots_around(lon: float, lat: float, radius_m: float) -> tuple[int, ...]:
    """Every spot that may hold a place within `radius_m`, in ascending order; some of them lie beyond it.

    How many depends on the radius only, but for the twelve pentagons of the world.

    >>> len(spots_around(112.53, 28.48, 50)), len(spots_around(112.53, 28.48, 200))
    (7, 19)
    """
    return _disk(latlng_to_cell(lat, lon, SPOT_RES), max(1, ceil(radius_m / RING_M)))


@lru_cache(maxsize=8192)  # a city has a few thousand spots; asking H3 anew costs ten times as much
def _disk(spot: int, rings: int) -> tuple[int, ...]:
    return tuple(sorted(int(each) for each in grid_disk(spot, rings)))
