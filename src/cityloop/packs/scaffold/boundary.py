"""A boundary file as named shapes in WGS 84, and their plane divided so that neighbours share every point."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely import ops

from cityloop.domain.place import Bd09Point, Gcj02Point, point_of_bd09, point_of_gcj02
from cityloop.packs.checks.place import METRES
from cityloop.packs.scaffold.model import BoundaryUnreadable, Datum, Patch, Ring

NAMES = ("name_zh", "name", "NAME", "Name", "名称")
NAMES_EN = ("name_en", "NAME_EN")
CODES = ("code", "adcode", "street_code", "CODE", "代码")
SNAP_M = 0.05  # points nearer than this are one
SLIT_M = 1.5  # half the width of a slit between two neighbours that is a fault of drawing, not of the land
SPECK_M2 = 100.0  # a part smaller than this is a splinter of the drawing
DIGITS = 7  # of a degree: a centimetre


def read_boundary(file: Path, datum: Datum) -> list[Patch]:
    """The polygons of the file. Refuses with `BoundaryUnreadable`."""
    try:
        whole = json.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise BoundaryUnreadable(f"{file} is no GeoJSON ({error}); give a FeatureCollection of polygons.") from None
    features = whole.get("features") if isinstance(whole, dict) else None
    if not features:
        raise BoundaryUnreadable(f"{file} holds no features; give a FeatureCollection with a polygon for each street.")
    return [_patch(file, number, feature, datum) for number, feature in enumerate(features, start=1)]


def _patch(file: Path, number: int, feature: Any, datum: Datum) -> Patch:
    said = (feature.get("properties") if isinstance(feature, dict) else None) or {}
    name = next((str(said[key]).strip() for key in NAMES if str(said.get(key) or "").strip()), "")
    if not name:
        raise BoundaryUnreadable(f"Feature {number} of {file} has no name; write properties.name.")
    code = next((str(said[key]).strip() for key in CODES if str(said.get(key) or "").strip()), "")
    if code and not (code.isascii() and code.isdigit() and len(code) in (3, 6, 9)):
        raise BoundaryUnreadable(
            f"Feature {number} of {file} has the code {code!r}; write 9 digits for a street, 6 for a district, or none."
        )
    try:
        shape = shapely.geometry.shape(feature["geometry"])
    except Exception as error:
        raise BoundaryUnreadable(f"Feature {number} of {file} cannot be drawn ({error}); draw a polygon.") from None
    if shape.geom_type not in ("Polygon", "MultiPolygon") or shape.is_empty:
        raise BoundaryUnreadable(f"Feature {number} of {file} is a {shape.geom_type}; draw a polygon.")
    english = next((str(said[key]).strip() for key in NAMES_EN if said.get(key)), name)
    return Patch(code=code, name={"zh": name, "en": english}, shape=_in_wgs84(shapely.force_2d(shape), datum))


def _in_wgs84(shape: Any, datum: Datum) -> Any:
    if datum in (Datum.wgs84, Datum.cgcs2000):
        return shape
    taken, made = (Gcj02Point, point_of_gcj02) if datum is Datum.gcj02 else (Bd09Point, point_of_bd09)

    def moved(points: np.ndarray) -> np.ndarray:
        true = [made(taken(lon=lon, lat=lat)) for lon, lat in points.tolist()]  # type: ignore[arg-type]
        return np.array([(point.lon, point.lat) for point in true]).reshape(points.shape)

    return shapely.transform(shape, moved)


def divided(patches: list[Patch]) -> list[list[Ring]]:
    """The rings of each patch, without holes, overlaps or slits: where two drawings differ, the first has the ground.

    Shape: of each patch at least one ring, closed, in degrees. Refuses with `BoundaryUnreadable`.
    """
    west, south, _, north = shapely.total_bounds([each.shape for each in patches])
    origin = np.array([west, south])
    scale = np.array([METRES * np.cos(np.radians((south + north) / 2)), METRES])
    flat = [shapely.transform(each.shape, lambda points: (points - origin) * scale) for each in patches]
    parts = _whole_faces([shapely.make_valid(shape) for shape in flat])
    faces = _without_holes(parts)
    found: list[list[Ring]] = [[] for _ in patches]
    for owner, face in faces:
        ring = np.array(face.exterior.coords) / scale + origin
        found[owner].append(tuple((round(lon, DIGITS), round(lat, DIGITS)) for lon, lat in ring.tolist()))
    for patch, rings in zip(patches, found, strict=True):
        if not rings:
            raise BoundaryUnreadable(f"{patch.name['zh']} lies wholly inside another polygon; draw each once.")
    return found


def _whole_faces(shapes: list[Any]) -> list[tuple[int, Any]]:
    """The plane cut along all lines, each piece given to one shape and the pieces of each joined."""
    filled = shapely.union_all(shapes, grid_size=SNAP_M)
    closed = filled.buffer(SLIT_M, join_style="mitre").buffer(-SLIT_M, join_style="mitre")
    slits = [
        slit for slit in shapely.get_parts(shapely.difference(closed, filled)).tolist()
        if slit.area > 0.01 and sum(shapely.dwithin(shapes, slit, SNAP_M * 2)) > 1
    ]  # fmt: skip
    lines = shapely.union_all([shapely.boundary(each) for each in (*shapes, *slits)], grid_size=SNAP_M)
    owners: list[list[Any]] = [[] for _ in shapes]
    left = []
    for face in ops.polygonize(shapely.get_parts(lines)):
        at = face.representative_point()
        inside = [number for number, shape in enumerate(shapes) if shapely.intersects(shape, at)]
        if inside:
            owners[inside[0]].append(face)
        else:
            left.append(face)
    for face in left:  # a gap between neighbours
        _give(face, owners)
    parts = [shapely.get_parts(shapely.union_all(pieces)).tolist() if pieces else [] for pieces in owners]
    owners = [[part for part in own if part.area > SPECK_M2 or part.area == max(p.area for p in own)] for own in parts]
    for speck in [part for own, kept in zip(parts, owners, strict=True) for part in own if part not in kept]:
        _give(speck, owners)  # a splinter of one that only others touch; an islet in the water is let go
    return [
        (number, part) for number, pieces in enumerate(owners) if pieces
        for part in shapely.get_parts(shapely.union_all(pieces)).tolist()
    ]  # fmt: skip


def _give(face: Any, owners: list[list[Any]]) -> None:
    """Add the face to the owner that has the longest side along it; to none if none has."""
    shared = [sum(shapely.intersection(face, own).length for own in pieces) for pieces in owners]
    if max(shared) > 0:
        owners[int(np.argmax(shared))].append(face)


def _without_holes(parts: list[tuple[int, Any]]) -> list[tuple[int, Any]]:
    """The same with each part that surrounds another cut in two, the neighbours knowing the points of the cut."""
    cuts = []
    for _, part in parts:
        _, low, _, high = part.bounds
        for hole in shapely.get_parts(part).tolist()[0].interiors:
            x = shapely.Polygon(hole).centroid.x
            cuts.append(shapely.intersection(shapely.LineString([(x, low - 1), (x, high + 1)]), part))
    if not cuts:
        return parts
    lines = shapely.union_all([shapely.boundary(part) for _, part in parts] + cuts, grid_size=SNAP_M)
    found = []
    for face in ops.polygonize(shapely.get_parts(lines)):
        at = face.representative_point()
        owner = next((number for number, part in parts if shapely.contains(part, at)), None)
        if owner is not None:
            found.append((owner, face))
    return found
