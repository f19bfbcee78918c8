"""The first screen: what is next. The list on the left, the case on the right; to nobody the door."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from litestar import Request, Response, get
from msgspec import Struct
from msgspec.structs import replace

from cityloop.cases import CaseUnknown
from cityloop.cases.approvals.lists import WaitingLine, waiting
from cityloop.cases.approvals.routes import DECIDERS
from cityloop.cases.reach import Reach, reach_of
from cityloop.db import Tx
from cityloop.domain.ids import AreaCode, CaseId, UnitId
from cityloop.domain.lifecycle import HELD, MOVES, OVER, State
from cityloop.domain.permission import Permission
from cityloop.domain.policy import Level, Policy
from cityloop.http import Caller, Door, Page
from cityloop.pages.queue import CLOCK, NEWEST, Asked, CaseLine, case_list
from cityloop.pages.screen import page, sign_in_page
from cityloop.pages.sheet import Sheet, sheet_of, teller_for

LINES = 50
WAITING_LINES = 5  # requests for the caller's word, above the list
NEWEST_LINES = 3  # shown below a list that is ordered by the clock
NEXT = ("accept", "file", "verify", "dispatch", "sign", "finish", "inspect")  # the deeds that queues are made of
LOOKING = frozenset({Permission.case_verify, Permission.case_inspect})
LEVELS = {0: Level.city, 6: Level.district, 9: Level.street}


class View(StrEnum):
    """Which list is looked at."""

    mine = "mine"
    open = "open"
    over = "over"


class Chosen(Struct, frozen=True, kw_only=True):
    """What the address asks for; what it says wrongly is as if it said nothing."""

    view: View
    views: tuple[View, ...]
    order: str
    state: State | None
    states: tuple[State, ...]  # that can be chosen from
    district: AreaCode | None
    unit: UnitId | None
    number: str | None
    after: str | None
    case: CaseId | None


def states_next(caller: Caller) -> tuple[State, ...]:
    """The states in which the caller's own deed is what comes next."""
    deeds = [move for move in MOVES if move.name in NEXT and caller.may(move.who)]
    return tuple(state for state in State if any(state in move.before for move in deeds))


def chosen_from(given: Mapping[str, str], caller: Caller, policy: Policy) -> Chosen:
    """What the address asks for, as far as it makes sense for this caller."""
    mine = states_next(caller)
    views = tuple(each for each in View if each is not View.mine or mine)
    view = View(given["view"]) if given.get("view") in views else views[0]
    states = mine if view is View.mine else tuple(s for s in State if (s in OVER) is (view is View.over))
    state = State(given["state"]) if given.get("state") in states else None
    usual = NEWEST if view is View.over or state in HELD else CLOCK  # what is put off has no deadline
    order = given["order"] if given.get("order") in (NEWEST, CLOCK) and view is not View.over else usual
    district, unit = given.get("district", ""), given.get("unit", "")
    number = given.get("number", "").strip()[:60]
    return Chosen(
        view=view, views=views, order=order, state=state, states=states,
        district=AreaCode(district) if district in policy.area_by_code else None,
        unit=UnitId(unit) if unit in policy.unit_by_id else None, number=number or None,
        after=given.get("after") or None, case=CaseId(given["case"]) if given.get("case") else None,
    )  # fmt: skip


def asked_of(chosen: Chosen, caller: Caller) -> Asked:
    """The question to the list. The list for me holds what my own desk, unit or post must do."""
    if chosen.number:
        return Asked(number=chosen.number)
    asked = Asked(
        states=(chosen.state,) if chosen.state else chosen.states, unit=chosen.unit, area=chosen.district,
        order=chosen.order,
    )  # fmt: skip
    if chosen.view is not View.mine or len(caller.seats) != 1:
        return asked
    (seat,) = caller.seats
    if Permission.case_dispatch in seat.permissions:
        return replace(asked, level=LEVELS.get(len(seat.area or "")))
    if seat.permissions & LOOKING:
        return replace(asked, post=seat.post)
    return asked


class Desk(Struct, frozen=True, kw_only=True):
    """The list, the newest of all where the clock orders it, and the case beside it."""

    lines: Page[CaseLine]
    newest: list[CaseLine]
    waiting: list[WaitingLine]  # requests that the caller may decide
    sheet: Sheet | None


def desk_of(tx: Tx, door: Door, chosen: Chosen, reach: Reach) -> Desk:
    """The list in one statement, the newest in another, and its first case, or the one that was chosen."""
    policy, now = door.policy, door.now
    newest: list[CaseLine] = []
    if chosen.order == CLOCK and not (chosen.number or chosen.state or chosen.unit):
        new = Asked(area=chosen.district)
        newest = case_list(tx, new, reach, policy=policy, now=now, after=None, limit=NEWEST_LINES).items
    lines = case_list(tx, asked_of(chosen, door.caller), reach, policy=policy, now=now, after=chosen.after, limit=LINES)
    shown = chosen.case or (lines.items[0].id if lines.items else None)
    try:
        sheet = sheet_of(tx, door.caller, shown, policy=policy, now=now) if shown else None
    except CaseUnknown:
        sheet = None
    asked: list[WaitingLine] = []
    if any(door.caller.may(each) for each in DECIDERS):
        asked = waiting(tx, door.caller, mine=True, after=None, limit=WAITING_LINES).items
    return Desk(lines=lines, newest=newest, waiting=asked, sheet=sheet)


@get("/plain", include_in_schema=False)
async def get_desk(request: Request, door: Door) -> Response[bytes]:
    """What is next for whoever is signed in."""
    caller, policy = door.caller, door.policy
    if caller.account is None:
        return sign_in_page(request, policy)
    if not caller.may(Permission.case_read):
        return page(door, "no_cases.html", without_posts=not caller.seats)
    chosen = chosen_from(request.query_params, caller, policy)
    reach = reach_of(caller)
    desk = await door.read(lambda tx: desk_of(tx, door, chosen, reach))
    tell = teller_for(request, policy, desk.sheet)
    return page(
        door, "desk.html", tell=tell, chosen=chosen, lines=desk.lines, newest=desk.newest, waiting=desk.waiting, sheet=desk.sheet, picked=chosen.case is not None,
        choices=choices_of(chosen, reach, policy), back=request.url.path + _kept(request),
    )  # fmt: skip


def choices_of(chosen: Chosen, reach: Reach, policy: Policy) -> dict[str, Any]:
    """What the filters offer."""
    lead = {row.unit for row in policy.posts if Permission.case_handle in policy.role_by_id[row.role].permissions}
    districts = [area for area in policy.areas if len(area.code) == 6]
    if reach.areas:
        districts = [area for area in districts if any(area.code.startswith(each[:6]) for each in reach.areas)]
    return {
        "states": chosen.states if len(chosen.states) > 1 else (),
        "districts": districts if len(districts) > 1 and not reach.only_units else (),
        "units": () if reach.only_units else [unit for unit in policy.units if unit.id in lead],
        "orders": () if chosen.view is View.over else (CLOCK, NEWEST),
    }


def _kept(request: Request) -> str:
    """The filters without the case, so that what is next comes up after a deed."""
    kept = [part for part in request.url.query.split("&") if part and part.partition("=")[0] not in ("case", "done")]
    return f"?{'&'.join(kept)}" if kept else ""


ROUTES = [get_desk]
