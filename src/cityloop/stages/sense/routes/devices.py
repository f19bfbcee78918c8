"""HTTP of the register: devices and their streams are listed, registered, changed, moved through their lives."""

from datetime import datetime
from functools import partial
from typing import Any

from litestar import Response, delete, get, patch, post
from msgspec import UNSET, Struct

from cityloop.db import Tx
from cityloop.domain.ids import StreamId, ThingId, UnitId
from cityloop.domain.permission import Permission
from cityloop.domain.place import Point
from cityloop.domain.sensing import LifeState, Observing, Stream, Thing, life_moves
from cityloop.http import Door, Page, needs, page_limit
from cityloop.http.door import etag, keep_body
from cityloop.http.lists import keys_of, mark_of
from cityloop.stages.sense.rules.describing import StreamAsked, checked_kind, checked_where
from cityloop.stages.sense.rules.health import outweighs
from cityloop.stages.sense.service import register as service
from cityloop.stages.sense.service.register import ThingAsked, ThingChanges
from cityloop.stages.sense.store import register as store
from cityloop.stages.sense.store.listing import Wanted, thing_list, thing_list_near

READ, MANAGE = [needs(Permission.device_read)], [needs(Permission.device_manage)]
RADIUS_MAX_M = 20_000
NO_STORE = {"Cache-Control": "no-store"}


class StreamView(Struct, kw_only=True):
    """A stream as the register says it."""

    id: StreamId
    no: int
    name: str  # as a source names it: thing/stream
    key: str
    property: str
    unit: str
    observing: Observing
    every_s: float
    least: float | None
    most: float | None
    words: tuple[str, ...]
    is_open: bool
    is_closed: bool


class LifeMoveView(Struct, kw_only=True):
    """Where the device may go from here, and for which reasons a person may send it there."""

    state: LifeState
    why: list[str]


class DeviceView(Struct, kw_only=True):
    """A device as the register says it. `streams` and `moves` are told of one device only."""

    id: ThingId
    key: str
    kind: str
    name: str
    state: LifeState
    lon: float | None
    lat: float | None
    cell: str | None
    site: str
    component: str | None
    owner: UnitId | None
    vendor: str
    model: str
    installed_at: datetime | None
    calibrated_at: datetime | None
    calibrate_by: datetime | None
    live_url: str
    still_url: str
    properties: dict[str, str]
    simulated: bool
    metres: float | None = None
    no: int | None = None
    state_why: str = ""
    state_at: datetime | None = None
    streams: list[StreamView] | None = None
    moves: list[LifeMoveView] | None = None


class StateAsked(Struct, kw_only=True):
    """Where a device shall go, and why."""

    state: LifeState
    why: str


@get("/v1/devices", guards=READ)
async def get_devices(
    door: Door, kind: str | None = None, life: LifeState | None = None,
    cell: str | None = None, vendor: str | None = None, owner: str | None = None, site: str | None = None,
    key: str | None = None, lon: float | None = None, lat: float | None = None, radius_m: float = 500,
    after: str | None = None, limit: int = 50,
) -> Response[Page[DeviceView]]:  # fmt: skip
    """Devices by their keys; or those around a place, the nearest first."""
    count, mark = page_limit(limit), str(keys_of(after, 1)[0]) if after else None
    wanted = Wanted(
        kind=kind, state=life, cell=cell, vendor=vendor, owner=UnitId(owner) if owner else None, site=site, key=key
    )
    at = checked_where(lon, lat)

    def ask(tx: Tx) -> Page[DeviceView]:
        if at:
            near = thing_list_near(tx, wanted, at, max(1.0, min(radius_m, RADIUS_MAX_M)))
            return Page(items=[device_view(each, metres=round(metres, 1)) for metres, each in near[:count]])
        rows = thing_list(tx, wanted, after=mark, limit=count + 1)
        more = mark_of(rows[count - 1].key) if len(rows) > count else None
        return Page(items=[device_view(each) for each in rows[:count]], next=more)

    return Response(await door.read(ask), headers=NO_STORE)


@post("/v1/devices", status_code=201, guards=MANAGE, before_request=keep_body)
async def post_device(data: ThingAsked, door: Door) -> Response[DeviceView]:
    """Register a device, with its streams."""
    checked_kind(data.kind, door.policy)
    id = await door.change(lambda tx: service.register_thing(tx, data, policy=door.policy).id)
    return await _answer(door, id, 201)


@post("/v1/devices/claim", status_code=201, guards=MANAGE, before_request=keep_body)
async def post_claim(data: ThingAsked, door: Door) -> Response[DeviceView]:
    """Register a device that had sent before anybody knew it: what was put aside for it is kept after all."""
    checked_kind(data.kind, door.policy)
    id = await door.change(lambda tx: service.claim(tx, data, policy=door.policy).id)
    return await _answer(door, id, 201)


