"""What the phone shows first, in one answer that is enough to work without a network: what is next, with every deed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from litestar import Request, Response, get
from litestar.params import QueryParameter
from msgspec import Struct
from msgspec.structs import replace

from cityloop.cases.scope import cases_seen
from cityloop.cases.whistle import WhistleUnit, whistle_lists_called
from cityloop.db import Tx
from cityloop.domain.errors import Invalid
from cityloop.domain.ids import AccountId, CaseId, PostId, UnitId
from cityloop.domain.permission import Permission
from cityloop.domain.place import Point, checked_point
from cityloop.domain.policy import Policy
from cityloop.field import duty
from cityloop.http import Caller, Door, needs
from cityloop.pages.asked import PhotoView
from cityloop.pages.case import CaseView, case_pages
from cityloop.pages.console.forms import DeedView, deed_views
from cityloop.pages.moves import DEEDS
from cityloop.pages.offers import Offer, offers_of
from cityloop.pages.screen import language_of
from cityloop.pages.showing import rule_of
from cityloop.pages.telling import Teller
from cityloop.pages.work.next import Waiting, waiting

ITEMS = 40  # shown at once: a day's work
PHOTOS = 6
SEEN_BY = (Permission.case_read,)
Near = Annotated[
    str | None,
    QueryParameter(name="near", description="lon,lat of the phone, WGS 84; a hundred metres exactly is enough."),
]


class PostWords(Struct, frozen=True, kw_only=True):
    """A post of mine."""

    id: PostId
    words: str
    unit: UnitId
    unit_words: str
    role: str


class Worker(Struct, frozen=True, kw_only=True):
    """Who works here, and what the page may offer them."""

    account: AccountId
    name: str
    posts: list[PostWords]
    permissions: list[str]


class ClassWords(Struct, frozen=True, kw_only=True):
    """A class that I may clear on the spot."""

    key: str
    words: str


class OnDuty(Struct, frozen=True, kw_only=True):
    """The shift in which I am on duty."""

    id: str
    post: PostId
    grid: str | None
    started_at: datetime
    planned_to: datetime | None
    outside_since: datetime | None


class CalledUnit(Struct, frozen=True, kw_only=True):
    """A unit that was whistled to the case, and when it came."""

    unit: UnitId
    words: str
    arrived_at: datetime | None
    mine: bool


class WorkItem(Struct, frozen=True, kw_only=True):
    """A case that waits for me, whole enough to be worked on without a network. `deeds` are those that I may do now; the
    loud one is what it waits for.
    """

    id: CaseId
    no: int
    number: str | None
    state: str
    state_words: str
    title: str
    place: str
    unit_words: str
    lamp: str | None
    lamp_words: str | None
    left: str | None
    since: datetime | None
    due: datetime | None
    urgency: int
    lon: float | None
    lat: float | None
    metres: float | None
    marks: list[str]
    said: str | None
    address: str | None
    photos: list[PhotoView]
    after: list[PhotoView]  # of work that was done
    condition: str  # 结案条件
    orders: list[str]  # whistles, urges, supervisions, in words
    called: list[CalledUnit]  # 吹哨报到
    deeds: list[DeedView]
    then: list[DeedView]  # what may be done once the loud one is: signed for without a network, and finished


class WorkScreen(Struct, frozen=True, kw_only=True):
    """The phone's first page. `more`: how many wait besides."""

    now: datetime
    offset: str
    me: Worker
    shift: OnDuty | None
    items: list[WorkItem]
    more: int
    self_handle: list[ClassWords]
    photos_max: int
    text_chars_max: int


def work_screen(tx: Tx, caller: Caller, tell: Teller, here: Point | None, *, now: datetime) -> WorkScreen:
    """Everything that somebody in the field needs until they have a network again."""
    policy = tell.policy
    assert caller.account, "the guard lets nobody else in"
    all_of_them = waiting(tx, caller, here, now=now)
    items = _items(tx, caller, all_of_them[:ITEMS], tell, now=now)
    shift = duty.shift_now(tx, caller.account)
    cleared = policy.settings.self_handle if caller.may(Permission.case_self_handle) else ()
    return WorkScreen(
        now=now, offset=f"{now.astimezone(tell.zone):%z}", me=_me(caller, tell), items=items,
        more=len(all_of_them) - len(items), photos_max=policy.settings.photos_max,
        text_chars_max=policy.settings.text_chars_max,
        self_handle=[ClassWords(key=key, words=tell.kind(key)) for key in cleared],
        shift=OnDuty(
            id=shift.id, post=shift.post, grid=shift.grid, started_at=shift.started_at, planned_to=shift.planned_to,
            outside_since=shift.outside_since,
        ) if shift else None,
    )  # fmt: skip


def _me(caller: Caller, tell: Teller) -> Worker:
    assert caller.account, "the guard lets nobody else in"
    posts = [
        PostWords(
            id=seat.post, words=tell.post(seat.post), unit=seat.unit, unit_words=tell.unit(seat.unit), role=seat.role
        )
        for seat in caller.seats
    ]
    may = sorted({each for seat in caller.seats for each in seat.permissions})
    return Worker(account=caller.account, name=caller.name, posts=posts, permissions=may)


