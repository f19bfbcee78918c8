"""The city's engine: PostgreSQL, one writer connection a process, many rows to a statement."""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from functools import lru_cache
from typing import Any

import psycopg
from psycopg.types.string import StrDumper

from cityloop.db.behind import Batch, Way, clause
from cityloop.db.tables import TABLES

WORDS = {
    "text": 'text COLLATE "C"', "bytes": "bytea", "int": "bigint", "real": "double precision",
    "only_sqlite": "-- ", "only_postgres": "",
}  # fmt: skip
_ARRAY = {"text": "text[]", "bytes": "bytea[]", "int": "bigint[]", "real": "float8[]"}
_KINDS = {str: "text", int: "int", float: "real"}
_NAMED = re.compile(r"(?<![:\w]):([a-z_]\w*)")
# Statements here touch few rows by key. A plan made while a table was empty must not scan it when it is full.
SHORT = "-c jit=off -c enable_seqscan=off -c timezone=UTC"
_LOCK = """
SELECT count(pg_advisory_xact_lock(k)) FROM
  (SELECT hashtextextended(s, 0) AS k FROM unnest($1::text[]) AS s ORDER BY k) AS wanted"""
_HEADS = """
SELECT s, h.no FROM unnest($1::text[]) AS s, LATERAL (
  SELECT subject_no AS no FROM fact WHERE city = $2 AND subject = s ORDER BY subject_no DESC LIMIT 1) AS h"""


class Postgres:
    """One connection. Statements are prepared; rows of one table go in one statement by UNNEST."""

    broken = (psycopg.Error,)
    unreachable = (psycopg.OperationalError,)  # what a connection that is refused raises
    again = (psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure, psycopg.errors.UniqueViolation)
    overlap = timedelta(seconds=1)  # longer than a change lasts, and than the clocks of its machines differ

    def __init__(self, dsn: str, *, read_only: bool = False):
        self.connection = psycopg.connect(dsn, autocommit=True, prepare_threshold=1, options=SHORT)
        self.connection.adapters.register_dumper(str, StrDumper)  # text, not "unknown": prepared once for all
        self.connection.prepared_max = 500
        self.read_only = read_only
        self._counted_at = 500
        self.connection.cursor_factory = psycopg.RawCursor  # we number the parameters, once for each text
        self._cursor = self.connection.cursor()

    def begin(self) -> None:
        self._cursor.execute("BEGIN READ ONLY ISOLATION LEVEL REPEATABLE READ" if self.read_only else "BEGIN")

    def commit(self) -> None:
        self._cursor.execute("COMMIT")

    def rollback(self) -> None:
        if not self.connection.closed and self.connection.info.transaction_status:
            self._cursor.execute("ROLLBACK")

    def fetch(self, sql: str, params: dict[str, Any]) -> tuple[tuple[str, ...], list[tuple]]:
        text, names = _numbered(sql)
        cursor = self._cursor.execute(text, [params[name] for name in names], binary=True)
        return tuple([column.name for column in cursor.description or ()]), cursor.fetchall()

    def tally(self, sql: str, params: dict[str, Any], width: int) -> Iterable[tuple[tuple, int]]:
        """Each different row, and how often it comes."""
        columns = ", ".join(str(place) for place in range(1, width + 1))
        rows = self.fetch(f"SELECT *, count(*) FROM ({sql}) AS each GROUP BY {columns}", params)[1]
        return [(row[:-1], row[-1]) for row in rows]

    def fetch_keys(self, table: str, key: str, columns: tuple[str, ...], city: str, keys: list[str]) -> list[tuple]:
        """Rows by key, in one statement."""
        picked, kind = ", ".join(f"one.{name}" for name in columns), TABLES[table].columns[key]
        sql = (
            f"SELECT {picked} FROM unnest($1::{_ARRAY[kind]}) AS wanted, LATERAL "
            f"(SELECT * FROM {table} WHERE city = $2 AND {key} = wanted LIMIT 1) AS one"
        )
        return self.connection.execute(sql, [_array(kind, tuple(keys)), city], binary=True).fetchall()

    def fetch_each(self, sql: str, asked: list[dict[str, Any]]) -> tuple[tuple[str, ...], list[list[tuple]]]:
        """The rows of a SELECT for each set of parameters, in one statement. The parameters are text and numbers."""
        kinds = tuple((name, _KINDS[type(value)]) for name, value in asked[0].items())
        arrays = [_array(kind, tuple(each[name] for each in asked)) for name, kind in kinds]
        cursor = self._cursor.execute(_of_each(sql, kinds), arrays, binary=True)
        columns = tuple([column.name for column in cursor.description or ()])
        found: list[list[tuple]] = [[] for _ in asked]
        for no, *row in cursor.fetchall():
            found[no - 1].append(tuple(row))
        return columns[1:], found

    def execute(self, sql: str, params: dict[str, Any]) -> int:
        text, names = _numbered(sql)
        return self._cursor.execute(text, [params[name] for name in names]).rowcount

    def write(self, batches: list[Batch]) -> None:
        with self.connection.pipeline():
            for batch in batches:
                arrays = _arrays(batch.table, batch.columns, batch.rows)
                self._cursor.execute(_statement(batch.way, batch.table, batch.columns), arrays)

    def containing(self, name: str, wanted: Sequence[Sequence[str]]) -> tuple[str, str]:
        """The condition that a row of `case_words` holds one of each group, and the value of its parameter; by a GIN index."""
        groups = range(1, len(wanted) + 1)
        one_of = [f"string_to_array(words, ' ') && string_to_array(split_part(:{name}, '|', {each}), ' ')" for each in groups]
        return " AND ".join(one_of), "|".join(" ".join(group) for group in wanted)

    def forget(self) -> None:
        """Nothing to do: what a row held goes with the row when the server cleans up."""

    def heads(self, city: str, subjects: list[str], also: Iterable[str] = ()) -> dict[str, int]:
        """The last number of each subject, held until the transaction ends, together with `also`.

        Taken by id, so that two who want the same never wait in a ring.
        """
        names = tuple([f"{city}/{name}" for name in dict.fromkeys([*subjects, *also])])
        if not names:
            return {}
        with self.connection.pipeline():
            self._cursor.execute(_LOCK, [_array("text", names)])
            rows = self.connection.execute(_HEADS, [_array("text", tuple(subjects)), city])
        return dict(rows.fetchall())

    def alone(self, name: str) -> bool:
        """Take a named lease that lasts as long as this connection, if nobody has it."""
        return bool(self._cursor.execute("SELECT pg_try_advisory_lock(hashtextextended($1, 1))", [name]).fetchone()[0])

    def let_go(self, name: str) -> None:
        """Give a named lease back."""
        self._cursor.execute("SELECT pg_advisory_unlock(hashtextextended($1, 1))", [name])

    def let_all_go(self) -> None:
        """Give all named leases back."""
        self._cursor.execute("SELECT pg_advisory_unlock_all()")

    @contextmanager
    def one_by_one(self, name: str) -> Iterator[None]:
        """What several processes want to do at once is done by one after the other."""
        self._cursor.execute("SELECT pg_advisory_lock(hashtextextended($1, 1))", [name])
        try:
            yield
        finally:
            if not self.connection.closed:
                self._cursor.execute("SELECT pg_advisory_unlock(hashtextextended($1, 1))", [name])

    def wipe(self, wait_ms: int) -> None:
        """Nothing to do: dead rows go when the server cleans up, and its write-ahead log when it is recycled."""

    def script(self, sql: str) -> None:
        self.connection.execute(sql)

    def settle(self, size: int) -> None:
        """Count what the tables hold when they have grown tenfold: a plan made while they were empty takes any index,
        and the server's own counting comes only once a minute."""
        if size >= self._counted_at:
            self._counted_at = max(500, size) * 10
            self.connection.execute("ANALYZE")

    def close(self) -> None:
        self.connection.close()


