"""Lists of cases: what waits, what is late, what a unit has to do. A page is one statement, and nothing is sorted whole.

A list walks an index from its end and stops after a page. `walks_of` chooses which; the other conditions are written so
that no engine takes another index for them. Where several states are asked for, each is walked by itself and the few
rows that come are put in one order.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Annotated, Any

import msgspec
from litestar import MediaType, Response, get
from litestar.params import QueryParameter
from msgspec import Struct

from cityloop.cases.model import marks_shown
from cityloop.cases.reach import Reach, guest_walk, reach_of, within
from cityloop.db import Tx
from cityloop.domain.clock import Lamp
from cityloop.domain.errors import Invalid
from cityloop.domain.ids import AreaCode, CaseId, CellCode, ClassKey, PostId, RuleCode, UnitId
from cityloop.domain.lifecycle import OVER, State
from cityloop.domain.permission import Permission
from cityloop.domain.policy import ApprovalKind, Level, Limit, Policy, RequestKind
from cityloop.domain.time import TimeUnreadable
from cityloop.http import Door, Page, needs, page_limit
from cityloop.http.lists import keys_of, mark_of
from cityloop.pages.clocks import ClockView, clock_view
from cityloop.pages.lines import Line, Lines, written

OPEN = tuple(state for state in State if state not in OVER)
ASKING = (State.verifying, State.inspecting)  # the states in which a post is asked to look
NEWEST, CLOCK = "newest", "clock"
COLUMNS = (
    "c.id, c.no, c.number, c.state, c.level, c.level_area, c.class_key, c.rule, c.urgency, c.cell, c.street, c.district, "
    "c.unit, c.post, c.opened_at, c.filed_at, c.clock_since, COALESCE(c.clock_due, t.due_at) AS clock_due, c.clock_pauses, c.due_at, c.closed_at, c.on_time, c.reports, "
    "c.returns, c.reworks, c.near_case, c.recurs, c.refused_for, c.why, c.simulated, c.approval_kind, c.marks, "
    "CASE c.state WHEN 'to_dispatch' THEN c.dispatch_limit WHEN 'reported' THEN c.accept_limit "
    "WHEN 'to_file' THEN c.accept_limit ELSE t.time_limit END AS time_limit"
)
TASK = "LEFT JOIN task AS t ON t.city = :city AND t.id = c.task_id AND t.ended_at IS NULL"
STATES, LEVELS = {each.value: each for each in State}, {each.value: each for each in Level}
LIT = {  # what a row says of its lamp: all of these may show it, no other does
    Lamp.red: "c.clock_due < :now",
    Lamp.yellow: "c.clock_due >= :now",
    Lamp.green: "c.clock_due >= :now",
    Lamp.grey: "(c.clock_due IS NULL OR c.clock_pauses IS NOT NULL)",
}
KINDS = {each.value: each for each in ApprovalKind}
_limit = lru_cache(1024)(msgspec.json.Decoder(Limit).decode)  # a city has few
_lines = Lines()
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
    marks: tuple[str, ...] = ()
    channel: str | None = None
    request_kind: RequestKind | None = None  # of the report that the case stands on
    asks: bool | None = None  # something is asked in it, and not yet decided
    lamp: Lamp | None = None  # what the row itself says of it; the rest is for who reads the clock
    found: tuple[str, dict[str, str]] | None = None  # a condition that pins few rows, e.g. of a search, and its values


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
    approval_kind: ApprovalKind | None
    marks: list[str]  # urged, supervised, instructed, whistled …
    clock: ClockView | None


def walks_of(asked: Asked, reach: Reach) -> list[str]:
    """The index walks that hold every row asked for, each as the condition that pins it."""
    if asked.number is not None:
        return ["c.number = :number"]
    if asked.found is not None:
        return [asked.found[0]]
    if asked.marks or asked.asks:
        column = "c.marks IS NOT NULL" if asked.marks else "c.approval_kind IS NOT NULL"
        return [f"{column} AND c.is_open = 1" if OVER.isdisjoint(_states(asked) or State) else column]
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


def is_short(asked: Asked, reach: Reach) -> bool:
    """Whether all that is walked is shown: such a list costs the same in any city, as its walk ends with the page."""
    if asked.number is not None:
        return True
    if asked.area or asked.level or asked.post or asked.due_before or asked.marks or asked.channel or asked.asks:
        return False
    if asked.lamp or asked.found or asked.request_kind:
        return False
    pins = sum((asked.unit is not None or reach.only_units, asked.class_key is not None, _states(asked) is not None))
    if asked.order == CLOCK:
        return reach.everything and pins == 1
    return pins <= 1 and (reach.everything or (reach.only_units and asked.unit is None))


def case_list(
    tx: Tx, asked: Asked, reach: Reach, *, policy: Policy, now: datetime, after: str | None, limit: int
) -> Page[CaseLine]:
    """A page of the cases that somebody may see.

    Refuses with `OrderUnknown` or `BadMark`.
    """
    rows = case_rows(tx, asked, reach, now=now, after=after, limit=limit)
    return Page(items=[case_line(row, policy, now) for row in rows[:limit]], next=next_of(rows, asked, limit))


def case_rows(
    tx: Tx, asked: Asked, reach: Reach, *, now: datetime, after: str | None, limit: int, more: str = ""
) -> list[Any]:
    """The rows of a page and one more if there is one; `more` are further columns, for lists that show more.

    Refuses with `OrderUnknown` or `BadMark`.
    """
    question = _question(asked, reach, after, limit, now)
    return _ask(tx, question, COLUMNS + more, TASK) if question else []


def case_count(tx: Tx, asked: Asked, reach: Reach, *, now: datetime, most: int) -> int:
    """How many there are, counted up to `most`."""
    question = _question(asked, reach, None, most - 1, now)
    if question is None:
        return 0
    each = [f"SELECT * FROM ({_walk('c.id', pinned, question)}) AS one" for pinned in question.walks]
    sql = f"SELECT count(*) FROM (SELECT id FROM ({' UNION ALL '.join(each)}) AS walked LIMIT :many) AS counted"
    return tx.value(sql, **question.params)


def case_list_written(
    tx: Tx, asked: Asked, reach: Reach, *, policy: Policy, now: datetime, after: str | None, limit: int
) -> bytes:
    """The same page as JSON, with the lines that are known from before; `case_list` shows what it must be.

    Refuses with `OrderUnknown` or `BadMark`.
    """
    def write() -> Iterable[Line]:
        for row in case_rows(tx, asked, reach, now=now, after=after, limit=limit):
            line = case_line(row, policy, now)
            yield Line((tx.city, row.id, row.no), line, line.clock, row.clock_pauses)

    rows = case_versions(tx, asked, reach, now=now, after=after, limit=limit)
    items = _lines.of([(tx.city, row.id, row.no) for row in rows[:limit]], write, policy, now)
    return written(items, next_of(rows, asked, limit))


def case_versions(tx: Tx, asked: Asked, reach: Reach, *, now: datetime, after: str | None, limit: int) -> list[Any]:
    """As `case_rows`, and of each only its version and what the next page begins after."""
    question = _question(asked, reach, after, limit, now)
    return _ask(tx, question, "c.id, c.no, c.clock_due") if question else []


class _Question(Struct, frozen=True, kw_only=True):
    walks: tuple[str, ...]
    conditions: tuple[str, ...]
    order: str
    short: bool
    params: dict[str, Any]


def _question(
    asked: Asked, reach: Reach, after: str | None, limit: int, now: datetime | None = None
) -> _Question | None:
    """What the database is asked; None where the conditions exclude each other."""
    if asked.order not in (NEWEST, CLOCK):
        raise OrderUnknown(f"order={asked.order[:20]!r} is none of ours; choose {NEWEST} or {CLOCK}.")
    if _states(asked) == ():
        return None
    by_clock = asked.order == CLOCK
    seen, params = within(reach)
    more, values = _conditions(asked, now)
    params |= values | {"many": limit + 1}
    conditions = list(more)
    if after is not None:
        keys = keys_of(after, 2 if by_clock else 1)
        params |= {"last_due": str(keys[0]), "last": str(keys[-1])} if by_clock else {"last": str(keys[-1])}
        conditions.append("(c.clock_due, c.id) > (:last_due, :last)" if by_clock else "c.id < :last")
    if by_clock:
        conditions.append("c.clock_due IS NOT NULL")
    guests = guest_walk(reach)
    if guests and asked.found is not None:
        guests += f" AND {asked.found[0]}"
    return _Question(
        walks=_seen_walks(walks_of(asked, reach), seen, guests), conditions=tuple(conditions), params=params,
        order="c.clock_due, c.id" if by_clock else "c.id DESC", short=is_short(asked, reach),
    )  # fmt: skip


def _seen_walks(walks: list[str], seen: str, guests: str) -> tuple[str, ...]:
    """The walks with what may be seen of each; what units are guests of is walked by itself, for the index that holds what
    a seat's reach is judged by knows no guests."""
    pinned = [" AND ".join(each for each in (walk, seen) if each) for walk in walks]
    return (*pinned, guests) if guests else tuple(pinned)


