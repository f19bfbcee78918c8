"""What is unusual against a stream's own season: online, with a memory of fixed size, for many streams at once."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cityloop.domain.sensing import Event
from cityloop.stages.sense.rules.kernel.plan import NEVER, Plan
from cityloop.stages.sense.rules.kernel.runs import Columns, Signals, followed
from cityloop.stages.sense.rules.kernel.season import COLUMNS, held, surprise, tail_of
from cityloop.stages.sense.rules.kernel.sorting import Floats, Ints, Rows, pairs_at, spread

# of every pair, beside the model: the step that is open, if the rule looks at means over steps
STEPS: dict[str, tuple[tuple[int, ...], Any, Any]] = {
    "step": ((), np.int64, NEVER), "sum": ((), np.float64, 0.0), "count": ((), np.float64, 0.0), "at": ((), np.int64, NEVER),
    **COLUMNS,
}  # fmt: skip

FEW = 16  # rows of a stream in a batch, up to which their steps are added rank by rank


def unusual(plan: Plan, kept: Columns, rows: Rows, events: list[Event]) -> None:
    """Follow what is unusual: on where the tail of a surprise greater than those of late is no more than the limit, off where
    the tail is more than the release.
    """
    pairs = plan.families["unusual"]
    if not pairs.size:
        return
    pair, segment = pairs_at(pairs.first, rows.stream)
    if not len(pair):
        return
    points = _points(plan, kept, rows, pair, segment)
    if not len(points.of):
        return
    said, fresh = np.zeros(len(points.of)), np.zeros(len(points.of))
    count = np.bincount(points.of, minlength=len(pair))
    start = np.cumsum(count) - count
    busy = np.argsort(-count, kind="stable")
    for rank in range(int(count.max())):
        these = busy[: np.searchsorted(-count[busy], -rank, side="left")]
        place = start[these] + rank
        said[place] = surprise(kept, pair[these], points.at[place], points.value[place])
        fresh[place] = held(kept, pair[these], said[place])
    each = pair[points.of]
    on, off = (tail_of(fresh) <= pairs.limit[each]) & (fresh > 0), tail_of(said) > pairs.release[each]
    some = np.flatnonzero(count)
    again = np.cumsum(count > 0) - 1
    signal = on.astype(np.int8) - (off & ~on).astype(np.int8)
    followed(plan, pairs, kept, Signals(pair[some], start[some], again[points.of], points.at, points.value, signal), events)


class Points(NamedTuple):
    """What is judged, ordered by pair: place of the pair, moment, value."""

    of: Ints
    at: Ints
    value: Floats


def _points(plan: Plan, kept: Columns, rows: Rows, pair: Ints, segment: Ints) -> Points:
    """What is judged: every row, or the mean of each step that has ended, at its last row."""
    pairs = plan.families["unusual"]
    size, place = pairs.window_us[pair], np.arange(len(pair))
    if size.all() and rows.length.max() <= FEW:
        goes_on = _goes_on(kept, rows, pair, segment, size)
        pair_all, place, pair, segment, size = pair, place[~goes_on], pair[~goes_on], segment[~goes_on], size[~goes_on]
        if not len(pair):
            return Points(place, pair_all[:0], rows.value[:0])
    row, of = spread(rows.start[segment], rows.length[segment])
    at, value = rows.at[row], rows.value[row]
    if not size.any():
        return Points(of, at, value)
    step = at // np.maximum(size, 1)[of]
    held = np.flatnonzero((kept["step"][pair] != NEVER) & (size > 0))
    of = np.concatenate((held, of))
    rank = np.argsort(of, kind="stable")
    of, step = of[rank], np.concatenate((kept["step"][pair[held]], step))[rank]
    at = np.concatenate((kept["at"][pair[held]], at))[rank]
    total = np.concatenate((kept["sum"][pair[held]], value))[rank]
    many = np.concatenate((kept["count"][pair[held]], np.ones(len(value))))[rank]
    new = np.concatenate(([True], (of[1:] != of[:-1]) | (step[1:] != step[:-1]) | (size[of[1:]] == 0)))
    group, first = np.cumsum(new) - 1, np.flatnonzero(new)
    last = np.append(first[1:], len(of)) - 1
    total, many = np.bincount(group, total), np.bincount(group, many)  # adds in order: any cut gives the same
    of, step, at = of[first], step[first], at[last]
    open_ = np.append(of[1:] != of[:-1], True) & (size[of] > 0)
    where = pair[of[open_]]
    kept["step"][where], kept["at"][where] = step[open_], at[open_]
    kept["sum"][where], kept["count"][where] = total[open_], many[open_]
    done = ~open_
    return Points(place[of[done]], at[done], (total / many)[done])


def _goes_on(kept: Columns, rows: Rows, pair: Ints, segment: Ints, size: Ints) -> NDArray[np.bool_]:
    """Which pairs have all their rows in the step that is open, or open one: their sums go on, row by row as any cut would."""
    step, upto = rows.at[rows.start][segment] // size, rows.at[rows.end][segment] // size
    goes_on = (step == upto) & ((kept["step"][pair] == step) | (kept["step"][pair] == NEVER))
    these, there = pair[goes_on], segment[goes_on]
    total, length, start = kept["sum"][these], rows.length[there], rows.start[there]
    for rank in range(int(length.max(initial=0))):
        more = length > rank
        total[more] += rows.value[start[more] + rank]
    kept["sum"][these], kept["step"][these] = total, step[goes_on]
    kept["count"][these] += length
    kept["at"][these] = rows.at[rows.end][there]
    return goes_on
