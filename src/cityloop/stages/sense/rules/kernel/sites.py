"""Several sensors of one site that hold a rule at once: judged where the watermark has passed, in the order of time."""

import numpy as np

from cityloop.domain.sensing import Event, EventKind, event_id
from cityloop.stages.sense.rules.kernel.plan import Plan
from cityloop.stages.sense.rules.kernel.runs import Columns


def together(plan: Plan, waiting: Columns, holding: Columns, until: int, events: list[Event]) -> None:
    """Follow the sites. `waiting`: events of their sensors that the watermark has not passed; `holding`: what holds now.

    Both are rewritten. Rows in which `stream` is 0 tell of the site itself.
    """
    if not plan.sites:
        return
    told = _of_sites(plan, events)
    rows = sorted({*zip(*(waiting[name].tolist() for name in ("rule", "group", "stream", "at", "up")), strict=True), *told},
                  key=lambda row: (row[3], row[1], row[4], row[2]))  # fmt: skip
    now = [row for row in rows if row[3] < until]
    _put(waiting, ("rule", "group", "stream", "at", "up"), [row for row in rows if row[3] >= until])
    if not now:
        return
    held: dict[int, set[int]] = {}
    on: dict[int, tuple[int, int]] = {}
    for group, stream, began, raised_for in zip(*(holding[name].tolist() for name in ("group", "stream", "began", "raised_for")), strict=True):
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
    _put(holding, ("group", "stream", "began", "raised_for"), lines)


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


def _put(columns: Columns, names: tuple[str, ...], rows: list[tuple]) -> None:
    for name, column in zip(names, zip(*rows, strict=True) if rows else [()] * len(names), strict=True):
        columns[name] = np.array(column, columns[name].dtype)
