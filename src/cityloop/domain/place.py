"""Places: points that know their datum, how far they are apart, and which may be taken for a place in the city."""

from collections.abc import Callable
from math import asin, atan, atan2, cos, floor, isfinite, pi, radians, sin, sqrt, tan

from msgspec import Struct

from cityloop.domain.errors import Invalid

Bounds = tuple[float, float, float, float]  # west, south, east, north; west > east lies across the date line


class PlaceUnreadable(Invalid):
    """The numbers are no place on earth."""

    code = "place.unreadable"


class PlaceSwapped(Invalid):
    """Longitude and latitude came in the wrong order."""

    code = "place.swapped"


class PlaceOutside(Invalid):
    """The place lies outside the city."""

    code = "place.outside"


class Point(Struct, frozen=True, kw_only=True):
    """A place in WGS 84, taken for equal to CGCS2000 (they differ by centimetres). Units: degrees."""

    lon: float
    lat: float


class Gcj02Point(Struct, frozen=True, kw_only=True):
    """A place as public Chinese maps (高德, 腾讯) show it, 50 to 700 m away. Units: degrees."""

    lon: float
    lat: float


class Bd09Point(Struct, frozen=True, kw_only=True):
    """A place as Baidu shows it: GCJ-02, moved once more. Units: degrees."""

    lon: float
    lat: float


# GCJ-02 as every map client computes it: the Krasovsky ellipsoid, and the box in which points are moved at all
_GCJ_A, _GCJ_E2 = 6_378_245.0, 0.006_693_421_622_965_943
_GCJ_WEST, _GCJ_SOUTH, _GCJ_EAST, _GCJ_NORTH = 72.004, 0.8293, 137.8347, 55.8271
_BD_TURN = pi * 3000.0 / 180.0
_UNDO_STEPS_MAX, _UNDO_DEG = 12, 1e-10  # 1e-10 degrees are 0.01 mm

# WGS 84
_A, _F = 6_378_137.0, 1 / 298.257_223_563
_DEGREE_M, _DEGREE_M_MIN = 111_320.0, 110_000.0  # of a great circle; the least is below any on the ellipsoid


def distance_m(a: Point, b: Point) -> float:
    """Metres between two places along the ellipsoid.

    Andoyer and Lambert's formula: within 1 : 100 000 up to thousands of kilometres, worse only near the antipode.

    >>> round(distance_m(Point(lon=112.9388, lat=28.2282), Point(lon=112.9398, lat=28.2282)), 1)
    98.2
    """
    lat_a, lat_b = atan((1 - _F) * tan(radians(a.lat))), atan((1 - _F) * tan(radians(b.lat)))
    half_sum, half_gap = (lat_a + lat_b) / 2, (lat_b - lat_a) / 2
    sin_gap, half_lon = sin(half_gap), sin(radians(b.lon - a.lon) / 2)
    h = sin_gap * sin_gap + cos(lat_a) * cos(lat_b) * half_lon * half_lon
    if h <= 0.0:
        return 0.0
    if h >= 1.0 - 1e-12:  # the antipode, where the correction has no value
        return pi * _A * (1 - _F / 2)
    arc = 2 * asin(sqrt(h))
    sin_sum, cos_sum, cos_gap = sin(half_sum), cos(half_sum), cos(half_gap)
    x = (arc - sin(arc)) * (sin_sum * cos_gap) ** 2 / (1 - h)
    y = (arc + sin(arc)) * (cos_sum * sin_gap) ** 2 / h
    return _A * (arc - _F / 2 * (x + y))


def box_around(lon: float, lat: float, reach_m: float) -> tuple[float, float, float, float]:
    """West, south, east and north of a box that holds every place within reach: all longitudes near a pole or the date line.

    >>> [round(each, 4) for each in box_around(112.53, 28.48, 50)]
    [112.5295, 28.4795, 112.5305, 28.4805]
    """
    north_deg = reach_m / _DEGREE_M_MIN
    across_deg = north_deg / _shrunk(min(90.0, abs(lat) + north_deg))
    west, east = lon - across_deg, lon + across_deg
    if abs(lat) + north_deg > 88.0 or west < -180.0 or east > 180.0:
        west, east = -180.0, 180.0
    return west, lat - north_deg, east, lat + north_deg


def squares_around(lon: float, lat: float, reach_m: float, side_m: float) -> list[tuple[int, int]]:
    """The squares of a fixed grid of this side that lie within reach, as row and column: mostly one.

    Two places nearer to each other than twice the reach have one in common, unless the date line is between them.

    >>> squares_around(112.5320, 28.4815, 25, 400), squares_around(112.5335, 28.4815, 25, 400)
    ([(7926, 27527)], [(7926, 27527), (7926, 27528)])
    """
    row_deg, reach_deg = side_m / _DEGREE_M, reach_m / _DEGREE_M_MIN
    across_deg = reach_deg / _shrunk(abs(lat) + reach_deg)
    found = []
    for row in range(floor((lat - reach_deg) / row_deg), floor((lat + reach_deg) / row_deg) + 1):
        column_deg = row_deg / _shrunk(abs(row * row_deg))
        columns = range(floor((lon - across_deg) / column_deg), floor((lon + across_deg) / column_deg) + 1)
        found += [(row, column) for column in columns]
    return found


def _shrunk(lat: float) -> float:
    """How much shorter a degree from west to east is there than at the equator."""
    return cos(radians(min(lat, 89.0)))


def inside(point: Point, bounds: Bounds) -> bool:
    """Whether the point lies in the box, its edge counted in."""
    west, south, east, north = bounds
    if not south <= point.lat <= north:
        return False
    return west <= point.lon <= east if west <= east else point.lon >= west or point.lon <= east


