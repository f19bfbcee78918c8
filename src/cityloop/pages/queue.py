"""Lists of cases: what waits, what is late, what a unit has to do. A page is one statement, and nothing is sorted whole.

A list walks an index from its end and stops after a page. `walks_of` chooses which; the other conditions are written so
that no engine takes another index for them. Where several states are asked for, each is walked by itself and the few
rows that come are put in one order.
"""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import get
from litestar.params import QueryParameter
from msgspec import Struct

from cityloop.cases.reach import Reach, reach_of, within
from cityloop.db import Tx
from cityloop.domain.errors import Invalid
from cityloop.domain.ids import AreaCode, CaseId, CellCode, ClassKey, PostId, RuleCode, UnitId
from cityloop.domain.lifecycle import OVER, State
from cityloop.domain.permission import Permission
from cityloop.domain.policy import Level, Limit, Policy
from cityloop.domain.time import TimeUnreadable, moment
from cityloop.http import Door, Page, needs, page_limit
from cityloop.http.lists import keys_of, mark_of
from cityloop.pages.clocks import ClockView, clock_view

OPEN = tuple(state for state in State if state not in OVER)
ASKING = (State.verifying, State.inspecting)  # the states in which a post is asked to look
NEWEST, CLOCK = "newest", "clock"
COLUMNS = (
    "c.id, c.no, c.number, c.state, c.level, c.level_area, c.class_key, c.rule, c.urgency, c.cell, c.street, c.district, "
    "c.unit, c.post, c.opened_at, c.filed_at, c.clock_since, c.clock_due, c.clock_pauses, c.due_at, c.closed_at, c.on_time, c.reports, "
    "c.returns, c.reworks, c.near_case, c.recurs, c.refused_for, c.why, c.simulated, "
    "CASE c.state WHEN 'to_dispatch' THEN c.dispatch_limit WHEN 'reported' THEN c.accept_limit "
    "WHEN 'to_file' THEN c.accept_limit ELSE t.time_limit END AS time_limit"
)
_limit = msgspec.json.Decoder(Limit).decode
_codes = msgspec.json.Decoder(list[str]).decode


class OrderUnknown(Invalid):
    """Lists are ordered by one of a few keys."""

    code = "queue.order_unknown"


class Asked(Struct, frozen=True, kw_only=True):
    """What a list holds; `due_before` is in UTC or says its offset. `open` and `due_before` leave the closed out; `order` is newest or clock."""

    states: tuple[State, ...] = ()
    open: bool | None = None
    unit: UnitId | None = None
    post: PostId | None = None
    area: AreaCode | None = None
    class_key: ClassKey | None = None
    level: Level | None = None
    number: str | None = None
    due_before: datetime | None = None
    order: str = NEWEST


class CaseLine(Struct, frozen=True, kw_only=True):
    """A case in a list. Codes only: words are chosen at the edge."""

    id: CaseId
    no: int
    number: str | None
    state: State
    level: Level | None
    level_area: AreaCode | None
    class_key: ClassKey | None
    rule: RuleCode | None
    urgency: int
    cell: CellCode | None
    street: AreaCode | None
    district: AreaCode | None
    unit: UnitId | None
    post: PostId | None
    opened_at: datetime
    filed_at: datetime | None
    clock: ClockView | None
    due_at: datetime | None
    closed_at: datetime | None
    on_time: bool | None
    reports: int
    returns: int
    reworks: int
    near_case: CaseId | None
    recurs: CaseId | None
    refused_for: str | None
    why: list[str]
    simulated: bool


def walks_of(asked: Asked, reach: Reach) -> list[str]:
    """The index walks that hold every row asked for, each as the condition that pins it."""
    if asked.number is not None:
        return ["c.number = :number"]
    units = ["c.unit = :unit"] if asked.unit else []
    if not units and reach.only_units:
        units = [f"c.unit = :unit_{place}" for place in range(len(reach.units))]
    states = _states(asked)
    if units:
        opens = (0, 1) if states is None else sorted({int(state not in OVER) for state in states})
        return [f"{unit} AND c.is_open = {each}" for unit in units for each in opens]
    if asked.class_key and asked.order != CLOCK:
        return ["c.class_key = :class_key"]
    if states is None:
        return [""]
    return [f"c.state = '{state}'{' AND c.is_open = 1' if state not in OVER else ''}" for state in states]


def case_list(
    tx: Tx, asked: Asked, reach: Reach, *, policy: Policy, now: datetime, after: str | None, limit: int
) -> Page[CaseLine]:
    """A page of the cases that somebody may see.

    Refuses with `OrderUnknown` or `BadMark`.
    """
    if asked.order not in (NEWEST, CLOCK):
        raise OrderUnknown(f"order={asked.order[:20]!r} is none of ours; choose {NEWEST} or {CLOCK}.")
    if _states(asked) == ():
        return Page(items=[])
    by_clock = asked.order == CLOCK
    seen, params = within(reach)
    more, values = _conditions(asked)
    params |= values | {"many": limit + 1}
    conditions = [each for each in (seen, *more) if each]
    if after is not None:
        keys = keys_of(after, 2 if by_clock else 1)
        params |= {"last_due": str(keys[0]), "last": str(keys[-1])} if by_clock else {"last": str(keys[-1])}
        conditions.append("(c.clock_due, c.id) > (:last_due, :last)" if by_clock else "c.id < :last")
    if by_clock:
        conditions.append("c.clock_due IS NOT NULL")
    order = "clock_due, id" if by_clock else "id DESC"
    walks = [_walk(pinned, conditions, order) for pinned in walks_of(asked, reach)]
    sql = (
        f"SELECT {COLUMNS} FROM (SELECT id, clock_due FROM ({' UNION ALL '.join(walks)}) AS walked "
        f"ORDER BY {order} LIMIT :many) AS found "
        "JOIN case_file AS c ON c.city = :city AND c.id = found.id "
        "LEFT JOIN task AS t ON t.city = :city AND t.id = c.task_id AND t.ended_at IS NULL "
        f"ORDER BY {', '.join(f'c.{key}' for key in order.split(', '))}"
    )
    rows = tx.all(sql, **params)
    items = [_line(row, policy, now) for row in rows[:limit]]
    last = rows[limit - 1] if len(rows) > limit else None
    mark = None if last is None else mark_of(last.clock_due, last.id) if by_clock else mark_of(last.id)
    return Page(items=items, next=mark)


