"""A row set or taken out in the highest layer of a pack: every other line stays byte for byte."""

import csv
import io
from collections.abc import Mapping

import msgspec
from msgspec.structs import replace

from cityloop.packs.columns import DUTIES_FILE, TABLES, Table, Takes
from cityloop.packs.layers import Layer
from cityloop.packs.problems import text_of
from cityloop.packs.tables import columns_of
from cityloop.packs.values import Wrong

Cells = Mapping[str, str]
TABLE_BY_NAME = {table.file.partition(".")[0]: table for table in TABLES}


def records(layer: Layer, table: Table) -> tuple[list[str], dict[int, list[str]]]:
    """The header of a table's file in a layer and its records by the line on which each begins; nothing where it has none."""
    if table.file not in layer.files:
        return [], {}
    reader = csv.reader(io.StringIO(text_of(layer.files[table.file]), newline=""))
    found: dict[int, list[str]] = {}
    line = 1
    for record in reader:
        if record:
            found[line] = record
        line = reader.line_num + 1
    head = [name.strip() for name in found.pop(1, [])]
    return head, found


def header_of(table: Table, languages: tuple[str, ...]) -> list[str]:
    """The columns as a file has them: those of words once for each language."""
    found: list[str] = []
    for column in columns_of(table):
        found += [f"{column.name}_{each}" for each in languages] if column.takes is Takes.words else [column.name]
    return found


def key_of(table: Table, cells: Cells) -> str:
    """What a row is known by: the cells of its key.

    Refuses with `Wrong`.
    """
    parts = [cells.get(name, "").strip() for name in table.key]
    if not all(parts):
        raise Wrong(f"a row of {table.file} has no {' or '.join(table.key)}", "fill its key in")
    return "/".join(parts)


def row_set(layers: tuple[Layer, ...], table: Table, cells: Cells, languages: tuple[str, ...]) -> tuple[Layer, ...]:
    """The layers with the row in the highest one: in the place of the one with its key, or at the end.

    Refuses with `Wrong`.
    """
    top = layers[-1]
    head, rows = records(top, table)
    full = header_of(table, languages)
    wanted = [name for name in full if cells.get(name, "").strip()]
    if unknown := sorted(set(cells) - {*full, *head}):
        raise Wrong(f"{table.file} has no column {unknown[0][:40]!r}", f"use {', '.join(full)}")
    key = key_of(table, cells)
    if missing := [name for name in wanted if name not in head]:
        head, rows = _widened(head, rows, missing if head else full)
    found = next((line for line, row in rows.items() if key_of(table, dict(zip(head, row, strict=False))) == key), None)
    record = [cells.get(name, "").strip() for name in head]
    if missing or (found is None and table.file not in top.files):
        rows = {**rows, found or max(rows, default=1) + 1: record}
        return _laid(layers, table, "".join(_written(each) for each in (head, *rows.values())))
    text = text_of(top.files[table.file])
    lines = text.splitlines(keepends=True)
    if found is None:
        end = "" if text.endswith("\n") else "\n"
        return _laid(layers, table, text + end + _written(record))
    return _laid(layers, table, "".join([*lines[: found - 1], _written(record), *lines[_end(found, rows, lines) - 1 :]]))


def row_out(layers: tuple[Layer, ...], table: Table, key: str) -> tuple[Layer, ...]:
    """The layers without a row that the highest one has.

    Refuses with `Wrong`.
    """
    top = layers[-1]
    head, rows = records(top, table)
    found = next((line for line, row in rows.items() if key_of(table, dict(zip(head, row, strict=False))) == key), None)
    if found is None:
        raise Wrong(
            f"{top.id}/{table.file} has no row {key[:60]!r}",
            f"what a layer below says is taken out by `without` in {top.id}/pack.toml",
        )
    lines = text_of(top.files[table.file]).splitlines(keepends=True)
    return _laid(layers, table, "".join([*lines[: found - 1], *lines[_end(found, rows, lines) - 1 :]]))


def duties_set(layers: tuple[Layer, ...], content: object) -> tuple[Layer, ...]:
    """The layers with another decision table in the highest one."""
    top = layers[-1]
    raw = msgspec.json.format(msgspec.json.encode(content), indent=1) + b"\n"
    return (*layers[:-1], replace(top, files={**top.files, DUTIES_FILE: raw}))


def _widened(
    head: list[str], rows: dict[int, list[str]], more: list[str]
) -> tuple[list[str], dict[int, list[str]]]:  # fmt: skip
    return [*head, *more], {line: [*row, *("" for _ in more)] for line, row in rows.items()}


def _end(line: int, rows: Mapping[int, list[str]], lines: list[str]) -> int:
    """The line on which the next record begins."""
    return min((each for each in rows if each > line), default=len(lines) + 1)


def _written(record: list[str]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerow(record)
    return out.getvalue()


def _laid(layers: tuple[Layer, ...], table: Table, text: str) -> tuple[Layer, ...]:
    top = layers[-1]
    return (*layers[:-1], replace(top, files={**top.files, table.file: text.encode()}))
