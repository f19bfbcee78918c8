"""HTTP of duty for who leads: who is on duty now and where, what nobody fills, and the roster of the week."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from litestar import Response, get, post
from msgspec import Struct

from cityloop.db import Tx
from cityloop.domain.calendar import calendar_in
from cityloop.domain.ids import AccountId, PostId, ShiftId, UnitId
from cityloop.domain.permission import Permission
from cityloop.domain.policy import Policy, Words
from cityloop.field.duty import rules, service
from cityloop.field.duty.model import Plan, Position, Shift
from cityloop.field.duty.routes import PRIVATE, outline
from cityloop.http import Door, needs
from cityloop.people.names import names_of
from cityloop.people.store import seated_in
from cityloop.places import address_of, locate

WATCH = [needs(Permission.duty_watch)]
ROSTER = [needs(Permission.duty_roster, Permission.duty_watch)]


class OnDutyLine(Struct, kw_only=True):
    """Somebody who is on duty now, and where their phone was last."""

    shift: ShiftId
    account: AccountId
    post: PostId
    unit: UnitId
    grid: str | None
    started_at: datetime
    outside_since: datetime | None
    position: Position | None


class WatchLine(Struct, kw_only=True):
    """The same in words. `is_silent`: the phone has said nothing for longer than it may."""

    line: OnDutyLine
    name: str
    post_name: Words
    unit_name: Words
    where: Words  # the areas in which the phone was last; empty where it is unknown
    planned_from: datetime | None
    planned_to: datetime | None
    outside_times: int
    is_silent: bool


class GapLine(Struct, kw_only=True):
    """A plan that runs now and that nobody fills; `people` sit in the post."""

    post: PostId
    post_name: Words
    unit_name: Words
    area_name: Words
    grid: str | None
    begins: datetime
    ends: datetime
    people: list[str]


class GridShape(Struct, kw_only=True):
    """A duty grid as GeoJSON, and whether somebody is on duty for it."""

    grid: str
    is_filled: bool
    geometry: dict[str, Any] | None


class DutyBoard(Struct, kw_only=True):
    """Who is on duty, how many posts are planned for now, which of them nobody fills, and the grids of both."""

    at: datetime
    planned: int
    on_duty: list[WatchLine]
    gaps: list[GapLine]
    grids: list[GridShape]


class WeekLine(Struct, kw_only=True):
    """A post and its plans, Monday to Sunday. `is_mine`: the caller sets its hours."""

    post: PostId
    post_name: Words
    unit_name: Words
    area_name: Words
    people: list[str]
    is_mine: bool
    plans: list[Plan]


class WeekView(Struct, kw_only=True):
    """The roster of a week, and the grids among which one may choose."""

    days: list[str]
    today: str
    lines: list[WeekLine]
    grids: list[str]


class RosterAsked(Struct, kw_only=True):
    """Hours of a post on a day, local, HH:MM; neither: it is off."""

    post: PostId
    day: str
    begins: str | None = None
    ends: str | None = None
    grid: str | None = None


@get("/v1/duty/positions", guards=WATCH)
async def get_positions(door: Door) -> Response[list[OnDutyLine]]:
    """Who is on duty now in my area, or of my unit, and where their phone was last; that I looked is shown to them."""
    await _note_looks(door)
    found = await door.read(lambda tx: service.watched(tx, door.caller))
    return Response([_line(shift, position) for shift, position in found], headers=PRIVATE)


@get("/v1/screens/duty", guards=WATCH)
async def get_duty_board(door: Door) -> Response[DutyBoard]:
    """Who is on duty now and where, what nobody fills, each in words; that I looked is shown to who is on duty."""
    await _note_looks(door)

    def ask(tx: Tx) -> DutyBoard:
        policy, now = door.policy, door.now
        found = service.watched(tx, door.caller)
        names = names_of(tx, [shift.account for shift, _ in found])
        running = service.plans_now(tx, door.caller, policy=policy, now=now)
        gaps = service.gaps_of(tx, running)
        people = _people(tx, [gap.post for gap in gaps])
        filled = {shift.grid for shift, _ in found if shift.grid}
        grids = filled | {gap.grid for gap in gaps if gap.grid}
        return DutyBoard(
            at=now,
            planned=len(running),
            on_duty=[_watch_line(shift, position, names.get(shift.account, ""), policy, now) for shift, position in found],
            gaps=[
                GapLine(
                    post=gap.post, **_named(policy, gap.post), grid=gap.grid, begins=gap.begins, ends=gap.ends,
                    people=people.get(gap.post, []),
                )
                for gap in gaps
            ],
            grids=[
                GridShape(grid=grid, is_filled=grid in filled, geometry=outline(policy, rules.cells_of(policy, grid, None)))
                for grid in sorted(grids)
            ],
        )  # fmt: skip

    return Response(await door.read(ask), headers=PRIVATE)


@get("/v1/screens/duty/week", guards=ROSTER)
async def get_week(door: Door, day: str | None = None) -> Response[WeekView]:
    """The roster 排班 of the week in which a day lies, post by post, with who sits in each."""
    policy = door.policy
    today = door.now.astimezone(calendar_in(policy).zone).date()
    asked = rules.day_asked(day, today)

    def ask(tx: Tx) -> WeekView:
        found = service.roster_of_week(tx, door.caller, asked, policy=policy)
        people = _people(tx, [post.id for post, _ in found])
        return WeekView(
            days=[each.isoformat() for each in rules.week_of(asked)], today=today.isoformat(),
            lines=[
                WeekLine(
                    post=post.id, **_named(policy, post.id), people=people.get(post.id, []),
                    is_mine=service.may_plan(door.caller, post), plans=plans,
                )
                for post, plans in found
            ],
            grids=sorted({post.duty_grid for post, _ in found if post.duty_grid}),
        )  # fmt: skip

    return Response(await door.read(ask), headers=PRIVATE)


@get("/v1/duty/roster", guards=ROSTER)
async def get_roster(door: Door, day: str | None = None) -> list[Plan]:
    """The roster 排班 of a day: the hours of each post, from the pack or as set in the city."""
    asked = rules.day_asked(day, door.now.astimezone(calendar_in(door.policy).zone).date())
    return await door.read(lambda tx: service.roster_on(tx, door.caller, asked, policy=door.policy))


@post("/v1/duty/roster", status_code=201, guards=[needs(Permission.duty_roster)])
async def post_roster(data: RosterAsked, door: Door) -> Plan:
    """Set the hours of a post on a day, over what the pack says."""
    await door.change(
        lambda tx: service.change_roster(
            tx, door.caller, data.post, data.day, begins=data.begins, ends=data.ends, grid=data.grid, policy=door.policy
        )
    )  # fmt: skip
    day = rules.day_asked(data.day, door.now.date())
    plans = await door.read(lambda tx: service.roster_on(tx, door.caller, day, policy=door.policy))
    return next(plan for plan in plans if plan.post == data.post)


async def _note_looks(door: Door) -> None:
    """Durable before anything is shown."""
    due = await door.read(lambda tx: service.looks_due(tx, door.caller, door.now))
    if due:
        await door.change(lambda tx: service.note_looks(tx, due, policy=door.policy))


def _line(shift: Shift, position: Position | None) -> OnDutyLine:
    return OnDutyLine(
        shift=shift.id, account=shift.account, post=shift.post, unit=shift.unit, grid=shift.grid,
        started_at=shift.started_at, outside_since=shift.outside_since, position=position,
    )  # fmt: skip


def _watch_line(shift: Shift, position: Position | None, name: str, policy: Policy, now: datetime) -> WatchLine:
    named = _named(policy, shift.post)
    where = address_of(policy, locate(policy, position.lon, position.lat)) if position else {}
    return WatchLine(
        line=_line(shift, position), name=name, post_name=named["post_name"], unit_name=named["unit_name"], where=where,
        planned_from=shift.planned_from, planned_to=shift.planned_to, outside_times=shift.outside_times,
        is_silent=rules.is_silent(shift, position, now),
    )  # fmt: skip


def _named(policy: Policy, id: PostId) -> dict[str, Words]:
    post = policy.post_by_id.get(id)
    unit = policy.unit_by_id.get(post.unit) if post else None
    area = policy.area_by_code.get(post.area) if post and post.area else None
    return {
        "post_name": post.name if post else {}, "unit_name": unit.name if unit else {}, "area_name": area.name if area else {},
    }  # fmt: skip


def _people(tx: Tx, posts: Iterable[PostId]) -> dict[PostId, list[str]]:
    """The names of those who sit in posts."""
    seated = seated_in(tx, list(posts))
    names = names_of(tx, sorted({each for accounts in seated.values() for each in accounts}))
    return {post: [names[each] for each in accounts if each in names] for post, accounts in seated.items()}


ROUTES = [get_positions, get_duty_board, get_week, get_roster, post_roster]