@get("/v1/devices/{thing_id:str}", guards=READ)
async def get_device(thing_id: ThingId, door: Door) -> Response[DeviceView]:
    """One device with its streams and where its life may go on, and the ETag that changing it needs."""
    return await _answer(door, thing_id, 200)


@patch("/v1/devices/{thing_id:str}", guards=MANAGE)
async def patch_device(thing_id: ThingId, data: ThingChanges, door: Door) -> Response[DeviceView]:
    """Say something else of a device; what is left out stays."""
    of = f"thing/{thing_id}"
    if data.kind is not UNSET:
        checked_kind(data.kind, door.policy)
    await door.change(lambda tx: service.change_thing(tx, thing_id, data, policy=door.policy).id, of=of)
    return await _answer(door, thing_id, 200)


@post("/v1/devices/{thing_id:str}/state", status_code=201, guards=MANAGE, before_request=keep_body)
async def post_device_state(thing_id: ThingId, data: StateAsked, door: Door) -> Response[DeviceView]:
    """Move a device to another state of its life. What a rule doubted meanwhile is no reason to ask a person again who saw it broken."""
    of, despite = f"thing/{thing_id}", partial(outweighs, data.state)
    await door.change(lambda tx: service.set_state(tx, thing_id, data.state, data.why).id, of=of, despite=despite)
    return await _answer(door, thing_id, 201)


@post("/v1/devices/{thing_id:str}/streams", status_code=201, guards=MANAGE, before_request=keep_body)
async def post_stream(thing_id: ThingId, data: StreamAsked, door: Door) -> Response[DeviceView]:
    """Let a device observe one more property."""
    await door.change(lambda tx: service.open_stream(tx, thing_id, data, policy=door.policy).id)
    return await _answer(door, thing_id, 201)


@patch("/v1/devices/{thing_id:str}/streams/{stream_id:str}", guards=MANAGE)
async def patch_stream(thing_id: ThingId, stream_id: StreamId, data: StreamAsked, door: Door) -> Response[DeviceView]:
    """Describe a stream anew; a closed one opens again."""
    await door.change(lambda tx: service.change_stream(tx, stream_id, data, policy=door.policy).id)
    return await _answer(door, thing_id, 200)


@delete("/v1/devices/{thing_id:str}/streams/{stream_id:str}", status_code=200, guards=MANAGE)
async def delete_stream(thing_id: ThingId, stream_id: StreamId, door: Door) -> Response[DeviceView]:
    """Take nothing more for a stream; what it said is kept."""
    await door.change(lambda tx: service.close_stream(tx, stream_id).id)
    return await _answer(door, thing_id, 200)


async def _answer(door: Door, id: ThingId, status: int) -> Response[DeviceView]:
    """The device as it is now; what looks it up by name knows of it before the answer is sent."""
    parts: Any = getattr(door.request.app.state, "parts", None)
    if parts and door.request.method != "GET":
        await door.aside(parts.register.refresh)

    def ask(tx: Tx) -> DeviceView:
        row = store.thing_row(tx, id)
        thing = store.thing_get(tx, id)
        moves = [LifeMoveView(state=each.after, why=[*each.person]) for each in life_moves(thing.state) if each.person]
        streams = [stream_view(thing, each) for each in store.stream_list_of(tx, id)]
        return device_view(
            thing, no=row.no, state_why=row.state_why, state_at=row.state_at, streams=streams, moves=moves
        )

    view = await door.read(ask)
    return Response(view, status_code=status, headers={**etag(view.no or 0), **NO_STORE})


def device_view(thing: Thing, **more: Any) -> DeviceView:
    """A device as it is shown."""
    where: Point | None = thing.where
    return DeviceView(
        id=thing.id, key=thing.key, kind=thing.kind, name=thing.name, state=thing.state, lon=where.lon if where else None,
        lat=where.lat if where else None, cell=thing.cell, site=thing.site, component=thing.component, owner=thing.owner,
        vendor=thing.vendor, model=thing.model, installed_at=thing.installed_at, calibrated_at=thing.calibrated_at,
        calibrate_by=thing.calibrate_by, live_url=thing.live_url, still_url=thing.still_url, properties=thing.properties,
        simulated=thing.simulated, **more,
    )  # fmt: skip


def stream_view(thing: Thing, stream: Stream) -> StreamView:
    """A stream as it is shown."""
    return StreamView(
        id=stream.id, no=stream.no, name=f"{thing.key}/{stream.key}", key=stream.key, property=stream.property,
        unit=stream.unit, observing=stream.observing, every_s=stream.every_s, least=stream.least, most=stream.most,
        words=stream.words, is_open=stream.is_open, is_closed=stream.is_closed,
    )  # fmt: skip


ROUTES = [
    get_devices, post_device, post_claim, get_device, patch_device, post_device_state, post_stream, patch_stream, delete_stream,
]  # fmt: skip
