"""Lines and grounds of other systems' files as the pack's WKT, in WGS 84. Pure."""

from typing import Any

from cityloop.doors.files.datum import Convert
from cityloop.doors.files.model import BadCell
from cityloop.doors.files.rings import PLACE_DIGITS, Bounds, checked, ring_of
from cityloop.packs.problems import Wrong
from cityloop.packs.shapes import shape_of

ROAD = ("LINESTRING", "MULTILINESTRING")
GROUND = ("POINT", "POLYGON")
GEOJSON = {"LINESTRING": "LineString", "MULTILINESTRING": "MultiLineString", "POINT": "Point", "POLYGON": "Polygon"}


def shape_in(said: str) -> dict[str, Any]:
    """A WKT text as a GeoJSON geometry. Raises `BadCell`."""
    try:
        shape = shape_of(said, (*ROAD, *GROUND))
    except Wrong as error:
        raise BadCell("wkt", said[:60], error.what, error.remedy) from None
    one = shape.kind in ("LINESTRING", "POINT")
    inside: Any = shape.parts[0] if one else shape.parts
    return {"type": GEOJSON[shape.kind], "coordinates": inside[0] if shape.kind == "POINT" else inside}


def wkt_of(shape: dict[str, Any] | None, is_road: bool, convert: Convert, bounds: Bounds) -> str:
    """The shape as the pack writes it. Raises `BadCell` where a road is no line, a landmark neither point nor area, or where
    a point lies outside the city."""
    kind, given = (shape or {}).get("type"), (shape or {}).get("coordinates")
    wanted = ("LineString", "MultiLineString") if is_road else ("Point", "Polygon", "MultiPolygon")
    if kind not in wanted or not given:
        raise BadCell("geometry", str(kind or ""), f"it is drawn as {kind or 'nothing'}", f"draw it as {' or '.join(wanted[:2])}")
    if kind == "Point":
        return f"POINT ({_written([given], convert, bounds)})"
    if not is_road:
        return f"POLYGON (({', '.join(_pair(*point) for point in ring_of(shape, convert, bounds).points)}))"
    parts = [_written(part, convert, bounds) for part in ([given] if kind == "LineString" else given)]
    if any("," not in part for part in parts):
        raise BadCell("geometry", "", "a piece of the line has one point", "give it two, or leave it out")
    if len(parts) == 1:
        return f"LINESTRING ({parts[0]})"
    return f"MULTILINESTRING ({', '.join(f'({part})' for part in parts)})"


def _written(points: Any, convert: Convert, bounds: Bounds) -> str:
    found = []
    for given in points:
        try:
            pair = float(given[0]), float(given[1])
        except (TypeError, ValueError, IndexError):
            raise BadCell("geometry", str(given)[:40], "a point is not two numbers", "export it again") from None
        place = checked(convert(*pair), bounds, pair)
        found.append(_pair(place.lon, place.lat))
    return ", ".join(each for at, each in enumerate(found) if not at or each != found[at - 1])


def _pair(lon: float, lat: float) -> str:
    return f"{lon:.{PLACE_DIGITS}f} {lat:.{PLACE_DIGITS}f}"
