"""From what holds at each row to alarms: how long it must hold, when it may be raised, when it is cleared."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cityloop.domain.sensing import Event, EventKind, event_id
from cityloop.stages.sense.rules.kernel.plan import ENDLESS, NEVER, Pairs, Plan
from cityloop.stages.sense.rules.kernel.sorting import Floats, Ints

Columns = dict[str, NDArray]


class Signals(NamedTuple):
    """Rows of some pairs, each pair's one after the other: 1 it begins to hold, -1 it holds no more, 0 as before."""

    pair: Ints  # places in the family
    start: Ints  # of each pair: its first row
    of: Ints  # of each row: place in `pair`
    at: Ints
    value: Floats
    signal: NDArray[np.int8]


def followed(plan: Plan, pairs: Pairs, kept: Columns, rows: Signals, events: list[Event]) -> None:
    """Carry the runs of these pairs on over their rows; what is known to be raised or cleared is told."""
    holds, before = _held(kept, rows)
    change = np.flatnonzero(holds != before)
    if len(change):
        _changed(plan, pairs, kept, rows, change, holds, events)
    last = rows.at[np.append(rows.start[1:], len(rows.at)) - 1]
    ripe = kept["due"][rows.pair] <= last
    for place in np.flatnonzero(ripe):
        fire(plan, pairs, kept, int(rows.pair[place]), int(last[place]), events)


def _held(kept: Columns, rows: Signals) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Whether each row's pair holds after it, and before it."""
    size = len(rows.at)
    said = np.maximum.accumulate(np.where(rows.signal != 0, np.arange(size), -1))
    at_first = (kept["began"][rows.pair] != NEVER)[rows.of]
    holds = np.where(said >= rows.start[rows.of], rows.signal[said] > 0, at_first)
    before = np.concatenate(([False], holds[:-1]))
    before[rows.start] = kept["began"][rows.pair] != NEVER
    return holds, before


def _changed(
    plan: Plan, pairs: Pairs, kept: Columns, rows: Signals, change: Ints, holds: NDArray[np.bool_], events: list[Event]
) -> None:
    of, at, up = rows.of[change], rows.at[change], holds[change]
    pair = rows.pair[of]
    value = rows.value[change]
    again = np.concatenate(([False], of[1:] == of[:-1]))  # the row before began what this one ends
    began = np.where(again, np.roll(at, 1), kept["began"][pair])
    due = np.where(again, np.roll(at, 1) + pairs.for_us[pair], kept["due"][pair])
    raised = np.where(again, False, kept["raised"][pair])
    first = np.where(again, np.roll(value, 1), kept["value"][pair])
    for place in np.flatnonzero(~up & (raised | (due <= at))):
        each, began_at, ends = int(pair[place]), int(began[place]), int(at[place])
        if not raised[place]:
            moment = may_raise(plan, pairs, each, int(due[place]))
            if moment > ends:
                continue
            events.append(told(plan, pairs, each, EventKind.raised, began_at, moment, first[place]))
        events.append(told(plan, pairs, each, EventKind.cleared, began_at, ends, value[place]))
    final = np.append(of[1:] != of[:-1], True)
    pair, at, up, value = pair[final], at[final], up[final], value[final]
    kept["began"][pair] = np.where(up, at, NEVER)
    kept["due"][pair] = np.where(up, at + pairs.for_us[pair], ENDLESS)
    kept["value"][pair] = value
    kept["raised"][pair] = False


def ticked(plan: Plan, pairs: Pairs, kept: Columns, until: int, events: list[Event]) -> None:
    """Raise what has held for long enough by now, without a row that says so."""
    for pair in np.flatnonzero(kept["due"] < until):
        fire(plan, pairs, kept, int(pair), until - 1, events)


def fire(plan: Plan, pairs: Pairs, kept: Columns, pair: int, by: int, events: list[Event]) -> None:
    """Raise a pair that is due, unless its quiet hours or a maintenance window put it off beyond `by`."""
    moment = may_raise(plan, pairs, pair, int(kept["due"][pair]))
    if moment > by:
        return
    kept["due"][pair], kept["raised"][pair] = ENDLESS, True
    began, value = int(kept["began"][pair]), float(kept["value"][pair])
    events.append(told(plan, pairs, pair, EventKind.raised, began, moment, value))


def may_raise(plan: Plan, pairs: Pairs, pair: int, due: int) -> int:
    """When a pair that is due is raised."""
    return plan.after(int(pairs.rule[pair]), int(pairs.stream[pair]), due) if pairs.waits[pair] else due


def told(
    plan: Plan, pairs: Pairs, pair: int, kind: EventKind, began: int, at: int, value: float, track: int = 0
) -> Event:
    """An event of a pair."""
    rule, stream = plan.rules[int(pairs.rule[pair])].code, int(pairs.stream[pair])
    return Event(
        id=event_id(rule, stream, began, track), kind=kind, rule=rule, stream=stream, began_at=began, at=at,
        value=float(value), limit=float(pairs.limit[pair]), track=track,
    )  # fmt: skip
