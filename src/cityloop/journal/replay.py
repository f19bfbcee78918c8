"""Replay: every fact, by seq, into empty tables gives the same tables, on either engine and across them."""

from collections.abc import Callable, Iterator

from msgspec import Struct

from cityloop.db import Database, Kind, Tx
from cityloop.db.tables import Table, tables_of
from cityloop.journal.emit import Journal, told_from

CHUNK = 2_000


class Difference(Struct, frozen=True, kw_only=True):
    """A row that is not the same in both."""

    table: str
    key: tuple
    here: tuple | None
    replayed: tuple | None


class Replayed(Struct, frozen=True, kw_only=True):
    """What a replay came to."""

    facts: int
    rows: int
    differences: tuple[Difference, ...]


def replay(
    source: Database,
    target: Database,
    journal: Journal,
    *,
    on_progress: Callable[[int, int], None] = lambda done, of: None,
    until: int | None = None,
    after: int = 0,
) -> int:
    """Apply the facts of `source` to the empty derived tables of `target`; no handler runs. Gives the last one's seq.

    `until` is the last seq that is wanted; None is all of them. Tables that stand at a fact already go on `after` it.
    """
    done = after
    target.engine.begin()
    tx = Tx(target.engine, source.city, journal, target.clock())
    with source.reading() as reading:
        size = reading.value("SELECT size FROM log_head WHERE city = :city") or 0
    size = size if until is None else min(size, until)
    while done < size:
        with source.reading() as reading:
            rows = reading.all(
                f"SELECT seq, body FROM fact WHERE city = :city AND seq > :seq AND seq <= :size ORDER BY seq LIMIT {CHUNK}",
                seq=done, size=size,
            )  # fmt: skip
        for row in rows:
            journal.run_apply(tx, told_from(source.city, row.seq, row.body))
        done = rows[-1].seq
        tx.flush()
        if len(tx.cache) > 50_000:
            tx.cache.clear()
        on_progress(done, size)
    tx.flush()
    target.engine.commit()
    return done


def differences(source: Database, target: Database, *, limit: int = 20) -> tuple[int, tuple[Difference, ...]]:
    """How many rows were compared, and the first that differ, over every column of every derived table."""
    found: list[Difference] = []
    count = 0
    with source.reading() as here, target.reading() as there:
        for table in tables_of(Kind.derived):
            width = len(table.key)
            for left, right in _side_by_side(_rows(here, table), _rows(there, table), width):
                count += 1
                if left != right and len(found) < limit:
                    key = (left or right or ())[:width]
                    found.append(Difference(table=table.name, key=key, here=left, replayed=right))
    return count, tuple(found)


def _rows(tx: Tx, table: Table) -> Iterator[tuple]:
    """All rows in key order, the key first; read page by page."""
    columns = [*table.key, *(name for name in table.columns if name not in table.key)]
    keys = table.key[1:]
    after: tuple | None = None
    while True:
        where = ""
        params = {}
        if after is not None:
            where = f" AND ({', '.join(keys)}) > ({', '.join(f':k{i}' for i in range(len(keys)))})"
            params = {f"k{i}": part for i, part in enumerate(after)}
        rows = tx.all(
            f"SELECT {', '.join(columns)} FROM {table.name} WHERE city = :city{where} ORDER BY {', '.join(keys)} LIMIT 5000",
            **params,
        )
        for row in rows:
            yield tuple(bytes(part) if isinstance(part, memoryview) else part for part in row)
        if len(rows) < 5000:
            return
        after = tuple(rows[-1][1 : len(keys) + 1])


def _side_by_side(
    left: Iterator[tuple], right: Iterator[tuple], width: int
) -> Iterator[tuple[tuple | None, tuple | None]]:
    """Pairs of rows with equal keys; None where one side has no such row."""
    a, b = next(left, None), next(right, None)
    while a is not None or b is not None:
        if b is None or (a is not None and a[:width] < b[:width]):
            yield a, None
            a = next(left, None)
        elif a is None or b[:width] < a[:width]:
            yield None, b
            b = next(right, None)
        else:
            yield a, b
            a, b = next(left, None), next(right, None)
