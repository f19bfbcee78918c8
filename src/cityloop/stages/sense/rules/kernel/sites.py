"""Several sensors of one site that hold a rule at once: judged where the watermark has passed, in the order of time."""

from collections.abc import Collection, Iterator

import numpy as np

from cityloop.domain.sensing import Event, EventKind, event_id
from cityloop.stages.sense.rules.kernel.plan import Plan
from cityloop.stages.sense.rules.kernel.runs import Columns

WAITING = ("rule", "group", "stream", "at", "up")
HOLDING = ("group", "stream", "began", "raised_for")


def together(plan: Plan, waiting: Columns, holding: Columns, until: int, events: list[Event]) -> None:
    """Follow the sites. `waiting`: events of their sensors that the watermark has not passed; `holding`: what holds now.

    Both are rewritten. Rows in which `stream` is 0 tell of the site itself.
    """
    if not plan.sites:
        return
    told = _of_sites(plan, events)
    rows = sorted({*_rows(waiting, WAITING), *told}, key=lambda row: (row[3], row[1], row[4], row[2]))
    now = [row for row in rows if row[3] < until]
    _put(waiting, WAITING, [row for row in rows if row[3] >= until])
    if not now:
        return
    held: dict[int, set[int]] = {}
    on: dict[int, tuple[int, int]] = {}
    for group, stream, began, raised_for in _rows(holding, HOLDING):
        if raised_for:
            on[group] = (began, raised_for)
        else:
            held.setdefault(group, set()).add(stream)
    for rule, group, stream, at, up in now:
        there = held.setdefault(group, set())
        (there.add if up else there.discard)(stream)
        need = plan.rules[rule].limit or 2
        if up and group not in on and len(there) >= need:
            on[group] = (at, stream)
            events.append(_event(plan, rule, EventKind.raised, at, stream, at, len(there)))
        elif not up and group in on and len(there) < need:
            began, first = on.pop(group)
            events.append(_event(plan, rule, EventKind.cleared, began, first, at, len(there)))
    lines = [(group, stream, 0, 0) for group, there in held.items() for stream in sorted(there)]
    lines += [(group, 0, began, stream) for group, (began, stream) in on.items()]
    _put(holding, HOLDING, lines)


def left(plan: Plan, waiting: Columns, holding: Columns, over: Collection[tuple[str, int]], at: int) -> None:
    """From then on no sensor holds in a site to which it does not belong any more, nor one whose own alarm ended with its plan.

    `over`: rule and stream of such alarms. What was to hold and the watermark has not passed never does.
    """

    def is_over(group: int, stream: int) -> bool:
        site = plan.sites[group]
        return stream not in site.streams or (plan.rules[site.rule].of, stream) in over

    rows = [row for row in _rows(waiting, WAITING) if not (row[4] and is_over(row[1], row[2]))]
    for group, stream, _, raised_for in _rows(holding, HOLDING):
        if not raised_for and is_over(group, stream):
            rows.append((plan.sites[group].rule, group, stream, at, False))
    _put(waiting, WAITING, rows)


def ended(plan: Plan, holding: Columns, group_of: np.ndarray, at: int) -> list[Event]:
    """What was told of sites that are looked at no more is over. `group_of`: the place of each in the new plan; -1: none."""
    rows = list(_rows(holding, HOLDING))
    return [
        _event(plan, plan.sites[group].rule, EventKind.cleared, began, raised_for, at, sum(row[0] == group and not row[3] for row in rows))
        for group, _, began, raised_for in rows if raised_for and group_of[group] < 0
    ]  # fmt: skip


def _of_sites(plan: Plan, events: list[Event]) -> list[tuple[int, int, int, int, bool]]:
    """What the events say of each site: its rule, its place, the stream, when, and whether it began to hold."""
    there: dict[tuple[str, int], list[tuple[int, int]]] = {}
    for place, group in enumerate(plan.sites):
        for stream in group.streams:
            there.setdefault((plan.rules[group.rule].of, stream), []).append((group.rule, place))
    return [
        (rule, place, event.stream, event.at, event.kind is EventKind.raised)
        for event in events for rule, place in there.get((event.rule, event.stream), ())
    ]  # fmt: skip


def _event(plan: Plan, rule: int, kind: EventKind, began: int, stream: int, at: int, many: int) -> Event:
    row = plan.rules[rule]
    return Event(
        id=event_id(row.code, stream, began), kind=kind, rule=row.code, stream=stream, began_at=began, at=at,
        value=float(many), limit=float(row.limit or 2),
    )  # fmt: skip


def _rows(columns: Columns, names: tuple[str, ...]) -> Iterator[tuple]:
    return zip(*(columns[name].tolist() for name in names), strict=True)


def _put(columns: Columns, names: tuple[str, ...], rows: list[tuple]) -> None:
    for name, column in zip(names, zip(*rows, strict=True) if rows else [()] * len(names), strict=True):
        columns[name] = np.array(column, columns[name].dtype)
