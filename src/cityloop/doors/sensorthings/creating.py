"""Entities are made, with those that are described inside of them, in one transaction; observations are gathered for after."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct, field

from cityloop.db import Tx
from cityloop.domain.calendar import epoch_us
from cityloop.domain.facts import EntityDescribed
from cityloop.domain.ids import ThingId
from cityloop.domain.policy import Policy
from cityloop.domain.sensing import Stream, Thing
from cityloop.doors.sensorthings import bodies, store
from cityloop.doors.sensorthings.drafts import Draft, draft_of
from cityloop.doors.sensorthings.graph import Graph, shape_in
from cityloop.doors.sensorthings.language.moments import said_us
from cityloop.doors.sensorthings.model import KINDS, BodyBad, Entity
from cityloop.doors.sensorthings.register import open_stream_of, placed, registered

ENTITIES_MAX = 2_000  # in one request


class Making(Struct, kw_only=True):
    """One request that makes entities: what is there, and what it has made so far."""

    tx: Tx
    graph: Graph
    policy: Policy
    things: dict[str, Thing] = field(default_factory=dict)  # made in this request
    streams: dict[int, Stream] = field(default_factory=dict)
    made: set[tuple[str, str]] = field(default_factory=set)
    drafts: list[Draft] = field(default_factory=list)

    def known(self, kind: str, id: str) -> bool:
        """Whether there is such an entity."""
        return (kind, id) in self.made or self.graph.get(kind, id) is not None

    def thing(self, id: str) -> Thing | None:
        """A device."""
        return self.things.get(id) or self.graph.things.get(ThingId(id))

    def stream(self, id: str) -> Stream | None:
        """A stream, by its number."""
        no = int(id) if id.isascii() and id.isdigit() and len(id) < 12 else -1
        return self.streams.get(no) or self.graph.streams.get(no)

    def describe(self, kind: str, id: str, members: dict[str, Any], links: Mapping[str, tuple[str, ...]] | None = None) -> str:
        """Keep an entity: its words in the vault, what it leads to in a fact. Emits `EntityDescribed`."""
        if len(self.made) >= ENTITIES_MAX:
            raise BodyBad(f"The request describes more than {ENTITIES_MAX} entities; send it in parts.")
        entity = f"{kind}/{id}"
        store.said_put(self.tx, entity, members)
        self.tx.emit(EntityDescribed(entity=entity, links=dict(links or {}), at=self.tx.now))
        self.made.add((kind, id))
        return id


def create(making: Making, kind: str, body: dict[str, Any], parent: Entity | None = None) -> str:
    """Make an entity of a body, below its parent where the address names one; gives its id.

    Refuses with `BodyBad` or as the register does. Emits `EntityDescribed`, `ThingRegistered`, `StreamOpened`.
    """
    if kind == "Observation":
        return making.drafts[_observation(making, body, parent)].id
    return _MAKERS[kind](making, body, parent)


def one(making: Making, name: str, kind: str, body: dict[str, Any], parent: Entity | None) -> str:
    """The id of a related entity: the parent, or one that is named, or one that is made. Refuses with `BodyBad`."""
    if parent is not None and parent.kind == kind:
        return str(parent.id)
    if body.get(name) is None:
        raise BodyBad(f'The entity needs {name}; send it as {{"@iot.id": …}}, or describe it.')
    return reached(making, kind, body[name])


def reached(making: Making, kind: str, said: Any) -> str:
    """The id of an entity that is named or described. Refuses with `BodyBad`."""
    id = bodies.linked(said)
    if id is None:
        return create(making, kind, said)
    if not making.known(kind, id):
        raise BodyBad(f"There is no {kind} {id[:60]!r}; take an id from a list, or describe a new one.")
    return id


def _plain(kind: str) -> Callable[[Making, dict[str, Any], Entity | None], str]:
    def make(making: Making, body: dict[str, Any], parent: Entity | None) -> str:
        id = making.describe(kind, making.tx.new_id(), bodies.own_of(body, KINDS[kind], whole=True))
        for each in bodies.many_of(body.get("Datastreams"), "Datastreams"):
            _stream(making, bodies.an_object(each, "A Datastream"), Entity(kind, id, None))
        return id

    return make


def _location(making: Making, body: dict[str, Any], parent: Entity | None) -> str:
    own = bodies.own_of(body, KINDS["Location"], whole=True)
    id = making.describe("Location", making.tx.new_id(), own)
    if parent is not None and parent.kind == "Thing":
        moved(making, str(parent.id), [id])
    for each in bodies.many_of(body.get("Things"), "Things"):
        if (thing := bodies.linked(each)) is not None:
            if making.thing(thing) is None:
                raise BodyBad(f"There is no Thing {thing[:60]!r}; take an id from a list.")
            moved(making, thing, [id])
        else:
            _thing(making, bodies.an_object(each, "A Thing"), Entity("Location", id, None))
    return id


def _thing(making: Making, body: dict[str, Any], parent: Entity | None) -> str:
    own = bodies.own_of(body, KINDS["Thing"], whole=True)
    places = [str(parent.id)] if parent is not None and parent.kind == "Location" else []
    places += [reached(making, "Location", each) for each in bodies.many_of(body.get("Locations"), "Locations")]
    thing = registered(making.tx, own, point_among(making, places), making.policy)
    making.things[thing.id] = thing
    making.describe("Thing", thing.id, own, {"Locations": tuple(places)})
    if places:
        _was_at(making, thing.id, places, said_us(_us(making)))
    for each in bodies.many_of(body.get("HistoricalLocations"), "HistoricalLocations"):
        _past(making, bodies.an_object(each, "A HistoricalLocation"), Entity("Thing", thing.id, thing))
    for each in bodies.many_of(body.get("Datastreams"), "Datastreams"):
        _stream(making, bodies.an_object(each, "A Datastream"), Entity("Thing", thing.id, thing))
    return thing.id


def moved(making: Making, thing_id: str, places: list[str]) -> None:
    """A device is somewhere else now; where it was stays to be read. Emits `EntityDescribed`, `ThingChanged`."""
    known = store.described_get(making.tx, "Thing", thing_id)
    own = {name: each for name, each in known.members.items() if name != "Locations"} if known else {}
    making.describe("Thing", thing_id, own, {"Locations": tuple(places)})
    _was_at(making, thing_id, places, said_us(_us(making)))
    if (point := point_among(making, places)) is not None:
        placed(making.tx, ThingId(thing_id), point, making.policy)


def _was_at(making: Making, thing_id: str, places: list[str], at: str) -> str:
    links = {"Thing": (thing_id,), "Locations": tuple(places)}
    return making.describe("HistoricalLocation", making.tx.new_id(), {"time": at}, links)


def _past(making: Making, body: dict[str, Any], parent: Entity | None) -> str:
    own = bodies.own_of(body, KINDS["HistoricalLocation"], whole=True)
    thing = one(making, "Thing", "Thing", body, parent)
    places = [reached(making, "Location", each) for each in bodies.many_of(body.get("Locations"), "Locations")]
    if parent is not None and parent.kind == "Location":
        places.append(str(parent.id))
    if not places:
        raise BodyBad("A HistoricalLocation needs Locations; send one.")
    return _was_at(making, thing, places, own["time"])


def point_among(making: Making, places: list[str]) -> tuple[float, float] | None:
    """The point of the first place that has one: what is no point counts by its middle. Units: degrees."""
    for place in places:
        known = store.described_get(making.tx, "Location", place)
        shape = shape_in(known.members.get("location") if known else None)
        if shape is not None and not shape.is_empty:
            middle = shape.centroid
            if abs(middle.x) <= 180 and abs(middle.y) <= 90:
                return middle.x, middle.y
    return None


def _stream(making: Making, body: dict[str, Any], parent: Entity | None) -> str:
    own = bodies.own_of(body, KINDS["Datastream"], whole=True)
    thing_id = one(making, "Thing", "Thing", body, parent)
    sensor = one(making, "Sensor", "Sensor", body, parent)
    observed = one(making, "ObservedProperty", "ObservedProperty", body, parent)
    known = store.described_get(making.tx, "ObservedProperty", observed)
    code = property_code(making, observed, known.members if known else {})
    stream = open_stream_of(making.tx, ThingId(thing_id), own, code, making.policy)
    making.streams[stream.no] = stream
    making.describe("Datastream", str(stream.no), own, {"Sensor": (sensor,), "ObservedProperty": (observed,)})
    for each in bodies.many_of(body.get("Observations"), "Observations"):
        _observation(making, bodies.an_object(each, "An Observation"), Entity("Datastream", stream.no, stream))
    return str(stream.no)


def property_code(making: Making, id: str, members: Mapping[str, Any]) -> str:
    """The pack's word for an observed property: by its definition, else by its name; else a word made of its name."""
    if not members:
        return id
    for each in making.graph.properties.values():
        if each.definition and each.definition == members.get("definition"):
            return each.code
    word = re.sub(r"[^\w.:+-]+", "_", str(members.get("name", "")).strip()).strip("_").lower()[:60]
    return word or "observed"


