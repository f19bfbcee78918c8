"""PostgreSQL: the city's own tables as they are now, or tables of images that were loaded from an archive."""

from collections.abc import Callable
from typing import Any

import ibis
import psycopg
import pyarrow as pa
from ibis import Table as Rows

from cityloop.wide.columns import SPINE, image_schema, recent_schema
from cityloop.wide.engines.duckdb import DuckWide, params_of
from cityloop.wide.spine import RECENT, SETTLED, Spine, spine_now, spine_then

_WORDS = {pa.string(): 'text COLLATE "C"', pa.float64(): "double precision"}


class PostgresWide:
    """A server. With a `city` it is asked for that city's own tables, now; else for the tables that `load` made."""

    def __init__(self, url: str, city: str = ""):
        self._spine: Spine = spine_now() if city else spine_then()
        self._city = city
        self._backend = ibis.postgres.connect(**_parts(url))
        self._backend.con.execute("SET jit = off")  # it would take longer than the question
        self._backend.con.commit()

    def spine_at(self, seq: int) -> Spine:
        """The spine as of a fact."""
        return self._spine

    def run(self, key: Any, make: Callable[[], Rows], asked: dict[str, int | str]) -> pa.Table:
        """The rows of an expression."""
        given = asked | ({"city": self._city} if self._city else {})
        expression = make()
        sql = str(self._backend.compile(expression, params=params_of(given)))
        with self._backend.con.cursor() as cursor:
            cursor.execute(sql)  # type: ignore[arg-type]
            found = cursor.fetchall()
        self._backend.con.rollback()
        schema = expression.schema().to_pyarrow()
        columns = zip(*found, strict=True) if found else ([] for _ in schema)
        return pa.Table.from_arrays([pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)], schema=schema)

    def close(self) -> None:
        """Let go."""
        self._backend.disconnect()


def load(url: str, wide: DuckWide) -> None:
    """Load the images of an archive into tables of a server, in place of those that are there."""
    with psycopg.connect(url) as server:
        for table in SPINE:
            for name, schema in ((SETTLED + table, image_schema(table, closed=True)), (RECENT + table, recent_schema(table))):
                made = ", ".join(f'"{field.name}" {_WORDS.get(field.type, "bigint")}' for field in schema)
                server.execute(f"DROP TABLE IF EXISTS {name}")  # type: ignore[arg-type]
                server.execute(f"CREATE TABLE {name} ({made})")  # type: ignore[arg-type]
                with server.cursor().copy(f"COPY {name} FROM STDIN") as copy:  # type: ignore[arg-type]
                    for batch in wide.images(name).select(schema.names).to_batches():
                        for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                            copy.write_row(row)
                server.execute(f"ANALYZE {name}")  # type: ignore[arg-type]


def _parts(url: str) -> dict[str, Any]:
    parts = psycopg.conninfo.conninfo_to_dict(url)
    names = {"user": "user", "password": "password", "host": "host", "port": "port", "dbname": "database"}
    return {ours: int(parts[theirs]) if theirs == "port" else parts[theirs] for theirs, ours in names.items() if theirs in parts}
