"""A state under another plan: what a rule and a stream remember stays where both are as they were."""

import numpy as np
from msgspec.structs import astuple

from cityloop.domain.sensing import Event, EventKind, SenseRule
from cityloop.stages.sense.rules.kernel.plan import ENDLESS, NEVER, Pairs, Plan
from cityloop.stages.sense.rules.kernel.runs import told
from cityloop.stages.sense.rules.kernel.sites import ended, left
from cityloop.stages.sense.rules.kernel.state import State, state_of


def carried(plan: Plan, state: State, new: Plan, *, at: int) -> tuple[State, list[Event]]:
    """The state for the new plan, and alarms that are over because their rule, stream or site is no more, or is another.

    Also how a state is divided: a plan of some of the streams takes what is theirs.
    """
    after = state_of(new)
    events: list[Event] = []
    size = min(plan.size, new.size)
    for name, column in after.streams.items():
        column[:size] = state.streams[name][:size]
    for family, columns in after.pairs.items():
        old, now = plan.families[family], new.families[family]
        there, here = _same(plan, old, new, now)
        for name, column in columns.items():
            column[here] = state.pairs[family][name][there]
        gone = state.pairs[family]["raised"].copy()
        gone[there] = False
        for pair in np.flatnonzero(gone):
            if _ours(new, int(old.stream[pair])):
                began = int(state.pairs[family]["began"][pair])
                events.append(told(plan, old, int(pair), EventKind.cleared, began, at, float(state.pairs[family]["value"][pair])))
        if family == "silence":
            _heard(now, columns, after)
        if family == "track":
            _tracks(plan, state, new, after, there, here, at, events)
    _lists(plan, state, new, after, at, events)
    return after, events


def _same(plan: Plan, old: Pairs, new: Plan, now: Pairs) -> tuple[np.ndarray, np.ndarray]:
    """Places of pairs that are the same in both plans: by all that the rule says, and by the stream and its bounds."""
    names = {rule: place for place, rule in enumerate(map(_sign, new.rules))}
    rule_of = np.array([names.get(_sign(rule), -1) for rule in plan.rules] or [-1], np.int64)
    wide = max(plan.size, new.size) + 1
    was = np.where(rule_of[old.rule] >= 0, rule_of[old.rule] * wide + old.stream, -1) if old.size else np.zeros(0, np.int64)
    is_ = now.rule.astype(np.int64) * wide + now.stream
    _, there, here = np.intersect1d(was, is_, assume_unique=False, return_indices=True)
    alike = np.all([getattr(old, each)[there] == getattr(now, each)[here] for each in ("limit", "on_high", "on_low", "adds")], axis=0)
    return there[alike], here[alike]


def _sign(rule: SenseRule) -> str:
    """All that a rule says. A number that was saved comes back as a float, whatever it was: 60 and 60.0 are the same."""
    return repr([float(part) if isinstance(part, int) and not isinstance(part, bool) else part for part in astuple(rule)])


def _ours(new: Plan, stream: int) -> bool:
    """Is the stream one of the new plan's, or of nobody's any more? Of another shard it is not ours to clear."""
    return not new.shard or stream in new.shard


def _heard(now: Pairs, columns: dict[str, np.ndarray], after: State) -> None:
    """A silence rule that is new counts from when its stream was last heard."""
    last = after.streams["last"][now.stream]
    fresh = (columns["began"] == NEVER) & (columns["due"] == ENDLESS) & (last != NEVER)
    columns["began"][fresh], columns["due"][fresh] = last[fresh], last[fresh] + now.window_us[fresh]
    columns["value"][fresh] = now.window_us[fresh] / 1_000_000


def _tracks(
    plan: Plan, state: State, new: Plan, after: State, there: np.ndarray, here: np.ndarray, at: int, events: list[Event]
) -> None:
    """Tracks in view go with their pair; one that was told and whose pair is gone is over."""
    kept = state.lists["track"]
    place = np.full(plan.families["track"].size + 1, -1, np.int64)
    place[there] = here
    pair = place[kept["pair"]]
    for name, column in kept.items():
        after.lists["track"][name] = (pair if name == "pair" else column)[pair >= 0]
    pairs = plan.families["track"]
    seen = [rule.kind.value == "seen" for rule in plan.rules]
    for row in np.flatnonzero((pair < 0) & kept["raised"]):
        one = int(kept["pair"][row])
        if seen[int(pairs.rule[one])] and _ours(new, int(pairs.stream[one])):
            began, value, track = int(kept["began"][row]), float(kept["value"][row]), int(kept["track"][row])
            events.append(told(plan, pairs, one, EventKind.cleared, began, at, value, track))


def _lists(plan: Plan, state: State, new: Plan, after: State, at: int, events: list[Event]) -> None:
    """What waits for the watermark, and what holds in sites, by rule and site."""
    rules = {_sign(rule): place for place, rule in enumerate(new.rules)}
    rule_of = np.array([rules.get(_sign(rule), -1) for rule in plan.rules] or [-1], np.int64)
    names = {(_sign(new.rules[group.rule]), group.name): place for place, group in enumerate(new.sites)}
    group_of = np.array([names.get((_sign(plan.rules[group.rule]), group.name), -1) for group in plan.sites] or [-1], np.int64)
    for name in ("site", "site_on", "near", "grid"):
        kept = state.lists[name]
        moved = dict(kept)
        fine = np.ones(len(next(iter(kept.values()))), np.bool_)
        if "rule" in kept:
            moved["rule"] = rule_of[kept["rule"]]
            fine &= moved["rule"] >= 0
        if "group" in kept:
            moved["group"] = group_of[kept["group"]]
            fine &= moved["group"] >= 0
        after.lists[name] = {key: column[fine] for key, column in moved.items()}
    left(new, after.lists["site"], after.lists["site_on"], {(each.rule, each.stream) for each in events}, at)
    events += [each for each in ended(plan, state.lists["site_on"], group_of, at) if _ours(new, each.stream)]
