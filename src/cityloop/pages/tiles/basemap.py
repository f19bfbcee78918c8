"""The basemap, drawn from the city's own pack: areas, cells, streets, places and things, as tiles that change with it."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from threading import Lock
from typing import Any

import numpy as np
import shapely
from msgspec import Struct
from shapely import STRtree

from cityloop.domain.place import Point, gcj02_of
from cityloop.domain.policy import Policy
from cityloop.pages.now.columns import shown_in_gcj02
from cityloop.pages.now.mercator import TileAt
from cityloop.pages.tiles.mvt import EXTENT, LINE, POINT, POLYGON, Feature, Place, Tag, lines, point, written

BUFFER = 128  # of the extent: what is drawn beyond a tile's edge, so that edges of areas do not show
COARSE_STEPS = 3  # of the extent: what is smaller is not drawn
KEPT_TILES = 4_000
LEVELS = {6: "district", 9: "street", 12: "community"}
CELLS_FROM, COMMUNITIES_FROM, THINGS_FROM = 13, 12, 16
ROADS_FROM, LANES_FROM, LONG_M = 12, 14, 1_500.0  # a road this long is drawn and named before lanes are
LANDMARKS_FROM = {"estate": 15, "building": 16, "other": 16}  # else
LANDMARK_FROM = 14
METRES_ROUND = 40_075_017.0  # the equator
LABELS_FROM = {"district": 8, "street": 12, "community": 14}


class Drawn(Struct, frozen=True):
    """Something of the city: its shape on the square world, from which zoom it is drawn, and its tags."""

    layer: str
    shape: Any
    zoom_from: int
    tags: dict[str, Tag]


class Basemap:
    """The tiles of one policy. Each is drawn when first asked for, and kept."""

    def __init__(self, policy: Policy):
        self._drawn = list(_drawn(policy))
        self._shapes = np.array([each.shape for each in self._drawn], dtype=object)
        self._tree = STRtree(self._shapes)
        self._from = np.array([each.zoom_from for each in self._drawn], dtype=int)
        self._kept: OrderedDict[TileAt, bytes] = OrderedDict()
        self._lock = Lock()

    def tile(self, tile: TileAt, pack: Callable[[bytes], bytes]) -> bytes:
        """The tile, as `pack` makes it for the wire."""
        with self._lock:
            found = self._kept.get(tile)
            if found is None:
                found = self._kept[tile] = pack(self._written(tile))
                if len(self._kept) > KEPT_TILES:
                    self._kept.popitem(last=False)
            else:
                self._kept.move_to_end(tile)
            return found

    def _written(self, tile: TileAt) -> bytes:
        side = 1 / (1 << tile.z)
        slack = side * BUFFER / EXTENT
        west, north = tile.x * side, tile.y * side
        box = (west - slack, north - slack, west + side + slack, north + side + slack)
        near = np.sort(self._tree.query(shapely.box(*box)))
        near = near[self._from[near] <= tile.z]
        shapes = shapely.simplify(self._shapes[near], side / EXTENT * COARSE_STEPS, preserve_topology=False)
        shapes = shapely.clip_by_rect(shapes, *box)
        layers: dict[str, list[Feature]] = {}
        for number, shape in zip(near.tolist(), shapes, strict=True):
            each = self._drawn[number]
            layers.setdefault(each.layer, []).extend(_features(shape, each.tags, west, north, side))
        return written((name, layers[name]) for name in sorted(layers))


def basemap_of(policy: Policy) -> Basemap:
    """The basemap of a policy, made once for it and kept with it."""
    found = policy.__dict__.get("_basemap")
    if found is None:
        found = policy.__dict__["_basemap"] = Basemap(policy)
    return found


def _features(shape: Any, tags: dict[str, Tag], west: float, north: float, side: float) -> Iterator[Feature]:
    """The shape in the tile's steps."""

    def steps(places: np.ndarray) -> list[Place]:
        found = np.round((places - (west, north)) * (EXTENT / side)).astype(int)
        kept = np.ones(len(found), dtype=bool)
        kept[1:] = (found[1:] != found[:-1]).any(axis=1)
        return [(x, y) for x, y in found[kept].tolist()]

    for part in shapely.get_parts(shape):
        if part.is_empty:
            continue
        if part.geom_type == "Polygon":
            rings = [
                steps(_wound(shapely.get_coordinates(ring), outer=number == 0))[:-1]
                for number, ring in enumerate((part.exterior, *part.interiors))
            ]
            if len(rings[0]) > 2:
                yield Feature(POLYGON, lines([ring for ring in rings if len(ring) > 2], closed=True), tags)
        else:
            places = steps(shapely.get_coordinates(part))
            if part.geom_type == "Point":
                yield Feature(POINT, point(*places[0]), tags)
            elif len(places) > 1:
                yield Feature(LINE, lines([places]), tags)


