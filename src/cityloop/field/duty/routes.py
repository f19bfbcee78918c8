"""HTTP of duty for who is on duty: one's own shift, track and grid, and who looked where one is."""

from datetime import datetime
from typing import Any

import msgspec
import shapely
import shapely.geometry
from litestar import Response, get, post
from msgspec import Struct

from cityloop.db import Tx
from cityloop.domain.ids import CellCode, PostId, ShiftId, VaultId
from cityloop.domain.permission import Permission
from cityloop.domain.policy import Policy, Words
from cityloop.field.duty import rules, service, store
from cityloop.field.duty.model import Plan, Position, PostNotYours, Shift, TrackPart
from cityloop.http import Door, needs

SIGN = [needs(Permission.duty_sign)]
SHIFTS_SHOWN = 40
PRIVATE = {"Cache-Control": "no-store"}


class ShiftView(Struct, kw_only=True):
    """A shift as its worker sees it. `erased`: nothing of its track is left."""

    id: ShiftId
    no: int
    post: PostId
    grid: str | None
    day: str
    started_at: datetime
    planned_from: datetime | None
    planned_to: datetime | None
    is_open: bool
    ended_at: datetime | None
    ended_for: str | None
    outside_since: datetime | None
    outside_times: int
    positions: int
    first_at: datetime | None
    last_at: datetime | None
    erasure_asked_at: datetime | None
    erased: bool


class SeenView(Struct, kw_only=True):
    """A post that looked where I am, and when last."""

    post: PostId
    name: Words
    at: datetime


class DutyView(Struct, kw_only=True):
    """Whether I am on duty, what was planned for my posts today, my last shifts, and how a phone notes where it is.

    `seen`: who looked where I am in this shift.
    """

    shift: ShiftView | None
    plans: list[Plan]
    shifts: list[ShiftView]
    seen: list[SeenView]
    track_every_s: int
    track_days: int
    outside_min: int


class SignOn(Struct, kw_only=True):
    """In which post; when, where the phone had no network."""

    post: PostId
    at: datetime | None = None


class SignOff(Struct, kw_only=True):
    """When, where the phone had no network."""

    at: datetime | None = None


class TrackSent(Struct, kw_only=True):
    """Positions of a shift, in any order; those that do not lie on duty are not kept."""

    positions: list[Position]


class TrackView(Struct, kw_only=True):
    """Where I was on duty."""

    positions: list[Position]


class GridView(Struct, kw_only=True):
    """What a post answers for today, as GeoJSON."""

    post: PostId
    grid: str | None
    cells: int
    geometry: dict[str, Any] | None


class ErasureLine(Struct, kw_only=True):
    """A track whose worker asks that it be erased: the ids are what to erase."""

    shift: ShiftId
    asked_at: datetime
    ids: list[VaultId]


@get("/v1/duty", guards=SIGN)
async def get_duty(door: Door) -> Response[DutyView]:
    """My duty: am I signed on, what is planned today, which shifts were mine."""

    def ask(tx: Tx) -> DutyView:
        account = door.caller.account
        assert account, "the guard lets nobody else in"
        shifts = store.shift_list_of(tx, account, limit=SHIFTS_SHOWN)
        settings = door.policy.settings
        open_now = next((each for each in shifts if each.is_open), None)
        return DutyView(
            shift=_shown(tx, open_now) if open_now else None,
            seen=_seen(tx, open_now, door.policy) if open_now else [],
            plans=service.plans_of(tx, door.caller, policy=door.policy, now=door.now),
            shifts=[_shown(tx, each) for each in shifts],
            track_every_s=settings.track_every_s, track_days=settings.track_days, outside_min=settings.outside_min,
        )  # fmt: skip

    return Response(await door.read(ask), headers=PRIVATE)


@post("/v1/duty/shifts", status_code=201, guards=SIGN)
async def post_shift(data: SignOn, door: Door) -> Response[ShiftView]:
    """Sign on 打卡. Where I am is not asked."""
    id = await door.change(lambda tx: service.sign_on(tx, door.caller, data.post, at=data.at, policy=door.policy))
    return await _answer(door, id)


@post("/v1/duty/shifts/{shift_id:str}/end", status_code=201, guards=SIGN)
async def post_shift_end(shift_id: ShiftId, data: SignOff, door: Door) -> Response[ShiftView]:
    """Sign off: from here on nothing is noted."""
    id = await door.change(lambda tx: service.sign_off(tx, door.caller, shift_id, at=data.at, policy=door.policy))
    return await _answer(door, id)


