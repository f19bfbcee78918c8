"""All figures of a question in one statement a table: a condition is a mark, and rows are counted by their marks."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from msgspec import Struct

from cityloop.db import Tx
from cityloop.domain.time import moment
from cityloop.stages.evaluate.model import By, Counted, Key, Metric, Part, Taken, Tally
from cityloop.stages.evaluate.store.rows import TABLE, Asked, below, group_of, params_of, tables, within

APART = "\t"  # between the group and the period of a series
WHOLE = "*"  # beside the groups of time, in two of which a row may stand


class Head(Struct, frozen=True):
    """How long the journal is, and when the city's first report came."""

    seq: int
    first_at: datetime | None


class _Counting(Struct, frozen=True):
    """A statement whose rows are counted, and for each share of metrics the marks that the rows of a number have."""

    sql: str
    width: int
    shares: list[dict[Key, int]]
    timed: int  # the share whose times are taken
    times: tuple[str, ...]  # the metrics that sum them
    moments: dict[str, tuple[int, ...]]  # of each metric, which of the last columns tell its calendar periods


def head_of(tx: Tx) -> Head:
    """What the answer follows from."""
    row = tx.one(
        "SELECT (SELECT size FROM log_head WHERE city = :city) AS size, "
        "(SELECT MIN(received_at) FROM report WHERE city = :city) AS first_at"
    )
    assert row is not None
    return Head(seq=row.size or 0, first_at=moment(row.first_at) if row.first_at else None)


def tally_all(tx: Tx, asked: Asked) -> tuple[dict[str, Tally], list[Taken]]:
    """Every count of every group that has any, and how long each row took; one statement for each table."""
    found: dict[str, Tally] = {}
    taken: list[Taken] = []
    for counted in Counted:
        if any(each.counted is counted for each in asked.metrics):
            _tally_one(tx, asked, _counting(counted, asked), found, taken)
    return found, taken


def _tally_one(tx: Tx, asked: Asked, counting: _Counting, found: dict[str, Tally], taken: list[Taken]) -> None:
    """First the rows, each once and quickly; then the few kinds of rows that there are."""
    kinds: dict[tuple, int] = {}
    times: list[tuple[tuple, str, str, int]] = []
    for (began_at, ended_at, *row), count in tx.tally(counting.sql, counting.width, **params_of(asked)):
        kind = tuple(row)
        kinds[kind] = kinds.get(kind, 0) + count
        if began_at:
            times.append((kind, began_at, ended_at, count))
    timed: dict[tuple, list[str]] = {}
    for kind, count in kinds.items():
        timed[kind] = _tally_kind(asked, counting, kind, count, found)
    for kind, began_at, ended_at, count in times:
        began, ended = moment(began_at), moment(ended_at)
        taken += [(group, counting.times, began, ended, count) for group in timed[kind]]


def _tally_kind(asked: Asked, counting: _Counting, kind: tuple, count: int, found: dict[str, Tally]) -> list[str]:
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
            _add(found, name, keys_there, count, bool(simulated))
        if counting.times and place == counting.timed:
            takes = (counting.times[0], Part.denominator)
            timed = [name for name, keys_there in groups if takes in keys_there]
    return timed


def _over_time(
    asked: Asked, keys: Iterable[Key], counting: _Counting, periods: Sequence[int | None]
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


def _add(found: dict[str, Tally], group: str, keys: Iterable[Key], count: int, simulated: bool) -> None:
    tally = found.get(group)
    if tally is None:
        tally = found[group] = Tally(numbers={})
    tally.simulated |= simulated
    numbers = tally.numbers
    for key in keys:
        numbers[key] = numbers.get(key, 0) + count


def _counting(counted: Counted, asked: Asked) -> _Counting:
    """What counts all metrics of a table: a condition is a mark, looked at once for each row.

    Where people are the groups, a row is one person's for one metric and another's for the next: a share for each.
    """
    metrics = [each for each in asked.metrics if each.counted is counted]
    whos = list(dict.fromkeys(each.who for each in metrics)) if asked.groups is By.person else [metrics[0].who]
    parts = {(each.code, part): _marks_of(each, part, asked) for each in metrics for part in each.sides}
    bits = {each: 1 << n for n, each in enumerate(dict.fromkeys(one for some in parts.values() for one in some))}
    timed = [each for each in metrics if each.took]
    simulated = f"{TABLE[counted] if counted is Counted.report else 'case_file'}.simulated"
    marks = " + ".join(f"CASE WHEN {each} THEN {bit} ELSE 0 END" for each, bit in bits.items())
    columns = []
    for place, name in enumerate(("began_at", "ended_at")):
        took = f"CASE WHEN {below(timed[0])} THEN {timed[0].took[place]} END" if timed else "NULL"  # type: ignore[index]
        columns.append(f"{took} AS {name}")
    columns += [f"{simulated} AS simulated", f"{marks} AS marks"]
    columns += [f"{group_of(asked.groups, counted, who)} AS group_{place}" for place, who in enumerate(whos)]
    moments: dict[str, int] = {}
    if asked.is_over_time:
        moments = {each: n for n, each in enumerate(dict.fromkeys(m for one in metrics for m in one.rows.moments))}
        columns += [f"{_period(each, asked)} AS period_{n}" for each, n in moments.items()]
    shares: list[dict[Key, int]] = [{} for _ in whos]
    for metric in metrics:
        share = shares[whos.index(metric.who)] if asked.groups is By.person else shares[0]
        for part in metric.sides:
            share[metric.code, part] = sum(bits[each] for each in parts[metric.code, part])
    return _Counting(
        sql=f"SELECT {', '.join(columns)} {tables(counted, asked)}", width=len(columns), shares=shares,
        timed=whos.index(timed[0].who) if timed and asked.groups is By.person else 0,
        times=tuple(each.code for each in timed),
        moments={each.code: tuple(moments[m] for m in each.rows.moments) for each in metrics} if moments else {},
    )  # fmt: skip


def _marks_of(metric: Metric, part: Part, asked: Asked) -> tuple[str, ...]:
    """The conditions of a number; the time apart where rows are told over time."""
    base = metric.rows.where if asked.is_over_time else below(metric)
    return (base,) if metric.those is None or part is Part.denominator else (base, metric.those)


def _period(at: str, asked: Asked) -> str:
    """Which of the question's calendar periods a moment lies in; nothing outside. Found by halves."""

    def found(first: int, last: int) -> str:
        if first == last:
            return str(first)
        middle = (first + last + 1) // 2
        return f"CASE WHEN {at} < :edge_{middle} THEN {found(first, middle - 1)} ELSE {found(middle, last)} END"

    return f"CASE WHEN {within((at,))} THEN {found(0, len(asked.buckets) - 1)} END"
