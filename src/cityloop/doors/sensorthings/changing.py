"""Entities are changed and removed; what a removed stream said stays in the history."""

from typing import Any

from cityloop.db import Tx
from cityloop.domain.facts import EntityRemoved
from cityloop.domain.ids import ThingId
from cityloop.doors.sensorthings import bodies, register, store
from cityloop.doors.sensorthings.creating import Making, moved, point_among, property_code, reached
from cityloop.doors.sensorthings.drafts import BESIDE
from cityloop.doors.sensorthings.graph import Graph
from cityloop.doors.sensorthings.kinds_of_result import number_of
from cityloop.doors.sensorthings.language.moments import said_us
from cityloop.doors.sensorthings.model import KINDS, BodyBad, Entity
from cityloop.doors.sensorthings.records import key_of


def _kept(making: Making, entity: Entity) -> dict[str, Any]:
    """What is said of an entity so far: what was described, or what is shown of one that nobody described."""
    kind = KINDS[entity.kind]
    known = store.described_get(making.tx, entity.kind, str(entity.id))
    if known is not None and known.members:
        return {name: each for name, each in known.members.items() if name in kind.properties}
    shown = {name: making.graph.member(entity, name) for name in kind.properties if name not in kind.computed}
    if entity.kind == "Thing":
        shown["properties"] = dict(entity.of.properties)
    return {name: each for name, each in shown.items() if each is not None}


def change(making: Making, entity: Entity, body: dict[str, Any], *, whole: bool) -> None:
    """Say something else of an entity. `whole`: what is left out is no more; else it stays.

    Refuses with `BodyBad` or as the register does. Emits `EntityDescribed`, `ThingChanged`, `StreamChanged`.
    """
    kind = KINDS[entity.kind]
    if body.get("@iot.id") is not None and str(body["@iot.id"]) != str(entity.id):
        raise BodyBad("The id of an entity cannot be changed; leave @iot.id out.")
    said = bodies.own_of(body, kind, whole=whole)
    own = said if whole else _kept(making, entity) | said
    links = _links(making, entity, body)
    if entity.kind == "Thing":
        if entity.of.simulated:  # shown, and never sent
            own["properties"] = {name: each for name, each in own.get("properties", {}).items() if name != "simulated"}
        making.describe("Thing", str(entity.id), own, links)
        register.described_anew(making.tx, ThingId(str(entity.id)), own, making.policy)
        places = _many(making, "Location", body.get("Locations"))
        if places and list(links.get("Locations", ())) != places:
            moved(making, str(entity.id), places)
        return
    if entity.kind == "Datastream":
        links |= {
            name: (reached(making, name, body[name]),) for name in ("Sensor", "ObservedProperty") if body.get(name) is not None
        }
        if body.get("Thing") is not None and bodies.linked(body["Thing"]) != entity.of.thing:
            raise BodyBad("A Datastream stays with its Thing: its observations were made there; open another.")
        observed = links["ObservedProperty"][0]
        known = store.described_get(making.tx, "ObservedProperty", observed)
        code = property_code(making, observed, known.members if known else {})
        register.stream_anew(making.tx, entity.of, own, code, making.policy)
    elif entity.kind == "HistoricalLocation" and body.get("Locations") is not None:
        links["Locations"] = tuple(_many(making, "Location", body["Locations"]))
    making.describe(entity.kind, str(entity.id), own, links)
    if entity.kind == "Location":
        _stands_elsewhere(making, str(entity.id))


def _many(making: Making, kind: str, said: Any) -> list[str]:
    return [reached(making, kind, each) for each in bodies.many_of(said, f"{kind}s")]


