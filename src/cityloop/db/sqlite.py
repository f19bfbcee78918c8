"""The embedded engine: one file a city, WAL, every commit synced."""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from cityloop.db.behind import Batch, Way, clause
from cityloop.db.tables import TABLES

WORDS = {
    "text": "TEXT", "bytes": "BLOB", "int": "INTEGER", "real": "REAL",
    "only_sqlite": "", "only_postgres": "-- ",
}  # fmt: skip
BUSY_MS = 15_000  # to wait for another process that writes
FOUND_MAX = 2_000  # rows that a search looks at
WORN = 500  # levels of the search's index, after which it is made anew: two come with each forgetting, beyond 2,000 none is read
HEAD = "SELECT max(subject_no) FROM fact WHERE city = ? AND subject = ?"


class Sqlite:
    """One connection. Writers begin immediately, so that two processes wait for each other and never fail late."""

    broken = (sqlite3.Error,)  # what a failed statement or commit raises
    unreachable = ()  # a file that cannot be opened says so itself
    again = (sqlite3.OperationalError,)  # what may succeed when tried once more
    overlap = timedelta(0)  # one writes at a time: whatever began before has ended

    def __init__(self, path: str | Path, *, read_only: bool = False):
        uri = f"file:{path}?mode=ro" if read_only else f"file:{path}"
        self.connection = sqlite3.connect(
            uri, uri=True, isolation_level=None, check_same_thread=False, cached_statements=512
        )
        self.read_only = read_only
        run = self.connection.execute
        run(f"PRAGMA busy_timeout = {BUSY_MS}")
        if not read_only:
            run("PRAGMA journal_mode = WAL")
        run("PRAGMA synchronous = FULL")
        run("PRAGMA secure_delete = ON")  # what is erased is overwritten, not only forgotten
        run("PRAGMA temp_store = MEMORY")
        run("PRAGMA wal_autocheckpoint = 8000")  # 32 MB: pages that change often reach the file once, not each second
        run("PRAGMA cache_size = -65536" if not read_only else "PRAGMA cache_size = -16384")

    def begin(self) -> None:
        self.connection.execute("BEGIN" if self.read_only else "BEGIN IMMEDIATE")

    def commit(self) -> None:
        self.connection.execute("COMMIT")

    def rollback(self) -> None:
        if self.connection.in_transaction:
            self.connection.execute("ROLLBACK")

    def fetch(self, sql: str, params: dict[str, Any]) -> tuple[tuple[str, ...], list[tuple]]:
        cursor = self.connection.execute(sql, params)
        rows = cursor.fetchall()
        return tuple([column[0] for column in cursor.description or ()]), rows

    def tally(self, sql: str, params: dict[str, Any], width: int) -> Iterable[tuple[tuple, int]]:
        """Each different row, and how often it comes. Counted here: a GROUP BY sorts every row first."""
        return Counter(self.connection.execute(sql, params)).items()

    def fetch_keys(self, table: str, key: str, columns: tuple[str, ...], city: str, keys: list[str]) -> list[tuple]:
        """Rows by key. One statement each: here they cost less than a list would."""
        sql = f"SELECT {', '.join(columns)} FROM {table} WHERE city = ? AND {key} = ?"
        found = [self.connection.execute(sql, (city, each)).fetchone() for each in keys]
        return [row for row in found if row]

    def fetch_each(self, sql: str, asked: list[dict[str, Any]]) -> tuple[tuple[str, ...], list[list[tuple]]]:
        """The rows of a SELECT for each set of parameters."""
        columns: tuple[str, ...] = ()
        found = []
        for params in asked:
            columns, rows = self.fetch(sql, params)
            found.append(rows)
        return columns, found

    def execute(self, sql: str, params: dict[str, Any]) -> int:
        return self.connection.execute(sql, params).rowcount

    def write(self, batches: list[Batch]) -> None:
        for batch in batches:
            self.connection.executemany(_statement(batch.way, batch.table, batch.columns), batch.rows)

    def containing(self, name: str, wanted: Sequence[Sequence[str]]) -> tuple[str, str]:
        """The condition that a row of `case_words` holds one of each group, and the value of its parameter; by FTS5.

        Of words that very many hold, the newest rows: ids grow with time.
        """
        asked = " AND ".join("(" + " OR ".join(f'"{each}"' for each in group) + ")" for group in wanted)
        found = "id IN (SELECT rowid FROM case_words_found WHERE case_words_found MATCH :"
        return f"{found}{name} ORDER BY rowid DESC LIMIT {FOUND_MAX})", asked

    def forget(self) -> None:
        """Write what FTS5 keeps anew, so that nothing is left there of words that were erased.

        Took 0.3 s for a hundred thousand rows of sixty words; made anew, 7 s. SQLite before 3.41 leaves empty levels each time, which only the slow way takes away.
        """
        how = "rebuild" if levels_of(self.connection) > WORN else "optimize"
        self.connection.execute("INSERT INTO case_words_found (case_words_found) VALUES (?)", (how,))

    def wipe(self, wait_ms: int) -> None:
        """Let nothing be left in the write-ahead log of what was erased. Who reads an older moment is waited for as long as this;
        if they still do, the next commits write over it."""
        self.connection.execute(f"PRAGMA busy_timeout = {wait_ms}")
        self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")

    def heads(self, city: str, subjects: list[str], also: Iterable[str] = ()) -> dict[str, int]:
        """The last number of each subject. The one writer holds the file, so they are locked already, as is all else."""
        fetch = self.connection.execute
        found = {}
        for subject in subjects:
            row = fetch(HEAD, (city, subject)).fetchone()
            if row[0] is not None:
                found[subject] = row[0]
        return found

    def alone(self, name: str) -> bool:
        """True: on one machine the process that writes is the one that may do a thing alone."""
        return True

    def let_go(self, name: str) -> None:
        """Nothing to do."""

    def let_all_go(self) -> None:
        """Nothing to do."""

    def one_by_one(self, name: str) -> AbstractContextManager[None]:
        """Nothing to do: one process writes."""
        return nullcontext()

    def settle(self, size: int) -> None:
        """Nothing to do: an index is chosen by how many of its columns a statement pins."""

    def script(self, sql: str) -> None:
        for statement in sql.split(";\n"):
            if statement.strip():
                self.connection.execute(statement)

    def close(self) -> None:
        self.connection.close()


@lru_cache(1024)
def _statement(way: Way, table: str, columns: tuple[str, ...]) -> str:
    if way is Way.changed:
        key = TABLES[table].key[1:]
        changed = columns[: -len(key) - 1]
        return (
            f"UPDATE {table} SET {', '.join(f'{name} = ?' for name in changed)} "
            f"WHERE city = ? AND {' AND '.join(f'{name} = ?' for name in key)}"
        )
    marks = ", ".join("?" * len(columns))
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks}){clause(way, table, columns)}"


def levels_of(connection: sqlite3.Connection) -> int:
    """Levels of the search's index, empty ones too. Source: the structure record in SQLite's fts5_index.c: a cookie of four bytes,
    a mark of four where deletions are secure, then the count as SQLite's varint."""
    raw = connection.execute("SELECT block FROM case_words_found_data WHERE id = 10").fetchone()[0]
    at = 8 if raw[4:8] == b"\xff\x00\x00\x01" else 4
    count = 0
    for byte in raw[at : at + 9]:
        count = count << 7 | byte & 0x7F
        if byte < 0x80:
            break
    return count
