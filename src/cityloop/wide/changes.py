"""What facts changed between two moments: the cases that they touched, with all their rows, as of either.

Of a sum over millions of rows only these few need be looked at again. They are laid into tables of this connection's own, which hide
those of the shadow, so that a statement over the city's tables reads them and nothing else.
"""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from cityloop.db import Tx
from cityloop.db.sqlite import Sqlite
from cityloop.domain.ids import CityId
from cityloop.wide.columns import INT, REAL, SPINE
from cityloop.wide.reading import file_of
from cityloop.wide.shadow import At, at_of

CASES_MAX = 2_000  # to look at more takes longer than to ask anew
_KINDS = {INT: "INTEGER", REAL: "REAL"}
_OF_CASE = ("report", "task", "hold", "appeal")


class Seen(Struct, frozen=True):
    """A fact, and the moment of asking."""

    seq: int
    now: datetime


class Changes:
    """The changes of one city, read from the shadow beside whoever follows the journal. Whoever asks waits for another."""

    def __init__(self, folder: Path, city: CityId):
        self._path = folder / "shadow.db"
        self._city = city
        self._lock = threading.Lock()
        self._engine: Sqlite | None = None
        self._file: tuple[int, int] | None = None

    def at(self) -> tuple[tuple[int, int], At]:
        """Which file is read, and how far it is: of another file nothing that was kept holds.

        Refuses with `NotKept`.
        """
        with self._lock:
            run = self._open().connection.execute
            return self._file, at_of(run)  # type: ignore[return-value]

    @contextmanager
    def between(self, one: Seen, other: Seen) -> Iterator[Callable[[Seen], Tx] | None]:
        """What reads the rows of the touched cases as of either; None where too many were, or it is no longer known."""
        with self._lock:
            engine = self._open()
            engine.begin()
            try:
                known = _touched(Tx(engine, self._city, None, one.now), one, other)
                yield (lambda seen: _laid(engine, self._city, seen)) if known else None
            finally:
                engine.rollback()

    def _open(self) -> Sqlite:
        """The connection, opened again where the shadow was made anew."""
        file = file_of(self._path)
        if self._engine is None or self._file != file:
            if self._engine is not None:
                self._engine.close()
            self._engine, self._file = Sqlite(self._path, read_only=True), file
            _prepare(self._engine.connection)
        return self._engine

    def close(self) -> None:
        """Let go."""
        with self._lock:
            if self._engine is not None:
                self._engine.close()
            self._engine = None


def _prepare(connection: sqlite3.Connection) -> None:
    """Tables that hide those of the shadow, and which cases and reports are looked at."""
    for table, columns in SPINE.items():
        made = ", ".join(f"{name} {_KINDS.get(kind, 'TEXT')}" for name, kind in columns.items())
        connection.execute(f"CREATE TEMP TABLE {table} (city TEXT, {made}, PRIMARY KEY (city, id)) WITHOUT ROWID")
        if table in _OF_CASE:
            connection.execute(f"CREATE INDEX temp.{table}_of_case ON {table} (city, case_id)")
    for name in ("touched_case", "touched_report"):
        connection.execute(f"CREATE TEMP TABLE {name} (id TEXT PRIMARY KEY) WITHOUT ROWID")


def _touched(tx: Tx, one: Seen, other: Seen) -> bool:
    """Find the cases and reports that any fact after the earlier one touched, or the clock; whether they are known and few."""
    after = min(one.seq, other.seq)
    if after < tx.value("SELECT after FROM main.wide_found"):
        return False
    for name in ("touched_case", "touched_report"):
        tx.run(f"DELETE FROM temp.{name}")
    given: dict[str, object] = {"after": after}
    cases = ["SELECT id FROM main.found_case_file WHERE seq > :after"]
    for table in _OF_CASE:
        cases.append(f"SELECT case_id FROM main.found_{table} WHERE seq > :after")
        cases.append(
            f"SELECT case_id FROM main.{table} WHERE city = :city AND id IN (SELECT id FROM main.found_{table} WHERE seq > :after)"
        )
    if one.now != other.now:
        # what waits became late, or is not late yet
        cases.append("SELECT case_id FROM main.task WHERE city = :city AND ended_at IS NULL AND due_at >= :since AND due_at <= :until")
        given |= {"since": min(one.now, other.now), "until": max(one.now, other.now)}
    tx.run(f"INSERT INTO temp.touched_case SELECT id FROM ({' UNION '.join(cases)}) WHERE id IS NOT NULL", **given)
    if tx.value("SELECT COUNT(*) FROM temp.touched_case") > CASES_MAX:
        return False
    first = "SELECT report_id FROM main.case_file WHERE city = :city AND id IN (SELECT id FROM temp.touched_case)"
    reports = [
        "SELECT id FROM main.found_report WHERE seq > :after",
        "SELECT report_id FROM main.found_case_file WHERE seq > :after", first,
        "SELECT id FROM main.report WHERE city = :city AND case_id IN (SELECT id FROM temp.touched_case)",
    ]  # fmt: skip
    tx.run(f"INSERT INTO temp.touched_report SELECT id FROM ({' UNION '.join(reports)}) WHERE id IS NOT NULL", after=after)
    return tx.value("SELECT COUNT(*) FROM temp.touched_report") <= CASES_MAX


def _laid(engine: Sqlite, city: CityId, seen: Seen) -> Tx:
    """The rows of what was touched as of a fact: those of now, and in place of those that a later fact changed, what it found."""
    tx = Tx(engine, city, None, seen.now)
    for table, columns in SPINE.items():
        names = ", ".join(columns)
        near = "report" if table == "report" else "case"
        key = "id" if table in ("report", "case_file") else "case_id"
        tx.run(f"DELETE FROM temp.{table}")
        tx.run(
            f"INSERT INTO temp.{table} (city, {names}) SELECT city, {names} FROM main.{table} "
            f"WHERE city = :city AND {key} IN (SELECT id FROM temp.touched_{near})"
        )
        later = f"FROM main.found_{table} WHERE seq > :seq"
        tx.run(f"DELETE FROM temp.{table} WHERE city = :city AND id IN (SELECT id {later})", seq=seen.seq)
        tx.run(
            f"INSERT INTO temp.{table} (city, {names}) SELECT :city, {names} FROM (SELECT *, row_number() OVER "
            f"(PARTITION BY id ORDER BY seq) AS nth {later}) WHERE nth = 1 AND there = 1",
            seq=seen.seq,
        )  # fmt: skip
    return tx