def _items(tx: Tx, caller: Caller, waits: Sequence[Waiting], tell: Teller, *, now: datetime) -> list[WorkItem]:
    """The cases that wait, as many statements for all of them as for one; what is no longer theirs to know is left out."""
    cases = cases_seen(tx, caller, [each.id for each in waits])
    views = {view.id: view for view in case_pages(tx, caller, cases, policy=tell.policy, now=now)}
    called = whistle_lists_called(tx, [case.id for case in cases if case.marks])
    mine = {seat.unit for seat in caller.seats}
    return [_item(views[each.id], each, called.get(each.id, ()), mine, tell) for each in waits if each.id in views]


def _item(view: CaseView, waits: Waiting, whistled: Sequence[WhistleUnit], mine: set[UnitId], tell: Teller) -> WorkItem:
    called = [
        CalledUnit(unit=row.unit, words=tell.unit(row.unit), arrived_at=row.reported_at, mine=row.unit in mine)
        for row in whistled
    ]
    item = item_of(view, tell, lon=waits.lon, lat=waits.lat, metres=waits.metres, called=called)
    if any(each.mine and each.arrived_at is None for each in called):
        return item
    return replace(item, deeds=[each for each in item.deeds if each.name != "report_in"])  # they are there


def item_of(
    view: CaseView, tell: Teller, *, lon: float | None, lat: float | None, metres: float | None,
    called: Sequence[CalledUnit] = (),
) -> WorkItem:  # fmt: skip
    """A case as the field reads it."""
    clock, rule = view.clock, rule_of(view, tell)
    deeds = deed_views(view, offers_of(view, tell.policy), DEEDS, tell)
    first = view.reports[0] if view.reports else None
    return WorkItem(
        id=view.id, no=view.no, number=view.number, state=view.state.value, state_words=tell.word(f"state.{view.state}"),
        title=tell.kind(view.class_key), place=tell.place(view.where.cell, view.where.street, view.where.district),
        unit_words=tell.unit(view.unit) or tell.post(view.post), lamp=clock.lamp.value if clock else None,
        lamp_words=tell.word(f"lamp.{clock.lamp}") if clock else None, left=tell.left(clock) if clock else None,
        since=clock.since if clock else None, due=clock.due if clock else None, urgency=view.urgency, lon=lon, lat=lat,
        metres=metres, marks=[tell.word(f"mark.{each}") for each in view.marks],
        said=next((each.text for each in view.reports if each.text), None), address=_beyond_areas(first.address, view, tell) if first else None,
        photos=[photo for each in view.reports for photo in each.photos][:PHOTOS],
        after=[photo for task in view.tasks for photo in task.photos][-PHOTOS:],
        condition=tell.of(rule.close_condition) if rule else "",
        orders=[tell.word(code) for each in view.orders for code in each.says], called=list(called),
        deeds=[each for each in deeds if each.why_not is None], then=_then(view, deeds, tell),
    )  # fmt: skip


def _beyond_areas(address: str | None, view: CaseView, tell: Teller) -> str | None:
    """The address as it was told; nothing where it names an area that the place says already."""
    where = view.where
    areas = (tell.policy.area_by_code.get(each) for each in (where.district, where.street, where.community) if each)
    return None if any(address in area.name.values() for area in areas if area) else address


def _then(view: CaseView, deeds: Sequence[DeedView], tell: Teller) -> list[DeedView]:
    """The end of the work after its signature, where no step with a limit of its own lies between."""
    signs = any(each.name == "sign" and each.why_not is None for each in deeds)
    if not signs or any(task.stages for task in view.tasks if task.ended_at is None):
        return []
    finish = Offer(name="finish", why_not=None, loud=True)
    return deed_views(view, [finish], DEEDS, tell)


def place_near(near: str | None, policy: Policy) -> Point | None:
    """Where the phone says it is; nowhere, if that lies outside the city or is no place.

    >>> place_near(None, None) is None
    True
    """
    if not near:
        return None
    try:
        lon, lat = (float(part) for part in near.split(",", 1))
        return checked_point(lon, lat, policy.settings.bounds)
    except (ValueError, Invalid):  # whoever works at the city's edge still gets the list
        return None


@get("/v1/screens/work", guards=[needs(Permission.case_read, Permission.survey_visit)])
async def get_work_screen(request: Request, door: Door, near: Near = None) -> Response[WorkScreen]:
    """What is next and near me, with the deeds that I may do and their forms: enough to work without a network."""
    tell = Teller(policy=door.policy, language=language_of(request, door.policy))
    here = place_near(near, door.policy)
    screen = await door.read(lambda tx: work_screen(tx, door.caller, tell, here, now=door.now))
    return Response(screen, headers={"Cache-Control": "no-store"})


ROUTES = [get_work_screen]
