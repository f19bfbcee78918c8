"""Layers as one pack: tables merged by key, each row knowing where it was written, and all that could not be read."""

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from cityloop.domain import codes
from cityloop.domain.words import WORDS, filled_in
from cityloop.packs.columns import CELLS_FILE, DUTIES_FILE, SCHEMES, TABLES, WORDS_FILE, Table
from cityloop.packs.decision import (
    INPUTS,
    NEEDED,
    OUTPUTS,
    DutyRow,
    JdmTable,
    columns_of,
    expression_fault,
    rows_of,
    table_of,
)
from cityloop.packs.grid import CellRow, feature_place, read_cells, read_json
from cityloop.packs.heads import Head, read_head
from cityloop.packs.layers import Layer, toml_of, toml_place
from cityloop.packs.problems import PackInvalid, Problem, finds, place, text_of
from cityloop.packs.tables import Context, Key, Row, Unread, cell_place, read_table
from cityloop.packs.values import Wrong, nearest


class Duties(Struct, frozen=True, kw_only=True):
    """The duty table of the highest layer that has one."""

    layer: str
    text: str
    rows: tuple[DutyRow, ...]
    table: JdmTable

    def problem(self, row: DutyRow | None, what: str, remedy: str) -> Problem:
        return _duty_problem(self.layer, self.text, row, what, remedy)


class Pack(Struct, frozen=True, kw_only=True):
    """What was read, resolved over the layers."""

    layers: tuple[Layer, ...]
    head: Head
    tables: dict[str, dict[Key, Row]]  # file -> key -> row
    cells: dict[str, CellRow]
    duties: Duties | None
    words: dict[str, dict[str, str]]
    problems: list[Problem]
    unread: dict[str, set[str] | None]  # keys of rows that could not be read; None: the whole file

    def rows(self, table: Table) -> Iterator[Row]:
        return iter(self.tables[table.file].values())

    def may_have(self, table: Table, key: str) -> bool:
        """Is there a row of that first key which could not be read?"""
        unread = self.unread.get(table.file, set())
        return unread is None or key in unread

    def has(self, table: Table, key: str) -> bool:
        """Is the row there, or may it be?"""
        return (key,) in self.tables[table.file] or self.may_have(table, key)

    def layer(self, id: str) -> Layer:
        return next(each for each in self.layers if each.id == id)

    def problem(self, table: Table, row: Row, column: str, what: str, remedy: str) -> Problem:
        """A problem at a cell of a table."""
        text = text_of(self.layer(row.layer).files[table.file])
        names = [each.strip().strip('"') for each in text.split("\n", 1)[0].split(",")]
        line, at = cell_place(text, row.line, names.index(column)) if column in names else (row.line, 1)
        return Problem(file=f"{row.layer}/{table.file}", line=line, column=at, what=what, remedy=remedy)

    def cell_problem(self, cell: CellRow, what: str, remedy: str) -> Problem:
        line, column = feature_place(text_of(self.layer(cell.layer).files[CELLS_FILE]), cell.index)
        return Problem(file=f"{cell.layer}/{CELLS_FILE}", line=line, column=column, what=what, remedy=remedy)


def read_pack(layers: tuple[Layer, ...]) -> Pack:
    """The layers as one pack. Refuses with `PackInvalid` only where a pack.toml is no TOML."""
    problems: list[Problem] = []
    head = read_head(layers, problems)
    pack = Pack(
        layers=layers,
        head=head,
        tables={table.file: {} for table in TABLES},
        cells={},
        duties=None if not any(DUTIES_FILE in each.files for each in layers) else _read_duties(layers, problems),
        words={},
        problems=problems,
        unread={},
    )
    for table in TABLES:
        for layer in layers:
            _take_out(pack, table, layer)
            if table.file in layer.files:
                _lay(pack, table, layer)
    for layer in layers:
        _lay_cells(pack, layer)
        _lay_words(pack, layer)
    return pack


def _take_out(pack: Pack, table: Table, layer: Layer) -> None:
    """Drop the rows below that the layer says are not its own."""
    without = pack.head.without.get(layer.id)
    rows = pack.tables[table.file]
    for said in without.value.get(table.file, ()) if without else ():
        found = [key for key in rows if "/".join(str(part) for part in key) == said]
        if not found and without:
            what = f"no layer below has {said!r} in {table.file}"
            pack.problems.append(without.problem(what, "take it out of `without`, or correct it"))
        for key in found:
            del rows[key]


def _lay(pack: Pack, table: Table, layer: Layer) -> None:
    """Put one file of one layer over what lies below."""
    unknown = SCHEMES.file in pack.unread  # then any scheme is taken: the fault is told already
    context = Context(
        languages=pack.head.languages,
        schemes=(*(key[0] for key in pack.tables[SCHEMES.file]), *(codes.SCHEMES if unknown else ())),
        known={key[0]: row.values["name"] for key, row in pack.tables["classes.csv"].items()},
    )
    here: dict[Key, Row] = {}
    unread: set[str] = set()
    for row in read_table(table, layer, context, pack.problems):
        if isinstance(row, Unread):
            unread.add(row.key)
            continue
        key = tuple(row.values[each] for each in table.key)
        if key in here:
            said = ", ".join(str(each) for each in key)
            what = f"{' and '.join(table.key)} {said} stands already on line {here[key].line}"
            pack.problems.append(pack.problem(table, row, table.key[-1], what, "take one of the rows out"))
            unread.add(str(key[0]))
            continue
        here[key] = row
    pack.tables[table.file].update(here)
    if unread:
        before = pack.unread.setdefault(table.file, set())
        pack.unread[table.file] = None if before is None or "" in unread else before | unread


