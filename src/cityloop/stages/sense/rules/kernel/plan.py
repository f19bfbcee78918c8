"""Rules and streams compiled to columns: which rule watches which stream, and with which numbers."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from cityloop.domain.ids import ThingId
from cityloop.domain.sensing import ALIVE, LifeState, Observing, RuleKind, SenseRule, Stream, Thing
from cityloop.stages.sense.rules.kernel.near import MOST, neighbours_of

NEVER = -(1 << 62)  # no moment: before all others
ENDLESS = 1 << 62  # no moment: after all others
SECOND = 1_000_000
SLICES = 8  # a window is counted in so many slices of the clock
GAP_US = 30 * SECOND  # of a track that is not seen: it has gone
GRID_US = 600 * SECOND  # how often neighbours are compared, where the rule does not say
WATCHED = ALIVE | {LifeState.faulty}
LEVELS = frozenset({RuleKind.above, RuleKind.below, RuleKind.beyond})
WINDOWS = frozenset({RuleKind.rise, RuleKind.fall, RuleKind.frozen})


class Register(Protocol):
    """What the plan reads of the register."""

    things: dict[ThingId, Thing]
    streams: dict[int, Stream]


class Pairs(NamedTuple):
    """Rules by streams of one family, ordered by stream. Units: `_us` microseconds; limits in the stream's unit."""

    rule: NDArray[np.int32]  # place in `Plan.rules`
    stream: NDArray[np.int32]
    limit: NDArray[np.float64]
    release: NDArray[np.float64]
    for_us: NDArray[np.int64]
    window_us: NDArray[np.int64]
    kind: NDArray[np.int8]  # place in `KINDS`
    slice_us: NDArray[np.int64]  # of windows
    adds: NDArray[np.bool_]  # of counts: the values are added; else those that are not 0 are counted
    waits: NDArray[np.bool_]  # has quiet hours, or its device has a maintenance window
    on_high: NDArray[np.float64]  # of levels: at or above it begins,
    on_low: NDArray[np.float64]  # or at or below this;
    off_low: NDArray[np.float64]  # and ends between these two
    off_high: NDArray[np.float64]
    first: NDArray[np.int64]  # stream number -> its first pair; one more at the end

    @property
    def size(self) -> int:
        return len(self.rule)


class Group(NamedTuple):
    """A rule over sensors of one site."""

    rule: int
    name: str  # of the site
    streams: tuple[int, ...]


class Window(NamedTuple):
    """A maintenance window of a device 检修窗口: nothing is raised within it. Units: microseconds since 1970, UTC."""

    begins: int
    ends: int


class Plan(NamedTuple):
    """What the kernel judges by."""

    rules: tuple[SenseRule, ...]
    size: int  # one more than the greatest stream number
    families: dict[str, Pairs]
    sites: tuple[Group, ...]
    near: NDArray[np.int64]  # of each pair of the family `near`: the streams of its neighbours; 0: none
    windows: dict[int, tuple[Window, ...]]  # stream -> maintenance
    born: NDArray[np.int64]  # stream -> from when silence counts before the first observation; NEVER: from the first on
    zone: str  # whose clock quiet hours are read by
    shard: frozenset[int]  # of a shard: its streams, those of the past, too; empty: all

    def after(self, rule: int, stream: int, moment: int) -> int:
        """The first moment from this one on at which the rule may raise for the stream."""
        windows = self.windows.get(stream, ())
        while True:
            later = moment
            for window in windows:
                if window.begins <= later < window.ends:
                    later = window.ends
            later = quiet_end(self.rules[rule], later, self.zone)
            if later == moment:
                return moment
            moment = later


KINDS = tuple(RuleKind)
FAMILIES = ("level", "window", "silence", "sum", "track", "unusual", "near")


def plan_of(
    rules: Sequence[SenseRule], register: Register, *, windows: Mapping[ThingId, Sequence[Window]] | None = None,
    zone: str = "UTC", only: frozenset[int] | None = None,
) -> Plan:  # fmt: skip
    """The plan for these rules over the streams of a register. `only`: of a shard, its streams; streams of one site, and
    neighbours, must lie in one shard.
    """
    ordered = tuple(rules)
    streams = {
        no: each for no, each in sorted(register.streams.items())
        if not each.is_closed and register.things[each.thing].state in WATCHED and (only is None or no in only)
    }  # fmt: skip
    watched = _watched(ordered, streams, register)
    size = max(streams, default=0) + 1
    kept = {
        no: tuple(windows[each.thing]) for no, each in streams.items() if windows and windows.get(each.thing)
    }  # fmt: skip
    cells: dict[str, list[tuple[int, int]]] = {name: [] for name in FAMILIES}
    for no, found in watched.items():
        for rule in found:
            if family := family_of(ordered[rule], streams[no]):
                cells[family].append((no, rule))
    families = {name: _pairs(ordered, streams, found, size, kept) for name, found in cells.items()}
    born = np.full(size, NEVER, np.int64)
    for no, each in streams.items():
        if installed := register.things[each.thing].installed_at:
            born[no] = int(installed.timestamp() * SECOND)
    return Plan(
        rules=ordered, size=size, sites=_sites(ordered, streams, watched, register), windows=kept, born=born, zone=zone,
        families=families, near=_near(families["near"], ordered, streams, register), shard=only or frozenset(),
    )  # fmt: skip


