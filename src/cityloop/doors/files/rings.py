"""Boundaries: closed, in order, and the right way round; what can be put right safely is, and said. Pure."""

from itertools import pairwise
from typing import Any

from msgspec import Struct
from shapely import Polygon
from shapely.validation import explain_validity

from cityloop.domain.errors import CityloopError
from cityloop.domain.place import Bounds, Point, checked_point
from cityloop.doors.files.datum import Convert
from cityloop.doors.files.model import BadCell

PLACE_DIGITS = 7
Ends = tuple[float, float]


class Ring(Struct, frozen=True, kw_only=True):
    """A closed ring against the clock, in WGS 84, and what was put right."""

    points: tuple[Ends, ...]
    repaired: tuple[str, ...]


def ring_of(shape: dict[str, Any] | None, convert: Convert, bounds: Bounds) -> Ring:
    """The ring of a polygon. Raises `BadCell` where it has holes, several parts, or crosses itself, and where longitude
    and latitude are swapped: which of the two was meant is not guessed."""
    given = _outer(shape)
    repaired = []
    try:
        numbers = [(float(point[0]), float(point[1])) for point in given]
    except (TypeError, ValueError, IndexError):
        raise _wrong("a point of the boundary is not two numbers", "export it again") from None
    if numbers and numbers[0] != numbers[-1]:
        numbers.append(numbers[0])
        repaired.append("the boundary was not closed; it was closed at its first point")
    places = [checked(convert(*each), bounds, each) for each in numbers]
    ring = [(round(each.lon, PLACE_DIGITS), round(each.lat, PLACE_DIGITS)) for each in places]
    plain = [ring[0], *(after for before, after in pairwise(ring) if before != after)] if ring else []
    if len(plain) < 4:
        raise _wrong(f"the boundary has {len(plain)} points", "give three corners and the first again")
    drawn = Polygon(plain)
    if not drawn.is_valid:
        raise _wrong(f"the boundary is out of order: {explain_validity(drawn)}", "draw its corners one after the other")
    if not drawn.exterior.is_ccw:
        plain.reverse()
        repaired.append("the boundary ran with the clock; it was turned round")
    return Ring(points=tuple(plain), repaired=tuple(repaired))


def checked(point: Point, bounds: Bounds, given: Ends) -> Point:
    """The place, if it may be in the city. Raises `BadCell`."""
    try:
        return checked_point(point.lon, point.lat, bounds)
    except CityloopError as error:
        what, _, remedy = error.detail.partition(";")
        raise BadCell("geometry", f"{given[0]}, {given[1]}", what, remedy.strip(" .") or "put it right") from None


def _outer(shape: dict[str, Any] | None) -> list:
    kind, parts = (shape or {}).get("type"), (shape or {}).get("coordinates") or []
    if kind == "MultiPolygon":
        if len(parts) != 1:
            raise _wrong(f"the cell has {len(parts)} parts", "make a cell of each")
        kind, parts = "Polygon", parts[0]
    if kind != "Polygon":
        raise _wrong(f"the cell is drawn as {kind or 'nothing'}", "draw it as a polygon")
    if len(parts) != 1:
        raise _wrong(f"the cell has {len(parts) - 1} holes", "draw it without holes")
    return list(parts[0])


def _wrong(what: str, remedy: str) -> BadCell:
    return BadCell("geometry", "", what, remedy)


__all__ = ["Bounds", "Ring", "checked", "ring_of"]
