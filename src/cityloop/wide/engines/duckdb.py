"""DuckDB over the archive's own files: what every installation has."""

import threading
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
from ibis import Table as Rows
from ibis.expr.types import Scalar

from cityloop.wide.columns import FOREVER, SPINE, image_schema
from cityloop.wide.reading import Standing, standing
from cityloop.wide.spine import RECENT, SETTLED, Spine, given, spine_then

MEMORY = "1GB"
COMPILED_MAX = 256
_NUMBER = 7_700_000_000_000_000_000  # stands for what a question leaves open, until it is known
_compiled: dict[Any, str] = {}  # by shape, whichever archive is asked


class DuckWide:
    """One archive, read through one DuckDB. Questions wait for one another: each has all threads."""

    def __init__(self, folder: Path, *, memory: str = MEMORY, threads: int | None = None):
        self.folder = folder
        self._backend = ibis.duckdb.connect(memory_limit=memory, **({"threads": threads} if threads else {}))
        self._raw = self._backend.con
        self._raw.execute("SET enable_object_cache = true")
        self._raw.execute("SET preserve_insertion_order = false")
        self._lock = threading.Lock()
        self._there: Standing | None = None
        self._moved = False
        self._first: dict[str, int] = {}  # the first recent image of each table

    def spine_at(self, seq: int) -> Spine:
        """The spine as of a fact that was there when it was last looked."""
        with self._lock:
            self._look()
            return spine_then(frozenset(table for table, first in self._first.items() if first <= seq))

    def refresh(self) -> Standing:
        """Look again what there is to read; gives it."""
        with self._lock:
            return self._refresh()

    def refresh_later(self) -> None:
        """Look again before the next statement is run, if any is."""
        self._moved = True

    def _look(self) -> None:
        if self._there is None or self._moved:
            self._refresh()

    def _refresh(self) -> Standing:
        self._moved = False
        now, before = standing(self.folder), self._there
        for table in SPINE:
            if before is None or before.files != now.files:
                paths = now.paths(self.folder, table, "now", "past")
                self._raw.execute(f"CREATE OR REPLACE TEMP VIEW {SETTLED}{table} AS {_settled(table, paths)}")
            if before is None or before.files != now.files or before.at.seq != now.at.seq:
                self._recent(table, now)
        self._there = now
        return now

    def _recent(self, table: str, now: Standing) -> None:
        """The images that came since the archive was settled, those of files and the tail, each with when it ended."""
        self._raw.register("tail_seen", now.tail[table])
        said = "SELECT * FROM tail_seen"
        if paths := now.paths(self.folder, table, "round"):
            said += f" UNION ALL SELECT * FROM read_parquet({paths!r})"
        self._raw.execute(f"CREATE OR REPLACE TEMP TABLE {RECENT}{table} AS {ended(f'({said})')}")
        self._raw.unregister("tail_seen")
        ((self._first[table],),) = self._raw.table(RECENT + table).aggregate(f"coalesce(min(from_seq), {FOREVER})").fetchall()

    def run(self, key: Any, make: Callable[[], Rows], asked: dict[str, int | str]) -> pa.Table:
        """The rows of an expression. `key` names its shape: what it is made of but for what is `asked`."""
        with self._lock:
            self._look()
            found = self._raw.execute(self._said(key, make, asked))  # `sql` would bind the statement twice
            with warnings.catch_warnings():
                warnings.filterwarnings("ignore", message="Arrow output on a DB-API result")  # a copy of few rows
                return found.to_arrow_table()

    def _said(self, key: Any, make: Callable[[], Rows], asked: dict[str, int | str]) -> str:
        """The statement. Ibis makes it once for a shape; what is asked is put in."""
        names = tuple(asked)
        place = (key, names, tuple(type(value) for value in asked.values()))
        sql = _compiled.get(place)
        if sql is None:
            stands = {given(name, _kind(asked[name])): _stands_for(n, asked[name]) for n, name in enumerate(names)}
            sql = str(self._backend.compile(make(), params=stands))
            if len(_compiled) >= COMPILED_MAX:
                _compiled.clear()
            _compiled[place] = sql
        for n, name in reversed(list(enumerate(names))):
            value = asked[name]
            stands_for = _stands_for(n, value)
            if isinstance(value, str):
                sql = sql.replace(f"'{stands_for}'", "'" + value.replace("'", "''") + "'")
            else:
                sql = sql.replace(str(stands_for), f"CAST({int(value)} AS BIGINT)")
        return sql

    def images(self, name: str) -> pa.Table:
        """All images of a table that expressions name, `settled_task` or `recent_task`: to be loaded elsewhere."""
        with self._lock:
            self._look()
            return self._raw.view(name).to_arrow_table()

    def close(self) -> None:
        """Let go."""
        self._backend.disconnect()


def ended(images: str) -> str:
    """Images as they came, each with the fact until which it stood."""
    until = f"lead(from_seq, 1, {FOREVER}) OVER (PARTITION BY id ORDER BY from_seq) AS to_seq"
    return f"SELECT *, {until} FROM " + f"{images} AS came"


def params_of(asked: dict[str, int | str]) -> dict[Scalar, int | str]:
    """What an expression leaves open, as it is asked."""
    return {given(name, _kind(value)): value for name, value in asked.items()}


def _kind(value: int | str) -> str:
    return "string" if isinstance(value, str) else "int64"


def _stands_for(n: int, value: int | str) -> int | str:
    return f"«{n}»" if isinstance(value, str) else _NUMBER + n


def _settled(table: str, paths: list[str]) -> str:
    if paths:
        return f"SELECT * FROM read_parquet({paths!r})"
    schema = image_schema(table, closed=True)
    words = {pa.string(): "VARCHAR", pa.float64(): "DOUBLE"}
    empty = ", ".join(f'CAST(NULL AS {words.get(field.type, "BIGINT")}) AS "{field.name}"' for field in schema)
    return f"SELECT {empty} WHERE false"