# One array a column, written as PostgreSQL reads it. The driver's own dumper looks at each element in Python, which
# cost more than all the rest of a change; these marks stand for "next" and "none" and occur in no text that we keep.
_NEXT, _NONE = "\x1f", "\x1e"


def _arrays(table: str, columns: tuple[str, ...], rows: list[tuple]) -> list[Any]:
    """The rows as one array literal a column."""
    kinds = TABLES[table].columns
    return [_array(kinds[name], values) for name, values in zip(columns, zip(*rows, strict=True), strict=True)]


def _array(kind: str, values: tuple) -> Any:
    if kind == "text":
        joined = _NEXT.join([_NONE if value is None else value for value in values])
        if joined.count(_NEXT) != len(values) - 1 or joined.count(_NONE) != values.count(None):
            return list(values)
        quoted = joined.replace("\\", "\\\\").replace('"', '\\"').replace(_NEXT, '","')
        return f'{{"{quoted}"}}'.replace(f'"{_NONE}"', "NULL")
    if kind == "bytes":
        return "{" + ",".join(["NULL" if value is None else f'"\\\\x{value.hex()}"' for value in values]) + "}"
    return "{" + ",".join(["NULL" if value is None else repr(value) for value in values]) + "}"


@lru_cache(4096)
def _numbered(sql: str) -> tuple[str, tuple[str, ...]]:
    """`:name` as the server knows it, `$1`, and the names in the order of the numbers."""
    names: dict[str, int] = {}

    def number(found: re.Match[str]) -> str:
        return f"${names.setdefault(found[1], len(names) + 1)}"

    return _NAMED.sub(number, sql), tuple(names)


@lru_cache(256)
def _of_each(sql: str, kinds: tuple[tuple[str, str], ...]) -> str:
    """The statement for many sets of parameters, each an element of one array a parameter."""
    given = ", ".join(f"${n}::{_ARRAY[kind]}" for n, (_, kind) in enumerate(kinds, 1))
    names = ", ".join(name for name, _ in kinds)
    one = _NAMED.sub(r"asked.\1", sql)
    return (
        f"SELECT asked.no, found.* FROM unnest({given}) WITH ORDINALITY AS asked ({names}, no), "
        f"LATERAL ({one}) AS found"
    )


@lru_cache(1024)
def _statement(way: Way, table: str, columns: tuple[str, ...]) -> str:
    declared = TABLES[table].columns
    names = ", ".join(columns)
    rows = f"unnest({', '.join(f'${n}::{_ARRAY[declared[name]]}' for n, name in enumerate(columns, 1))})"
    if way is not Way.changed:
        return f"INSERT INTO {table} ({names}) SELECT * FROM {rows}{clause(way, table, columns)}"
    key = TABLES[table].key[1:]
    changed = columns[: -len(key) - 1]
    return (
        f"UPDATE {table} SET {', '.join(f'{name} = new.{name}' for name in changed)} FROM {rows} AS new ({names}) "
        f"WHERE {table}.city = new.city AND {' AND '.join(f'{table}.{name} = new.{name}' for name in key)}"
    )
