"""Every table declares its kind, and its key begins with the city."""

import re

import pytest

from cityloop.db.tables import columns_added, migration_files, tables_in

_CREATE = re.compile(r"CREATE TABLE (?:IF NOT EXISTS )?(\w+)")


def complaints(sql: str) -> list[str]:
    """Tables of a migration that say no kind, or whose key does not begin with the city."""
    try:
        declared = tables_in(sql)
    except (AssertionError, ValueError) as error:
        return [str(error)]
    found = [f"{name} declares no kind" for name in _CREATE.findall(sql) if name not in declared]
    found += [f"the key of {name} does not begin with the city" for name, t in declared.items() if t.key[0] != "city"]
    return found + [f"{name} has no column city" for name, t in declared.items() if "city" not in t.columns]


@pytest.mark.parametrize("path", migration_files(), ids=lambda path: path.stem)
def test_every_table_declares_its_kind(path):
    """The kind says who may write it, whether replay makes it again, and whether erasing reaches it."""
    assert complaints(path.read_text()) == []


@pytest.mark.parametrize("path", migration_files(), ids=lambda path: path.stem)
def test_every_added_column_is_known(path):
    """A column that is read over is none for PostgreSQL, which is told the type of each."""
    sql = path.read_text()
    assert len(columns_added(sql)) == sql.count("ADD COLUMN")


def test_every_migration_has_a_number_of_its_own():
    """They run in the order of their numbers, once each, for ever; so no two share one."""
    numbers = [int(path.stem[:4]) for path in migration_files()]
    assert numbers == sorted(set(numbers))


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE TABLE loose (\n  city {text} NOT NULL,\n  PRIMARY KEY (city)\n);",
        "-- kind: secret\nCREATE TABLE loose (\n  city {text} NOT NULL,\n  PRIMARY KEY (city)\n);",
        "-- kind: derived\nCREATE TABLE loose (\n  city {text} NOT NULL,\n  id {text} NOT NULL,\n  PRIMARY KEY (id)\n);",
        "-- kind: derived\nCREATE TABLE loose (\n  id {text} NOT NULL,\n  PRIMARY KEY (city, id)\n);",
        "-- kind: derived\nCREATE TABLE loose (\n  city {text} NOT NULL\n);",
    ],
)
def test_a_planted_table_is_seen(sql):
    assert complaints(sql)
