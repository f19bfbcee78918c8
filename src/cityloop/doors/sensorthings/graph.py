"""Devices, streams and what is told of them besides, as the entities of the standard; observations lie elsewhere."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from copy import copy
from functools import cached_property
from typing import Any, Protocol

import msgspec
import shapely
from msgspec import Struct

from cityloop.domain.ids import ThingId
from cityloop.domain.sensing import Stream, Thing
from cityloop.doors.sensorthings import kinds_of_result
from cityloop.doors.sensorthings.language.moments import said_us
from cityloop.doors.sensorthings.model import Described, Entity
from cityloop.doors.sensorthings.register import flat_properties, short_name

GEOJSON = "application/geo+json"


class SpansOf(Protocol):
    """When streams have spoken. Units: microseconds since 1970, UTC."""

    def get(self, no: int, /) -> tuple[int, int] | None: ...


class Property(Struct, frozen=True, kw_only=True):
    """An observed property that the pack knows."""

    code: str
    name: str
    definition: str
    description: str


class Graph:
    """The entities of one moment, and how they lead to each other. Never changed once it is made.

    A device that nobody described here has a location, a sensor and a feature of interest all the same: made of what the
    register says, under the device's own id.
    """

    def __init__(
        self,
        things: Mapping[ThingId, Thing],
        streams: Mapping[int, Stream],
        described: Mapping[tuple[str, str], Described],
        properties: Iterable[Property],
    ) -> None:
        self.gone = gone = {key for key, each in described.items() if each.is_gone}
        self.things = {id: each for id, each in sorted(things.items()) if ("Thing", id) not in gone}
        self.streams = {
            no: each
            for no, each in sorted(streams.items())
            if ("Datastream", str(no)) not in gone and each.thing in self.things
        }
        self.described = {key: each.members for key, each in described.items() if not each.is_gone}
        self.properties = {each.code: each for each in properties}
        self.spans: SpansOf = {}
        self._shapes: dict[tuple[str, str], Any] = {}

    def with_spans(self, spans: "SpansOf") -> "Graph":
        """The same, as it is asked at a moment: when streams have spoken changes by the second."""
        seen = copy(self)
        seen.spans = spans
        return seen

    # entities

    def all(self, kind: str) -> list[Entity]:
        """The entities of a kind, by their ids."""
        return self._all[kind]

    @cached_property
    def _all(self) -> dict[str, list[Entity]]:
        found: dict[str, dict[str, Any]] = {kind: {} for kind in ("Location", "HistoricalLocation", "Sensor", "ObservedProperty", "FeatureOfInterest")}

        def made(kind: str, id: str, of: Any) -> None:
            if (kind, id) not in self.gone:
                found[kind].setdefault(id, of)

        for (kind, id), members in self.described.items():
            if kind in found:
                found[kind][id] = members
        for thing in self.things.values():
            if self._place_of(thing):
                made("Location", thing.id, thing)
                if thing.installed_at:
                    made("HistoricalLocation", thing.id, thing)
            made("FeatureOfInterest", thing.id, thing)
        for stream in self.streams.values():
            if "Sensor" not in self.extra("Datastream", str(stream.no)):
                made("Sensor", stream.thing, self.things[stream.thing])
            if "ObservedProperty" not in self.extra("Datastream", str(stream.no)):
                made("ObservedProperty", stream.property, self.properties.get(stream.property) or stream.property)
        listed = {kind: [Entity(kind, id, of) for id, of in sorted(each.items())] for kind, each in found.items()}
        listed["Thing"] = [Entity("Thing", id, each) for id, each in self.things.items()]
        listed["Datastream"] = [Entity("Datastream", no, each) for no, each in self.streams.items()]
        return listed

    @cached_property
    def _by_id(self) -> dict[str, dict[str, Entity]]:
        return {kind: {str(each.id): each for each in found} for kind, found in self._all.items()}

    def get(self, kind: str, id: str | int) -> Entity | None:
        """The entity with this id."""
        return self._by_id[kind].get(str(id))

    def extra(self, kind: str, id: str) -> dict[str, Any]:
        """What is told of a device or stream besides."""
        return self.described.get((kind, id)) or {}

    # relations

    def related(self, entity: Entity, relation: str) -> list[Entity]:
        """The entities that a relation leads to; observations are not among them."""
        if relation == "Observations":
            return []
        way = _WAYS[entity.kind, relation]
        return [each for each in way(self, entity) if each is not None]

    def _found(self, kind: str, ids: Iterable[str | int]) -> list[Entity | None]:
        return [self.get(kind, id) for id in ids]

    def _place_of(self, thing: Thing) -> bool:
        """Whether its place is the one that the register tells."""
        return thing.where is not None and thing.id in self.extra("Thing", thing.id).get("Locations", (thing.id,))

    def locations_of(self, thing: Thing) -> list[str]:
        """The ids of the places where a device is."""
        given = self.extra("Thing", thing.id).get("Locations")
        return given if given is not None else [thing.id] if self._place_of(thing) else []

    def sensor_of(self, stream: Stream) -> str:
        """The id of a stream's sensor."""
        return self.extra("Datastream", str(stream.no)).get("Sensor") or stream.thing

    def property_of(self, stream: Stream) -> str:
        """The id of what a stream observes."""
        return self.extra("Datastream", str(stream.no)).get("ObservedProperty") or stream.property

    @cached_property
    def by_thing(self) -> dict[str, list[int]]:
        """The streams of each device."""
        return _grouped((each.thing, no) for no, each in self.streams.items())

    @cached_property
    def by_sensor(self) -> dict[str, list[int]]:
        """The streams of each sensor."""
        return _grouped((self.sensor_of(each), no) for no, each in self.streams.items())

    @cached_property
    def by_property(self) -> dict[str, list[int]]:
        """The streams of each observed property."""
        return _grouped((self.property_of(each), no) for no, each in self.streams.items())

    @cached_property
    def by_location(self) -> dict[str, list[str]]:
        """The devices at each place."""
        return _grouped((place, each.id) for each in self.things.values() for place in self.locations_of(each))

    @cached_property
    def past_by_thing(self) -> dict[str, list[str]]:
        """Where each device was, as ids."""
        return _grouped((self.past_of(each)[0], each.id) for each in self._all["HistoricalLocation"])

    @cached_property
    def past_by_location(self) -> dict[str, list[str]]:
        """What was at each place, as ids."""
        return _grouped((place, each.id) for each in self._all["HistoricalLocation"] for place in self.past_of(each)[1])

    def past_of(self, entity: Entity) -> tuple[str, list[str]]:
        """Of a place in the past: whose, and which."""
        if isinstance(entity.of, Thing):
            return entity.of.id, [entity.of.id]
        return entity.of["Thing"], entity.of["Locations"]

    # properties

    def member(self, entity: Entity, name: str) -> Any:
        """A property, as it is shown."""
        if name == "id":
            return entity.id
        if isinstance(entity.of, dict):
            return entity.of.get(name, {} if name == "properties" else None)
        return _MEMBERS[entity.kind](self, entity.of, name)

    def shape(self, entity: Entity, name: str) -> Any:
        """A place as a geometry; None, where it is none."""
        key = entity.kind, str(entity.id)
        if key not in self._shapes:
            self._shapes[key] = shape_in(self.member(entity, name))
        return self._shapes[key]


