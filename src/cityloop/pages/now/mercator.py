"""The square world of web maps: places as whole numbers in it, tiles, and the order in which a tile's places lie together."""

from math import atan, degrees, log, pi, radians, sinh, tan

import numpy as np
from msgspec import Struct

from cityloop.domain.errors import NotFound

WORLD_BITS = 31  # the world is 2**31 steps wide: 2 cm at the equator
ORDER_BITS = 24  # of these, how many the order tells apart
ZOOM_MAX = 20
LAT_MAX = 85.051128


class TileUnknown(NotFound):
    """No such tile."""

    code = "tile.unknown"


class TileAt(Struct, frozen=True):
    """A tile: zoom, column from the west, row from the north."""

    z: int
    x: int
    y: int

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north. Units: degrees."""
        side = 1 << self.z
        return (
            self.x / side * 360 - 180, _lat((self.y + 1) / side), (self.x + 1) / side * 360 - 180, _lat(self.y / side)
        )  # fmt: skip

    @property
    def order(self) -> int:
        """Its place in the order of its zoom."""
        return int(order_of(np.uint64(self.x), np.uint64(self.y)))


def tile_named(z: int, x: int, name: str) -> TileAt:
    """The tile of an address that ends in `{y}.pbf`.

    Refuses with `TileUnknown`.
    """
    y = name.removesuffix(".pbf")
    if y.isascii() and y.isdigit() and len(y) <= 8 and 0 <= z <= ZOOM_MAX:
        side = 1 << z
        if 0 <= x < side and int(y) < side:
            return TileAt(z, x, int(y))
    raise TileUnknown(f"There is no tile {z}/{x}/{name[:20]}; zoom is 0 to {ZOOM_MAX}, columns and rows fit its zoom.")


def steps_of(lon: "np.ndarray", lat: "np.ndarray") -> tuple["np.ndarray", "np.ndarray"]:
    """Places as whole steps from the north-west corner of the world. Units: degrees."""
    world = float(1 << WORLD_BITS)
    bent = np.radians(np.clip(lat, -LAT_MAX, LAT_MAX))
    x = (lon / 360 + 0.5) * world
    y = (0.5 - np.log(np.tan(np.pi / 4 + bent / 2)) / (2 * np.pi)) * world
    return tuple(np.clip(each, 0, world - 1).astype(np.uint32) for each in (x, y))  # type: ignore[return-value]


def order_of(x: "np.ndarray", y: "np.ndarray") -> "np.ndarray":
    """Columns and rows woven bit by bit: what lies in one tile, of any zoom, lies together in this order."""
    return _spread(x) | _spread(y) << np.uint64(1)


def share_of(lon: float, lat: float) -> tuple[float, float]:
    """A place as shares of the world, from the west and from the north."""
    bent = radians(max(-LAT_MAX, min(LAT_MAX, lat)))
    return lon / 360 + 0.5, 0.5 - log(tan(pi / 4 + bent / 2)) / (2 * pi)


def _lat(share: float) -> float:
    return degrees(atan(sinh(pi * (1 - 2 * share))))


def _spread(number: "np.ndarray") -> "np.ndarray":
    """The low 32 bits, each with a gap behind it."""
    spread = np.asarray(number).astype(np.uint64)
    for shift, mask in (
        (16, 0x0000FFFF0000FFFF), (8, 0x00FF00FF00FF00FF), (4, 0x0F0F0F0F0F0F0F0F), (2, 0x3333333333333333),
        (1, 0x5555555555555555),
    ):  # fmt: skip
        spread = (spread | spread << np.uint64(shift)) & np.uint64(mask)
    return spread
