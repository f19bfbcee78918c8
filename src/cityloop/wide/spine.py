"""The five tables of the spine as Ibis expressions, as they stood when the journal had so many facts.

Nothing here knows an engine: the tables are named only, and whoever runs an expression has them.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache

import ibis
from ibis import Table as Rows
from ibis.expr.types import Scalar
from msgspec import Struct

from cityloop.wide.columns import MOMENT, REAL, SPINE, TEXT

_KIND = {TEXT: "string", REAL: "float64"}
SETTLED, RECENT = "settled_", "recent_"  # what the tables of images are called, before the name of theirs


class Spine(Struct, frozen=True):
    """Reports, cases, tasks, holds and appeals, each with those of the columns of `SPINE` that are asked for, and its id first.
    Moments are µs since 1970.
    """

    made: Callable[[str, tuple[str, ...]], Rows]
    moving: frozenset[str] = frozenset()  # what tells its shape from that of others of its kind

    def __call__(self, table: str, names: Iterable[str] = ()) -> Rows:
        """The rows of a table."""
        return self.made(table, ("id", *sorted({*names} - {"id"})))


def given(name: str, kind: str = "int64") -> Scalar:
    """What a question leaves open, by name: a moment, a seq, an area. Whoever runs an expression gives it."""
    return _given(name, kind)


@lru_cache(4096)
def _given(name: str, kind: str) -> Scalar:
    return ibis.param(kind)  # each is another, and the same for the same name


def columns_of(table: str) -> dict[str, str]:
    """The columns of a table of the spine, with what Ibis calls their kinds."""
    return {name: _KIND.get(kind, "int64") for name, kind in SPINE[table].items()}


EVERY = frozenset(SPINE)


@lru_cache(1 << len(EVERY))
def spine_then(moving: frozenset[str] = EVERY) -> Spine:
    """The spine as of the fact `seq`: settled images that stood then, but of what has a newer image the one that did.

    `moving`: the tables of which recent images had come by then. Of the others the settled ones say all, and whoever plans a
    statement sees how many rows they are.
    """
    return Spine(lru_cache(512)(lambda table, names: (_then if table in moving else _settled)(table, names)), moving)


@lru_cache(1)
def spine_now() -> Spine:
    """The spine as the derived tables of a server have it now, whose moments are text."""
    return Spine(lru_cache(512)(_now))


def _settled(table: str, names: tuple[str, ...]) -> Rows:
    seq = given("seq")
    settled = ibis.table({"from_seq": "int64", "to_seq": "int64"} | columns_of(table), name=SETTLED + table)
    return settled.filter(settled.from_seq <= seq, settled.to_seq > seq).select(*names)


def _then(table: str, names: tuple[str, ...]) -> Rows:
    columns, seq = columns_of(table), given("seq")
    recent = ibis.table({"from_seq": "int64", "to_seq": "int64", "gone": "int64"} | columns, name=RECENT + table)
    told = recent.filter(recent.from_seq <= seq, recent.to_seq > seq).select("gone", *names)
    return ibis.union(_settled(table, names).anti_join(told, "id"), told.filter(told.gone == 0).select(*names))


def _now(table: str, names: tuple[str, ...]) -> Rows:
    kinds = SPINE[table]
    there = ibis.table(
        {"city": "string"} | {name: "string" if kind == MOMENT else columns_of(table)[name] for name, kind in kinds.items()},
        name=table,
    )
    rows = there.filter(there.city == given("city", "string"))
    return rows.select(**{name: _moment(rows[name]) if kinds[name] == MOMENT else rows[name] for name in names})


def _moment(text: ibis.expr.types.StringColumn) -> ibis.expr.types.IntegerColumn:
    """Units: µs since 1970, of a text of 27 characters: whole seconds, and what stands behind the point."""
    whole = text.substr(0, 19).cast("timestamp").epoch_seconds().cast("int64")
    return whole * 1_000_000 + text.substr(20, 6).cast("int64")