@post("/v1/duty/shifts/{shift_id:str}/track", status_code=201, guards=SIGN)
async def post_track(shift_id: ShiftId, data: TrackSent, door: Door) -> Response[ShiftView]:
    """Note where I was on duty, some positions at once."""
    id = await door.change(
        lambda tx: service.note_track(tx, door.caller, shift_id, data.positions, policy=door.policy)
    )  # fmt: skip
    return await _answer(door, id)


@get("/v1/duty/shifts/{shift_id:str}/track", guards=SIGN)
async def get_track(shift_id: ShiftId, door: Door) -> Response[TrackView]:
    """Where I was on duty; nobody else reads it."""

    def ask(tx: Tx) -> TrackView:
        service.own_shift(tx, door.caller, shift_id)
        parts: list[TrackPart] = [part for _, part in store.part_list_of(tx, shift_id)]
        positions = {each.at: each for part in parts for each in part.positions}
        return TrackView(positions=[positions[at] for at in sorted(positions)])

    return Response(await door.read(ask), headers=PRIVATE)


@post("/v1/duty/shifts/{shift_id:str}/erasure", status_code=201, guards=SIGN)
async def post_track_erasure(shift_id: ShiftId, door: Door) -> Response[ShiftView]:
    """Ask that the track of a shift of mine be erased. Who operates the city sees it, and erases by /v1/erasures."""
    id = await door.change(lambda tx: service.ask_erasure(tx, door.caller, shift_id))
    return await _answer(door, id)


@get("/v1/duty/erasures", guards=[needs(Permission.operate)])
async def get_track_erasures(door: Door) -> list[ErasureLine]:
    """Tracks whose workers ask that they be erased, as far as they are kept."""

    def ask(tx: Tx) -> list[ErasureLine]:
        found = []
        for shift in store.shift_list_to_erase(tx):
            if (ids := _kept(tx, shift)) and shift.erasure_asked_at:
                found.append(ErasureLine(shift=shift.id, asked_at=shift.erasure_asked_at, ids=ids))
        return found

    return await door.read(ask)


@get("/v1/duty/grid", guards=SIGN)
async def get_grid(door: Door, post: PostId | None = None) -> GridView:
    """The day's grid of a post of mine: what I answer for, as a shape for the map."""

    def ask(tx: Tx) -> Plan | None:
        plans = service.plans_of(tx, door.caller, policy=door.policy, now=door.now)
        return next((plan for plan in plans if post in (None, plan.post)), None)

    plan = await door.read(ask)
    if plan is None:
        raise PostNotYours("That is no post of yours in which one is on duty; choose one of yours.")
    area = door.policy.post_by_id[plan.post].area
    cells = rules.cells_of(door.policy, plan.grid, area)
    shape = await door.aside(lambda: outline(door.policy, cells))
    return GridView(post=plan.post, grid=plan.grid, cells=len(cells), geometry=shape)


async def _answer(door: Door, id: ShiftId) -> Response[ShiftView]:
    view = await door.read(lambda tx: _shown(tx, service.own_shift(tx, door.caller, id)))
    return Response(view, status_code=201, headers=PRIVATE)


def _seen(tx: Tx, shift: Shift, policy: Policy) -> list[SeenView]:
    return [
        SeenView(post=look.post, name=post.name if (post := policy.post_by_id.get(look.post)) else {}, at=look.last_at)
        for look in store.look_list_of(tx, shift.id)
    ]


def _kept(tx: Tx, shift: Shift) -> list[VaultId]:
    return [id for id in msgspec.json.decode(shift.segments, type=list[VaultId]) if store.is_kept(tx, id)]


def _shown(tx: Tx, shift: Shift) -> ShiftView:
    names = {name: getattr(shift, name) for name in ShiftView.__struct_fields__ if name != "erased"}
    return ShiftView(**names, erased=not shift.is_open and shift.positions > 0 and not _kept(tx, shift))


def outline(policy: Policy, cells: frozenset[CellCode]) -> dict[str, Any] | None:
    """The cells put together, with the lines between them gone."""
    known = vars(policy).setdefault("_duty_outlines", {})
    if cells not in known:
        rings = [shapely.Polygon(policy.cell_by_code[code].ring) for code in sorted(cells)]
        shape = shapely.unary_union(rings).simplify(1e-6) if rings else None
        known[cells] = shapely.geometry.mapping(shape) if shape else None
    return known[cells]


ROUTES = [
    get_duty,
    post_shift,
    post_shift_end,
    post_track,
    get_track,
    post_track_erasure,
    get_track_erasures,
    get_grid,
]
