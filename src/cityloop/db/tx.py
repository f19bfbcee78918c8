"""One transaction: rows read by SQL, whole rows written behind, facts told through the journal."""

import os
import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from operator import attrgetter
from typing import Any, NamedTuple, Protocol, TypeVar

import msgspec

from cityloop.db.behind import Batch, Kept, plain
from cityloop.db.tables import TABLES, Kind
from cityloop.domain.deciders import WORDS_ALONE, Deciders
from cityloop.domain.errors import Unavailable
from cityloop.domain.facts.fact import Fact
from cityloop.domain.ids import CityId

S = TypeVar("S", bound=msgspec.Struct)
Row = Any  # a named tuple of the statement's columns
_WORD = re.compile(r"\w+")
_EPOCH, _MS = datetime(1970, 1, 1, tzinfo=UTC), timedelta(milliseconds=1)
WRITES = ("put", "add", "sum", "run", "emit")  # of a transaction
_TICKS, _TICKS_LOW = 1 << 30, 18  # microseconds of about 18 minutes in an id, and how many of their bits stand low


class CommitFailed(Unavailable):
    """The database did not take the change; nothing of it happened."""

    code = "commit_failed"


class Engine(Protocol):
    """What a database must give. Both engines keep the same promises."""

    overlap: timedelta  # how long another's change may be under way unseen

    def begin(self) -> None: ...
    def commit(self) -> None: ...
    def rollback(self) -> None: ...
    def fetch(self, sql: str, params: dict[str, Any]) -> tuple[tuple[str, ...], list[tuple]]: ...
    def tally(self, sql: str, params: dict[str, Any], width: int) -> Iterable[tuple[tuple, int]]: ...
    def fetch_each(self, sql: str, asked: list[dict[str, Any]]) -> tuple[tuple[str, ...], list[list[tuple]]]: ...
    def fetch_keys(self, table: str, key: str, columns: tuple[str, ...], city: str, keys: list[str]) -> list[tuple]: ...
    def execute(self, sql: str, params: dict[str, Any]) -> int: ...
    def write(self, batches: list[Batch]) -> None: ...
    def heads(self, city: str, subjects: list[str], also: Iterable[str]) -> dict[str, int]: ...
    def containing(self, name: str, grams: Sequence[str]) -> tuple[str, str]: ...
    def forget(self) -> None: ...
    def wipe(self) -> None: ...


class Emitter(Protocol):
    """The journal's side of `tx.emit`."""

    def emit(self, tx: "Tx", fact: Fact, *, first: bool) -> None: ...
    def finish(self, tx: "Tx") -> None: ...


@lru_cache(4096)
def _tables_named(sql: str) -> tuple[str, ...]:
    return tuple(word for word in dict.fromkeys(_WORD.findall(sql)) if word in TABLES)


@lru_cache(4096)
def _derived_written(sql: str) -> str | None:
    head = re.match(r"\s*(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+(\w+)", sql, re.I)
    return head[1] if head and head[1] in TABLES and TABLES[head[1]].kind is Kind.derived else None


@lru_cache(4096)
def _row_type(columns: tuple[str, ...]) -> Callable[[Iterable], Row]:
    return NamedTuple("Row", [(name, Any) for name in columns])._make  # type: ignore[misc]


def new_id(at: datetime) -> str:
    """A fresh UUIDv7 of this moment: sorts by its millisecond, and within it in the order in which this machine drew.

    The moment is that of the change, so that ids and the facts that name them tell the same time by any clock.
    """
    tick = time.monotonic_ns() // 1000 & _TICKS - 1
    high = tick >> _TICKS_LOW
    low = tick & (1 << _TICKS_LOW) - 1
    chance = int.from_bytes(os.urandom(8), "big") & (1 << 62 - _TICKS_LOW) - 1
    return _id_text(_ms(at) << 80 | 7 << 76 | high << 64 | 2 << 62 | low << 62 - _TICKS_LOW | chance)


