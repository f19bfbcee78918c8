"""HTTP of the census: the register around me, proposals and their decision, codes on things, rows for the pack."""

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body
from msgspec import Struct

from cityloop.db import Tx
from cityloop.domain.facts import ComponentState, PhotoRef
from cityloop.domain.ids import AccountId, ChangeId, ClassKey, ComponentCode, UnitId
from cityloop.domain.permission import Permission
from cityloop.domain.place import checked_point
from cityloop.domain.policy import Component, Words
from cityloop.field.census import service, store
from cityloop.field.census.model import (
    Change,
    ChangeKind,
    ChangeState,
    ChangeUnknown,
    ComponentUnknown,
    Proposed,
    RefusalReason,
    SurveyNote,
)
from cityloop.files.uploads import stored_photos
from cityloop.http import Door, Page, needs, page_limit
from cityloop.http.door import etag, keep_body
from cityloop.http.identity import stepped_up
from cityloop.http.lists import keys_of, mark_of
from cityloop.journal.vault import VaultRow

PROPOSE = [needs(Permission.census_propose)]
APPROVE = [needs(Permission.census_approve)]
EITHER = [needs(Permission.census_propose, Permission.census_approve)]
EARTH = (-180.0, -90.0, 180.0, 90.0)
RADIUS_MAX_M, AROUND_MAX, TAGS_MAX = 2_000, 300, 200
_note = msgspec.json.Decoder(SurveyNote).decode


class ComponentView(Struct, kw_only=True):
    """A component of the register. `tag`: the code that stands on it, where it was asked for."""

    code: ComponentCode
    class_key: ClassKey
    class_name: Words
    cell: str
    lon: float
    lat: float
    owner: UnitId
    maintainer: UnitId
    state: str
    metres: float | None = None
    tag: str | None = None


class PhotoView(Struct, kw_only=True):
    """Where to get a photo."""

    shown: str
    thumb: str


class ChangeView(Struct, kw_only=True):
    """A proposal, and what became of it."""

    id: ChangeId
    no: int
    kind: ChangeKind
    component: ComponentCode | None
    state: ChangeState
    class_name: Words
    becomes: ComponentState
    was: ComponentState | None
    proposed_by: AccountId
    proposed_at: datetime
    note: str | None
    photos: list[PhotoView]
    decided_at: datetime | None
    refused_for: str | None
    answer: str | None
    mine: bool
    decides: bool  # whether the caller may


class ChangeAsked(Struct, kw_only=True):
    """What of the register is wrong; what is left out stays as it is."""

    kind: ChangeKind
    component: str = ""
    problem_class: str = ""
    lon: float | None = None
    lat: float | None = None
    owner: str = ""
    maintainer: str = ""
    state: str = ""
    note: str = ""
    photos: list[UploadFile] = []


class RefusalAsked(Struct, kw_only=True):
    """Why the register stays as it was."""

    reason: RefusalReason
    note: str = ""


class TagsAsked(Struct, kw_only=True):
    """The components that shall bear a code."""

    components: list[ComponentCode]


@get("/v1/components", guards=EITHER)
async def get_components(door: Door, lon: float, lat: float, radius_m: int = 200) -> list[ComponentView]:
    """The register around a place, the nearest first."""
    here, reach = checked_point(lon, lat, EARTH), max(1, min(radius_m, RADIUS_MAX_M))

    def ask(tx: Tx) -> list[ComponentView]:
        found = service.components_around(tx, door.policy, here.lon, here.lat, reach, limit=AROUND_MAX)
        return [_component(door, each, metres=round(metres, 1)) for metres, each in found]

    return await door.read(ask)


@get("/v1/components/{code:str}", guards=EITHER)
async def get_component(code: ComponentCode, door: Door) -> ComponentView:
    """One component as the register says it now."""

    def ask(tx: Tx) -> ComponentView:
        found = service.component_now(tx, code, door.policy)
        if found is None:
            raise ComponentUnknown(f"There is no component {code[:40]!r}; look for it nearby, or add it.")
        return _component(door, found, tag=service.tag_of(tx, code))

    return await door.read(ask)


@get("/v1/components/export", guards=[*APPROVE, stepped_up])
async def get_components_csv(door: Door, only_changed: bool = False) -> Response[bytes]:
    """The register as rows of the pack's components.csv: whole, or only what was approved over the pack."""
    raw = await door.read(lambda tx: service.register_csv(tx, door.policy, only_changed=only_changed))
    named = {"Content-Disposition": 'attachment; filename="components.csv"', "Cache-Control": "no-store"}
    return Response(raw, media_type="text/csv; charset=utf-8", headers=named)


@post("/v1/components/changes", status_code=201, guards=PROPOSE, before_request=keep_body)
async def post_change(
    data: Annotated[ChangeAsked, Body(media_type=RequestEncodingType.MULTI_PART)], door: Door
) -> Response[ChangeView]:
    """Say that the register is wrong: add, change, move or retire a component, with photos."""
    asked = Proposed(
        kind=data.kind, component=ComponentCode(data.component) if data.component else None,
        class_key=ClassKey(data.problem_class) if data.problem_class else None, lon=data.lon, lat=data.lat,
        owner=UnitId(data.owner) if data.owner else None, maintainer=UnitId(data.maintainer) if data.maintainer else None,
        state=data.state or None,
    )  # fmt: skip
    photos = await stored_photos(door, data.photos)
    id = await door.change(
        lambda tx: service.propose(tx, door.caller, asked, photos=photos, note=data.note, policy=door.policy)
    )
    return await _answer(door, id, 201)


