"""Roads, landmarks and door plates of the demo city: along its cells, with invented names."""

import math
import random
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from scripts import demo_places_data as data

Point = tuple[float, float]
Grid = dict[tuple[int, int], Point]  # corners and middles of the cells' sides, in half cells
DEGREE_LAT_M, DEGREE_LON_M = 110_850.0, 97_900.0
PLATE_EVERY_M, PLATE_OFF_M = 60.0, 14.0


class Places(NamedTuple):
    """Rows of roads.csv, landmarks.csv and doors.csv."""

    roads: list[tuple[str, ...]]
    landmarks: list[tuple[str, ...]]
    doors: list[tuple[str, ...]]


def make_places(
    rng: random.Random, grid: Grid, columns: int, rows: int, rings: dict[str, list[Point]], stems: dict[str, str]
) -> Places:
    """The city's words for places. `rings`: the outlines of its cells by code; `stems`: of communities, streets and
    districts by code, the smallest first."""
    lines: dict[str, list[Point]] = {}
    roads = []
    for n, (kind, at, first, last, zh, en, *aliases) in enumerate(data.ROADS, start=1):
        end = columns if kind == "row" else rows
        span = range(2 * first, 2 * min(last or end, end) + 1)
        line = [grid[each, 2 * at] if kind == "row" else grid[2 * at, each] for each in span]
        code = f"r{n:03d}"
        lines[code] = line
        roads.append((code, zh, en, "|".join(aliases), f"LINESTRING ({_points(line)})"))
    doors = [row for code, name in ((r[0], r[1]) for r in roads) if name in data.PLATES for row in _plates(code, lines[code])]
    return Places(roads, list(_landmarks(rng, rings, stems)), doors)


def _landmarks(rng: random.Random, rings: dict[str, list[Point]], stems: dict[str, str]) -> Iterator[tuple[str, ...]]:
    """Estates on the ground of a cell, two in each community; other places where their names say, else here and there."""
    free: dict[str, list[str]] = {}
    for code in rings:
        free.setdefault(code[:12], []).append(code)
    communities = list(free)
    asked = [(each, communities[at // 2]) for at, each in enumerate(data.ESTATES)]
    for at, each in enumerate(data.OTHERS):
        named = next((code for code, stem in stems.items() if each[1].startswith(stem)), "")
        inside = [code for code in communities if named and code.startswith(named)] or communities
        asked.append((each, inside[(at * 7) % len(inside)]))
    for number, ((kind, zh, en, *aliases), community) in enumerate(asked, start=1):
        cells = free[community]
        ring = rings[cells.pop(int(rng.random() * len(cells)))]
        yield (f"p{number:03d}", kind, zh, en, "|".join(aliases), _ground(kind, ring))


def _ground(kind: str, ring: list[Point]) -> str:
    middle = [sum(point[axis] for point in ring[:-1]) / (len(ring) - 1) for axis in (0, 1)]
    if kind not in data.GROUNDS:
        return f"POINT ({middle[0]:.7f} {middle[1]:.7f})"
    share = data.GROUNDS[kind]
    small = [(middle[0] + (x - middle[0]) * share, middle[1] + (y - middle[1]) * share) for x, y in ring]
    return f"POLYGON (({_points(small)}))"


def _points(line: list[Point]) -> str:
    return ", ".join(f"{lon:.7f} {lat:.7f}" for lon, lat in line)


def _plates(code: str, line: list[Point]) -> Iterator[tuple[str, ...]]:
    """Odd numbers on the left of the line, even ones on its right, from its beginning."""
    number, left_m = 1, PLATE_EVERY_M / 2
    for (x1, y1), (x2, y2) in pairwise(line):
        across, up = (x2 - x1) * DEGREE_LON_M, (y2 - y1) * DEGREE_LAT_M
        length = math.hypot(across, up)
        at = left_m
        while at < length:
            for side, plate in ((1, number), (-1, number + 1)):
                east = across * at / length - up / length * PLATE_OFF_M * side
                north = up * at / length + across / length * PLATE_OFF_M * side
                yield (code, str(plate), f"{x1 + east / DEGREE_LON_M:.7f}", f"{y1 + north / DEGREE_LAT_M:.7f}")
            number += 2
            at += PLATE_EVERY_M
        left_m = at - length
