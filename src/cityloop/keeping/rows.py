"""The rows of any table, in the order of their keys, out of one engine and into another."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from zlib import crc32

import msgspec

from cityloop.db.postgres import Postgres
from cityloop.db.sqlite import Sqlite
from cityloop.db.tables import Table

Engine = Sqlite | Postgres
PAGE = 4_000
ROWS_MAX = 8_192  # of a chunk
BYTES_MAX = 8_000_000
CUT = 2_048  # a chunk ends where the key says so, about every so many rows: rows that come or go change one chunk
FACTS = 4_096  # of a chunk of facts, which ends where the seq says so

_encode = msgspec.msgpack.Encoder().encode


def packed(rows: Sequence[tuple]) -> bytes:
    """Rows as bytes: the same on both engines."""
    return _encode(rows)


def unpacked(content: bytes) -> list[tuple]:
    """The rows again."""
    return msgspec.msgpack.decode(content, type=list[tuple])


def pages(engine: Engine, city: str, table: Table, after: tuple | None = None, *, where: str = "", **params: Any) -> Iterator[list[tuple]]:
    """All rows of a city in key order, page by page, `after` a key (without the city)."""
    columns, keys = ", ".join(table.columns), table.key[1:]
    places = [list(table.columns).index(name) for name in keys]
    order = ", ".join(("city", *keys))
    left = ", ".join(keys)
    while True:
        beyond = f" AND ({left}) > ({', '.join(f':k{i}' for i in range(len(keys)))})" if after else ""
        given = {"city": city, **params} | {f"k{i}": part for i, part in enumerate(after or ())}
        sql = f"SELECT {columns} FROM {table.name} WHERE city = :city{where}{beyond} ORDER BY {order} LIMIT {PAGE}"
        rows = [tuple(bytes(part) if type(part) is memoryview else part for part in row) for row in engine.fetch(sql, given)[1]]
        if rows:
            yield rows
        if len(rows) < PAGE or not keys:
            return
        after = tuple(rows[-1][place] for place in places)


def chunks(engine: Engine, city: str, table: Table, after: tuple | None = None, *, where: str = "", **params: Any) -> Iterator[list[tuple]]:
    """The same rows, cut where their keys say so: what did not change is cut as before."""
    places = [list(table.columns).index(name) for name in table.key[1:]]
    large = [place for place, kind in enumerate(table.columns.values()) if kind in ("bytes", "text")]
    of_facts = table.name == "fact"
    held: list[tuple] = []
    size = 0
    for page in pages(engine, city, table, after, where=where, **params):
        for row in page:
            held.append(row)
            size += sum(len(row[place] or ()) for place in large)
            if of_facts:
                ends = row[places[0]] % FACTS == 0
            else:
                ends = len(held) >= ROWS_MAX or crc32(repr([row[place] for place in places]).encode()) % CUT == 0
            if ends or size >= BYTES_MAX:
                yield held
                held, size = [], 0
    if held:
        yield held


def key_of(table: Table, row: tuple) -> tuple:
    """A row's key without the city."""
    names = list(table.columns)
    return tuple(row[names.index(name)] for name in table.key[1:])


def load(engine: Engine, table: str, columns: Sequence[str], rows: Iterable[tuple]) -> None:
    """Write rows that are not there yet, as fast as the engine takes them."""
    names = ", ".join(columns)
    if isinstance(engine, Sqlite):
        marks = ", ".join("?" * len(columns))
        engine.connection.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)
        return
    with engine.connection.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def replace(engine: Engine, table: Table, columns: Sequence[str], rows: Sequence[tuple]) -> None:
    """Write rows over whatever stands under their keys."""
    places = [list(columns).index(name) for name in table.key]
    marks = "".join(f" AND {name} = :{name}" for name in table.key[1:])
    for row in rows:
        engine.execute(f"DELETE FROM {table.name} WHERE city = :city{marks}", {name: row[place] for name, place in zip(table.key, places, strict=True)})
    load(engine, table.name, columns, rows)