def _ask(tx: Tx, question: _Question, columns: str, join: str = "") -> list[Any]:
    order = question.order
    if question.short and len(question.walks) == 1:
        return tx.all(_walk(columns, question.walks[0], question, join), **question.params)
    each = [f"SELECT * FROM ({_walk('c.id, c.clock_due', pinned, question)}) AS one" for pinned in question.walks]
    sql = (
        f"SELECT {columns} FROM (SELECT id, clock_due FROM ({' UNION ALL '.join(each)}) AS walked "
        f"ORDER BY {order.replace('c.', '')} LIMIT :many) AS found "
        f"JOIN case_file AS c ON c.city = :city AND c.id = found.id {join} ORDER BY {order}"
    )
    return tx.all(sql, **question.params)


def _walk(columns: str, pinned: str, question: _Question, join: str = "") -> str:
    where = "".join(f" AND {each}" for each in (pinned, *question.conditions) if each)
    return (
        f"SELECT {columns} FROM case_file AS c {join} WHERE c.city = :city{where} ORDER BY {question.order} LIMIT :many"
    )


def next_of(rows: list[Any], asked: Asked, limit: int) -> str | None:
    """The mark of the last row that is shown, if there are more."""
    if len(rows) <= limit:
        return None
    return next_mark(rows[limit - 1], asked)


