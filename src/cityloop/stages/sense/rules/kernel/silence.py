"""Streams that say nothing."""

import numpy as np

from cityloop.domain.sensing import Event, EventKind
from cityloop.stages.sense.rules.kernel.plan import ENDLESS, NEVER, Plan
from cityloop.stages.sense.rules.kernel.runs import Columns, may_raise, told
from cityloop.stages.sense.rules.kernel.sorting import Ints, Rows, pairs_at, spread

SECOND = 1_000_000
UNHEARD_US = 60 * SECOND  # a city that was down for longer did not listen meanwhile


def silence(plan: Plan, kept: Columns, rows: Rows, gaps: Ints, events: list[Event]) -> None:
    """Follow silences. `gaps`: of each row, the time since the row before it of its stream; 0 for the first of all."""
    pairs = plan.families["silence"]
    if not pairs.size:
        return
    pair, segment = pairs_at(pairs.first, rows.stream)
    if not len(pair):
        return
    _begun(plan, kept, rows, pair, segment)
    ahead = rows.at[rows.start][segment] - kept["began"][pair]  # of a pair that is new, or waits since its device was put up
    longest = np.maximum(np.maximum.reduceat(gaps, rows.start)[segment], ahead)
    some = np.flatnonzero((longest > pairs.window_us[pair]) | kept["raised"][pair])
    if len(some):
        _ended(plan, kept, rows, gaps, pair[some], segment[some], events)
    last = np.maximum(rows.at[rows.end][segment], kept["began"][pair])  # from before a time in which nobody listened
    kept["began"][pair], kept["due"][pair] = last, last + pairs.window_us[pair]
    kept["raised"][pair] = False
    kept["value"][pair] = pairs.window_us[pair] / SECOND


def _begun(plan: Plan, kept: Columns, rows: Rows, pair: Ints, segment: Ints) -> None:
    """A pair that was never heard is silent since its device was put up, or since its first row."""
    fresh = np.flatnonzero(kept["began"][pair] == NEVER)
    if len(fresh):
        kept["began"][pair[fresh]] = rows.at[rows.start][segment[fresh]]


def _ended(
    plan: Plan, kept: Columns, rows: Rows, gaps: Ints, pair: Ints, segment: Ints, events: list[Event]
) -> None:
    pairs = plan.families["silence"]
    row, of = spread(rows.start[segment], rows.length[segment])
    each = pair[of]
    first = np.concatenate(([True], of[1:] != of[:-1]))
    began = np.where(first, kept["began"][each], np.maximum(rows.at[row] - gaps[row], kept["began"][each]))
    was = first & kept["raised"][each]
    over = rows.at[row] - began > pairs.window_us[each]
    for place in np.flatnonzero(was | over):
        one, since, at = int(each[place]), int(began[place]), int(rows.at[row[place]])
        length_s = pairs.window_us[one] / SECOND
        if not was[place]:
            moment = may_raise(plan, pairs, one, since + int(pairs.window_us[one]))
            if moment > at:
                continue
            events.append(told(plan, pairs, one, EventKind.raised, since, moment, length_s))
        events.append(told(plan, pairs, one, EventKind.cleared, since, at, (at - since) / SECOND))


def listened(plan: Plan, kept: Columns, until: int, since: int) -> None:
    """Somebody listens since then, after what was heard until then: a pause longer than a minute is nobody's silence."""
    if since - until > UNHEARD_US:
        _unheard(plan, kept, since)


def _unheard(plan: Plan, kept: Columns, until: int) -> None:
    """Nobody listened until then: who is not known to be silent has from then on the whole of the time to speak, whatever is
    judged later that was said before."""
    born(plan, kept)
    waits = np.flatnonzero((kept["began"] < until) & ~kept["raised"])
    heard = waits[kept["due"][waits] != ENDLESS]
    kept["began"][waits] = until
    kept["due"][heard] = until + plan.families["silence"].window_us[heard]


def born(plan: Plan, kept: Columns) -> None:
    """Before the first observation: silence counts from when the device was put up, where that is known."""
    pairs = plan.families["silence"]
    since = plan.born[pairs.stream]
    fresh = (kept["began"] == NEVER) & (kept["due"] == ENDLESS) & (since != NEVER)
    kept["began"][fresh], kept["due"][fresh] = since[fresh], since[fresh] + pairs.window_us[fresh]
    kept["value"][fresh] = pairs.window_us[fresh] / SECOND
