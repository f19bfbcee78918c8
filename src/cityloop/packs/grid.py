"""cells.geojson: unit cells as closed rings, each knowing its line."""

import json
import math
from typing import Any

import msgspec
from msgspec import Struct

from cityloop.packs.columns import CELLS_FILE
from cityloop.packs.layers import Layer, not_utf8
from cityloop.packs.problems import Problem, finds, place, text_of
from cityloop.packs.values import Wrong

Ring = tuple[tuple[float, float], ...]


class CellRow(Struct, frozen=True):
    """A unit cell as read."""

    layer: str
    index: int  # of the feature in its file, from 0
    code: str
    duty_grid: str
    ring: Ring
    provisional: bool = False  # stands for a street whose cells are not surveyed yet


def read_json(raw: bytes, path: str, problems: list[Problem]) -> Any:
    """The JSON value, or None with a problem."""
    try:
        return msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        pass
    try:
        return json.loads(raw.decode(), parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        problems.append(not_utf8(path, raw, error))
    except json.JSONDecodeError as error:
        what = f"not JSON: {error.msg}"
        problems.append(
            Problem(file=path, line=error.lineno, column=error.colno, what=what, remedy="correct the syntax")
        )
    except (RecursionError, ValueError) as error:
        problems.append(Problem(file=path, line=1, column=1, what=f"not JSON: {error}", remedy="correct the value"))
    return None


def _no_constant(said: str) -> None:
    raise ValueError(f"{said} is no number")


def feature_place(text: str, index: int) -> tuple[int, int]:
    """Line and column of a feature: the n-th `"Feature"` of the file."""
    found = finds(text, '"Feature"')
    return place(text, found[index] if index < len(found) else -1)


def read_cells(layer: Layer, problems: list[Problem]) -> list[CellRow]:
    """The cells that can be read; what cannot goes to `problems`."""
    raw = layer.files[CELLS_FILE]
    path = f"{layer.id}/{CELLS_FILE}"
    whole = read_json(raw, path, problems)
    if whole is None:
        return []
    features = whole.get("features") if isinstance(whole, dict) else None
    if not isinstance(features, list):
        what = "no FeatureCollection"
        problems.append(
            Problem(file=path, line=1, column=1, what=what, remedy="write a GeoJSON FeatureCollection of cells")
        )
        return []
    found: list[CellRow] = []
    for index, feature in enumerate(features):
        try:
            found.append(_cell(layer.id, index, feature))
        except Wrong as error:
            line, column = feature_place(text_of(raw), index)
            problems.append(Problem(file=path, line=line, column=column, what=error.what, remedy=error.remedy))
    return found


def _cell(layer: str, index: int, feature: Any) -> CellRow:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    code = properties.get("code") if isinstance(properties, dict) else None
    if not isinstance(code, str) or len(code) != 15 or not (code.isascii() and code.isdigit()):
        raise Wrong(
            f"cell code {code!r} has not 15 digits", "write properties.code: district 6, street 3, community 3, cell 3"
        )
    duty_grid = properties.get("duty_grid")
    if not isinstance(duty_grid, str) or not duty_grid:
        raise Wrong(f"cell {code} names no duty grid", "write properties.duty_grid")
    geometry = feature.get("geometry")
    rings = geometry.get("coordinates") if isinstance(geometry, dict) and geometry.get("type") == "Polygon" else None
    if not isinstance(rings, list) or len(rings) != 1:
        raise Wrong(f"cell {code} is not one Polygon of one ring", "draw it as a Polygon without holes")
    provisional = properties.get("provisional", False)
    if not isinstance(provisional, bool):
        raise Wrong(f"cell {code} is provisional: {provisional!r}", "write true or false, or leave it out")
    return CellRow(layer, index, code, duty_grid, _ring(code, rings[0]), provisional)


def _ring(code: str, points: Any) -> Ring:
    try:
        ring = tuple((float(lon), float(lat)) for lon, lat in points)
    except (TypeError, ValueError):
        raise Wrong(f"cell {code} has a point that is not [lon, lat]", "write two numbers for each point") from None
    if not all(math.isfinite(each) for point in ring for each in point):
        raise Wrong(f"cell {code} has a point without end", "write degrees")
    if len(ring) < 4:
        raise Wrong(f"the ring of cell {code} has {len(ring)} points", "give three corners and the first again")
    if ring[0] != ring[-1]:
        raise Wrong(f"the ring of cell {code} is not closed", "repeat its first point at the end")
    return ring
