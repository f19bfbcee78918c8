"""What happens within a window: a rise, a fall, no change at all, or so many in it. The window is counted in slices of the clock."""

from typing import NamedTuple

import numpy as np

from cityloop.domain.sensing import Event, RuleKind
from cityloop.stages.sense.rules.kernel.plan import KINDS, NEVER, SLICES, Pairs, Plan
from cityloop.stages.sense.rules.kernel.runs import Columns, Signals, followed
from cityloop.stages.sense.rules.kernel.sorting import Floats, Ints, Rows, pairs_at, scanned, spread

RISE, FALL, FROZEN = (KINDS.index(kind) for kind in (RuleKind.rise, RuleKind.fall, RuleKind.frozen))
BACK = SLICES - 1  # a row is judged with the slice in which it lies and so many before


def windows(plan: Plan, kept: Columns, rows: Rows, gaps: Ints, step: Floats, events: list[Event]) -> None:
    """Follow rises, falls and frozen streams. `step`: of each segment, the least difference of two rows that follow."""
    pairs = plan.families["window"]
    if not pairs.size:
        return
    pair, segment = pairs_at(pairs.first, rows.stream)
    if not len(pair):
        return
    low = np.minimum(kept["least"][pair], rows.least[segment])
    high = np.maximum(kept["most"][pair], rows.most[segment])
    kind, limit = pairs.kind[pair], pairs.limit[pair]
    might = np.where(kind == RISE, rows.most[segment] - low >= limit, high - rows.least[segment] >= limit)
    long = rows.at[rows.end][segment] - kept["since"][pair] >= pairs.window_us[pair]
    might = np.where(kind == FROZEN, (step[segment] <= pairs.release[pair]) & long, might)
    some = np.flatnonzero(might | (kept["began"][pair] != NEVER))
    kept["least"][pair], kept["most"][pair] = low, high
    if len(some):
        _judged(plan, kept, rows, gaps, pair[some], segment[some], events)
    _since(pairs, kept, rows, gaps, pair, segment)
    _keep(pairs, kept, rows, pair, segment)


def sums(plan: Plan, kept: Columns, rows: Rows, events: list[Event]) -> None:
    """Follow counts: of a stream of counts their sum, of another how many of its values are not 0."""
    pairs = plan.families["sum"]
    if not pairs.size:
        return
    pair, segment = pairs_at(pairs.first, rows.stream)
    if not len(pair):
        return
    found = _cut(pairs, kept, rows, pair, segment)
    amount = np.where(found.is_row, np.where(pairs.adds[pair[found.of]], found.low, (found.low != 0) * 1.0), found.low)
    upto = np.cumsum(amount)
    ahead = upto - amount
    in_group = upto - ahead[found.first][found.group]
    whole = np.add.reduceat(amount, found.first)
    total = in_group + _earlier(found, whole, np.add, 0.0)[found.group]
    on = total >= pairs.limit[pair[found.of]]
    off = total < pairs.release[pair[found.of]]
    signal = (on.astype(np.int8) - (off & ~on).astype(np.int8))[found.is_row]
    _store(kept, pair, found, {"low": whole})
    followed(plan, pairs, kept, _signals(rows, pair, segment, signal, total[found.is_row]), events)


class _Cut(NamedTuple):
    """What is kept of some pairs' slices, and then their rows, in the order of time; and groups, one a pair and slice."""

    of: Ints  # of each entry: place of its pair
    low: Floats
    high: Floats
    is_row: np.ndarray
    first: Ints  # of each group: its first entry
    group: Ints  # of each entry: its group
    group_of: Ints
    slice: Ints  # of each group


def _cut(pairs: Pairs, kept: Columns, rows: Rows, pair: Ints, segment: Ints) -> _Cut:
    row, of = spread(rows.start[segment], rows.length[segment])
    number = rows.at[row] // pairs.slice_us[pair][of]
    held = kept["slice"][pair]
    order = np.argsort(held, axis=1, kind="stable")
    old_of, old_at = np.nonzero(np.take_along_axis(held, order, 1) != NEVER)
    slot = order[old_of, old_at]
    high = kept.get("high", kept["low"])
    every = np.concatenate((old_of, of))
    rank = np.argsort(every, kind="stable")  # what is kept goes before the rows of its pair
    of_all = every[rank]
    slices = np.concatenate((held[old_of, slot], number))[rank]
    value = rows.value[row]
    low = np.concatenate((kept["low"][pair[old_of], slot], value))[rank]
    top = np.concatenate((high[pair[old_of], slot], value))[rank]
    new = np.concatenate(([True], (of_all[1:] != of_all[:-1]) | (slices[1:] != slices[:-1])))
    first = np.flatnonzero(new)
    return _Cut(of_all, low, top, rank >= len(old_of), first, np.cumsum(new) - 1, of_all[first], slices[first])


def _earlier(found: _Cut, whole: np.ndarray, better: np.ufunc, nothing: float) -> np.ndarray:
    """Of each group: what the slices before it within the window hold."""
    said = np.full(len(whole), nothing)
    for lag in range(1, BACK + 1):
        near = (found.group_of[lag:] == found.group_of[:-lag]) & (found.slice[:-lag] >= found.slice[lag:] - BACK)
        said[lag:] = np.where(near, better(said[lag:], whole[:-lag]), said[lag:])
    return said


