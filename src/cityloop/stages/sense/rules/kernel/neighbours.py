"""Neighbours that disagree: compared at moments of a grid, once the watermark has passed them."""

import numpy as np
from numpy.typing import NDArray

from cityloop.domain.sensing import Event
from cityloop.stages.sense.rules.kernel.plan import Plan
from cityloop.stages.sense.rules.kernel.runs import Columns, Signals, followed
from cityloop.stages.sense.rules.kernel.sorting import Floats, Ints, Rows, spread

LEAST = 2  # neighbours that must have spoken


def neighbours(plan: Plan, kept: Columns, waiting: Columns, done: Columns, rows: Rows | None, until: int, events: list[Event]) -> None:
    """Follow who differs from their neighbours. `waiting`: the last value of each stream in each grid that is not over."""
    pairs = plan.families["near"]
    if not pairs.size:
        return
    upto = dict(zip(done["rule"].tolist(), done["done"].tolist(), strict=True))
    left: list[Columns] = []
    for rule in np.unique(pairs.rule).tolist():
        these = np.flatnonzero(pairs.rule == rule)
        size = int(pairs.window_us[these[0]])
        mine = waiting["rule"] == rule
        seen = {name: column[mine] for name, column in waiting.items()}
        if rows is not None:
            seen = _with(plan, seen, rows, rule, these, size)
        fresh = seen["grid"] >= upto.get(rule, -(1 << 62))
        over = seen["grid"] < until // size
        for grid in np.unique(seen["grid"][fresh & over]).tolist():
            here = fresh & (seen["grid"] == grid)
            _compared(plan, kept, these, (grid + 1) * size, seen["stream"][here], seen["value"][here], events)
            upto[rule] = grid + 1
        left.append({name: column[fresh & ~over] for name, column in seen.items()})
    for name in waiting:
        waiting[name] = np.concatenate([each[name] for each in left])
    done["rule"], done["done"] = np.array(list(upto), np.int64), np.array(list(upto.values()), np.int64)


def _with(plan: Plan, seen: Columns, rows: Rows, rule: int, these: Ints, size: int) -> Columns:
    """What waits, and this batch: of each stream and grid the last."""
    asked = np.zeros(plan.size, np.bool_)
    asked[plan.families["near"].stream[these]] = True
    segment = np.flatnonzero(asked[rows.stream])
    row, of = spread(rows.start[segment], rows.length[segment])
    new = {
        "rule": np.full(len(row), rule, np.int64), "grid": rows.at[row] // size, "stream": rows.stream[segment][of].astype(np.int64),
        "at": rows.at[row], "value": rows.value[row],
    }  # fmt: skip
    both = {name: np.concatenate((column, new[name])) for name, column in seen.items()}
    order = np.lexsort((np.arange(len(both["at"])), both["grid"], both["stream"]))
    both = {name: column[order] for name, column in both.items()}
    last = np.append((both["stream"][1:] != both["stream"][:-1]) | (both["grid"][1:] != both["grid"][:-1]), True)
    return {name: column[last[: len(column)]] for name, column in both.items()}


def _compared(plan: Plan, kept: Columns, these: Ints, moment: int, streams: Ints, values: Floats, events: list[Event]) -> None:
    """Every stream of a rule that has spoken in a grid, and at least some of its neighbours."""
    pairs = plan.families["near"]
    said = np.full(plan.size, np.nan)
    said[streams] = values
    own, there = said[pairs.stream[these]], said[plan.near[these]]
    many = (~np.isnan(there)).sum(axis=1)
    some = np.flatnonzero(~np.isnan(own) & (many >= LEAST))
    if not len(some):
        return
    away = np.abs(own[some] - median(there[some]))
    pair = these[some]
    on, off = away >= pairs.limit[pair], away < pairs.release[pair]
    signal = on.astype(np.int8) - (off & ~on).astype(np.int8)
    place = np.arange(len(pair))
    followed(plan, pairs, kept, Signals(pair, place, place, np.full(len(pair), moment), away, signal), events)


def median(rows: NDArray[np.float64]) -> Floats:
    """The median of each row of what is there; every row holds something.

    >>> median(np.array([[3.0, np.nan, 1.0], [5.0, np.nan, np.nan]])).tolist()
    [2.0, 5.0]
    """
    lined = np.sort(rows, axis=1)
    many = (~np.isnan(rows)).sum(axis=1)
    place = np.arange(len(rows))
    return (lined[place, (many - 1) // 2] + lined[place, many // 2]) / 2
