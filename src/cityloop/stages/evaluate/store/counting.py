"""All figures of a question in one statement a table: a condition is a mark, and rows are counted by their marks."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import numpy as np
from msgspec import Struct

from cityloop.db import Tx
from cityloop.domain.calendar import epoch_us
from cityloop.domain.time import moment
from cityloop.stages.evaluate.model import Counted, Key, Part, Taken, Tally
from cityloop.stages.evaluate.store.fair.exclusions import GRANTED
from cityloop.stages.evaluate.store.marks import Counting, Kind, counting_of
from cityloop.stages.evaluate.store.rows import Asked, params_of, tables
from cityloop.stages.evaluate.store.then import Then

APART = "\t"  # between the group and the period of a series
WHOLE = "*"  # beside the groups of time, in two of which a row may stand


class Head(Struct, frozen=True):
    """How long the journal is, when the city's first report came, and whether any case may be excluded from numbers."""

    seq: int
    first_at: datetime | None
    excludes: bool


def head_of(tx: Tx | Then, *, began: bool = True) -> Head:
    """What the answer follows from; when the city began, where that is wanted."""
    if isinstance(tx, Then):
        return Head(seq=tx.seq, first_at=tx.first_at() if began else None, excludes=True)
    row = tx.one(
        "SELECT (SELECT size FROM log_head WHERE city = :city) AS size, "
        "(SELECT MIN(received_at) FROM report WHERE city = :city) AS first_at, "
        "EXISTS (SELECT 1 FROM exclusion WHERE city = :city AND state = :granted) AS excludes",
        granted=GRANTED,
    )
    assert row is not None
    return Head(seq=row.size or 0, first_at=moment(row.first_at) if row.first_at else None, excludes=bool(row.excludes))


def tally_all(tx: Tx | Then, asked: Asked) -> tuple[dict[str, Tally], list[Taken]]:
    """Every count of every group that has any, and how long each row took; one statement for each table."""
    found: dict[str, Tally] = {}
    taken: list[Taken] = []
    kinds_of = _kinds
    if isinstance(tx, Then):
        from cityloop.stages.evaluate.store.wide_counting import kinds_then as kinds_of  # Ibis takes a while to load
    for counted in Counted:
        if any(each.counted is counted for each in asked.metrics):
            counting = counting_of(counted, asked)
            for kind, count, spans in kinds_of(tx, asked, counting):
                groups = _tally_kind(asked, counting, kind, count, found)
                taken += [Taken(group, counting.times, *spans) for group in groups if spans]
    return found, taken


def _kinds(tx: Tx, asked: Asked, counting: Counting) -> Iterable[Kind]:
    """The few kinds of rows that there are: the rows come each once and quickly."""
    kinds: dict[tuple, int] = {}
    spans: dict[tuple, list[tuple[int, int, int]]] = {}
    for (began_at, ended_at, *row), count in tx.tally(*_statement(asked, counting), **params_of(asked)):
        kind = tuple(row)
        kinds[kind] = kinds.get(kind, 0) + count
        if began_at:
            spans.setdefault(kind, []).append((epoch_us(moment(began_at)), epoch_us(moment(ended_at)), count))
    for kind, count in kinds.items():
        yield kind, count, tuple(np.array(spans[kind], np.int64).T) if kind in spans else ()


def _statement(asked: Asked, counting: Counting) -> tuple[str, int]:
    """The statement that fetches the rows, and how many columns it has."""
    columns = [*zip(("began_at", "ended_at"), counting.took or ("NULL", "NULL"), strict=True), *counting.columns]
    said = ", ".join(f"{text} AS {name}" for name, text in columns)
    return f"SELECT {said} {tables(counting.counted, asked)}", len(columns)


def _tally_kind(asked: Asked, counting: Counting, kind: tuple, count: int, found: dict[str, Tally]) -> list[str]:
    """Count rows that are all alike; gives the groups in which what they took is summed."""
    simulated, marks, *rest = kind
    first, timed = len(counting.shares), []
    for place, share in enumerate(counting.shares):
        keys = [key for key, bits in share.items() if marks & bits == bits]
        groups = [(rest[place], keys)] if keys else []
        if asked.is_over_time:
            groups = _over_time(asked, keys, counting, rest[first:])
            if asked.across:
                groups = [(f"{rest[place]}{APART}{period}", there) for period, there in groups]
        for name, keys_there in groups:
            _add(found, name, keys_there, count, count if simulated else 0)
        if counting.times and place == counting.timed:
            takes = (counting.times[0], Part.denominator)
            timed = [name for name, keys_there in groups if takes in keys_there]
    return timed


def _over_time(
    asked: Asked, keys: Iterable[Key], counting: Counting, periods: Sequence[int | None]
) -> list[tuple[str, list[Key]]]:
    """The calendar periods that a row stands in, with the numbers that it counts in there; and once in the whole."""
    there: dict[str, list[Key]] = {}
    for key in keys:
        columns = counting.moments[key[0]]
        found = {periods[each] for each in columns} - {None} if columns else {-1}
        if found:
            there.setdefault(WHOLE, []).append(key)
        for place in found:
            there.setdefault(asked.buckets[place].key if place >= 0 else "", []).append(key)
    return list(there.items())


def _add(found: dict[str, Tally], group: str, keys: Iterable[Key], count: int, simulated: int) -> None:
    tally = found.get(group)
    if tally is None:
        tally = found[group] = Tally(numbers={})
    tally.simulated += simulated
    numbers = tally.numbers
    for key in keys:
        numbers[key] = numbers.get(key, 0) + count
