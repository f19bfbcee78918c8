"""What rules over observations mean, told slowly: one observation after the other, in plain Python."""

from collections.abc import Iterable, Sequence
from statistics import median

from cityloop.domain.sensing import Event, EventKind, Observing, RuleKind, SenseRule, event_id
from cityloop.stages.sense.rules.kernel.near import neighbours_of
from cityloop.stages.sense.rules.kernel.plan import Plan, watching

K = RuleKind
SECOND = 1_000_000
Row = tuple[int, int, float, int]  # stream, at, value, track


class Run:
    """One rule over one stream: when what holds is told."""

    def __init__(self, plan: Plan, place: int, stream: int, limit: float, out: list[Event], track: int = 0):
        self.plan, self.place, self.rule, self.stream = plan, place, plan.rules[place], stream
        self.limit, self.out, self.track = limit, out, track
        self.began: int | None = None
        self.raised = False
        self.value = 0.0

    def tell(self, kind: EventKind, at: int, value: float) -> None:
        began = self.began
        assert began is not None
        self.out.append(
            Event(
                id=event_id(self.rule.code, self.stream, began, self.track), kind=kind, rule=self.rule.code, stream=self.stream,
                began_at=began, at=at, value=value, limit=self.limit, track=self.track,
            )
        )  # fmt: skip

    def time(self, by: int, length_us: int | None = None) -> None:
        """Time has gone on up to this moment, and it holds still."""
        if self.began is None or self.raised:
            return
        due = self.began + (round(self.rule.for_s * SECOND) if length_us is None else length_us)
        due = self.plan.after(self.place, self.stream, due)
        if due <= by:
            self.tell(EventKind.raised, due, self.value)
            self.raised = True

    def say(self, at: int, value: float, on: bool, off: bool) -> None:
        self.time(at)
        if on and self.began is None:
            self.began, self.value = at, value
            self.time(at)
        elif off and not on and self.began is not None:
            if self.raised:
                self.tell(EventKind.cleared, at, value)
            self.began, self.raised = None, False


def in_time(rows: Iterable[Row]) -> list[Row]:
    """Without rows older than what their stream said before."""
    last: dict[int, int] = {}
    kept = []
    for row in rows:
        if row[1] >= last.get(row[0], row[1]):
            last[row[0]] = row[1]
            kept.append(row)
    return kept


def told(rules: Sequence[SenseRule], register, plan: Plan, rows: Iterable[Row], until: int) -> list[Event]:
    """All events of an input, once everything older than `until` has come. Not for `unusual`: it has a law of its own."""
    rows = in_time(rows)
    out: list[Event] = []
    of: dict[int, list[Row]] = {}
    for row in rows:
        of.setdefault(row[0], []).append(row)
    for no, stream in register.streams.items():
        thing = register.things[stream.thing]
        for place in watching(rules, stream, thing):
            one_stream(rules[place], place, stream, plan, of.get(no, []), until, out)
    for place, rule in enumerate(rules):
        if rule.kind is K.disagree:
            disagreeing(rule, place, register, rules, plan, of, until, out)
    for rule in rules:
        if rule.kind is K.together:
            in_sites(rule, register, rules, until, out)
    return out


def one_stream(rule: SenseRule, place: int, stream, plan: Plan, rows: list[Row], until: int, out: list[Event]) -> None:
    limit = rule.limit if rule.limit is not None else 0.0
    release = limit if rule.release is None else rule.release
    window = round(rule.window_s * SECOND)
    if rule.kind in (K.above, K.below, K.beyond):
        if rule.kind is K.beyond:
            limit = stream.most if stream.most is not None else stream.least or 0.0
        run = Run(plan, place, stream.no, limit, out)
        for _, at, value, _ in rows:
            if rule.kind is K.above:
                on, off = value >= limit, value < release
            elif rule.kind is K.below:
                on, off = value <= limit, value > release
            else:
                on = (stream.least is not None and value < stream.least) or (stream.most is not None and value > stream.most)
                off = not on
            run.say(at, value, on, off)
        run.time(until - 1)
    elif rule.kind in (K.rise, K.fall, K.frozen) or (rule.kind is K.count and stream.observing is not Observing.detection):
        windowed(rule, place, stream, plan, rows, until, out)
    elif rule.kind is K.missing:
        run = Run(plan, place, stream.no, rule.window_s, out)
        for _, at, _, _ in rows:
            if run.began is not None:
                run.time(at - 1 if at - run.began == window else at, window)
                if run.raised:
                    run.tell(EventKind.cleared, at, (at - run.began) / SECOND)
            run.began, run.raised, run.value = at, False, rule.window_s
        run.time(until - 1, window)
    elif rule.kind in (K.seen, K.count):
        tracked(rule, place, stream, plan, rows, until, out)


