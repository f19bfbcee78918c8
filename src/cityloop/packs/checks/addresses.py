"""Roads, landmarks and door plates: inside the city, named so that words can find them, each road once."""

from collections.abc import Iterator
from typing import Any

import shapely

from cityloop.domain.doors import number_of
from cityloop.packs.checks.place import beyond, in_metres, off_bounds, turn_bounds, within
from cityloop.packs.columns import DOORS, LANDMARKS, ROADS, Table
from cityloop.packs.problems import Problem
from cityloop.packs.reading import Pack
from cityloop.packs.tables import Row

NAME_MIN = 2  # a name of one character stands in every sentence
SAME_M = 60.0  # two roads of one name that come this near are one
DOOR_M = 300.0  # a plate may hang this far from its road's middle line


def address_problems(pack: Pack) -> Iterator[Problem]:
    """What would make a place that words name unknown, or another one."""
    bounds = pack.head.settings["bounds"].value if "bounds" in pack.head.settings else None
    sound: dict[str, Row] = {}
    for table in (ROADS, LANDMARKS):
        for row in pack.rows(table):
            found = [*_named(pack, table, row), *_placed(pack, table, row, bounds)]
            yield from found
            if not found and table is ROADS:
                sound[row.values["code"]] = row
    if not sound:
        return
    origin = next(iter(sound.values())).values["wkt"].parts[0][0]
    drawn = in_metres([shapely.MultiLineString(row.values["wkt"].parts) for row in sound.values()], origin)
    lines = dict(zip(sound, drawn, strict=True))
    yield from _twice(pack, sound, lines)
    yield from _doors(pack, lines, origin, bounds)


def _named(pack: Pack, table: Table, row: Row) -> Iterator[Problem]:
    v = row.values
    for column, said in [*((f"name_{tag}", name) for tag, name in v["name"].items()), *(("aliases", a) for a in v.get("aliases", ()))]:
        if len(said) < NAME_MIN:
            yield pack.problem(table, row, column, f"{said!r} is too short a name", "write two characters or more")
    if table is LANDMARKS and v["wkt"].kind == "POLYGON":
        ground = shapely.Polygon(v["wkt"].parts[0])
        if not ground.is_valid or not ground.area:
            why = shapely.is_valid_reason(ground) if not ground.is_valid else "no area"
            yield pack.problem(table, row, "wkt", f"the ground of {v['code']} is no simple polygon: {why}", "draw it without crossing itself")


def _placed(pack: Pack, table: Table, row: Row, bounds: tuple[float, ...] | None) -> Iterator[Problem]:
    shape = row.values["wkt"]
    off = next((point for part in shape.parts for point in part if not within(point, bounds)), None)
    if off is not None:
        yield pack.problem(table, row, "wkt", f"{row.values['code']}: {off_bounds(off, bounds)}", turn_bounds(off, bounds))


def _twice(pack: Pack, rows: dict[str, Row], lines: dict[str, Any]) -> Iterator[Problem]:
    """Roads of one name that meet: people could not tell which is meant, for they are one."""
    by_name: dict[str, list[str]] = {}
    for code, row in rows.items():
        for name in row.values["name"].values():
            by_name.setdefault(name.casefold(), []).append(code)
    told: set[tuple[str, str]] = set()
    for codes in by_name.values():
        for at, second in enumerate(codes):
            for first in codes[:at]:
                if first != second and (first, second) not in told and shapely.dwithin(lines[first], lines[second], SAME_M):
                    told.add((first, second))
                    what = f"road {second} has the name of road {first} and meets it"
                    yield pack.problem(ROADS, rows[second], "code", what, "make them one row with a MULTILINESTRING, or correct the name")


def _doors(pack: Pack, lines: dict[str, Any], origin: tuple[float, float], bounds: tuple[float, ...] | None) -> Iterator[Problem]:
    rows = []
    for row in pack.rows(DOORS):
        v = row.values
        point = (v["lon"], v["lat"])
        if number_of(v["number"]) is None:
            yield pack.problem(DOORS, row, "number", f"number {v['number']!r} is none", "write digits, e.g. 12 or 12-1")
        elif not within(point, bounds):
            yield pack.problem(DOORS, row, "lon", f"plate {v['number']}: {off_bounds(point, bounds)}", turn_bounds(point, bounds))
        elif v["road"] in lines:
            rows.append(row)
    for row, distance in beyond(rows, "road", lines, origin, DOOR_M):
        what = f"plate {row.values['number']} hangs {distance:,.0f} m from its road {row.values['road']}"
        yield pack.problem(DOORS, row, "road", what, "correct the road or the place")