@get("/v1/components/changes", guards=EITHER)
async def get_changes(
    door: Door, proposal: ChangeState | None = None, mine: bool = False, after: str | None = None, limit: int = 50
) -> Response[Page[ChangeView]]:
    """Proposals, the newest first: my own, or those of the area in which I decide."""
    count, mark = page_limit(limit), str(keys_of(after, 1)[0]) if after else None
    seats = door.caller.seats_with(Permission.census_approve)
    own = mine or not seats
    areas = None if own or any(seat.area is None for seat in seats) else [seat.area for seat in seats if seat.area]
    by = door.caller.account if own else None

    def ask(tx: Tx) -> Page[ChangeView]:
        rows = store.change_list(tx, state=proposal, by=by, areas=areas, after=mark, limit=count + 1)
        more = mark_of(rows[count - 1].id) if len(rows) > count else None
        return Page(items=[_view(tx, door, each) for each in rows[:count]], next=more)

    return Response(await door.read(ask), headers={"Cache-Control": "no-store"})


@get("/v1/components/changes/{change_id:str}", guards=EITHER)
async def get_change(change_id: ChangeId, door: Door) -> Response[ChangeView]:
    """One proposal, with the ETag that deciding it needs."""
    return await _answer(door, change_id, 200)


@post("/v1/components/changes/{change_id:str}/approval", status_code=201, guards=APPROVE)
async def post_change_approval(change_id: ChangeId, door: Door) -> Response[ChangeView]:
    """Let the register say so from now on."""
    of = f"census/{change_id}"
    await door.change(lambda tx: service.approve(tx, door.caller, change_id, policy=door.policy), of=of)
    return await _answer(door, change_id, 201)


@post("/v1/components/changes/{change_id:str}/refusal", status_code=201, guards=APPROVE)
async def post_change_refusal(change_id: ChangeId, data: RefusalAsked, door: Door) -> Response[ChangeView]:
    """Leave the register as it is, and say why."""
    of = f"census/{change_id}"
    await door.change(
        lambda tx: service.refuse(tx, door.caller, change_id, data.reason, note=data.note, policy=door.policy), of=of
    )
    return await _answer(door, change_id, 201)


@post("/v1/components/changes/{change_id:str}/withdrawal", status_code=201, guards=PROPOSE)
async def post_change_withdrawal(change_id: ChangeId, door: Door) -> Response[ChangeView]:
    """Take a proposal of my own back."""
    await door.change(lambda tx: service.withdraw(tx, door.caller, change_id), of=f"census/{change_id}")
    return await _answer(door, change_id, 201)


@post("/v1/components/tags", status_code=201, guards=EITHER)
async def post_tags(data: TagsAsked, door: Door) -> list[ComponentView]:
    """The codes of some components; those that have none get one. What is printed is /components/sheet."""
    codes = list(dict.fromkeys(data.components))[:TAGS_MAX]

    def use_case(tx: Tx) -> str:
        for code in codes:
            service.tag_component(tx, code, policy=door.policy)
        return " ".join(codes)

    await door.change(use_case)

    def ask(tx: Tx) -> list[ComponentView]:
        found = [(code, service.component_now(tx, code, door.policy)) for code in codes]
        return [_component(door, each, tag=service.tag_of(tx, code)) for code, each in found if each]

    return await door.read(ask)


async def _answer(door: Door, id: ChangeId, status: int) -> Response[ChangeView]:
    def ask(tx: Tx) -> ChangeView:
        change = store.change_get(tx, id)
        if not service.may_see(tx, door.caller, id):
            raise ChangeUnknown(f"There is no proposal {id[:60]} for you; look at /v1/components/changes.")
        return _view(tx, door, change)

    view = await door.read(ask)
    return Response(view, status_code=status, headers={**etag(view.no), "Cache-Control": "no-store"})


def _view(tx: Tx, door: Door, change: Change) -> ChangeView:
    becomes = store.state_in(change.becomes)
    photos = msgspec.json.decode(change.photos, type=list[PhotoRef])
    mine = change.proposed_by == door.caller.account
    still = change.state is ChangeState.proposed
    known = door.policy.class_by_key.get(becomes.class_key)
    return ChangeView(
        id=change.id, no=change.no, kind=change.kind, component=change.component, state=change.state,
        class_name=known.name if known else {}, becomes=becomes, was=store.state_in(change.was) if change.was else None,
        proposed_by=change.proposed_by, proposed_at=change.proposed_at, note=_said(tx, change.note),
        photos=[PhotoView(shown=f"/v1/files/{each.shown}", thumb=f"/v1/files/{each.thumb}") for each in photos],
        decided_at=change.decided_at, refused_for=change.refused_for, answer=_said(tx, change.answer), mine=mine,
        decides=still and not mine and service.may_decide(door.caller, change),
    )  # fmt: skip


def _said(tx: Tx, id: str | None) -> str | None:
    row = tx.get("vault", VaultRow, id) if id else None
    return _note(row.bytes).text if row else None


def _component(door: Door, each: Component, *, metres: float | None = None, tag: str | None = None) -> ComponentView:
    known = door.policy.class_by_key.get(each.class_key)
    return ComponentView(
        code=each.code, class_key=each.class_key, class_name=known.name if known else {}, cell=each.cell, lon=each.lon,
        lat=each.lat, owner=each.owner, maintainer=each.maintainer, state=each.state, metres=metres, tag=tag,
    )  # fmt: skip


ROUTES = [
    get_components,
    get_component,
    get_components_csv,
    post_change,
    get_changes,
    get_change,
    post_change_approval,
    post_change_refusal,
    post_change_withdrawal,
    post_tags,
]