def id_from(at: datetime) -> str:
    """The least id of a moment: whatever was made then or later has this one or a greater.

    >>> id_from(datetime(2026, 3, 2, 1, 0, tzinfo=UTC))
    '019cac0f-2680-7000-8000-000000000000'
    """
    return _id_text(_ms(at) << 80 | 7 << 76 | 2 << 62)


def _ms(at: datetime) -> int:
    return (at - _EPOCH) // _MS


def _id_text(number: int) -> str:
    text = f"{number:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


class Tx:
    """One transaction of one city. Every statement gets `:city`; `now` is the moment it began.

    `put`, `add` and `sum` keep rows until somebody reads their table or the transaction ends, so that many
    small changes reach the engine as few statements. Readers never notice: a read writes first what it names.
    """

    def __init__(self, engine: Engine, city: CityId, emitter: Emitter | None, now: datetime, actor: str = "machine"):
        self.engine = engine
        self.city = city
        self.now = now
        self.actor = actor
        self.pack: str | None = None
        self.deciders: Deciders = WORDS_ALONE  # what decides now, as this process knows it
        self.cause: str | None = None
        self.applying = False
        self.changes = 0  # grows with every write; a use case that fails with it unmoved costs its batch nothing
        self.heads: dict[str, int] = {}  # subject -> its last number, locked by this transaction
        self.facts: list[tuple] = []  # told, not yet numbered
        self.at_end: Callable[[Tx, int, list[tuple]], None] | None = None  # hears the facts' first number, and may write
        self.cache: dict[tuple, Any] = {}  # (table, *key) -> row as this transaction sees it
        self._emitter = emitter
        self._kept: dict[str, Kept] = {}

    # reading

    def all(self, sql: str, **params: Any) -> list[Row]:
        """The rows of a SELECT, as named tuples."""
        self.flush(_tables_named(sql))
        columns, rows = self.engine.fetch(sql, self._params(params))
        make = _row_type(columns)
        return [make(row) for row in rows]

    def tuples(self, sql: str, **params: Any) -> list[tuple]:
        """The rows of a SELECT as the engine gives them: for reads of very many."""
        self.flush(_tables_named(sql))
        return self.engine.fetch(sql, self._params(params))[1]

    def tally(self, sql: str, width: int, **params: Any) -> Iterable[tuple[tuple, int]]:
        """Each different row of a SELECT of so many columns, and how often it comes."""
        self.flush(_tables_named(sql))
        return self.engine.tally(sql, self._params(params), width)

    def each(self, sql: str, asked: Sequence[dict[str, Any]]) -> list[list[Row]]:
        """The rows of a SELECT for each set of parameters, in one statement where the engine can."""
        if not asked:
            return []
        self.flush(_tables_named(sql))
        columns, found = self.engine.fetch_each(sql, [self._params(params) for params in asked])
        make = _row_type(columns)
        return [[make(row) for row in rows] for rows in found]

    def one(self, sql: str, **params: Any) -> Row | None:
        """The first row, or None."""
        rows = self.all(sql, **params)
        return rows[0] if rows else None

    def value(self, sql: str, **params: Any) -> Any:
        """The first column of the first row, or None."""
        self.flush(_tables_named(sql))
        _, rows = self.engine.fetch(sql, self._params(params))
        return rows[0][0] if rows else None

    def get(self, table: str, kind: type[S], *key: Any) -> S | None:
        """The row with this key (without the city) as a `kind`, as this transaction sees it."""
        place = (table, *key)
        kept = self._kept.get(table)
        if kept and type(new := kept.added.get(key)) is kind:
            return new
        if place not in self.cache:
            # what was put and is not yet written stands in the cache, so nothing need be written first
            params = {"city": self.city} | {f"k{i}": part for i, part in enumerate(key)}
            _, rows = self.engine.fetch(_select_one(table, kind), params)
            row = _struct(kind, rows[0]) if rows else None
            if kept and (change := kept.sums.get(key)):
                row = _added(row, change, kept.key)
            self.cache[place] = row
        return self.cache[place]

    def get_many(self, table: str, kind: type[S], keys: Iterable[str]) -> None:
        """Fetch rows that will be wanted, in one statement where the engine can; `get` then finds them at hand."""
        wanted = [key for key in dict.fromkeys(keys) if (table, key) not in self.cache]
        if wanted:
            found = dict.fromkeys(wanted)
            place = kind.__struct_fields__.index(TABLES[table].key[1])
            for row in self.engine.fetch_keys(table, TABLES[table].key[1], kind.__struct_fields__, self.city, wanted):
                found[row[place]] = _struct(kind, row)
            for key, row in found.items():
                self.cache[table, key] = row

    def among(self, table: str, column: str, columns: tuple[str, ...], keys: Iterable[str]) -> list[Row]:
        """The rows whose column, of which an index tells one row, is one of these: by that index, however many they are.

        A list inside a statement is planned once and for all, perhaps while the table was empty.
        """
        wanted = list(dict.fromkeys(keys))
        if not wanted:
            return []
        self.flush((table,))
        make = _row_type(columns)
        return [make(row) for row in self.engine.fetch_keys(table, column, columns, self.city, wanted)]

    # writing

    def put(self, table: str, row: msgspec.Struct) -> None:
        """Write a row, new or changed. The last one before a flush wins."""
        kept, key = self._keep(table, row)
        assert key not in kept.added, f"{table} {key} is written in two ways"
        place = (table, *key)
        if key not in kept.put:
            before = self.cache.get(place)
            kept.before[key] = before if type(before) is type(row) else None
        kept.put[key] = self.cache[place] = row

    def add(self, table: str, row: msgspec.Struct) -> None:
        """Write a row that must be new."""
        kept, key = self._keep(table, row)
        if key in kept.added:
            raise CommitFailed(f"{table} already has a row {key}; send it once.")
        kept.added[key] = row

    def sum(self, table: str, change: msgspec.Struct) -> None:
        """Add the numbers of `change` to the row with its key; who else adds at the same time is not overwritten."""
        kept, key = self._keep(table, change)
        kept.sums[key] = _added(kept.sums.get(key), change, kept.key)
        if (place := (table, *key)) in self.cache:
            self.cache[place] = _added(self.cache[place], change, kept.key)

    def run(self, sql: str, **params: Any) -> int:
        """Run a changing statement now; gives the number of rows that it changed."""
        if not self.applying and (table := _derived_written(sql)):
            raise AssertionError(f"{table} is derived: only apply may write it")
        self.changes += 1
        named = _tables_named(sql)
        self.flush(named)
        self.cache = {key: row for key, row in self.cache.items() if key[0] not in named}
        return self.engine.execute(sql, self._params(params))

    def emit(self, fact: Fact, *, first: bool = False) -> None:
        """Tell a fact: it is applied at once and written with the commit.

        `first` says that the subject was made in this transaction, so nobody else can hold it.
        """
        assert self._emitter, "this transaction only reads"
        self._emitter.emit(self, fact, first=first)

    def hold(self, subjects: Iterable[str], *, also: Iterable[str] = ()) -> None:
        """Lock subjects, by id, until the transaction ends; what is read of them afterwards stays so.

        `also` are names of whatever else nobody may decide about meanwhile, e.g. a place. They are locked together with
        the subjects, and looked at only where others can write at the same time.
        """
        new = sorted({subject for subject in subjects if subject not in self.heads})
        if new or also:
            found = self.engine.heads(self.city, new, also)
            for subject in new:
                self.heads[subject] = found.get(subject, 0)

    def new_id(self) -> str:
        """A fresh UUIDv7 of this transaction's moment, drawn here so that rules need no chance."""
        return new_id(self.now)

    def id_unseen(self, at: datetime) -> str:
        """The least id of what a transaction that began at this moment may not have seen."""
        return id_from(at - self.engine.overlap)

    @contextmanager
    def unchanged(self) -> Iterator[None]:
        """Inside nothing is written: what a use case refuses is heard, and it ends where it would begin to write."""
        for name in WRITES:
            setattr(self, name, _would_write)
        try:
            yield
        except _WouldWrite:
            pass
        finally:
            for name in WRITES:
                delattr(self, name)

    @contextmanager
    def caused_by(self, cause: str):
        """Facts told inside name what they follow from."""
        before = self.cause
        self.cause = cause
        try:
            yield self
        finally:
            self.cause = before

    # the end

    def flush(self, tables: Iterable[str] | None = None) -> None:
        """Send kept rows of these tables (or all) to the engine."""
        if not self._kept:
            return
        names = [name for name in (tables if tables is not None else list(self._kept)) if name in self._kept]
        if batches := [batch for name in names for batch in self._kept.pop(name).batches(self.city)]:
            self.engine.write(batches)

    def prepare(self) -> None:
        """Write what is kept and number the facts; after this only the commit is missing."""
        self.flush()
        if self.facts and self._emitter:
            self._emitter.finish(self)
            self.flush()

    def _keep(self, table: str, row: msgspec.Struct) -> tuple[Kept, tuple]:
        if TABLES[table].kind is Kind.derived and not self.applying:
            raise AssertionError(f"{table} is derived: only apply may write it")
        self.changes += 1
        kept = self._kept.get(table)
        if kept is None:
            kept = self._kept[table] = Kept(table)
        return kept, tuple([getattr(row, name) for name in kept.key])

    def _params(self, params: dict[str, Any]) -> dict[str, Any]:
        return {"city": self.city} | {name: plain(value) for name, value in params.items()}


