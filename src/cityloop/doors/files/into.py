"""Organisations, areas, cells, components, roads and landmarks become rows of a pack: a city is data, so they belong there."""

import csv
import io
import json
import os
import tomllib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from msgspec import Struct

from cityloop.domain.codes import area_chain, cell_parts, component_parts
from cityloop.domain.errors import CityloopError
from cityloop.domain.place import Point
from cityloop.domain.policy import Policy
from cityloop.doors.files import datum, rings, shapes
from cityloop.doors.files.badrows import BadRows
from cityloop.doors.files.copies import copied
from cityloop.doors.files.mapping import columns_checked
from cityloop.doors.files.model import Bad, BadCell, Kind, Line, Mapping, PackRowWrong, Tally
from cityloop.doors.files.read import open_table
from cityloop.doors.files.rules import CellsOf, Reading
from cityloop.doors.files.service import ask_datum
from cityloop.packs import PackInvalid, Problem, check, load
from cityloop.packs.checks.addresses import address_problems
from cityloop.packs.checks.place import place_problems
from cityloop.packs.checks.references import reference_problems
from cityloop.packs.columns import AREAS, CELLS_FILE, COMPONENTS, DOORS, LANDMARKS, ROADS, UNITS
from cityloop.packs.columns import Table as PackTable
from cityloop.packs.layers import find_layers
from cityloop.packs.reading import read_pack
from cityloop.places import locate

WORLD = (-180.0, -90.0, 180.0, 90.0)
TABLE: dict[Kind, PackTable] = {
    Kind.units: UNITS, Kind.areas: AREAS, Kind.components: COMPONENTS, Kind.roads: ROADS, Kind.landmarks: LANDMARKS,
    Kind.doors: DOORS,
}  # fmt: skip
PLACE_DIGITS = 7  # of a degree: a centimetre


class Found(Struct, kw_only=True):
    """What a file gives to a pack: rows by key, and cells by code, with what was put right in them."""

    rows: dict[tuple[str, ...], dict[str, str]]
    cells: dict[str, dict[str, Any]]
    repaired: dict[str, int]


def import_into(
    pack: Path, path: Path, mapping: Mapping, *, folder: Path, bad: Path | None = None, datum_is_right: bool = False, now: Any
) -> Tally:
    """Lay a file's rows over those of a pack's table; rows with the same key are replaced, the others stay.

    Where rows would be no part of a pack (a code of another form, a unit or class that it does not have, cells that
    overlap), everything stays as it was. What a city needs besides, e.g. a unit for a new area, is noted.
    Refuses with what `import_file` refuses with, and with `PackRowWrong` or `PackInvalid`.
    """
    if not (pack / "pack.toml").exists():
        raise PackRowWrong(f"{pack} is no pack: it has no pack.toml; name the pack's folder with --into.")
    tally = Tally()
    listed = BadRows(bad or path.with_name(f"{path.name}.bad.csv"), kept=0)
    with copied(path, folder, mapping) as copy:
        table = open_table(copy.path, mapping)
        columns_checked(mapping, table.columns)
        policy = _policy(pack)
        reader = _Reader(mapping, policy, _bounds(pack), _languages(pack))
        if policy and mapping.kind is Kind.components and not datum_is_right:
            reading = Reading(
                mapping=mapping, policy=policy, convert=reader.convert, locate=partial(locate, policy), now=now,
                file=copy.digest[:12],
            )  # fmt: skip
            ask_datum(table, reading)
        found = Found(rows={}, cells={}, repaired={})
        wrong = list(_read(table.read(mapping.wanted), reader, found, tally))
    listed.write(wrong, after=0)
    listed.close()
    tally.bad = len(wrong)
    tally.bad_rows = listed.path if wrong else None
    tally.notes = [*table.notes, *(f"{count} cells: {what}." for what, count in found.repaired.items())]
    _write(pack, mapping.kind, found, tally)
    return tally


def _read(lines: Iterator[Line], reader: "_Reader", found: Found, tally: Tally) -> Iterator[Bad]:
    for line in lines:
        tally.records += 1
        try:
            reader.take(line, found)
        except BadCell as no:
            yield Bad(line=line.no, column=no.column, value=no.value, what=no.what, remedy=no.remedy)


