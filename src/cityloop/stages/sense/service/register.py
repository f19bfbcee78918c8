"""Use cases of the register: devices and streams are registered, changed, claimed, moved through their lives."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import asdict, replace

from cityloop.db import Tx
from cityloop.domain.facts import (
    StreamChanged,
    StreamClosed,
    StreamOpened,
    StreamSaid,
    ThingChanged,
    ThingRegistered,
    ThingSaid,
    ThingStateChanged,
)
from cityloop.domain.ids import AlarmId, ComponentCode, StreamId, ThingId, UnitId
from cityloop.domain.policy import Policy
from cityloop.domain.sensing import LifeState, Observing, Stream, Thing, checked_move
from cityloop.places import locate
from cityloop.stages.sense.model import DeviceRetired, DeviceWrong, KeyTaken
from cityloop.stages.sense.rules import describing
from cityloop.stages.sense.rules.describing import StreamAsked
from cityloop.stages.sense.store import register as store
from cityloop.stages.sense.store.rows import StreamRow, ThingRow, ThingWords

NUMBERS = "stream-numbers"  # held while numbers are given


class ThingAsked(Struct, frozen=True, kw_only=True):
    """A device as somebody describes it. The cell follows from the place."""

    key: str
    kind: str = ""
    name: str = ""
    state: LifeState = LifeState.live
    lon: float | None = None
    lat: float | None = None
    site: str = ""
    component: ComponentCode | None = None
    owner: UnitId | None = None
    vendor: str = ""
    model: str = ""
    installed_at: datetime | None = None
    calibrated_at: datetime | None = None
    calibrate_by: datetime | None = None
    live_url: str = ""
    still_url: str = ""
    properties: dict[str, str] = {}
    simulated: bool = False
    streams: tuple[StreamAsked, ...] = ()


class ThingChanges(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What shall be said anew of a device; what is left out stays."""

    key: str | UnsetType = UNSET
    kind: str | UnsetType = UNSET
    name: str | UnsetType = UNSET
    lon: float | UnsetType | None = UNSET
    lat: float | UnsetType | None = UNSET
    site: str | UnsetType = UNSET
    component: ComponentCode | UnsetType | None = UNSET
    owner: UnitId | UnsetType | None = UNSET
    vendor: str | UnsetType = UNSET
    model: str | UnsetType = UNSET
    installed_at: datetime | UnsetType | None = UNSET
    calibrated_at: datetime | UnsetType | None = UNSET
    calibrate_by: datetime | UnsetType | None = UNSET
    live_url: str | UnsetType = UNSET
    still_url: str | UnsetType = UNSET
    properties: dict[str, str] | UnsetType = UNSET


def register_thing(tx: Tx, asked: ThingAsked, *, policy: Policy, claimed: bool = False) -> Thing:
    """Put a device into the register, with its streams.

    Refuses with `DeviceWrong`, `UnitWrong` or `KeyTaken`. Emits `ThingRegistered`.
    """
    return register_things(tx, [asked], policy=policy, claimed=claimed)[0]


def register_things(tx: Tx, asked: Sequence[ThingAsked], *, policy: Policy, claimed: bool = False) -> list[Thing]:
    """Put several into the register, or none of them.

    Refuses as `register_thing` does. Emits `ThingRegistered`.
    """
    tx.hold([], also=[NUMBERS, *(_of_key(each.key) for each in asked)])
    no = store.number_last(tx)
    found, keys = [], set()
    for each in asked:
        describing.checked_key(each.key)
        if each.state not in (LifeState.planned, LifeState.live):
            raise DeviceWrong(f"A new device is planned or live, not {each.state}; register it, then say what became of it.")
        if each.key in keys or store.thing_id_of(tx, each.key):
            raise KeyTaken(f"A device {each.key[:60]!r} stands in the register already; change that one.")
        keys.add(each.key)
        said, words = _said(each, policy), _words(ThingId(tx.new_id()), each)
        streams = []
        for stream in each.streams or describing.streams_of(each.kind, policy):
            no += 1
            streams.append(_stream_said(tx, stream, no, each.kind, policy))
        if len({stream.key for stream in streams}) < len(streams):
            raise KeyTaken(f"Two streams of {each.key[:60]!r} have one key; name them apart.")
        tx.emit(
            ThingRegistered(
                thing_id=ThingId(words.id), said=said, state=each.state.value, streams=tuple(streams), claimed=claimed,
                simulated=each.simulated or policy.simulated, at=tx.now,
            ),
            first=True,
        )  # fmt: skip
        tx.put("thing_said", words)
        found.append(store.thing_get(tx, words.id))
    return found