def next_mark(row: Any, asked: Asked) -> str:
    """The mark after a row."""
    return mark_of(row.clock_due, row.id) if asked.order == CLOCK else mark_of(row.id)


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


def _conditions(asked: Asked, now: datetime | None) -> tuple[list[str], dict[str, Any]]:
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
    for place, mark in enumerate(asked.marks):
        must(f"replace(c.marks, :mark_{place}, '') <> c.marks", **{f"mark_{place}": f"|{mark}|"})
    for name in ("channel", "request_kind"):  # of the report that the case stands on
        if (value := getattr(asked, name)) is not None:
            must(
                f"EXISTS (SELECT 1 FROM report AS r WHERE r.city = :city AND r.id = c.report_id AND r.{name} = :{name})",
                **{name: str(value)},
            )
    if asked.asks:
        must("c.approval_kind IS NOT NULL")
    if asked.lamp is not None:
        must(LIT[asked.lamp], **({} if asked.lamp is Lamp.grey else {"now": now}))
    return found, params | (asked.found[1] if asked.found else {})


def case_line(row: tuple, policy: Policy, now: datetime) -> CaseLine:
    """A row of COLUMNS as a line. A list makes a hundred, so a row is taken apart once and by place."""
    (
        id, no, number, state, level, level_area, class_key, rule, urgency, cell, street, district, unit, post, opened_at,
        filed_at, clock_since, clock_due, clock_pauses, due_at, closed_at, on_time, reports, returns, reworks, near_case, recurs,
        refused_for, why, simulated, approval_kind, marks, time_limit,
    ) = row  # fmt: skip
    state = STATES[state]
    clock = None
    if clock_due:
        limit = _limit(time_limit) if time_limit else None
        clock = clock_view(state, _moment(clock_since), _moment(clock_due), limit, clock_pauses, policy=policy, now=now)
    return CaseLine(
        id=id, no=no, number=number, state=state, level=level and LEVELS[level], level_area=level_area,
        class_key=class_key, rule=rule, urgency=urgency, cell=cell, street=street, district=district, unit=unit,
        post=post, opened_at=_moment(opened_at), filed_at=_moment(filed_at), due_at=_moment(due_at),
        closed_at=_moment(closed_at), on_time=None if on_time is None else on_time == 1, reports=reports,
        returns=returns, reworks=reworks, near_case=near_case, recurs=recurs, refused_for=refused_for,
        why=_codes(why), simulated=simulated == 1, approval_kind=approval_kind and KINDS[approval_kind],
        marks=marks_shown(marks), clock=clock,
    )  # fmt: skip


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None  # our own tables hold one form, which needs no check


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
    request_kind: RequestKind | None = None,
    order: str | None = None,
    after: str | None = None,
    limit: int = 100,
) -> Response[Page[CaseLine]]:
    """The cases that the caller may see, a page at a time: `order` is newest, or clock for what is due first."""
    asked = Asked(
        states=tuple(dict.fromkeys(states or ())), open=open, unit=unit, post=post, area=area, class_key=class_key,
        level=level, number=number, due_before=due_before, request_kind=request_kind,
        order=order or (CLOCK if due_before else NEWEST),
    )  # fmt: skip
    if due_before is not None and due_before.tzinfo is None:
        raise TimeUnreadable("due_before has no offset; write it 2026-03-06T08:00:00Z or with +08:00.")
    reach, many = reach_of(door.caller), page_limit(limit)
    page = await door.read(
        lambda tx: case_list_written(tx, asked, reach, policy=door.policy, now=door.now, after=after, limit=many),
        short=is_short(asked, reach),
    )
    return Response(page, media_type=MediaType.JSON)


ROUTES = [get_cases]