class _Reader:
    """Turns lines into rows of the pack."""

    def __init__(self, mapping: Mapping, policy: Policy | None, bounds: rings.Bounds, languages: tuple[str, ...]):
        self.mapping = mapping
        self.policy = policy
        self.bounds = bounds
        self.languages = languages
        self.convert = datum.converter(mapping.datum)
        self.table = TABLE[mapping.kind]

    def take(self, line: Line, found: Found) -> None:
        cells = CellsOf(line, self.mapping)
        made: dict[Kind, Callable[[], dict[str, str]]] = {
            Kind.units: lambda: {}, Kind.areas: lambda: self._area(cells), Kind.components: lambda: self._component(line, cells),
            Kind.roads: lambda: self._drawn(line, cells), Kind.landmarks: lambda: self._drawn(line, cells),
            Kind.doors: lambda: self._spot(line, cells),
        }  # fmt: skip
        if self.mapping.kind is Kind.areas and len(cells.code("code")) == 15:
            self._cell(line, cells, found)
            return
        row = self._named(cells) | made[self.mapping.kind]()
        key = tuple(row.get(name, "") for name in self.table.key)
        if not all(key):
            raise BadCell(self.mapping.key[0], "", "the row has no key", f"give {', '.join(self.table.key)}")
        if key in found.rows:
            raise BadCell(self.mapping.key[0], "|".join(key), "the key came before", "give each row a key of its own")
        found.rows[key] = row

    def _named(self, cells: CellsOf) -> dict[str, str]:
        row = {}
        for column in self.table.columns:
            names = [f"{column.name}_{each}" for each in self.languages] if column.takes == "words" else [column.name]
            for name in names:
                if cells.has(name):
                    row[name] = cells.text(name) if column.takes == "words" else cells.code(name)
        shown = next((row[name] for name in row if name.startswith("name_") and row[name]), "")
        for each in self.languages:  # a name in one language is better than none in the other
            if f"name_{each}" in row or shown:
                row[f"name_{each}"] = row.get(f"name_{each}") or shown
        return row

    def _area(self, cells: CellsOf) -> dict[str, str]:
        code = cells.code("code")
        try:
            chain = area_chain(code)
        except CityloopError as error:
            raise BadCell(cells.name("code"), code, error.detail.rstrip("."), "write 6, 9 or 12 digits") from None
        return {"parent": chain[-2] if len(chain) > 1 else ""}

    def _cell(self, line: Line, cells: CellsOf, found: Found) -> None:
        code = cells.code("code")
        cell_parts(code)
        if code in found.cells:
            raise BadCell(cells.name("code"), code, "the cell came before", "give each cell a code of its own")
        ring = rings.ring_of(line.shape, self.convert, self.bounds)
        for what in ring.repaired:
            found.repaired[what] = found.repaired.get(what, 0) + 1
        grid = cells.code("duty_grid")  # else that of the cell that is there, else one for the community
        found.cells[code] = {
            "type": "Feature", "properties": {"code": code, "duty_grid": grid},
            "geometry": {"type": "Polygon", "coordinates": [[list(point) for point in ring.points]]},
        }  # fmt: skip

    def _component(self, line: Line, cells: CellsOf) -> dict[str, str]:
        code = cells.code("code")
        row = self._spot(line, cells)
        point = Point(lon=float(row["lon"]), lat=float(row["lat"]))
        given = cells.code("class")
        if "/" not in given:
            try:
                key = component_parts(code, self.mapping.scheme).class_key
            except CityloopError as error:
                what, _, remedy = error.detail.partition(";")
                raise BadCell(cells.name("code"), code, what, remedy.strip(" .")) from None
            if given and not key.endswith(given[-4:]):
                raise BadCell(cells.name("class"), given, f"the code says class {key}", "put one of the two right")
            row["class"] = key
        if not cells.code("cell"):
            cell = locate(self.policy, point.lon, point.lat).cell if self.policy else None
            if cell is None:
                raise BadCell(cells.name("lon"), f"{point.lon}, {point.lat}", "no cell of the pack holds it", "import cells first")
            row["cell"] = cell
        return row

    def _spot(self, line: Line, cells: CellsOf) -> dict[str, str]:
        point = self._point(line, cells)
        return {"lon": f"{point.lon:.{PLACE_DIGITS}f}", "lat": f"{point.lat:.{PLACE_DIGITS}f}"}

    def _drawn(self, line: Line, cells: CellsOf) -> dict[str, str]:
        """A road's or a landmark's shape: of the file's geometry, of a column of WKT, or of a point's two numbers."""
        said = cells.text("wkt") if cells.has("wkt") else ""
        shape = shapes.shape_in(said) if said else line.shape
        if shape is None and self.mapping.kind is Kind.landmarks:
            lon, lat = cells.numbers()
            shape = {"type": "Point", "coordinates": (lon, lat)} if lon is not None else None
        return {"wkt": shapes.wkt_of(shape, self.mapping.kind is Kind.roads, self.convert, self.bounds)}

    def _point(self, line: Line, cells: CellsOf) -> Point:
        lon, lat = cells.numbers()
        if lon is None or lat is None:
            raise BadCell(cells.name("lon"), "", "it needs its place", "give lon and lat, or a point")
        return rings.checked(self.convert(lon, lat), self.bounds, (lon, lat))


