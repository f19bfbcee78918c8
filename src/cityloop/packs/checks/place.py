"""Areas, cells and components: a map without holes on which everything stands where it says."""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import shapely

from cityloop.domain.codes import CodeUnreadable, component_parts
from cityloop.packs.columns import AREAS, CELLS_FILE, COMPONENTS
from cityloop.packs.grid import CellRow
from cityloop.packs.problems import Problem
from cityloop.packs.reading import Pack
from cityloop.packs.tables import Row

METRES = 111_195.0  # in a degree of latitude, on a sphere of the earth's mean radius
SLIVER_M2 = 1.0  # overlaps and gaps up to this are rounding
NARROW_M = 1.0  # half the width of a gap that is open to the outside
OUTSIDE_M = 0.5  # a component may stand this far off its cell


def place_problems(pack: Pack) -> Iterator[Problem]:
    """What would make a place unknown, or known twice."""
    yield from _area_problems(pack)
    bounds = pack.head.settings["bounds"].value if "bounds" in pack.head.settings else None
    sound: list[CellRow] = []
    for cell in pack.cells.values():
        found = list(_cell_problems(pack, cell, bounds))
        yield from found
        if not found:
            sound.append(cell)
    if sound:
        origin = sound[0].ring[0]
        shapes = in_metres([shapely.Polygon(cell.ring) for cell in sound], origin)
        yield from _overlaps(pack, sound, shapes)
        if len(sound) == len(pack.cells):
            yield from _gaps(pack, sound, shapes)
        yield from _component_problems(pack, {c.code: s for c, s in zip(sound, shapes, strict=True)}, origin, bounds)


def in_metres(shapes: list, origin: tuple[float, float]) -> np.ndarray:
    """The shapes in metres east and north of the origin; true to a thousandth over a city."""
    scale = np.array([METRES * math.cos(math.radians(origin[1])), METRES])
    return shapely.transform(np.array(shapes, dtype=object), lambda points: (points - np.array(origin)) * scale)


def beyond(
    rows: list[Row], column: str, shapes: dict[str, Any], origin: tuple[float, float], most_m: float
) -> Iterator[tuple[Row, float]]:
    """The rows whose lon and lat lie further than `most_m` from the shape that a column names, in metres; and how far."""
    if not rows:
        return
    points = in_metres([shapely.Point(row.values["lon"], row.values["lat"]) for row in rows], origin)
    far = shapely.distance(points, np.array([shapes[row.values[column]] for row in rows], dtype=object))
    for row, distance in zip(rows, far.tolist(), strict=True):
        if distance > most_m:
            yield row, distance


def _area_problems(pack: Pack) -> Iterator[Problem]:
    cells = {cell.code[:12] for cell in pack.cells.values()}
    for row in pack.rows(AREAS):
        code, parent = row.values["code"], row.values.get("parent", "")
        above = code[:-3] if len(code) > 6 else ""
        if parent != above:
            what = f"area {code} lies in {parent or 'nothing'}"
            yield pack.problem(AREAS, row, "parent", what, f"write {above or 'nothing: it is a district'}")
        if pack.cells and CELLS_FILE not in pack.unread and len(code) == 12 and code not in cells:
            yield pack.problem(AREAS, row, "code", f"community {code} has no cell", "draw its cells, or take it out")


def _cell_problems(pack: Pack, cell: CellRow, bounds: tuple[float, ...] | None) -> Iterator[Problem]:
    community = cell.code[:12]
    if not pack.has(AREAS, community):
        what = f"cell {cell.code} lies in community {community}, which is not in areas.csv"
        yield pack.cell_problem(cell, what, "add the community, or correct the code")
    off = [point for point in cell.ring if bounds and not within(point, bounds)]
    if off:
        yield pack.cell_problem(cell, f"cell {cell.code}: {off_bounds(off[0], bounds)}", turn_bounds(off[0], bounds))
        return
    shape = shapely.Polygon(cell.ring)
    if not shape.is_valid or not shape.area:
        why = shapely.is_valid_reason(shape) if not shape.is_valid else "no area"
        yield pack.cell_problem(
            cell, f"cell {cell.code} is no simple polygon: {why}", "draw it without crossing itself"
        )


def within(point: tuple[float, float], bounds: tuple[float, ...] | None) -> bool:
    """Is the place inside the city's box?"""
    return bounds is None or (bounds[0] <= point[0] <= bounds[2] and bounds[1] <= point[1] <= bounds[3])