def checked_point(lon: object, lat: object, bounds: Bounds) -> Point:
    """The point, if it may be a place in the city.

    Refuses with `PlaceUnreadable`, `PlaceSwapped` (the other order would lie in the city), `PlaceOutside`.
    """
    x, y = _degrees(lon, "longitude"), _degrees(lat, "latitude")
    point = Point(lon=x, lat=y)
    if abs(x) <= 180 and abs(y) <= 90 and inside(point, bounds):
        return point
    if abs(y) <= 180 and abs(x) <= 90 and inside(Point(lon=y, lat=x), bounds):
        raise PlaceSwapped(
            f"Longitude {x} and latitude {y} seem to be swapped: the other way round they lie in the city; send "
            f"lon={y}, lat={x}."
        )
    if abs(x) > 180 or abs(y) > 90:
        raise PlaceUnreadable(
            f"Longitude {x}, latitude {y} is no place on earth; send degrees, longitude within 180 and latitude "
            "within 90."
        )
    west, south, east, north = bounds
    raise PlaceOutside(
        f"Longitude {x}, latitude {y} lies outside the city (longitude {west:g} to {east:g}, latitude {south:g} to "
        f"{north:g}); set the place on the map, or report it to the city in which it lies."
    )


def gcj02_of(point: Point) -> Gcj02Point:
    """The place as GCJ-02 maps show it; outside the box of GCJ-02, the same numbers."""
    lon, lat = _gcj02(point.lon, point.lat) if _in_gcj_box(point.lon, point.lat) else (point.lon, point.lat)
    return Gcj02Point(lon=lon, lat=lat)


def point_of_gcj02(shown: Gcj02Point) -> Point:
    """The true place of a GCJ-02 point, to a millimetre.

    At the very edge of the box, where two places are shown at one spot, the one inside it.
    """
    if _in_gcj_box(shown.lon, shown.lat, slack=0.02):
        lon, lat = _undone(_gcj02, shown.lon, shown.lat)
        if _in_gcj_box(lon, lat):
            return Point(lon=lon, lat=lat)
    return Point(lon=shown.lon, lat=shown.lat)


def bd09_of(shown: Gcj02Point) -> Bd09Point:
    """The place as Baidu shows it."""
    lon, lat = _bd09(shown.lon, shown.lat)
    return Bd09Point(lon=lon, lat=lat)


def gcj02_of_bd09(shown: Bd09Point) -> Gcj02Point:
    """The GCJ-02 point of a Baidu point, to a millimetre."""
    lon, lat = _undone(_bd09, shown.lon, shown.lat)
    return Gcj02Point(lon=lon, lat=lat)


def point_of_bd09(shown: Bd09Point) -> Point:
    """The true place of a Baidu point."""
    return point_of_gcj02(gcj02_of_bd09(shown))


def _degrees(given: object, name: str) -> float:
    try:
        if isinstance(given, int | float) and not isinstance(given, bool) and isfinite(given):
            return float(given)
    except OverflowError:
        pass
    shown = str(given)[:40] if isinstance(given, str | float | bool | None) else type(given).__name__
    raise PlaceUnreadable(f"The {name} {shown!r} is not a number of degrees; send one like 28.2282.")


def _in_gcj_box(lon: float, lat: float, *, slack: float = 0.0) -> bool:
    return _GCJ_WEST - slack <= lon <= _GCJ_EAST + slack and _GCJ_SOUTH - slack <= lat <= _GCJ_NORTH + slack


def _gcj02(lon: float, lat: float) -> tuple[float, float]:
    x, y = lon - 105.0, lat - 35.0
    root = sqrt(abs(x))
    wave = (20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + wave
    north += (20.0 * sin(y * pi) + 40.0 * sin(y / 3.0 * pi)) * 2.0 / 3.0
    north += (160.0 * sin(y / 12.0 * pi) + 320.0 * sin(y * pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + wave
    east += (20.0 * sin(x * pi) + 40.0 * sin(x / 3.0 * pi)) * 2.0 / 3.0
    east += (150.0 * sin(x / 12.0 * pi) + 300.0 * sin(x / 30.0 * pi)) * 2.0 / 3.0
    sin_lat = sin(radians(lat))
    magic = 1.0 - _GCJ_E2 * sin_lat * sin_lat
    per_lat = (_GCJ_A * (1.0 - _GCJ_E2)) / (magic * sqrt(magic)) * pi / 180.0  # metres in a degree
    per_lon = _GCJ_A / sqrt(magic) * cos(radians(lat)) * pi / 180.0
    return lon + east / per_lon, lat + north / per_lat


def _bd09(lon: float, lat: float) -> tuple[float, float]:
    reach = sqrt(lon * lon + lat * lat) + 0.00002 * sin(lat * _BD_TURN)
    angle = atan2(lat, lon) + 0.000003 * cos(lon * _BD_TURN)
    return reach * cos(angle) + 0.0065, reach * sin(angle) + 0.006


def _undone(shown_at: Callable[[float, float], tuple[float, float]], lon: float, lat: float) -> tuple[float, float]:
    """The point that is shown at (lon, lat), found by taking the error off until there is none."""
    x, y = lon, lat
    for _ in range(_UNDO_STEPS_MAX):
        shown_lon, shown_lat = shown_at(x, y)
        off_lon, off_lat = shown_lon - lon, shown_lat - lat
        x, y = x - off_lon, y - off_lat
        if abs(off_lon) < _UNDO_DEG and abs(off_lat) < _UNDO_DEG:
            break
    return x, y
