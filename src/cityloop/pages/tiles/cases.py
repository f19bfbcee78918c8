"""Tiles of cases: a point for each where they are few, one for a whole square, with its lamps counted, where they are many."""

from typing import Any

import numpy as np

from cityloop.pages.now.columns import COARSE, LAMPS, NO_LAMP, ORDER_BITS, STATES, WORLD_BITS, Snapshot
from cityloop.pages.now.masks import View, allowed
from cityloop.pages.now.mercator import TileAt
from cityloop.pages.tiles.mvt import POINT, Feature, Tag, point, written

FEW = 24  # in a tile: each is shown by itself
SQUARES = 3  # a tile has 2**3 squares from edge to edge
TOGETHER = 3  # in a square: from so many on they are one point
EACH_ZOOM = 17  # from here on each is shown by itself, up to
EACH_MAX = 2_000
EXTENT_BITS = 12
WORST = (2, 1, 0, 3, NO_LAMP)  # lamps by what is worst


def case_tile(now: Snapshot, tile: TileAt, view: View, at_s: int) -> bytes:
    """The tile, with the lamps of a moment.

    Layers: `cases` with id, state, class, lamp, urgency, coarse; `clusters` with n, the lamps' counts and the worst lamp.
    """
    rows = tile_rows(now, tile)
    shown = np.flatnonzero(allowed(now, view, rows, at_s)) + rows.start
    lamps = now.lamps(shown, at_s)
    most = EACH_MAX if tile.z >= EACH_ZOOM else FEW
    if len(shown) <= most:
        return written([("cases", _points(now, tile, shown, lamps))])
    alone, clusters = _clustered(now, tile, shown, lamps)
    return written([("cases", _points(now, tile, shown[alone], lamps[alone])), ("clusters", clusters)])


def tile_rows(now: Snapshot, tile: TileAt) -> slice:
    """The rows that lie in a tile: in their order they lie together."""
    shift = 2 * (ORDER_BITS - tile.z)
    edges = np.array([tile.order << shift, tile.order + 1 << shift], dtype=np.uint64)
    low, high = np.searchsorted(now.columns["order"], edges)
    return slice(int(low), int(high))


def _clustered(now: Snapshot, tile: TileAt, rows: np.ndarray, lamps: np.ndarray) -> tuple[np.ndarray, list[Feature]]:
    """Which of the rows stand alone, and a feature for each square of the others, in the middle of what it holds."""
    level = min(tile.z + SQUARES, ORDER_BITS)
    squares = 1 << 2 * (level - tile.z)
    square = (now.columns["order"][rows] >> np.uint64(2 * (ORDER_BITS - level))).astype(np.int64)
    square -= tile.order << 2 * (level - tile.z)
    kinds = NO_LAMP + 1
    counts = np.bincount(square * kinds + lamps, minlength=squares * kinds).reshape(squares, kinds)
    many = counts.sum(axis=1)
    x, y = _in_tile(now, tile, rows)
    with np.errstate(invalid="ignore"):
        middles = [np.bincount(square, weights=each, minlength=squares) / many for each in (x, y)]
    found = [
        Feature(POINT, point(int(middles[0][at]), int(middles[1][at])), _cluster_tags(counts[at].tolist()))
        for at in np.flatnonzero(many >= TOGETHER).tolist()
    ]
    return np.flatnonzero(many[square] < TOGETHER), found


def _cluster_tags(counts: list[int]) -> dict[str, Tag]:
    tags: dict[str, Tag] = {"n": sum(counts)}
    tags |= {lamp.value: count for lamp, count in zip(LAMPS, counts, strict=False) if count}
    worst = next(lamp for lamp in WORST if counts[lamp])
    return tags | {"lamp": _lamp(worst)}


def _points(now: Snapshot, tile: TileAt, rows: np.ndarray, lamps: np.ndarray) -> list[Feature]:
    x, y = (each.tolist() for each in _in_tile(now, tile, rows))
    told: list[list[Any]] = [
        now.ids(rows),
        [STATES[place].value for place in now.columns["state"][rows].tolist()],
        now.words("class_key", rows),
        [_lamp(lamp) for lamp in lamps.tolist()],
        now.columns["urgency"][rows].tolist(),
        (now.columns["exact"][rows] == COARSE).tolist(),
    ]
    return [
        Feature(
            POINT,
            point(int(x[row]), int(y[row])),
            {"id": id, "state": state, "class": kind, "lamp": lamp, "urgency": urgency} | ({"coarse": True} if coarse else {}),
        )
        for row, (id, state, kind, lamp, urgency, coarse) in enumerate(zip(*told, strict=True))
    ]  # fmt: skip


def _in_tile(now: Snapshot, tile: TileAt, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Places in the tile's own steps."""
    bits = WORLD_BITS - tile.z
    places = []
    for name, edge in (("x", tile.x), ("y", tile.y)):
        inside = now.columns[name][rows].astype(np.int64) - (edge << bits)
        places.append(inside >> bits - EXTENT_BITS if bits >= EXTENT_BITS else inside << EXTENT_BITS - bits)
    return places[0], places[1]


def _lamp(place: int) -> str:
    return LAMPS[place].value if place < NO_LAMP else "none"