def _lay_cells(pack: Pack, layer: Layer) -> None:
    if CELLS_FILE not in layer.files:
        return
    here: dict[str, CellRow] = {}
    before = len(pack.problems)
    for cell in read_cells(layer, pack.problems):
        if cell.code in here:
            what = f"cell {cell.code} stands twice"
            pack.problems.append(pack.cell_problem(cell, what, "take one out, or give it a new number"))
            continue
        here[cell.code] = cell
    pack.cells.update(here)
    if len(pack.problems) > before:
        pack.unread[CELLS_FILE] = None


def _lay_words(pack: Pack, layer: Layer) -> None:
    try:
        whole = toml_of(layer, WORDS_FILE)
    except PackInvalid as error:
        pack.problems.extend(error.problems)
        return
    for key, words in whole.items():
        line, column = toml_place(layer.files[WORDS_FILE].decode(), "", key)
        at = {"file": f"{layer.id}/{WORDS_FILE}", "line": line, "column": column}
        if not isinstance(words, dict) or not all(isinstance(each, str) for each in words.values()):
            what = f"{key} is no table of language = words"
            pack.problems.append(Problem(**at, what=what, remedy='write "key" = { zh = "…", en = "…" }'))
            continue
        absent = [each for each in pack.head.languages if not words.get(each)]
        if absent:
            what = f"{key} has no words in {', '.join(absent)}"
            pack.problems.append(Problem(**at, what=what, remedy="give them; the pack declares the language"))
        if odd := _not_filled_in(key, words):
            pack.problems.append(Problem(**at, what=odd, remedy="use only what our own words for it have in braces"))
            continue
        pack.words[key] = {language: said for language, said in words.items() if language in pack.head.languages}


def _not_filled_in(key: str, words: dict[str, str]) -> str | None:
    """Braces of a pack into which nothing of ours goes: a page that puts words together would stumble over them."""
    try:
        extra = filled_in(words.values()) - filled_in(WORDS.get(key, {}).values())
    except ValueError as error:
        return f"{key} has braces that cannot be filled in: {error}"
    return f"{key} has {', '.join(f'{{{each}}}' for each in sorted(extra))}, which nothing fills in" if extra else None


def _read_duties(layers: tuple[Layer, ...], problems: list[Problem]) -> Duties | None:
    layer = [each for each in layers if DUTIES_FILE in each.files][-1]
    path = f"{layer.id}/{DUTIES_FILE}"
    content = read_json(layer.files[DUTIES_FILE], path, problems)
    if content is None:
        return None
    text = layer.files[DUTIES_FILE].decode()
    try:
        table = table_of(content)
        rows = rows_of(table)
        found = list(_duty_faults(layer.id, text, table, rows))
        problems += found
        return Duties(layer=layer.id, text=text, rows=tuple(rows), table=JdmTable(content)) if not found else None
    except Wrong as error:
        problems.append(_duty_problem(layer.id, text, None, error.what, error.remedy))
        return None


def _duty_faults(layer: str, text: str, table: dict[str, Any], rows: list[DutyRow]) -> Iterator[Problem]:
    """What makes a duty table unreadable, though the engine would run it in silence."""
    for part, allowed in (("inputs", INPUTS), ("outputs", OUTPUTS)):
        fields = list(columns_of(table, part).values())
        for field in fields:
            if field not in allowed:
                what = f"{part} column {field!r} is unknown"
                yield _duty_problem(layer, text, None, what, nearest(field, tuple(allowed)))
        if part == "outputs":
            for field in NEEDED:
                if field not in fields:
                    yield _duty_problem(layer, text, None, f"output column {field!r} is missing", "add it")
    seen: set[str] = set()
    for row in rows:
        if not row.id or row.id in seen:
            yield _duty_problem(
                layer, text, row, f"row _id {row.id!r} is empty or stands twice", "give each row its own"
            )
        seen.add(row.id)
        for asks, cells in ((True, row.asks), (False, row.says)):
            for field, expression in cells.items():
                fault = expression_fault(expression, asks)
                if fault:
                    what = f"row {row.id}: {field} {expression!r} cannot be read: {fault}"
                    yield _duty_problem(layer, text, row, what, "write a ZEN expression; quote words")
        for field in NEEDED:
            if field in row.says and not row.says[field]:
                yield _duty_problem(
                    layer, text, row, f"row {row.id}: {field} is empty", f"fill it in: {OUTPUTS[field]}"
                )


def _duty_problem(layer: str, text: str, row: DutyRow | None, what: str, remedy: str) -> Problem:
    found = finds(text, '"_id"')
    line, column = place(text, found[row.index] if row and row.index < len(found) else -1)
    return Problem(file=f"{layer}/{DUTIES_FILE}", line=line, column=column, what=what, remedy=remedy)
