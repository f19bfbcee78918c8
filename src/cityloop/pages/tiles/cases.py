"""Tiles of cases: a point for each where they are few, one for a whole square, with its lamps counted, where they are many."""

from itertools import pairwise
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
    seen = allowed(now, view, rows, at_s)
    most = EACH_MAX if tile.z >= EACH_ZOOM else FEW
    if np.count_nonzero(seen) <= most:
        return written([("cases", _points(now, tile, np.flatnonzero(seen) + rows.start, at_s))])
    alone, clusters = _clustered(now, tile, rows, seen, at_s)
    return written([("cases", _points(now, tile, alone, at_s)), ("clusters", clusters)])


def tile_rows(now: Snapshot, tile: TileAt) -> slice:
    """The rows that lie in a tile: in their order they lie together."""
    shift = 2 * (ORDER_BITS - tile.z)
    edges = np.array([tile.order << shift, tile.order + 1 << shift], dtype=np.uint64)
    low, high = np.searchsorted(now.columns["order"], edges)
    return slice(int(low), int(high))


def _clustered(
    now: Snapshot, tile: TileAt, rows: slice, seen: np.ndarray, at_s: int
) -> tuple[np.ndarray, list[Feature]]:
    """Which of the rows stand alone, and a feature for each square of the others, in the middle of what it holds. A
    square's rows lie together, so that each is counted as a stretch of bytes, and nothing is sorted or looked up."""
    lamps = now.lamps(rows, at_s)
    by_lamp = [seen & (lamps == kind) for kind in range(NO_LAMP + 1)]
    x, y = (now.columns[name][rows] * seen for name in ("x", "y"))
    alone, found = [], []
    for first, last in pairwise(_edges(now, tile, rows)):
        counts = [int(np.count_nonzero(each[first:last])) for each in by_lamp]
        many = sum(counts)
        if many >= TOGETHER:
            sums = (int(each[first:last].sum(dtype=np.int64)) for each in (x, y))
            across, down = (
                _in_tile(total // many, edge, tile.z) for total, edge in zip(sums, (tile.x, tile.y), strict=True)
            )
            found.append(Feature(POINT, point(across, down), _cluster_tags(counts)))
        elif many:
            alone.append(np.flatnonzero(seen[first:last]) + first + rows.start)
    return np.concatenate(alone) if alone else np.array([], dtype=np.intp), found


def _edges(now: Snapshot, tile: TileAt, rows: slice) -> list[int]:
    """Where each square of a tile begins among its rows, and where the last one ends."""
    level = min(tile.z + SQUARES, ORDER_BITS)
    within = 2 * (level - tile.z)
    squares = np.arange((1 << within) + 1, dtype=np.uint64) + np.uint64(tile.order << within)
    return np.searchsorted(now.columns["order"][rows], squares << np.uint64(2 * (ORDER_BITS - level))).tolist()


def _cluster_tags(counts: list[int]) -> dict[str, Tag]:
    tags: dict[str, Tag] = {"n": sum(counts)}
    tags |= {lamp.value: count for lamp, count in zip(LAMPS, counts, strict=False) if count}
    worst = next(lamp for lamp in WORST if counts[lamp])
    return tags | {"lamp": _lamp(worst)}


def _points(now: Snapshot, tile: TileAt, rows: np.ndarray, at_s: int) -> list[Feature]:
    told: list[list[Any]] = [
        now.columns["x"][rows].tolist(),
        now.columns["y"][rows].tolist(),
        now.ids(rows),
        [STATES[place].value for place in now.columns["state"][rows].tolist()],
        now.words("class_key", rows),
        [_lamp(lamp) for lamp in now.lamps(rows, at_s).tolist()],
        now.columns["urgency"][rows].tolist(),
        (now.columns["exact"][rows] == COARSE).tolist(),
    ]
    return [
        Feature(
            POINT,
            point(_in_tile(x, tile.x, tile.z), _in_tile(y, tile.y, tile.z)),
            {"id": id, "state": state, "class": kind, "lamp": lamp, "urgency": urgency} | ({"coarse": True} if coarse else {}),
        )
        for x, y, id, state, kind, lamp, urgency, coarse in zip(*told, strict=True)
    ]  # fmt: skip


def _in_tile(steps: int, edge: int, zoom: int) -> int:
    """A place of the world in the steps of a tile that begins at this edge."""
    bits = WORLD_BITS - zoom
    inside = steps - (edge << bits)
    return inside >> bits - EXTENT_BITS if bits >= EXTENT_BITS else inside << EXTENT_BITS - bits


def _lamp(place: int) -> str:
    return LAMPS[place].value if place < NO_LAMP else "none"
