"""Every table with its kind and columns, read from the numbered migrations: one text for both engines."""

import re
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path

from msgspec import Struct

MIGRATIONS = Path(__file__).parent / "migrations"
_TABLE = re.compile(r"-- kind: (\w+)(?:[^\n]*)\nCREATE TABLE (\w+) \((.*?)\n\)", re.S)
_KEY = re.compile(r"PRIMARY KEY \(([^)]*)\)")
_COLUMN = re.compile(r"^\s*(\w+)\s+\{(text|bytes|int|real)\}", re.M)
_ADDED = re.compile(r"^ALTER TABLE (\w+) ADD COLUMN (\w+) \{(text|bytes|int|real)\}[^;\n]*;", re.M)


class Kind(StrEnum):
    """Who may write a table, and whether replay makes it again."""

    derived = "derived"  # by apply only; replay makes it again
    vault = "vault"  # personal data, texts, files, secrets, salts; never replayed, can be erased
    index = "index"  # can be rebuilt: tiles, search
    log = "log"  # facts, checkpoints, pack bytes: insert only
    machinery = "machinery"  # cursors, keys, sessions, held facts, leases


class Table(Struct, frozen=True, kw_only=True):
    """A table as the migrations declare it. Column types are text, bytes, int or real."""

    name: str
    kind: Kind
    columns: dict[str, str]
    key: tuple[str, ...]


def migration_files() -> list[Path]:
    """The numbered migrations in their order."""
    return sorted(MIGRATIONS.glob("[0-9]*.sql"))


def tables_in(sql: str) -> dict[str, Table]:
    """The tables that a migration creates."""
    found = {}
    for kind, name, inside in _TABLE.findall(sql):
        key = _KEY.search(inside)
        assert key, f"table {name} has no PRIMARY KEY line"
        found[name] = Table(
            name=name,
            kind=Kind(kind),
            columns=dict(_COLUMN.findall(inside)),
            key=tuple(part.strip() for part in key[1].split(",")),
        )
    return found


def columns_added(sql: str) -> list[tuple[str, str, str]]:
    """The columns that a migration adds to tables of earlier ones: table, name, type."""
    return _ADDED.findall(sql)


def tables_after(migrations: Iterable[Path]) -> dict[str, Table]:
    """The tables as they are once these migrations have run."""
    found: dict[str, Table] = {}
    for path in migrations:
        sql = path.read_text()
        found |= tables_in(sql)
        for table, name, word in columns_added(sql):
            found[table].columns[name] = word
    return found


TABLES: dict[str, Table] = tables_after(migration_files())


def tables_of(kind: Kind) -> list[Table]:
    """The tables of one kind, by name."""
    return sorted((each for each in TABLES.values() if each.kind is kind), key=lambda each: each.name)
