"""Detections by their tracks: how long somebody stays, and how many are there at once."""

from typing import NamedTuple

import numpy as np

from cityloop.domain.sensing import Event, EventKind, RuleKind
from cityloop.stages.sense.rules.kernel.plan import KINDS, NEVER, Plan
from cityloop.stages.sense.rules.kernel.runs import Columns, Signals, followed, may_raise, told
from cityloop.stages.sense.rules.kernel.sorting import Floats, Ints, Rows, pairs_at, spread

SEEN = KINDS.index(RuleKind.seen)
NOBODY = np.zeros(0, np.int64)


class Stay(NamedTuple):
    """Sightings of one track by one pair, none of them further from the next than the window."""

    pair: Ints
    track: Ints
    began: Ints
    last: Ints
    value: Floats  # the confidence of the first sighting
    raised: np.ndarray
    over: np.ndarray  # it has gone: the pair's time is beyond its last sighting by more than the window


def tracks(plan: Plan, kept: Columns, open_: Columns, rows: Rows | None, until: int, last: Ints, events: list[Event]) -> None:
    """Follow the tracks. `open_`: those in view, rewritten; `last`: by stream, when it was last heard, with this batch."""
    pairs = plan.families["track"]
    if not pairs.size or (rows is None and not len(open_["pair"])):
        return
    stays, sighted = _stays(plan, open_, rows, until, last)
    dwell = pairs.kind[stays.pair] == SEEN
    _counted(plan, kept, stays, ~dwell, events)
    raised = _dwelt(plan, stays, sighted, dwell, events)
    left = ~stays.over
    for name, column in zip(open_, stays[:5], strict=False):
        open_[name] = column[left]
    open_["raised"] = raised[left]


class _Sighted(NamedTuple):
    """Every sighting of this batch: the stay to which it belongs, and when."""

    stay: Ints
    at: Ints


def _stays(plan: Plan, open_: Columns, rows: Rows | None, until: int, last: Ints) -> tuple[Stay, _Sighted]:
    pairs = plan.families["track"]
    old = len(open_["pair"])
    pair, track, at, value = NOBODY, NOBODY, NOBODY, np.zeros(0)
    if rows is not None:
        each, segment = pairs_at(pairs.first, rows.stream)
        row, of = spread(rows.start[segment], rows.length[segment])
        pair, track, at, value = each[of], rows.track[row], rows.at[row], rows.value[row]
        sure = (pairs.kind[pair] != SEEN) | (value >= pairs.limit[pair])
        pair, track, at, value = pair[sure], track[sure], at[sure], value[sure]
    pair, track = np.concatenate((open_["pair"], pair)), np.concatenate((open_["track"], track))
    first, upto = np.concatenate((open_["began"], at)), np.concatenate((open_["last"], at))
    value, raised = np.concatenate((open_["value"], value)), np.concatenate((open_["raised"], np.zeros(len(at), np.bool_)))
    order = np.lexsort((np.arange(len(pair)), track, pair))
    pair, track, first, upto, value, raised = (
        each[order] for each in (pair, track, first, upto, value, raised)
    )  # fmt: skip
    window = pairs.window_us[pair]
    anew = np.ones(len(pair), np.bool_)
    anew[1:] = (pair[1:] != pair[:-1]) | (track[1:] != track[:-1]) | (first[1:] - upto[:-1] > window[1:])
    begins = np.flatnonzero(anew)
    ends = np.append(begins[1:], len(pair)) - 1
    stay = np.cumsum(anew) - 1
    if not len(begins):
        none = np.zeros(0, np.bool_)
        return Stay(NOBODY, NOBODY, NOBODY, NOBODY, np.zeros(0), none, none), _Sighted(NOBODY, NOBODY)
    now = np.maximum(last[pairs.stream[pair[begins]]], until - 1 if until > NEVER else NEVER)
    seen = order >= old
    return (
        Stay(
            pair[begins], track[begins], first[begins], upto[ends], value[begins], raised[begins],
            now > upto[ends] + window[begins],
        ),
        _Sighted(stay[seen], upto[seen]),
    )  # fmt: skip


def _dwelt(plan: Plan, stays: Stay, sighted: _Sighted, dwell: np.ndarray, events: list[Event]) -> np.ndarray:
    """Raise those seen for long enough, at the sighting that shows it; clear those that went."""
    pairs = plan.families["track"]
    raised = stays.raised.copy()
    due = stays.began + pairs.for_us[stays.pair]
    for place in np.flatnonzero(dwell & ~raised & (stays.last >= due)):
        pair = int(stays.pair[place])
        moment = may_raise(plan, pairs, pair, int(due[place]))
        seen = sighted.at[(sighted.stay == place) & (sighted.at >= moment)]
        if len(seen):
            raised[place] = True
            _tell(plan, stays, int(place), EventKind.raised, int(seen[0]), events)
    for place in np.flatnonzero(dwell & raised & stays.over):
        gone = int(stays.last[place]) + int(pairs.window_us[stays.pair[place]])
        _tell(plan, stays, int(place), EventKind.cleared, gone, events)
    return raised


def _tell(plan: Plan, stays: Stay, place: int, kind: EventKind, at: int, events: list[Event]) -> None:
    pair, began = int(stays.pair[place]), int(stays.began[place])
    events.append(told(plan, plan.families["track"], pair, kind, began, at, float(stays.value[place]), int(stays.track[place])))


def _counted(plan: Plan, kept: Columns, stays: Stay, some: np.ndarray, events: list[Event]) -> None:
    """Follow how many tracks are in view: one more when one comes, one less when it has gone."""
    if not some.any():
        return
    pairs = plan.families["track"]
    came, gone = np.flatnonzero(some & ~stays.raised), np.flatnonzero(some & stays.over)
    pair = np.concatenate((stays.pair[came], stays.pair[gone]))
    at = np.concatenate((stays.began[came], stays.last[gone] + pairs.window_us[stays.pair[gone]]))
    by = np.concatenate((np.ones(len(came), np.int64), np.full(len(gone), -1)))
    stays.raised[came] = True  # it is counted
    if not len(pair):
        return
    order = np.lexsort((-by, at, pair))
    pair, at, by = pair[order], at[order], by[order]
    start = np.flatnonzero(np.concatenate(([True], pair[1:] != pair[:-1])))
    of = np.cumsum(np.concatenate(([0], (pair[1:] != pair[:-1]) * 1)))
    counted = np.cumsum(by)
    there = counted - (counted[start] - by[start])[of] + kept["there"][pair]
    on, off = there >= pairs.limit[pair], there < pairs.release[pair]
    one = pair[start]
    kept["there"][one] = there[np.append(start[1:], len(pair)) - 1]
    signal = on.astype(np.int8) - (off & ~on).astype(np.int8)
    followed(plan, pairs, kept, Signals(one, start, of, at, there.astype(np.float64), signal), events)
