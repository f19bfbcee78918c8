"""Shapes as text: the part of WKT that roads and landmarks are drawn in."""

from itertools import pairwise
from math import cos, hypot, isfinite, radians

from msgspec import Struct

from cityloop.packs.problems import Wrong

METRES = 111_195.0  # in a degree of latitude
Line = tuple[tuple[float, float], ...]
DEPTH = {"POINT": 1, "LINESTRING": 1, "POLYGON": 2, "MULTILINESTRING": 2}
LEAST = {"POINT": 1, "LINESTRING": 2, "POLYGON": 4, "MULTILINESTRING": 2}  # points of a part


class Shape(Struct, frozen=True):
    """A shape: its word in WKT, and its parts as lon, lat. Shape: one part, but for MULTILINESTRING."""

    kind: str
    parts: tuple[Line, ...]

    def __str__(self) -> str:
        first = self.parts[0][0]
        points = sum(len(part) for part in self.parts)
        size = f", {points} points, {sum(map(length_m, self.parts)):,.0f} m" if self.kind != "POINT" else ""
        return f"{self.kind} from {first[0]:g} {first[1]:g}{size}"


def length_m(line: Line) -> float:
    """The length of a line on a plane at its latitude.

    >>> round(length_m(((112.5, 28.5), (112.51, 28.5))))
    977
    """
    shrink = cos(radians(line[0][1]))
    return sum(
        hypot((x2 - x1) * shrink, y2 - y1) * METRES for (x1, y1), (x2, y2) in pairwise(line)
    )


def shape_of(said: str, kinds: tuple[str, ...]) -> Shape:
    """The shape of a WKT text. Refuses with `Wrong`.

    >>> shape_of("LINESTRING (112.5 28.5, 112.6 28.5)", ("LINESTRING",)).parts
    (((112.5, 28.5), (112.6, 28.5)),)
    """
    word, bracket, rest = said.partition("(")
    kind = word.strip().upper()
    if kind not in kinds or not bracket:
        raise Wrong(f"{_short(said)!r} is no {' or '.join(kinds)}", f"write WKT, e.g. {_EXAMPLES[kinds[0]]}")
    inner = rest.strip()
    depth = DEPTH[kind]
    if not inner.endswith(")") or said.count("(") != said.count(")"):
        raise Wrong(f"{_short(said)!r} is not closed", "close every bracket")
    inner = inner[:-1].strip()
    if depth == 2:
        if not (inner.startswith("(") and inner.endswith(")")):
            raise Wrong(f"{_short(said)!r} has no part in brackets", f"write WKT, e.g. {_EXAMPLES[kind]}")
        pieces = [piece.strip(" (,") for piece in inner.split(")") if piece.strip(" (,")]
    else:
        pieces = [inner]
    try:
        parts = tuple([tuple([_pair(point) for point in piece.split(",")]) for piece in pieces])
    except ValueError:
        raise Wrong(f"{_short(said)!r} has a point that is not two numbers", "write longitude and latitude") from None
    return _sound(said, kind, parts)


def _pair(point: str) -> tuple[float, float]:
    lon, lat = point.split()
    pair = float(lon), float(lat)
    if not (isfinite(pair[0]) and isfinite(pair[1])):
        raise ValueError
    return pair


def _sound(said: str, kind: str, parts: tuple[Line, ...]) -> Shape:
    if not parts or any(len(part) < LEAST[kind] for part in parts) or (kind == "POINT" and len(parts[0]) != 1):
        raise Wrong(f"{_short(said)!r} has too few points", f"a {kind} has {LEAST[kind]} or more in each part")
    if kind == "POLYGON":
        if len(parts) != 1:
            raise Wrong(f"{_short(said)!r} has holes", "draw it without holes")
        if parts[0][0] != parts[0][-1]:
            raise Wrong(f"{_short(said)!r} is not closed", "repeat its first point at the end")
    return Shape(kind, parts)


def _short(said: str) -> str:
    return said if len(said) <= 40 else f"{said[:39]}…"


_EXAMPLES = {
    "LINESTRING": "LINESTRING (112.5 28.5, 112.6 28.5)",
    "MULTILINESTRING": "MULTILINESTRING ((112.5 28.5, 112.6 28.5), (112.7 28.5, 112.8 28.5))",
    "POINT": "POINT (112.5 28.5)",
    "POLYGON": "POLYGON ((112.5 28.5, 112.6 28.5, 112.6 28.6, 112.5 28.5))",
}