def _walk(pinned: str, conditions: list[str], order: str) -> str:
    where = " AND ".join(each for each in (pinned, *conditions) if each)
    return (
        f"SELECT * FROM (SELECT c.id, c.clock_due FROM case_file AS c WHERE c.city = :city"
        f"{' AND ' + where if where else ''} ORDER BY {', '.join(f'c.{key}' for key in order.split(', '))} "
        "LIMIT :many) AS one"
    )


def _states(asked: Asked) -> tuple[State, ...] | None:
    """The states that rows may be in; None is all of them, none where the conditions exclude each other."""
    only_open = asked.open or asked.due_before is not None or asked.order == CLOCK
    if not (asked.states or asked.post or only_open or asked.open is False):
        return None
    able = asked.states or tuple(State)
    if only_open:
        able = tuple(state for state in able if state in OPEN)
    if asked.open is False:
        able = tuple(state for state in able if state in OVER)
    if asked.post:
        able = tuple(state for state in able if state in ASKING)
    return able


def _conditions(asked: Asked) -> tuple[list[str], dict[str, Any]]:
    """What else a row must meet, written so that no engine takes an index for it."""
    found: list[str] = []
    params: dict[str, Any] = {}

    def must(condition: str, **values: Any) -> None:
        found.append(condition)
        params.update(values)

    states = _states(asked)
    if states is not None:
        names = ", ".join(f"'{state}'" for state in states)
        must(f"COALESCE(c.state, '') IN ({names})")
    for name in ("unit", "post", "class_key", "level"):
        if (value := getattr(asked, name)) is not None:
            must(f"COALESCE(c.{name}, '') = :{name}", **{name: str(value)})
    if asked.area is not None:
        must(f"substr(c.cell, 1, {len(asked.area)}) = :area", area=asked.area)
    if asked.number is not None:
        must("c.number = :number", number=asked.number)
    if asked.due_before is not None:
        must("c.clock_due < :due_before", due_before=asked.due_before)
    return found, params


def _line(row: Any, policy: Policy, now: datetime) -> CaseLine:
    state = State(row.state)
    since, due = _moment(row.clock_since), _moment(row.clock_due)
    limit = _limit(row.time_limit) if row.time_limit else None
    return CaseLine(
        id=row.id, no=row.no, number=row.number, state=state, level=row.level and Level(row.level),
        level_area=row.level_area, class_key=row.class_key, rule=row.rule, urgency=row.urgency, cell=row.cell,
        street=row.street, district=row.district, unit=row.unit, post=row.post, opened_at=moment(row.opened_at),
        filed_at=_moment(row.filed_at), clock=clock_view(state, since, due, limit, row.clock_pauses, policy=policy, now=now),
        due_at=_moment(row.due_at), closed_at=_moment(row.closed_at),
        on_time=None if row.on_time is None else bool(row.on_time), reports=row.reports, returns=row.returns,
        reworks=row.reworks, near_case=row.near_case, recurs=row.recurs, refused_for=row.refused_for,
        why=_codes(row.why), simulated=bool(row.simulated),
    )  # fmt: skip


def _moment(text: str | None) -> datetime | None:
    return moment(text) if text else None


@get("/v1/cases", guards=[needs(Permission.case_read)])
async def get_cases(
    door: Door,
    states: Annotated[list[State] | None, QueryParameter(name="state")] = None,
    open: bool | None = None,
    unit: UnitId | None = None,
    post: PostId | None = None,
    area: AreaCode | None = None,
    class_key: ClassKey | None = None,
    level: Level | None = None,
    number: str | None = None,
    due_before: datetime | None = None,
    order: str | None = None,
    after: str | None = None,
    limit: int = 100,
) -> Page[CaseLine]:
    """The cases that the caller may see, a page at a time: `order` is newest, or clock for what is due first."""
    asked = Asked(
        states=tuple(dict.fromkeys(states or ())), open=open, unit=unit, post=post, area=area, class_key=class_key,
        level=level, number=number, due_before=due_before,
        order=order or (CLOCK if due_before else NEWEST),
    )  # fmt: skip
    if due_before is not None and due_before.tzinfo is None:
        raise TimeUnreadable("due_before has no offset; write it 2026-03-06T08:00:00Z or with +08:00.")
    reach, many = reach_of(door.caller), page_limit(limit)
    return await door.read(
        lambda tx: case_list(tx, asked, reach, policy=door.policy, now=door.now, after=after, limit=many)
    )


ROUTES = [get_cases]
