"""Triggers that keep each row of the spine as each fact left it, and found it: what the shadow is beside an ordinary replay."""

import sqlite3

from cityloop.wide.columns import INT, MOMENT, REAL, SPINE, TEXT

_OWN = """CREATE TABLE IF NOT EXISTS wide_at (only_one INTEGER PRIMARY KEY CHECK (only_one = 1), seq INTEGER NOT NULL,
  recorded INTEGER NOT NULL, digest BLOB, sealed INTEGER NOT NULL, settled INTEGER NOT NULL, given INTEGER NOT NULL);
INSERT OR IGNORE INTO wide_at VALUES (1, 0, 0, NULL, 0, 0, 0);
CREATE TABLE IF NOT EXISTS wide_mark (seq INTEGER PRIMARY KEY, recorded INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS wide_mark_recorded ON wide_mark (recorded);
CREATE TABLE IF NOT EXISTS wide_file (path TEXT PRIMARY KEY, kind TEXT NOT NULL, what TEXT NOT NULL, period TEXT NOT NULL,
  row_count INTEGER NOT NULL, size_bytes INTEGER NOT NULL, last_seq INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS wide_made_by (key TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS wide_found (only_one INTEGER PRIMARY KEY CHECK (only_one = 1), after INTEGER NOT NULL);
INSERT OR IGNORE INTO wide_found SELECT 1, seq FROM wide_at"""

_STORED = {TEXT: "TEXT", REAL: "REAL"}
_FOUND = {INT: "INTEGER", REAL: "REAL"}  # as the row itself has it: a moment is text


def prepare(connection: sqlite3.Connection) -> None:
    """Make the tables of images, where they are not there yet."""
    for statement in _OWN.split(";\n"):
        connection.execute(statement)
    for table, columns in SPINE.items():
        made = ", ".join(f"{name} {_STORED.get(kind, 'INTEGER')}" for name, kind in columns.items())
        connection.execute(
            f"CREATE TABLE IF NOT EXISTS image_{table} (from_seq INTEGER, gone INTEGER, {made}, PRIMARY KEY (from_seq, id)) WITHOUT ROWID"
        )
        made = ", ".join(f"{name} {_FOUND.get(kind, 'TEXT')}" for name, kind in columns.items())
        connection.execute(
            f"CREATE TABLE IF NOT EXISTS found_{table} (seq INTEGER, there INTEGER, {made}, PRIMARY KEY (seq, id)) WITHOUT ROWID"
        )


def watch(connection: sqlite3.Connection) -> None:
    """From here on this connection writes an image of each row that a fact changes. `wide_seq()` says which fact that is."""
    for table, columns in SPINE.items():
        changed = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in columns)
        for event, row, gone, when in (
            ("INSERT", "NEW", 0, ""), ("UPDATE", "NEW", 0, f"WHEN {changed}"), ("DELETE", "OLD", 1, ""),
        ):  # fmt: skip
            values = ", ".join(kept_as(f"{row}.{name}", kind) for name, kind in columns.items())
            connection.execute(
                f"CREATE TEMP TRIGGER wide_{table}_{event.lower()} AFTER {event} ON main.{table} {when} BEGIN "
                f"INSERT OR REPLACE INTO image_{table} VALUES (wide_seq(), {gone}, {values}); {_found(table, event)}; END"
            )


def _found(table: str, event: str) -> str:
    """Keeps a row as the fact found it, before it changed it the first time."""
    there, row = (0, "NEW") if event == "INSERT" else (1, "OLD")
    values = ", ".join(f"{row}.{name}" if there or name == "id" else "NULL" for name in SPINE[table])
    known = f"SELECT 1 FROM found_{table} AS known WHERE known.seq = wide_seq() AND known.id = {row}.id"
    return f"INSERT INTO found_{table} SELECT wide_seq(), {there}, {values} WHERE NOT EXISTS ({known})"


def forget_found(after: int) -> list[str]:
    """The statements that keep of what facts found what those after this one did."""
    return [
        f"UPDATE wide_found SET after = {after} WHERE after < {after}",
        *(f"DELETE FROM found_{table} WHERE seq <= {after}" for table in SPINE),
    ]


def kept_as(name: str, kind: str) -> str:
    """A column as it is kept. Units: a moment in µs since 1970, exactly (the text has 27 characters)."""
    if kind != MOMENT:
        return name
    return f"CAST(strftime('%s', substr({name}, 1, 19)) AS INTEGER) * 1000000 + CAST(substr({name}, 21, 6) AS INTEGER)"
