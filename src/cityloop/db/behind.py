"""Rows written behind: kept until somebody reads their table, then sent as few statements as they need."""

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple, get_type_hints

import msgspec
from msgspec.structs import astuple

from cityloop.db.tables import TABLES
from cityloop.domain.time import utc_text


class Way(StrEnum):
    """How rows reach their table."""

    new = "new"  # rows that must be new
    whole = "whole"  # rows that are new or replace what is there
    changed = "changed"  # some columns of rows that are there
    sum = "sum"  # numbers added to what is there; a missing row counts as zeros


class Batch(NamedTuple):
    """Rows for one statement. Shape: of `changed` the columns that change come first, then the key."""

    way: Way
    table: str
    columns: tuple[str, ...]
    rows: list[tuple]


class Kept:
    """What a transaction keeps of one table.

    A row whose former self was read in the same transaction is sent as the columns in which it differs: an index
    whose columns did not change is then left alone.
    """

    def __init__(self, table: str):
        self.table = table
        self.key = TABLES[table].key[1:]
        self.added: dict[tuple, msgspec.Struct] = {}
        self.put: dict[tuple, msgspec.Struct] = {}
        self.before: dict[tuple, msgspec.Struct | None] = {}
        self.sums: dict[tuple, msgspec.Struct] = {}

    def batches(self, city: str) -> Iterable[Batch]:
        """The statements that bring the table up to date; each key comes once."""
        if self.added:
            yield self._rows(Way.new, city, self.added.values())
        whole, changed = [], {}
        for key, row in self.put.items():
            before = self.before[key]
            if before is None:
                whole.append(row)
            elif differing := _differing(before, row):
                changed.setdefault((type(row), differing), []).append((key, row))
        if whole:
            yield self._rows(Way.whole, city, whole)
        for (kind, places), rows in changed.items():
            columns = (*[kind.__struct_fields__[place] for place in places], "city", *self.key)
            values = []
            for key, row in rows:
                every = values_of(row)
                values.append((*[every[place] for place in places], city, *key))
            yield Batch(Way.changed, self.table, columns, values)
        if self.sums:
            yield self._rows(Way.sum, city, [self.sums[key] for key in sorted(self.sums)])

    def _rows(self, way: Way, city: str, rows: Iterable[msgspec.Struct]) -> Batch:
        kept = list(rows)
        return Batch(way, self.table, ("city", *kept[0].__struct_fields__), [(city, *values_of(row)) for row in kept])


def plain(value: Any) -> Any:
    """A value as both engines keep it: moments as fixed-width UTC text, days as text, switches as 0 and 1."""
    if type(value) is datetime:
        return utc_text(value)
    if type(value) is date:
        return value.isoformat()
    if type(value) is bool:
        return int(value)
    return value


def values_of(row: msgspec.Struct) -> list[Any]:
    """The row's values as both engines keep them."""
    values = list(astuple(row))
    for place in _to_change(type(row)):
        value = values[place]
        if value is not None:
            values[place] = plain(value)
    return values


def _differing(before: msgspec.Struct, after: msgspec.Struct) -> tuple[int, ...]:
    pairs = zip(astuple(before), astuple(after), strict=True)
    return tuple([place for place, (old, new) in enumerate(pairs) if old is not new and old != new])


@lru_cache(256)
def _to_change(kind: type[msgspec.Struct]) -> tuple[int, ...]:
    """Places of fields that are no plain text, number or bytes: only they are looked at, row by row."""
    hints = get_type_hints(kind)
    return tuple(
        i
        for i, name in enumerate(kind.__struct_fields__)
        if "datetime" in str(hints[name]) or "bool" in str(hints[name])
    )


@lru_cache(1024)
def clause(way: Way, table: str, columns: tuple[str, ...]) -> str:
    """What an INSERT of these rows says of rows that are there; the same words on both engines."""
    if way is Way.new:
        return ""
    key = TABLES[table].key
    others = [name for name in columns if name not in key]
    told = [
        f"{name} = excluded.{name}" if way is Way.whole else f"{name} = {table}.{name} + excluded.{name}"
        for name in others
    ]
    return f" ON CONFLICT ({', '.join(key)}) DO " + (f"UPDATE SET {', '.join(told)}" if told else "NOTHING")