def change_thing(tx: Tx, thing_id: ThingId, changes: ThingChanges, *, policy: Policy) -> Thing:
    """Say something else of a device.

    Refuses with `DeviceUnknown`, `DeviceRetired`, `DeviceWrong` or `KeyTaken`. Emits `ThingChanged`, unless all is as it was.
    """
    row, words = _held(tx, thing_id), store.thing_words(tx, thing_id)
    now = _asked_of(row, words)
    becomes = replace(now, **{name: value for name, value in asdict(changes).items() if value is not UNSET})
    if becomes.key != row.key:
        tx.hold([], also=[_of_key(becomes.key)])
        describing.checked_key(becomes.key)
        if store.thing_id_of(tx, becomes.key):
            raise KeyTaken(f"A device {becomes.key[:60]!r} stands in the register already; give this one another key.")
    said, spoken = _said(becomes, policy), _words(thing_id, becomes)
    if said != _said_of(row) or spoken != words:
        tx.emit(ThingChanged(thing_id=thing_id, said=said, at=tx.now))
        tx.put("thing_said", spoken)
    return store.thing_get(tx, thing_id)


def set_state(
    tx: Tx, thing_id: ThingId, state: LifeState, why: str, *, machine: bool = False, alarm: AlarmId | None = None
) -> Thing:
    """Move a device to another state of its life, for a reason that the move allows.

    Refuses with `DeviceUnknown` or `LifeMoveNotAllowed`. Emits `ThingStateChanged`.
    """
    tx.hold([f"thing/{thing_id}"])
    before = LifeState(store.thing_row(tx, thing_id).state)
    reason = checked_move(before, state, why, machine=machine)
    tx.emit(
        ThingStateChanged(
            thing_id=thing_id, before=before.value, state=state.value, why=reason.value, alarm=alarm, at=tx.now
        )
    )  # fmt: skip
    return store.thing_get(tx, thing_id)


def open_stream(tx: Tx, thing_id: ThingId, asked: StreamAsked, *, policy: Policy) -> Stream:
    """Let a device observe one more property.

    Refuses with `DeviceUnknown`, `DeviceRetired`, `DeviceWrong`, `UnitWrong` or `KeyTaken`. Emits `StreamOpened`.
    """
    tx.hold([f"thing/{thing_id}"], also=[NUMBERS])
    row = _held(tx, thing_id)
    if any(each.key == asked.key for each in store.stream_list_of(tx, thing_id)):
        raise KeyTaken(f"The device has a stream {asked.key[:60]!r} already; change that one, or give another key.")
    said = _stream_said(tx, asked, store.number_last(tx) + 1, row.kind, policy)
    tx.emit(StreamOpened(thing_id=thing_id, stream=said, at=tx.now))
    return _stream(tx, said.id)


def change_stream(tx: Tx, stream_id: StreamId, asked: StreamAsked, *, policy: Policy) -> Stream:
    """Describe a stream anew; its number and its key stay, and a closed one opens again.

    Refuses with `StreamUnknown`, `DeviceRetired`, `DeviceWrong` or `UnitWrong`. Emits `StreamChanged`.
    """
    row = store.stream_row(tx, stream_id)
    thing = _held(tx, ThingId(row.thing))
    fresh = replace(asked, key=row.key, property=asked.property or row.property)
    said = replace(_stream_said(tx, fresh, row.no, thing.kind, policy), id=stream_id)
    tx.emit(StreamChanged(thing_id=ThingId(row.thing), stream=said, at=tx.now))
    return _stream(tx, stream_id)