class _WouldWrite(Exception):
    """The end of a use case that is only asked whether it would."""


def _would_write(*_: Any, **__: Any) -> None:
    raise _WouldWrite


def row_to(kind: type[S], row: Row) -> S:
    """A row as a struct: moments and codes become what the type says."""
    return msgspec.convert(row._asdict(), kind, strict=False)


def once_found(name: str) -> str:
    """A column of text by whose order rows are put only once they are found.

    By its bare name the embedded engine may walk the whole of a table in that order, to save itself sorting the few rows that
    the other conditions leave: it knows no figures of the table, and takes a city for one of many.

    >>> once_found("id")
    "id || ''"
    """
    return f"{name} || ''"


def lists_by(
    tx: "Tx", kind: type[S], table: str, name: str, values: Sequence[str], *, order: tuple[str, ...], where: str = ""
) -> dict[str, list[S]]:  # fmt: skip
    """The rows of a table that hold one of these values in a column, under each of the values: one statement for all."""
    found: dict[str, list[S]] = {value: [] for value in values}
    if not found:
        return found
    marks = ", ".join(f":v{place}" for place in range(len(found)))
    fields = ", ".join(kind.__struct_fields__)
    also = f" AND {where}" if where else ""
    sql = f"SELECT {fields} FROM {table} WHERE city = :city AND {name} IN ({marks}){also}"
    rows = tx.all(sql, **{f"v{place}": value for place, value in enumerate(found)})
    for row in sorted(rows, key=attrgetter(*order)):  # here: see `once_found`
        found[getattr(row, name)].append(row_to(kind, row))
    return found


def _struct(kind: type[S], row: tuple) -> S:
    return msgspec.convert(dict(zip(kind.__struct_fields__, row, strict=True)), kind, strict=False)


@lru_cache(256)
def _select_one(table: str, kind: type[msgspec.Struct]) -> str:
    where = " AND ".join(f"{name} = :k{i}" for i, name in enumerate(TABLES[table].key[1:]))
    return f"SELECT {', '.join(kind.__struct_fields__)} FROM {table} WHERE city = :city AND {where}"


def _added(before: S | None, change: S, key: tuple[str, ...]) -> S:
    if before is None:
        return change
    numbers = {name: getattr(before, name) + getattr(change, name) for name in change.__struct_fields__ if name not in key}
    return msgspec.structs.replace(change, **numbers)