def _wound(places: np.ndarray, *, outer: bool) -> np.ndarray:
    """A ring in the order that the format asks for: the outer one has a positive area where rows go down."""
    x, y = places[:, 0], places[:, 1]
    area = float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]))
    return places if (area > 0) == outer else places[::-1]


def _drawn(policy: Policy) -> Iterator[Drawn]:
    """Everything that the pack knows a place of."""
    flat = _flat(policy)
    polygons = {cell.code: shapely.make_valid(shapely.Polygon(flat(cell.ring))) for cell in policy.cells}
    yield from _areas(policy, polygons)
    for cell in policy.cells:
        yield Drawn("cell", polygons[cell.code], CELLS_FROM, {"code": cell.code})
    yield from _named(policy, flat)
    for thing in policy.components:
        kind = policy.class_by_key.get(thing.class_key)
        if kind and not (kind.internal or kind.private_place):
            tags: dict[str, Tag] = {"code": thing.code, "class": thing.class_key, "state": thing.state}
            yield Drawn("component", shapely.Point(flat([(thing.lon, thing.lat)])[0]), THINGS_FROM, tags)


def _named(policy: Policy, flat: Callable[[Iterable[tuple[float, float]]], np.ndarray]) -> Iterator[Drawn]:
    """Roads along their lines, grounds of landmarks, and landmarks with their names."""
    shrink = np.cos(np.radians(policy.settings.bounds[1]))
    for road in policy.roads:
        shape = shapely.MultiLineString([flat(line) for line in road.lines])
        is_long = shape.length * METRES_ROUND * shrink >= LONG_M
        tags: dict[str, Tag] = {"code": road.code, "rank": 1 if is_long else 2, **{f"name_{tag}": name for tag, name in road.name.items()}}
        yield Drawn("road", shape, ROADS_FROM if is_long else LANES_FROM, tags)
    for mark in policy.landmarks:
        zoom = LANDMARKS_FROM.get(mark.kind, LANDMARK_FROM)
        if mark.ring:
            yield Drawn("ground", shapely.make_valid(shapely.Polygon(flat(mark.ring))), 13, {"kind": mark.kind.value})
        tags = {"code": mark.code, "kind": mark.kind.value, **{f"name_{tag}": name for tag, name in mark.name.items()}}
        yield Drawn("landmark", shapely.Point(flat([(mark.lon, mark.lat)])[0]), zoom, tags)


def _areas(policy: Policy, polygons: dict[str, Any]) -> Iterator[Drawn]:
    """The land, and the areas with their edges and names: each is what its cells make together."""
    if not polygons:
        return
    members: dict[str, list[Any]] = {}
    for code, polygon in polygons.items():
        for length in LEVELS:
            members.setdefault(code[:length], []).append(polygon)
    whole: dict[str, Any] = {}
    for code in sorted(members, key=len, reverse=True):  # streets of communities, districts of streets
        inside = [whole[each] for each in whole if len(each) == len(code) + 3 and each.startswith(code)]
        whole[code] = shapely.union_all(inside or members[code])
    yield Drawn("land", shapely.union_all([shape for code, shape in whole.items() if len(code) == 6]), 0, {})
    for code, shape in sorted(whole.items(), key=lambda item: (-len(item[0]), item[0])):
        level = LEVELS[len(code)]
        area = policy.area_by_code.get(code)  # type: ignore[call-overload]
        names: dict[str, Tag] = {f"name_{tag}": name for tag, name in area.name.items()} if area else {}
        yield Drawn("area", shape, 0 if level != "community" else COMMUNITIES_FROM, {"level": level, "code": code})
        if names:
            middle = shape.representative_point() if not shape.contains(shape.centroid) else shape.centroid
            yield Drawn("area_label", middle, LABELS_FROM[level], {"level": level, "code": code, **names})


def _flat(policy: Policy) -> Callable[[Iterable[tuple[float, float]]], np.ndarray]:
    """From degrees to shares of the world, in the datum that the city's outside map is drawn in."""
    moved = shown_in_gcj02(policy)

    def flat(places: Iterable[tuple[float, float]]) -> np.ndarray:
        if moved:
            shown = [gcj02_of(Point(lon=lon, lat=lat)) for lon, lat in places]
            places = [(each.lon, each.lat) for each in shown]
        degrees = np.array(list(places), dtype=float)
        bent = np.radians(degrees[:, 1])
        north = 0.5 - np.log(np.tan(np.pi / 4 + bent / 2)) / (2 * np.pi)
        return np.column_stack([degrees[:, 0] / 360 + 0.5, north])

    return flat
