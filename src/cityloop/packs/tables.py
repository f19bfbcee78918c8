"""A CSV file as rows whose every cell knows its line and column."""

import csv
import io
import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import Any

from msgspec import Struct

from cityloop.packs.columns import SOURCE, Column, Table, Takes
from cityloop.packs.layers import Layer, not_utf8
from cityloop.packs.problems import Problem
from cityloop.packs.values import LANGUAGE, Known, Wrong, nearest, read_cell, read_class

Key = tuple[Any, ...]
BROKEN: tuple[int, list[str]] = (0, [])


class Row(Struct, frozen=True):
    """A row as read: values by column; columns of words hold language -> words."""

    layer: str
    line: int
    values: dict[str, Any]


class Unread(Struct, frozen=True):
    """A row that could not be read: its first key cell as written; empty if the file broke off."""

    key: str


class Context(Struct, frozen=True, kw_only=True):
    """What a cell must be read with."""

    languages: tuple[str, ...]
    schemes: Collection[str]
    known: Known


class _Spot(Struct, frozen=True):
    """A column of the table found in the header: where, and in which language."""

    index: int
    column: Column
    language: str = ""


def columns_of(table: Table) -> tuple[Column, ...]:
    """The table's columns, with those of the source where rows cite one."""
    return table.columns + (SOURCE if table.cites else ())


def read_table(table: Table, layer: Layer, context: Context, problems: list[Problem]) -> Iterator[Row | Unread]:
    """The rows that can be read; what cannot goes to `problems`, too."""
    raw = layer.files[table.file]
    path = f"{layer.id}/{table.file}"
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        problems.append(not_utf8(path, raw, error))
        yield Unread("")
        return
    records = _records(text, path, problems)
    head = next(records, (1, []))
    spots = _spots(table, head[1], context.languages, path, text, problems) if head != BROKEN else None
    if spots is None:
        yield Unread("")
        return
    key = next(spot.index for spot in spots if spot.column.name == table.key[0])
    known: list[dict[str, Any]] = [{} for _ in spots]  # cells repeat: a class, a unit, a source are read once
    for line, record in records:
        if not line:
            yield Unread("")
        elif len(record) != len(head[1]):
            what = f"the row has {len(record)} cells, the header {len(head[1])}"
            problems.append(_problem(path, line, 1, what, "quote cells that hold a comma; write empty cells too"))
            yield Unread(record[key].strip() if key < len(record) else "")
        else:
            values, wrong = _values(spots, record, context, known)
            problems += [_at(path, text, line, index, error) for index, error in wrong]
            yield Unread(record[key].strip()) if wrong else Row(layer.id, line, values)


def _values(
    spots: list[_Spot], record: list[str], context: Context, known: list[dict[str, Any]]
) -> tuple[dict[str, Any], list[tuple[int, Wrong]]]:
    """The record's values, and what is wrong at which cell. `known`: by column, what a cell's text was read as before."""
    values: dict[str, Any] = {}
    wrong: list[tuple[int, Wrong]] = []
    for spot, seen in zip(spots, known, strict=True):
        raw = record[spot.index]
        value = seen.get(raw)
        if value is None:
            try:
                value = seen[raw] = _value(spot, raw, context)
            except Wrong as error:
                wrong.append((spot.index, error))
                continue
        if spot.language:
            values.setdefault(spot.column.name, {})[spot.language] = value
        else:
            values[spot.column.name] = value
    return values, wrong


def _value(spot: _Spot, raw: str, context: Context) -> Any:
    """One cell as a value; refuses with `Wrong`."""
    if spot.language:
        return _words(spot.column, spot.language, raw)
    if spot.column.takes is Takes.class_key and not spot.column.needed and not raw.strip():
        return ""
    if spot.column.takes is Takes.class_key:
        return read_class(raw, context.schemes, context.known)
    return read_cell(spot.column, raw)


def _words(column: Column, language: str, raw: str) -> str:
    if not raw.strip():
        raise Wrong(
            f"{column.name}_{language} is empty", f"fill it in: {column.says}, in {language}, a language of the pack"
        )
    return raw.strip()


def _records(text: str, path: str, problems: list[Problem]) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line it begins on; blank lines are left out; `BROKEN` where the file stops being CSV."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for record in reader:
            if record:
                yield line, record
            line = reader.line_num + 1
    except csv.Error as error:
        problems.append(_problem(path, line, 1, f"not CSV: {error}", "close every quote; double a quote inside quotes"))
        yield BROKEN


def _spots(
    table: Table, head: list[str], languages: tuple[str, ...], path: str, text: str, problems: list[Problem]
) -> list[_Spot] | None:
    """Where each column stands in the header; None if the table cannot be read."""
    names = [each.strip() for each in head]
    plain = {each.name: each for each in columns_of(table)}
    full = {
        f"{each.name}_{language}" if language else each.name: (each, language)
        for each in plain.values()
        for language in (languages if each.takes is Takes.words else ("",))
    }
    fine = True
    for index, name in enumerate(names):
        if names.index(name) != index:
            problems.append(_at(path, text, 1, index, Wrong(f"column {name!r} stands twice", "take one out")))
            fine = False
        elif name not in full and not _other_language(name, plain):
            problems.append(_at(path, text, 1, index, Wrong(f"column {name!r} is unknown", nearest(name, tuple(full)))))
    for name, (column, _) in full.items():
        if name not in names and (column.needed or column.takes is Takes.words):
            problems.append(_problem(path, 1, 1, f"column {name!r} is missing", f"add it: {column.says}"))
            fine = False
    if not fine:
        return None
    return [_Spot(names.index(name), *pair) for name, pair in full.items() if name in names]


def _other_language(name: str, plain: dict[str, Column]) -> bool:
    """A column of words in a language the pack does not declare may stand there unused."""
    stem, _, language = name.rpartition("_")
    return stem in plain and plain[stem].takes is Takes.words and bool(LANGUAGE.fullmatch(language))


def _at(path: str, text: str, line: int, index: int, error: Wrong) -> Problem:
    at_line, column = cell_place(text, line, index)
    return _problem(path, at_line, column, error.what, error.remedy)


def _problem(path: str, line: int, column: int, what: str, remedy: str) -> Problem:
    return Problem(file=path, line=line, column=column, what=what, remedy=remedy)


CELL = re.compile(r'"(?:[^"]|"")*"|[^,\n]*')


def cell_place(text: str, line: int, index: int) -> tuple[int, int]:
    """Line and column at which cell `index` of the record that begins on `line` begins.

    >>> cell_place('a,b\\n"x, y",z\\n', 2, 1)
    (2, 8)
    """
    at = start = _starts(text)[line - 1]
    for _ in range(index):
        found = CELL.match(text, at)
        at = (found.end() if found else at) + 1
    at = min(at, len(text))
    return line + text.count("\n", start, at), at - (text.rfind("\n", 0, at) + 1) + 1


@lru_cache(maxsize=4)
def _starts(text: str) -> list[int]:
    """Where each line begins."""
    return [0, *(found.end() for found in re.finditer("\n", text))]