def _grouped(pairs: Iterable[tuple[Any, Any]]) -> dict[Any, list[Any]]:
    found: dict[Any, list[Any]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return dict(found)


def shape_in(value: Any) -> Any:
    """The geometry in a piece of GeoJSON; None, where there is none."""
    if isinstance(value, dict) and value.get("type") == "Feature":
        value = value.get("geometry")
    if not isinstance(value, dict):
        return None
    try:
        return shapely.from_geojson(msgspec.json.encode(value))
    except (shapely.errors.ShapelyError, TypeError, ValueError):
        return None


_WAYS: dict[tuple[str, str], Callable[[Graph, Entity], list[Entity | None]]] = {
    ("Thing", "Locations"): lambda g, e: g._found("Location", g.locations_of(e.of)),
    ("Thing", "HistoricalLocations"): lambda g, e: g._found("HistoricalLocation", g.past_by_thing.get(e.id, ())),
    ("Thing", "Datastreams"): lambda g, e: g._found("Datastream", g.by_thing.get(e.id, ())),
    ("Location", "Things"): lambda g, e: g._found("Thing", g.by_location.get(e.id, ())),
    ("Location", "HistoricalLocations"): lambda g, e: g._found("HistoricalLocation", g.past_by_location.get(e.id, ())),
    ("HistoricalLocation", "Thing"): lambda g, e: g._found("Thing", [g.past_of(e)[0]]),
    ("HistoricalLocation", "Locations"): lambda g, e: g._found("Location", g.past_of(e)[1]),
    ("Datastream", "Thing"): lambda g, e: g._found("Thing", [e.of.thing]),
    ("Datastream", "Sensor"): lambda g, e: g._found("Sensor", [g.sensor_of(e.of)]),
    ("Datastream", "ObservedProperty"): lambda g, e: g._found("ObservedProperty", [g.property_of(e.of)]),
    ("Sensor", "Datastreams"): lambda g, e: g._found("Datastream", g.by_sensor.get(e.id, ())),
    ("ObservedProperty", "Datastreams"): lambda g, e: g._found("Datastream", g.by_property.get(e.id, ())),
}


# what the register says, in the words of the standard


def _thing(graph: Graph, thing: Thing, name: str) -> Any:
    extra = graph.extra("Thing", thing.id)
    if name == "name":  # the whole of it, unless the register was told another since
        return extra["name"] if short_name(extra.get("name", "")) == thing.name != "" else thing.name or thing.key
    if name == "description":
        return extra.get("description") or f"{thing.kind} {thing.vendor} {thing.model}".strip()
    return properties_of(thing, extra)


def properties_of(thing: Thing, extra: Mapping[str, Any]) -> dict[str, Any]:
    """The properties of a device: as they were sent, and what the register was told since."""
    said = extra.get("properties", {})
    as_sent = flat_properties(said)
    found = dict(said) | {name: text for name, text in thing.properties.items() if as_sent.get(name) != text}
    if not extra:
        told = {
            "key": thing.key, "kind": thing.kind, "state": thing.state.value, "vendor": thing.vendor, "model": thing.model,
            "site": thing.site,
        }  # fmt: skip
        found = {key: value for key, value in told.items() if value} | found
    return found | ({"simulated": True} if thing.simulated else {})


def _location(graph: Graph, thing: Thing, name: str) -> Any:
    assert thing.where is not None
    told = {"name": thing.name, "description": thing.name, "encodingType": GEOJSON, "properties": {}}
    if name in told:
        return told[name]
    return {"type": "Point", "coordinates": [thing.where.lon, thing.where.lat]}


def _past(graph: Graph, thing: Thing, name: str) -> Any:
    assert thing.installed_at is not None
    return said_us(int(thing.installed_at.timestamp()) * 1_000_000)


def _stream(graph: Graph, stream: Stream, name: str) -> Any:
    if name in ("phenomenonTime", "resultTime"):
        span = graph.spans.get(stream.no)
        return f"{said_us(span[0])}/{said_us(span[1])}" if span else None
    extra = graph.extra("Datastream", str(stream.no))
    if name in extra:
        return extra[name]
    thing = graph.things[stream.thing]
    if name == "observedArea":
        return _location(graph, thing, "location") if thing.where else None
    if name == "unitOfMeasurement":
        unit = stream.unit or None
        return {"name": unit, "symbol": unit, "definition": f"ucumunit:{unit}" if unit else None}
    if name == "name":
        return f"{thing.key}/{stream.key}"
    if name == "description":
        return f"{stream.property}, {thing.name}"
    if name == "observationType":
        return kinds_of_result.TYPE_OF[stream.observing]
    return {"open": stream.is_open} | ({"words": list(stream.words)} if stream.words else {})


def _sensor(graph: Graph, thing: Thing, name: str) -> Any:
    called = f"{thing.vendor} {thing.model}".strip() or thing.kind
    told = {
        "name": called, "description": called, "encodingType": "text/plain", "metadata": called,
        "properties": {"calibratedAt": thing.calibrated_at.isoformat()} if thing.calibrated_at else {},
    }  # fmt: skip
    return told[name]


def _property(graph: Graph, row: Property | str, name: str) -> Any:
    if isinstance(row, str):
        return {} if name == "properties" else row
    return {} if name == "properties" else getattr(row, name)


def _feature(graph: Graph, thing: Thing, name: str) -> Any:
    if name == "properties":
        return {}
    for place in graph.locations_of(thing):
        if (entity := graph.get("Location", place)) is not None:
            return graph.member(entity, "location" if name == "feature" else name)
    return {"name": thing.name, "description": thing.name, "encodingType": GEOJSON}.get(name)


_MEMBERS: dict[str, Callable[[Graph, Any, str], Any]] = {
    "Thing": _thing,
    "Location": _location,
    "HistoricalLocation": _past,
    "Datastream": _stream,
    "Sensor": _sensor,
    "ObservedProperty": _property,
    "FeatureOfInterest": _feature,
}