def off_bounds(point: tuple[float, float], bounds: tuple[float, ...] | None) -> str:
    """How a place is not inside the city's box."""
    lon, lat = point
    if within((lat, lon), bounds):
        return f"longitude and latitude are swapped: {lon}, {lat}"
    return f"{lon}, {lat} is outside the city's bounds"


def turn_bounds(point: tuple[float, float], bounds: tuple[float, ...] | None) -> str:
    """What to do about it."""
    return "write longitude first" if within(point[::-1], bounds) else "correct it, or settings.bounds"


def _overlaps(pack: Pack, cells: list[CellRow], shapes: np.ndarray) -> Iterator[Problem]:
    left, right = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    pairs = [(i, j) for i, j in zip(left.tolist(), right.tolist(), strict=True) if i < j]
    if not pairs:
        return
    first, second = (np.array(side) for side in zip(*pairs, strict=True))
    areas = shapely.area(shapely.intersection(shapes[first], shapes[second]))
    for (i, j), area in zip(pairs, areas.tolist(), strict=True):
        if area > SLIVER_M2:
            what = f"cell {cells[j].code} overlaps cell {cells[i].code} by {area:.0f} m²"
            yield pack.cell_problem(cells[j], what, "let both share one line, point by point")


def _gaps(pack: Pack, cells: list[CellRow], shapes: np.ndarray) -> Iterator[Problem]:
    union = shapely.union_all(shapes)
    grown = shapely.buffer(union, NARROW_M, join_style="mitre")
    closed = shapely.buffer(grown, -NARROW_M, join_style="mitre")
    holes = [shapely.Polygon(ring) for part in shapely.get_parts(union) for ring in part.interiors]
    slits = shapely.get_parts(shapely.difference(closed, union)).tolist()
    tree = shapely.STRtree(shapes)
    for gap in holes + [slit for slit in slits if not any(shapely.intersects(slit, hole) for hole in holes)]:
        beside = sorted(cells[i].code for i in tree.query(gap, predicate="dwithin", distance=0.05).tolist())
        if gap.area > SLIVER_M2 and len(beside) > 1:
            more = f" and {len(beside) - 2} more" if len(beside) > 2 else ""
            what = f"a gap of {gap.area:.0f} m² lies between cells {beside[0]} and {beside[1]}{more}"
            yield pack.cell_problem(pack.cells[beside[1]], what, "let both share one line, point by point")


def _component_problems(
    pack: Pack, shapes: dict[str, object], origin: tuple[float, float], bounds: tuple[float, ...] | None
) -> Iterator[Problem]:
    rows: list[Row] = []
    for row in pack.rows(COMPONENTS):
        v = row.values
        point = (v["lon"], v["lat"])
        code, cell = v["code"], v["cell"]
        yield from _code_problems(pack, row)
        if not within(point, bounds):
            yield pack.problem(COMPONENTS, row, "lon", f"component {code}: {off_bounds(point, bounds)}", turn_bounds(point, bounds))
        elif cell in shapes:
            rows.append(row)
    for row, distance in beyond(rows, "cell", shapes, origin, OUTSIDE_M):
        what = f"component {row.values['code']} stands {distance:.0f} m outside its cell {row.values['cell']}"
        yield pack.problem(COMPONENTS, row, "cell", what, "correct the cell or the place")


def _code_problems(pack: Pack, row: Row) -> Iterator[Problem]:
    """A component's code says its district and class."""
    code, cell = row.values["code"], row.values["cell"]
    scheme, kind, number = row.values["class"].split("/")
    if kind != "component":
        what = f"class {row.values['class']} is no component class"
        yield pack.problem(COMPONENTS, row, "class", what, "name a class of kind component")
        return
    schemes = pack.head.top.get("schemes")
    if schemes and scheme not in schemes.value:
        what = f"scheme {scheme} of class {row.values['class']} is not in force"
        yield pack.problem(COMPONENTS, row, "class", what, "use a class of a scheme in force, or add it to `schemes`")
    try:
        parts = component_parts(code, scheme)
    except CodeUnreadable as error:
        yield pack.problem(COMPONENTS, row, "code", f"code {code} is not of scheme {scheme}", error.detail)
        return
    if (parts.district, parts.class_code) != (cell[:6], number[: len(parts.class_code)]):  # a fine class adds digits
        what = f"code {code} does not begin with district {cell[:6]} and class {number}"
        yield pack.problem(COMPONENTS, row, "code", what, "correct the code, the cell or the class")
