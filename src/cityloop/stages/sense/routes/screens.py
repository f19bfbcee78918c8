"""HTTP of the screens of devices: all of them as columns, and what one is watched by."""

from typing import Any

from litestar import Response, get
from msgspec import Struct

from cityloop.domain.ids import ThingId
from cityloop.domain.permission import Permission
from cityloop.domain.sensing import LifeState
from cityloop.http import Door, needs
from cityloop.stages.sense.model import Register
from cityloop.stages.sense.rules.kernel.plan import watching
from cityloop.stages.sense.service.planning import rules_of
from cityloop.stages.sense.store import register as store
from cityloop.stages.sense.store.alarms import gravest_running

READ = [needs(Permission.device_read)]
NO_STORE = {"Cache-Control": "no-store"}


class KindView(Struct, kw_only=True):
    """A kind of device of the pack."""

    kind: str
    name: dict[str, str]


class RunningView(Struct, kw_only=True):
    """The gravest alarm that runs for a device."""

    thing: ThingId
    colour: str


class DevicesScreen(Struct, kw_only=True):
    """Every device that is not retired, as columns of one length; kinds and vendors to choose from; alarms that run."""

    kinds: list[KindView]
    vendors: list[str]
    id: list[ThingId]
    key: list[str]
    name: list[str]
    kind: list[str]
    state: list[LifeState]
    vendor: list[str]
    lon: list[float | None]
    lat: list[float | None]
    alarms: list[RunningView]


class PropertyView(Struct, kw_only=True):
    """A property that the device observes, in words."""

    code: str
    name: dict[str, str]


class WatchView(Struct, kw_only=True):
    """A rule that watches some of the device's streams. Units: `limit` and `release` in the streams' own, spans in seconds."""

    code: str
    kind: str
    colour: str
    says: dict[str, str]
    property: str
    limit: float | None
    release: float | None
    for_s: float
    window_s: float
    radius_m: float
    quiet_from: str
    quiet_until: str
    is_health: bool
    streams: list[int]


class WatchedScreen(Struct, kw_only=True):
    """What a device is, in words, and what it is watched by."""

    kind: dict[str, str]
    owner: dict[str, str]
    properties: list[PropertyView]
    rules: list[WatchView]


@get("/v1/screens/devices", guards=READ)
async def get_devices_screen(door: Door) -> Response[DevicesScreen]:
    """All devices for the list and the map."""
    register: Register = await door.aside(_parts(door).register.now)
    running = await door.read(gravest_running)
    things = [each for each in register.things.values() if each.state is not LifeState.retired]
    view = DevicesScreen(
        kinds=[KindView(kind=each.kind, name=each.name) for each in door.policy.device_kinds],
        vendors=sorted({each.vendor for each in things if each.vendor}), id=[each.id for each in things],
        key=[each.key for each in things], name=[each.name for each in things], kind=[each.kind for each in things],
        state=[each.state for each in things], vendor=[each.vendor for each in things],
        lon=[each.where.lon if each.where else None for each in things],
        lat=[each.where.lat if each.where else None for each in things],
        alarms=[RunningView(thing=ThingId(thing), colour=colour) for thing, colour in running.items()],
    )  # fmt: skip
    return Response(view, headers=NO_STORE)


@get("/v1/screens/devices/{thing_id:str}", guards=READ)
async def get_watched_screen(thing_id: ThingId, door: Door) -> Response[WatchedScreen]:
    """What a device is watched by, and its words."""
    policy = door.policy
    thing, streams = await door.read(lambda tx: (store.thing_get(tx, thing_id), store.stream_list_of(tx, thing_id)), short=True)
    rules = tuple(rules_of(policy).values())
    watched: dict[int, list[int]] = {}
    for stream in streams:
        for place in watching(rules, stream, thing) if not stream.is_closed else ():
            watched.setdefault(place, []).append(stream.no)
    kind, unit = policy.device_kind.get(thing.kind), policy.unit_by_id.get(thing.owner) if thing.owner else None
    codes = dict.fromkeys(each.property for each in streams)
    view = WatchedScreen(
        kind=kind.name if kind else {}, owner=unit.name if unit else {},
        properties=[PropertyView(code=code, name=policy.property_by_code[code].name) for code in codes if code in policy.property_by_code],
        rules=[
            WatchView(
                code=rule.code, kind=rule.kind, colour=rule.colour, says=rule.words, property=rule.property, limit=rule.limit,
                release=rule.release, for_s=rule.for_s, window_s=rule.window_s, radius_m=rule.radius_m,
                quiet_from=rule.quiet_from, quiet_until=rule.quiet_until, is_health=rule.is_health, streams=numbers,
            )
            for rule, numbers in ((rules[place], numbers) for place, numbers in sorted(watched.items()))
        ],
    )  # fmt: skip
    return Response(view, headers=NO_STORE)


def _parts(door: Door) -> Any:
    return door.request.app.state.parts


ROUTES = [get_devices_screen, get_watched_screen]