def windowed(rule: SenseRule, place: int, stream, plan: Plan, rows: list[Row], until: int, out: list[Event]) -> None:
    """A window is counted in slices of the clock: eight, or seven whole ones before the last for what is frozen."""
    window = round(rule.window_s * SECOND)
    width = -(-window // (7 if rule.kind is K.frozen else 8))
    limit = rule.window_s if rule.kind is K.frozen else rule.limit
    release = (0.0 if rule.kind is K.frozen else rule.limit) if rule.release is None else rule.release
    run = Run(plan, place, stream.no, limit, out)
    since = before = None
    for index, (_, at, value, _) in enumerate(rows):
        if before is None or at - before > window:
            since = at
        before = at
        there = [row[2] for row in rows[: index + 1] if row[1] // width >= at // width - 7]
        if rule.kind is K.rise:
            moved = value - min(there)
        elif rule.kind is K.fall:
            moved = max(there) - value
        elif rule.kind is K.count:
            moved = sum(there) if stream.observing is Observing.count else sum(each != 0 for each in there)
            value = float(moved)
        else:
            on = max(there) - min(there) <= release and at - since >= window
            run.say(at, value, on, not on)
            continue
        run.say(at, value, moved >= limit, moved < release)
    run.time(until - 1)


def tracked(rule: SenseRule, place: int, stream, plan: Plan, rows: list[Row], until: int, out: list[Event]) -> None:
    window = round((rule.window_s or 30) * SECOND)
    last_heard = max([until - 1, *(row[1] for row in rows)])
    stays: dict[int, list[list[int]]] = {}
    first_value: dict[tuple[int, int], float] = {}
    for _, at, value, track in rows:
        if rule.kind is K.seen and value < rule.limit:
            continue
        mine = stays.setdefault(track, [])
        if mine and at - mine[-1][-1] <= window:
            mine[-1].append(at)
        else:
            mine.append([at])
            first_value[track, at] = value
    if rule.kind is K.seen:
        for track, visits in stays.items():
            for visit in visits:
                run = Run(plan, place, stream.no, rule.limit, out, track)
                run.began, value = visit[0], first_value[track, visit[0]]
                moment = plan.after(place, stream.no, visit[0] + round(rule.for_s * SECOND))
                sightings = [at for at in visit if at >= moment]
                if sightings:
                    run.tell(EventKind.raised, sightings[0], value)
                    if last_heard > visit[-1] + window:
                        run.tell(EventKind.cleared, visit[-1] + window, value)
        return
    moments = [(visit[0], -1) for visits in stays.values() for visit in visits]
    moments += [(visit[-1] + window, 1) for visits in stays.values() for visit in visits if visit[-1] + window < last_heard]
    release = rule.limit if rule.release is None else rule.release
    run, there = Run(plan, place, stream.no, rule.limit, out), 0
    for at, gone in sorted(moments):
        there -= gone
        run.say(at, float(there), there >= rule.limit, there < release)
    run.time(until - 1)


def disagreeing(rule: SenseRule, place: int, register, rules, plan: Plan, of: dict[int, list[Row]], until: int, out: list[Event]) -> None:
    there = [no for no, stream in register.streams.items() if place in watching(rules, stream, register.things[stream.thing])]
    where = [register.things[register.streams[no].thing].where for no in there]
    near = neighbours_of(where, [register.streams[no].property for no in there], rule.radius_m)
    size = round((rule.window_s or 600) * SECOND)
    release = rule.limit if rule.release is None else rule.release
    runs = {no: Run(plan, place, no, rule.limit, out) for no in there}
    said: dict[int, dict[int, float]] = {}
    for no in there:
        for _, at, value, _ in of.get(no, []):
            said.setdefault(at // size, {})[no] = value
    for grid in sorted(said):
        if (grid + 1) * size > until:
            continue
        for no, close in zip(there, near, strict=True):
            others = [said[grid][there[each]] for each in close if there[each] in said[grid]]
            if no in said[grid] and len(others) >= 2:
                away = abs(said[grid][no] - median(others))
                runs[no].say((grid + 1) * size, away, away >= rule.limit, away < release)
    for run in runs.values():
        run.time(until - 1)


def in_sites(rule: SenseRule, register, rules, until: int, out: list[Event]) -> None:
    sites: dict[str, set[int]] = {}
    for no, stream in register.streams.items():
        thing = register.things[stream.thing]
        if thing.site and any(rules[each].code == rule.of for each in watching(rules, stream, thing)):
            sites.setdefault(thing.site, set()).add(no)
    singles = sorted(
        (each for each in out if each.rule == rule.of and each.at < until),
        key=lambda each: (each.at, each.kind is EventKind.raised, each.stream),
    )
    for members in sites.values():
        held: set[int] = set()
        on: tuple[int, int] | None = None
        for each in [one for one in singles if one.stream in members]:
            up = each.kind is EventKind.raised
            (held.add if up else held.discard)(each.stream)
            if up and on is None and len(held) >= rule.limit:
                on = each.at, each.stream
            elif not up and on is not None and len(held) < rule.limit:
                out.append(_of_site(rule, EventKind.cleared, *on, each.at, len(held)))
                on = None
                continue
            else:
                continue
            out.append(_of_site(rule, EventKind.raised, *on, each.at, len(held)))


def _of_site(rule: SenseRule, kind: EventKind, began: int, stream: int, at: int, many: int) -> Event:
    return Event(
        id=event_id(rule.code, stream, began), kind=kind, rule=rule.code, stream=stream, began_at=began, at=at,
        value=float(many), limit=float(rule.limit),
    )  # fmt: skip