def _judged(plan: Plan, kept: Columns, rows: Rows, gaps: Ints, pair: Ints, segment: Ints, events: list[Event]) -> None:
    pairs = plan.families["window"]
    found = _cut(pairs, kept, rows, pair, segment)
    start = found.first[found.group]
    least, most = scanned(found.low, start, np.minimum), scanned(found.high, start, np.maximum)
    whole_low, whole_high = np.minimum.reduceat(found.low, found.first), np.maximum.reduceat(found.high, found.first)
    least = np.minimum(least, _earlier(found, whole_low, np.minimum, np.inf)[found.group])[found.is_row]
    most = np.maximum(most, _earlier(found, whole_high, np.maximum, -np.inf)[found.group])[found.is_row]
    each, value = pair[found.of[found.is_row]], found.low[found.is_row]
    kind, limit, release = pairs.kind[each], pairs.limit[each], pairs.release[each]
    moved = np.where(kind == RISE, value - least, most - value)
    row, of = spread(rows.start[segment], rows.length[segment])
    long = rows.at[row] - _since_rows(pairs, kept, rows, gaps, pair, row, of) >= pairs.window_us[each]
    on = np.where(kind == FROZEN, (most - least <= release) & long, moved >= limit)
    off = np.where(kind == FROZEN, ~on, moved < release)
    signal = on.astype(np.int8) - (off & ~on).astype(np.int8)
    last = np.cumsum(rows.length[segment]) - 1
    kept["least"][pair], kept["most"][pair] = least[last], most[last]
    followed(plan, pairs, kept, _signals(rows, pair, segment, signal, value), events)


def _signals(rows: Rows, pair: Ints, segment: Ints, signal: np.ndarray, value: Floats) -> Signals:
    length = rows.length[segment]
    row, of = spread(rows.start[segment], length)
    return Signals(pair, np.cumsum(length) - length, of, rows.at[row], value, signal)


def _since_rows(pairs: Pairs, kept: Columns, rows: Rows, gaps: Ints, pair: Ints, row: Ints, of: Ints) -> Ints:
    """Of each row: since when its stream has spoken without a gap as long as the window."""
    each = pair[of]
    first = np.concatenate(([True], of[1:] != of[:-1]))
    anew = (gaps[row] > pairs.window_us[each]) | (first & (kept["since"][each] == NEVER))
    place = np.maximum.accumulate(np.where(anew, np.arange(len(row)), -1))
    start = np.maximum.accumulate(np.where(first, np.arange(len(row)), 0))
    return np.where(place >= start, rows.at[row[place]], kept["since"][each])


def _since(pairs: Pairs, kept: Columns, rows: Rows, gaps: Ints, pair: Ints, segment: Ints) -> None:
    longest = np.maximum.reduceat(gaps, rows.start)[segment]
    some = np.flatnonzero((longest > pairs.window_us[pair]) | (kept["since"][pair] == NEVER))
    if len(some):
        pair, segment = pair[some], segment[some]
        row, of = spread(rows.start[segment], rows.length[segment])
        since = _since_rows(pairs, kept, rows, gaps, pair, row, of)
        kept["since"][pair] = since[np.cumsum(rows.length[segment]) - 1]


def _keep(pairs: Pairs, kept: Columns, rows: Rows, pair: Ints, segment: Ints) -> None:
    """Put the rows into the slices. Most streams have theirs in one."""
    width = pairs.slice_us[pair]
    number, upto = rows.at[rows.start][segment] // width, rows.at[rows.end][segment] // width
    low, high = rows.least[segment], rows.most[segment]
    one = number == upto
    if not one.all():
        several = _groups(pairs, rows, pair[~one], segment[~one])
        alone = pair[one], number[one], low[one], high[one]
        pair, number, low, high = (np.concatenate(both) for both in zip(alone, several, strict=True))
    slot = number % SLICES
    same = kept["slice"][pair, slot] == number
    kept["low"][pair, slot] = np.where(same, np.minimum(kept["low"][pair, slot], low), low)
    kept["high"][pair, slot] = np.where(same, np.maximum(kept["high"][pair, slot], high), high)
    kept["slice"][pair, slot] = number


def _groups(pairs: Pairs, rows: Rows, pair: Ints, segment: Ints) -> tuple[Ints, Ints, Floats, Floats]:
    """Pair, slice, least and greatest of the rows of each slice, in their order: of several for one place the last stays."""
    row, of = spread(rows.start[segment], rows.length[segment])
    number, value = rows.at[row] // pairs.slice_us[pair][of], rows.value[row]
    first = np.flatnonzero(np.concatenate(([True], (of[1:] != of[:-1]) | (number[1:] != number[:-1]))))
    return pair[of[first]], number[first], np.minimum.reduceat(value, first), np.maximum.reduceat(value, first)


def _store(kept: Columns, pair: Ints, found: _Cut, columns: Columns) -> None:
    """The groups in their places; of several for one place the last stays."""
    at = (pair[found.group_of], found.slice % SLICES)
    kept["slice"][at] = found.slice
    for name, column in columns.items():
        kept[name][at] = column