def _links(making: Making, entity: Entity, body: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    """What an entity leads to now."""
    graph = making.graph
    if entity.kind == "Thing":
        return {"Locations": tuple(graph.locations_of(entity.of))}
    if entity.kind == "Datastream":
        return {"Sensor": (graph.sensor_of(entity.of),), "ObservedProperty": (graph.property_of(entity.of),)}
    if entity.kind == "HistoricalLocation":
        thing, places = graph.past_of(entity)
        return {"Thing": (thing,), "Locations": tuple(places)}
    return {}


def _stands_elsewhere(making: Making, place: str) -> None:
    """The devices at a place whose geometry was changed stand there now."""
    point = point_among(making, [place])
    for thing in making.graph.by_location.get(place, ()) if point else ():
        register.placed(making.tx, ThingId(thing), point, making.policy)  # type: ignore[arg-type]


def remove(tx: Tx, graph: Graph, entity: Entity) -> None:
    """Remove an entity, with what cannot be without it. A device is retired, a stream closed; their history stays.

    Emits `EntityRemoved`, `StreamClosed`, `ThingStateChanged`. Source: OGC 18-088, table of dependents.
    """
    id = str(entity.id)
    if entity.kind == "Thing":
        for no in graph.by_thing.get(id, ()):
            _close(tx, graph, no)
        for past in graph.past_by_thing.get(id, ()):
            _gone(tx, "HistoricalLocation", past)
        register.retired(tx, entity.of)
    elif entity.kind == "Datastream":
        _close(tx, graph, int(id))
        return
    elif entity.kind in ("Sensor", "ObservedProperty"):
        for no in (graph.by_sensor if entity.kind == "Sensor" else graph.by_property).get(id, ()):
            _close(tx, graph, no)
    elif entity.kind == "Location":
        _unplace(tx, graph, id)
    elif entity.kind == "FeatureOfInterest":
        store.feature_gone(tx, id)
    _gone(tx, entity.kind, id)


def _close(tx: Tx, graph: Graph, no: int) -> None:
    register.closed(tx, graph.streams[no])
    _gone(tx, "Datastream", str(no))


def _gone(tx: Tx, kind: str, id: str) -> None:
    tx.emit(EntityRemoved(entity=f"{kind}/{id}", at=tx.now))


def _unplace(tx: Tx, graph: Graph, place: str) -> None:
    """A place is no more: devices are nowhere, and what was there is forgotten."""
    making = Making(tx=tx, graph=graph, policy=None)  # type: ignore[arg-type]  # nothing here asks for it
    for thing in graph.by_location.get(place, ()):
        known = store.described_get(tx, "Thing", thing)
        own = {name: each for name, each in known.members.items() if name != "Locations"} if known else {}
        making.describe("Thing", thing, own, {"Locations": tuple(each for each in graph.locations_of(graph.things[thing]) if each != place)})  # type: ignore[index]
    for past in graph.past_by_location.get(place, ()):
        if past != place:
            _gone(tx, "HistoricalLocation", past)


def change_observation(making: Making, id: str, value: float, body: dict[str, Any], *, whole: bool) -> None:
    """Put an observation right. What the device said stays in the history; this stands beside it.

    Refuses with `BodyBad` or `ResultBad`.
    """
    key = key_of(id)
    stream = making.stream(str(key[0]))
    assert stream is not None
    own = bodies.own_of(body, KINDS["Observation"], whole=whole)
    if body.get("phenomenonTime") is not None:
        begun, ended = bodies.span_us(body["phenomenonTime"])
        if begun != key[1]:
            raise BodyBad("An observation is known by its time: delete it, and send one with the right time.")
        own["until"] = said_us(ended) if ended is not None else None
    before = store.beside_get(making.tx, key)
    members = dict(before.members) if before else {}
    if whole:
        members = {name: each for name, each in members.items() if name in ("FeatureOfInterest", "result")}
    members |= {name: own[name] for name in (*BESIDE, "until") if name in own}
    if own.get("result") is not None:
        members["result"] = number_of(stream, own["result"])
    if members.get("result") == value:
        del members["result"]
    if body.get("FeatureOfInterest") is not None:
        members["FeatureOfInterest"] = reached(making, "FeatureOfInterest", body["FeatureOfInterest"])
    store.beside_put(making.tx, key, {name: each for name, each in members.items() if each is not None})


def remove_observation(tx: Tx, id: str) -> None:
    """Show an observation no more; the history keeps it."""
    before = store.beside_get(tx, key_of(id))
    store.beside_put(tx, key_of(id), before.members if before else {}, is_gone=True)