def family_of(rule: SenseRule, stream: Stream) -> str:
    """Which part of the kernel judges it; empty: a part that looks at several streams."""
    if rule.kind in LEVELS:
        return "level"
    if rule.kind in WINDOWS:
        return "window"
    if rule.kind is RuleKind.count:
        return "track" if stream.observing is Observing.detection else "sum"
    return {
        RuleKind.missing: "silence", RuleKind.seen: "track", RuleKind.unusual: "unusual", RuleKind.disagree: "near",
    }.get(rule.kind, "")  # fmt: skip


def watching(rules: Sequence[SenseRule], stream: Stream, thing: Thing) -> list[int]:
    """The rules for a stream, by their places. One for the device goes before one for its kind, and that before one for all."""
    best: dict[tuple[str, ...], int] = {}
    found: list[tuple[tuple[str, ...], int, int]] = []
    for place, rule in enumerate(rules):
        if _fits(rule, stream, thing):
            slot = (rule.kind.value, rule.colour.value, rule.property, rule.zone, rule.label, rule.of)
            rank = 2 * bool(rule.thing_key) + bool(rule.device_kind)
            best[slot] = max(best.get(slot, 0), rank)
            found.append((slot, rank, place))
    return [place for slot, rank, place in found if rank == best[slot]]


def _watched(
    rules: Sequence[SenseRule], streams: Mapping[int, Stream], register: Register
) -> dict[int, list[int]]:
    """The rules of every stream; streams that no rule can tell apart are looked at once."""
    named = {rule.thing_key for rule in rules if rule.thing_key}
    known: dict[tuple[object, ...], list[int]] = {}
    found = {}
    for no, stream in streams.items():
        thing = register.things[stream.thing]
        words = stream.words if stream.observing is Observing.detection else ()
        alike = (
            stream.property, thing.kind, thing.key if thing.key in named else "", stream.observing, words,
            stream.least is None and stream.most is None, thing.state is LifeState.faulty,
        )  # fmt: skip
        if alike not in known:
            known[alike] = watching(rules, stream, thing)
        found[no] = known[alike]
    return found


def _fits(rule: SenseRule, stream: Stream, thing: Thing) -> bool:
    if rule.kind is RuleKind.together:
        return False  # it watches what another rule watches
    seen = stream.words if stream.observing is Observing.detection else ()
    zone, label = (*seen, "", "")[:2]
    return all((
        rule.is_health or thing.state is not LifeState.faulty,  # of a faulty device nothing counts but that it is well again
        not rule.property or rule.property == stream.property,
        not rule.device_kind or rule.device_kind == thing.kind,
        not rule.thing_key or rule.thing_key == thing.key,
        not rule.zone or rule.zone == zone,
        not rule.label or rule.label == label,
        rule.kind is not RuleKind.seen or stream.observing is Observing.detection,
        rule.kind is not RuleKind.beyond or stream.least is not None or stream.most is not None,
    ))  # fmt: skip


