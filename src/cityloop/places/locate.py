"""From a point to its unit cell and the areas that hold it: exact, in microseconds."""

from itertools import pairwise
from math import cos, radians

import numpy as np
import shapely
from msgspec import Struct
from shapely import STRtree

from cityloop.domain.facts import Where
from cityloop.domain.ids import AreaCode, CellCode
from cityloop.domain.policy import Policy
from cityloop.places.spots import spot_of

BOXES_PER_CELL = 24
BOXES_MAX = 400_000
DOUBT = 4e-16  # relative error of an orientation in doubles; Shewchuk 1997 proves 3.33e-16

Edges = tuple[tuple[float, float, float, float], ...]


class CellIndex(Struct, frozen=True):
    """Small boxes over the city, each with the cells that reach into it.

    Shape: `boxes` by row and column; an int is the one cell that covers the whole box, a tuple are the candidates.
    """

    west: float
    south: float
    per_lon: float  # boxes a degree
    per_lat: float
    columns: int
    rows: int
    boxes: list[int | tuple[int, ...] | None]
    edges: list[Edges]
    polygons: np.ndarray
    areas: list[tuple[CellCode, AreaCode, AreaCode, AreaCode]]

    def cell_at(self, lon: float, lat: float) -> int | None:
        """The number of the cell that holds the point; on a shared edge the one with the smallest code."""
        column, row = int((lon - self.west) * self.per_lon), int((lat - self.south) * self.per_lat)
        if not (0 <= column < self.columns and 0 <= row < self.rows):
            return None
        box = self.boxes[row * self.columns + column]
        if type(box) is not tuple:
            return box
        for each in box:
            inside = _inside(self.edges[each], lon, lat)
            if inside is None:
                return self._exactly(box, lon, lat)
            if inside:
                return each
        return None

    def _exactly(self, among: tuple[int, ...], lon: float, lat: float) -> int | None:
        """The same, for a point that is on an edge or too near to it for doubles."""
        touched = shapely.intersects(self.polygons[list(among)], shapely.Point(lon, lat))
        return next((each for each, is_in in zip(among, touched, strict=True) if is_in), None)


def locate(policy: Policy, lon: float, lat: float) -> Where:
    """The place in the city's grid; without cell and areas where no cell holds it.

    Units: degrees (WGS 84).
    """
    index = policy.__dict__.get("_cell_index") or _index_of(policy)
    cell = index.cell_at(lon, lat)
    if cell is None:
        return Where(lon=lon, lat=lat, spot=spot_of(lon, lat))
    code, community, street, district = index.areas[cell]
    return Where(
        cell=code, community=community, street=street, district=district, lon=lon, lat=lat, spot=spot_of(lon, lat)
    )


def where_in(where: Where) -> Where:
    """The place with its cell only: what a fact of a class marked `private_place` may carry."""
    return Where(cell=where.cell, community=where.community, street=where.street, district=where.district)


def _inside(edges: Edges, lon: float, lat: float) -> bool | None:
    """Whether a ring holds the point, by counting the edges to its right; None where doubles cannot tell."""
    odd = False
    for x1, y1, x2, y2 in edges:
        if (y1 > lat) == (y2 > lat):
            if y1 == lat and (x1 == lon or (y2 == lat and min(x1, x2) <= lon <= max(x1, x2))):
                return None  # on a corner, or on a level edge
            continue
        one, other = (x1 - lon) * (y2 - lat), (x2 - lon) * (y1 - lat)
        turn = one - other
        if abs(turn) <= DOUBT * (abs(one) + abs(other)):
            return None
        if (turn > 0) == (y2 > y1):
            odd = not odd
    return odd


def _index_of(policy: Policy) -> CellIndex:
    """The index of this policy's cells, made once. A policy is frozen, so its digest names the index too."""
    index = policy.__dict__["_cell_index"] = _made(policy)
    return index


def _made(policy: Policy) -> CellIndex:
    cells = sorted(policy.cells, key=lambda cell: cell.code)
    polygons = shapely.polygons([shapely.linearrings(cell.ring) for cell in cells]) if cells else np.empty(0, object)
    west, south, east, north = shapely.total_bounds(polygons) if cells else (0.0, 0.0, 0.0, 0.0)
    wide, high = max(east - west, 1e-9), max(north - south, 1e-9)
    shape = wide * cos(radians((south + north) / 2)) / high  # boxes about as wide as high
    rows = max(1, min(5_000, round((min(BOXES_MAX, BOXES_PER_CELL * len(cells)) / shape) ** 0.5)))
    columns = max(1, min(5_000, round(rows * shape)))
    return CellIndex(
        west=float(west), south=float(south), per_lon=columns / wide * (1 - 1e-12), per_lat=rows / high * (1 - 1e-12),
        columns=columns, rows=rows, boxes=_boxes(polygons, float(west), float(south), wide / columns, high / rows, columns, rows),
        edges=[_edges(cell.ring) for cell in cells], polygons=polygons,
        areas=[(cell.code, AreaCode(cell.code[:12]), AreaCode(cell.code[:9]), AreaCode(cell.code[:6])) for cell in cells],
    )  # fmt: skip


def _edges(ring: tuple[tuple[float, float], ...]) -> Edges:
    return tuple((*one, *other) for one, other in pairwise(ring) if one != other)


def _boxes(
    polygons: np.ndarray, west: float, south: float, wide: float, high: float, columns: int, rows: int
) -> list[int | tuple[int, ...] | None]:
    """For each box the one cell that covers it, or the candidates in the order of their codes."""
    row, column = np.divmod(np.arange(rows * columns), columns)
    slack_x, slack_y = wide * 1e-6, high * 1e-6  # a point that rounding puts next door finds its cell there too
    squares = shapely.box(
        west + column * wide - slack_x, south + row * high - slack_y,
        west + (column + 1) * wide + slack_x, south + (row + 1) * high + slack_y,
    )  # fmt: skip
    found: list[int | tuple[int, ...] | None] = [None] * (rows * columns)
    if not len(polygons):
        return found
    square, cell = STRtree(polygons).query(squares, predicate="intersects")
    order = np.lexsort((cell, square))
    square, cell = square[order], cell[order]
    starts = np.flatnonzero(np.r_[True, square[1:] != square[:-1]])
    for start, end in zip(starts.tolist(), [*starts[1:].tolist(), len(square)], strict=True):
        found[int(square[start])] = tuple(cell[start:end].tolist())
    alone = np.array([at for at, box in enumerate(found) if box is not None and len(box) == 1], dtype=int)
    if len(alone):
        owners = np.array([found[at][0] for at in alone])  # type: ignore[index]
        for at, owner in zip(
            alone[covers := shapely.contains_properly(polygons[owners], squares[alone])].tolist(),
            owners[covers].tolist(),
            strict=True,
        ):
            found[at] = owner
    return found