def _write(pack: Path, kind: Kind, found: Found, tally: Tally) -> None:
    """Write what is found; take it back where a row is no part of a pack, and note what the city needs besides."""
    faults, lacks = _faults(pack), {each.what for each in check(pack)}
    kept: dict[Path, bytes | None] = {}
    for path, text in _texts(pack, kind, found, tally):
        kept[path] = path.read_bytes() if path.exists() else None
        _replace(path, text.encode())
    known = {(each.file, each.what) for each in faults}
    if new := [each for each in _faults(pack) if (each.file, each.what) not in known]:
        for path, raw in kept.items():
            _replace(path, raw) if raw is not None else path.unlink()
        raise PackInvalid(new)
    tally.notes += [f"The pack needs more now: {each.what}; {each.remedy}." for each in check(pack) if each.what not in lacks]


def _faults(pack: Path) -> list[Problem]:
    """What is wrong with the rows themselves: their form, what they refer to, where cells lie."""
    try:
        read = read_pack(find_layers(pack, ()))
    except PackInvalid as error:
        return list(error.problems)
    return [*read.problems, *reference_problems(read), *place_problems(read), *address_problems(read)]


def _texts(pack: Path, kind: Kind, found: Found, tally: Tally) -> Iterator[tuple[Path, str]]:
    if found.rows:
        yield pack / TABLE[kind].file, _table_text(pack / TABLE[kind].file, TABLE[kind], found.rows, tally)
    if found.cells:
        path = pack / CELLS_FILE
        there = json.loads(path.read_text("utf-8"))["features"] if path.exists() else []
        cells = {each["properties"]["code"]: each for each in there}
        for code, cell in found.cells.items():
            said, known = cell["properties"], cells.get(code, {}).get("properties", {})
            said["duty_grid"] = said["duty_grid"] or known.get("duty_grid") or f"{code[:12]}-1"
        _count(tally, cells, found.cells)
        whole = sorted((cells | found.cells).items())
        lines = ",\n".join(f"  {json.dumps(each, ensure_ascii=False)}" for _, each in whole)
        yield path, f'{{\n "type": "FeatureCollection",\n "features": [\n{lines}\n ]\n}}\n'


def _table_text(path: Path, table: PackTable, rows: dict[tuple[str, ...], dict[str, str]], tally: Tally) -> str:
    there: dict[tuple[str, ...], dict[str, str]] = {}
    names: list[str] = []
    if path.exists():
        with path.open(newline="", encoding="utf-8") as lines:
            read = csv.DictReader(lines)
            there = {tuple(row[name] for name in table.key): row for row in read}
            names = list(read.fieldnames or ())
    names = list(dict.fromkeys([*names, *(name for row in rows.values() for name in row)]))
    rows = {key: {name: there.get(key, {}).get(name, "") for name in names} | row for key, row in rows.items()}
    _count(tally, there, rows)
    out = io.StringIO()
    write = csv.DictWriter(out, names, lineterminator="\n", restval="")
    write.writeheader()
    write.writerows((there | rows).values())
    return out.getvalue()


def _count(tally: Tally, there: dict, given: dict) -> None:
    tally.added += sum(key not in there for key in given)
    tally.same += sum(key in there and there[key] == row for key, row in given.items())
    tally.renewed += sum(key in there and there[key] != row for key, row in given.items())


def _replace(path: Path, raw: bytes) -> None:
    beside = path.with_name(f".{path.name}.new")
    with beside.open("wb") as out:
        out.write(raw)
        out.flush()
        os.fsync(out.fileno())
    beside.replace(path)


def _policy(pack: Path) -> Policy | None:
    try:
        return load(pack)
    except PackInvalid:  # a pack that is being made, or a layer
        return None


def _head(pack: Path) -> dict[str, Any]:
    return tomllib.loads((pack / "pack.toml").read_text("utf-8"))


def _bounds(pack: Path) -> rings.Bounds:
    said = _head(pack).get("settings", {}).get("bounds", WORLD)
    return tuple(float(each) for each in said)  # type: ignore[return-value]


def _languages(pack: Path) -> tuple[str, ...]:
    return tuple(_head(pack).get("languages", ("zh", "en")))
