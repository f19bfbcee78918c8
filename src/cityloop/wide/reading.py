"""What is read of an archive at one moment: the files that stand, and the images that are not sealed yet."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
from msgspec import Struct

from cityloop.domain.errors import Unavailable
from cityloop.wide.columns import FOREVER, SPINE, image_schema
from cityloop.wide.shadow import At, at_of


class NotKept(Unavailable):
    """No archive was made yet."""

    code = "wide.not_kept"


class File(Struct, frozen=True):
    """A file of the archive: of which table (`what`), and whether it holds images that stand (`now`), that stood (`past`), as
    they came (`round`), or facts (`fact`); `period` is a month, or a day of facts.
    """

    path: str
    kind: str
    what: str
    period: str
    row_count: int
    size_bytes: int
    last_seq: int


class Standing(Struct, frozen=True):
    """The archive at a moment. `tail`: by table, the images after `at.sealed`."""

    at: At
    files: tuple[File, ...]
    tail: dict[str, pa.Table]

    def paths(self, folder: Path, what: str, *kinds: str) -> list[str]:
        """Where the files of a table lie."""
        return [str(folder / each.path) for each in self.files if each.what == what and each.kind in kinds]


def file_of(path: Path) -> tuple[int, int]:
    """Which file a shadow is: another one, where it was made anew.

    Refuses with `NotKept`.
    """
    try:
        found = path.stat()
    except FileNotFoundError:
        raise NotKept(
            "The facts have not been kept as columns yet; run `cityloop wide build`, or let the server run for a while."
        ) from None
    return found.st_dev, found.st_ino


@contextmanager
def looking(folder: Path) -> Iterator[sqlite3.Connection]:
    """A look at the shadow, that sees one moment.

    Refuses with `NotKept`.
    """
    path = folder / "shadow.db"
    file_of(path)
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA busy_timeout = 15000")
        connection.execute("BEGIN")
        yield connection
    finally:
        connection.close()


def standing(folder: Path) -> Standing:
    """What there is to read now."""
    with looking(folder) as connection:
        at, files = at_of(connection.execute), files_of(connection)
        return Standing(at=at, files=files, tail={table: images_of(connection, table, at.sealed) for table in SPINE})


def files_of(connection: sqlite3.Connection) -> tuple[File, ...]:
    """The files that stand."""
    rows = connection.execute("SELECT path, kind, what, period, row_count, size_bytes, last_seq FROM wide_file ORDER BY path")
    return tuple(File(*row) for row in rows)


def images_of(connection: sqlite3.Connection, table: str, after: int, to: int = FOREVER) -> pa.Table:
    """The images of a table after a fact, as they came."""
    schema = image_schema(table, closed=False)
    rows = connection.execute(
        f"SELECT {', '.join(schema.names)} FROM image_{table} WHERE from_seq > ? AND from_seq <= ? ORDER BY from_seq", (after, to)
    ).fetchall()
    columns = zip(*rows, strict=True) if rows else ([] for _ in schema.names)
    return pa.Table.from_arrays([pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)], schema=schema)