def close_stream(tx: Tx, stream_id: StreamId) -> Stream:
    """Take nothing more for a stream; what it said is kept.

    Refuses with `StreamUnknown`. Emits `StreamClosed`, unless it is closed.
    """
    thing_id = ThingId(store.stream_row(tx, stream_id).thing)
    tx.hold([f"thing/{thing_id}"])
    row = store.stream_row(tx, stream_id)
    if not row.is_closed:
        tx.emit(StreamClosed(thing_id=thing_id, stream_id=stream_id, stream=row.no, at=tx.now))
    return _stream(tx, stream_id)


def claim(tx: Tx, asked: ThingAsked, *, policy: Policy) -> Thing:
    """Register a device that had sent before anybody knew it. What was put aside for it is poured in soon afterwards.

    Streams that it was heard of with, and that are neither described nor usual for its kind, are opened as their keys say.
    Refuses and emits as `register_thing` does.
    """
    described = asked.streams or describing.streams_of(asked.kind, policy)
    known = {each.key for each in described}
    heard = store.heard_of(tx, asked.key)
    more = tuple(StreamAsked(key=key) for key in heard if key not in known and "/" not in key)
    asked = replace(asked, streams=described)
    return register_thing(tx, replace(asked, streams=(*asked.streams, *more)), policy=policy, claimed=True)


def _held(tx: Tx, thing_id: ThingId) -> ThingRow:
    """The device's row, which nobody else changes meanwhile."""
    tx.hold([f"thing/{thing_id}"])
    row = store.thing_row(tx, thing_id)
    if row.state == LifeState.retired:
        raise DeviceRetired(f"Device {row.key[:60]!r} is retired; take it into use again, or register another.")
    return row


def _of_key(key: str) -> str:
    return f"thing-key/{key}"


def _said(asked: ThingAsked, policy: Policy) -> ThingSaid:
    where = describing.checked_where(asked.lon, asked.lat)
    if asked.owner is not None and asked.owner not in policy.unit_by_id:
        raise DeviceWrong(f"There is no unit {asked.owner[:40]!r}; name one of the pack's units.csv as the owner.")
    return ThingSaid(
        key=asked.key, kind=describing.checked_code("kind", asked.kind), lon=where.lon if where else None,
        lat=where.lat if where else None, cell=locate(policy, where.lon, where.lat).cell if where else None,
        site=describing.checked_code("site", asked.site), component=asked.component, owner=asked.owner,
        vendor=describing.checked_text("vendor", asked.vendor), model=describing.checked_text("model", asked.model),
        installed_at=asked.installed_at, calibrated_at=asked.calibrated_at, calibrate_by=asked.calibrate_by,
    )  # fmt: skip


def _words(id: ThingId, asked: ThingAsked) -> ThingWords:
    return ThingWords(
        id=id, name=describing.checked_text("name", asked.name), live_url=describing.checked_url("live_url", asked.live_url),
        still_url=describing.checked_url("still_url", asked.still_url), properties=describing.checked_properties(asked.properties),
    )  # fmt: skip


def _said_of(row: ThingRow) -> ThingSaid:
    return ThingSaid(**{name: getattr(row, name) for name in ThingSaid.__struct_fields__})


def _asked_of(row: ThingRow, words: ThingWords) -> ThingAsked:
    thing = store.thing_of(row, words)
    said = {name: getattr(row, name) for name in ThingSaid.__struct_fields__ if name != "cell"}
    return ThingAsked(
        name=words.name, live_url=words.live_url, still_url=words.still_url, properties=thing.properties, state=thing.state, **said
    )


def _stream_said(tx: Tx, asked: StreamAsked, no: int, kind: str, policy: Policy) -> StreamSaid:
    """What is said of a stream: as it was asked for, then as the pack says of its kind of device, then of its property."""
    described = describing.described(describing.checked_stream(asked), kind, policy)
    return StreamSaid(
        id=StreamId(tx.new_id()), no=no, key=asked.key, property=described.property, unit=described.unit or "",
        observing=(described.observing or Observing.measurement).value, every_s=described.every_s or 0,
        least=described.least, most=described.most, words=described.words, is_open=bool(described.is_open),
    )  # fmt: skip


def _stream(tx: Tx, id: StreamId) -> Stream:
    thing = tx.get("stream", StreamRow, id)
    assert thing, f"stream {id} was just written"
    return next(each for each in store.stream_list_of(tx, thing.thing) if each.id == id)