def _observation(making: Making, body: dict[str, Any], parent: Entity | None) -> int:
    own = bodies.own_of(body, KINDS["Observation"], whole=True)
    own |= {"phenomenonTime": body["phenomenonTime"]} if body.get("phenomenonTime") is not None else {}
    stream_id = one(making, "Datastream", "Datastream", body, parent)
    stream = making.stream(stream_id)
    if stream is None:
        raise BodyBad(f"There is no Datastream {stream_id[:60]!r}; take an id from a list.")
    feature = ""
    if parent is not None and parent.kind == "FeatureOfInterest":
        feature = str(parent.id)
    elif body.get("FeatureOfInterest") is not None:
        feature = reached(making, "FeatureOfInterest", body["FeatureOfInterest"])
    making.drafts.append(draft_of(stream, own, feature, _us(making)))
    return len(making.drafts) - 1


def _us(making: Making) -> int:
    return epoch_us(making.tx.now)


_MAKERS: dict[str, Callable[[Making, dict[str, Any], Entity | None], str]] = {
    "Thing": _thing,
    "Location": _location,
    "HistoricalLocation": _past,
    "Datastream": _stream,
    "Sensor": _plain("Sensor"),
    "ObservedProperty": _plain("ObservedProperty"),
    "FeatureOfInterest": _plain("FeatureOfInterest"),
}