def quiet_end(rule: SenseRule, moment: int, zone: str) -> int:
    """The end of the rule's quiet hours if the moment lies in them, else the moment."""
    if not rule.quiet_from:
        return moment
    local = datetime.fromtimestamp(moment / SECOND, ZoneInfo(zone))
    begins, ends = _minutes(rule.quiet_from), _minutes(rule.quiet_until)
    now = local.hour * 60 + local.minute
    inside = begins <= now < ends if begins < ends else now >= begins or now < ends
    if not inside:
        return moment
    day = local.replace(hour=ends // 60, minute=ends % 60, second=0, microsecond=0)
    if now >= ends:
        day += timedelta(days=1)
    return int(day.timestamp()) * SECOND


def _minutes(clock: str) -> int:
    hour, _, minute = clock.partition(":")
    return int(hour) * 60 + int(minute)


def _levels(rule: SenseRule, stream: Stream) -> tuple[float, float, float, float]:
    """When a level begins (at or above, at or below) and between what it ends."""
    if rule.kind is RuleKind.beyond:
        least = -np.inf if stream.least is None else stream.least
        most = np.inf if stream.most is None else stream.most
        return np.nextafter(most, np.inf), np.nextafter(least, -np.inf), least, most
    assert rule.limit is not None, "the pack was checked"
    release = rule.limit if rule.release is None else rule.release
    if rule.kind is RuleKind.above:
        return rule.limit, -np.inf, -np.inf, np.nextafter(release, -np.inf)
    return np.inf, rule.limit, np.nextafter(release, np.inf), np.inf


def _limit(rule: SenseRule, stream: Stream) -> float:
    """What an event says was passed."""
    if rule.kind is RuleKind.beyond:
        return float((stream.most if stream.most is not None else stream.least) or 0.0)
    if rule.kind in (RuleKind.missing, RuleKind.frozen):
        return rule.window_s
    return 0.0 if rule.limit is None else rule.limit


def _pairs(
    rules: Sequence[SenseRule], streams: Mapping[int, Stream], cells: Sequence[tuple[int, int]], size: int,
    windows: Mapping[int, object],
) -> Pairs:  # fmt: skip
    on, of = [rules[rule] for _, rule in cells], np.array([no for no, _ in cells], np.int32)
    levels = [
        _levels(rule, streams[no]) if rule.kind in LEVELS else (0.0, 0.0, 0.0, 0.0)
        for rule, (no, _) in zip(on, cells, strict=True)
    ]
    bounds = np.array(levels, np.float64).reshape(-1, 4).T
    first = np.zeros(size + 1, np.int64)
    np.add.at(first, of.astype(np.int64) + 1, 1)
    return Pairs(
        rule=np.array([rule for _, rule in cells], np.int32), stream=of,
        limit=np.array([_limit(rule, streams[no]) for rule, (no, _) in zip(on, cells, strict=True)], np.float64),
        release=np.array([_release(rule) for rule in on], np.float64),
        for_us=np.array([round(rule.for_s * SECOND) for rule in on], np.int64),
        window_us=np.array([round(_window_s(rule) * SECOND) for rule in on], np.int64),
        slice_us=np.array([_slice_us(rule) for rule in on], np.int64),
        adds=np.array([streams[no].observing is Observing.count for no, _ in cells], np.bool_),
        kind=np.array([KINDS.index(rule.kind) for rule in on], np.int8),
        waits=np.array([bool(rule.quiet_from) or no in windows for rule, (no, _) in zip(on, cells, strict=True)], np.bool_),
        on_high=bounds[0].copy(), on_low=bounds[1].copy(), off_low=bounds[2].copy(), off_high=bounds[3].copy(),
        first=np.cumsum(first),
    )  # fmt: skip


def _release(rule: SenseRule) -> float:
    if rule.release is not None:
        return rule.release
    return 0.0 if rule.kind is RuleKind.frozen or rule.limit is None else rule.limit


def _slice_us(rule: SenseRule) -> int:
    """The length of a slice. Of `frozen`, the whole slices before the last are as long as its window; of others all are."""
    parts = SLICES - 1 if rule.kind is RuleKind.frozen else SLICES
    return max(-(-round(_window_s(rule) * SECOND) // parts), 1)


def _window_s(rule: SenseRule) -> float:
    if rule.window_s:
        return rule.window_s
    if rule.kind is RuleKind.disagree:
        return GRID_US / SECOND
    return GAP_US / SECOND if rule.kind in (RuleKind.seen, RuleKind.count) else 0.0


def _sites(
    rules: Sequence[SenseRule], streams: Mapping[int, Stream], watched: Mapping[int, list[int]], register: Register
) -> tuple[Group, ...]:
    """Each rule over sensors of one site, with the streams that its `of` watches there."""
    found = []
    for place, rule in enumerate(rules):
        if rule.kind is not RuleKind.together:
            continue
        here: dict[str, list[int]] = {}
        for no in streams:
            site = register.things[streams[no].thing].site
            if site and any(rules[each].code == rule.of for each in watched[no]):
                here.setdefault(site, []).append(no)
        found += [Group(place, name, tuple(each)) for name, each in sorted(here.items()) if len(each) >= (rule.limit or 2)]
    return tuple(found)


def _near(pairs: Pairs, rules: Sequence[SenseRule], streams: Mapping[int, Stream], register: Register) -> NDArray[np.int64]:
    """Of each pair that is compared, its neighbours of the same property, the nearest first."""
    found = np.zeros((pairs.size, MOST), np.int64)
    for rule in np.unique(pairs.rule):
        there = np.flatnonzero(pairs.rule == rule)
        numbers = pairs.stream[there].tolist()
        points = [register.things[streams[no].thing].where for no in numbers]
        same = [streams[no].property for no in numbers]
        for place, near in zip(there, neighbours_of(points, same, rules[rule].radius_m), strict=True):
            found[place, : len(near)] = [numbers[each] for each in near]
    return found
