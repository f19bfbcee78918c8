"""What the door speaks of: the eight kinds of entity with their properties and relations, and what it refuses with."""

from typing import Any, NamedTuple

from msgspec import Struct

from cityloop.domain.errors import Invalid, NotFound

__all__ = ["KINDS", "PLURALS", "BodyBad", "Described", "Entity", "EntityUnknown", "Kind", "Relation"]


class EntityUnknown(NotFound):
    """No such entity, or none that one may know of."""

    code = "sta.unknown"


class BodyBad(Invalid):
    """What was sent is no such entity: what is wrong, and what to send instead."""

    code = "sta.body"


class Relation(Struct, frozen=True):
    """Where a navigation property leads; `is_many` says that it may be several."""

    kind: str
    is_many: bool
    is_wanted: bool = False  # an entity cannot be made without


class Kind(Struct, frozen=True):
    """A kind of entity: its own properties in their order, and where it leads. The wanted ones must be told."""

    name: str
    plural: str
    properties: tuple[str, ...]
    relations: dict[str, Relation]
    wanted: frozenset[str] = frozenset()
    computed: frozenset[str] = frozenset()  # told by observations, whoever says otherwise


class Entity(NamedTuple):
    """An entity: of what kind, under which id, and what it is read from."""

    kind: str
    id: str | int
    of: Any


class Described(Struct, frozen=True, kw_only=True):
    """What the door keeps of an entity that the register has no place for, or not all of it."""

    kind: str
    id: str
    members: dict[str, Any]  # properties of the standard; and relations, as ids
    is_gone: bool = False


_TEXTS = frozenset({"name", "description"})
_ENCODED = _TEXTS | {"encodingType"}
KINDS: dict[str, Kind] = {
    each.name: each
    for each in (
        Kind(
            "Thing", "Things", ("name", "description", "properties"),
            {
                "Locations": Relation("Location", True),
                "HistoricalLocations": Relation("HistoricalLocation", True),
                "Datastreams": Relation("Datastream", True),
            },
            _TEXTS,
        ),
        Kind(
            "Location", "Locations", ("name", "description", "encodingType", "location", "properties"),
            {"Things": Relation("Thing", True), "HistoricalLocations": Relation("HistoricalLocation", True)},
            _ENCODED | {"location"},
        ),
        Kind(
            "HistoricalLocation", "HistoricalLocations", ("time",),
            {"Thing": Relation("Thing", False, True), "Locations": Relation("Location", True, True)},
            frozenset({"time"}),
        ),
        Kind(
            "Datastream", "Datastreams",
            ("name", "description", "observationType", "unitOfMeasurement", "observedArea", "phenomenonTime", "resultTime",
             "properties"),
            {
                "Thing": Relation("Thing", False, True),
                "Sensor": Relation("Sensor", False, True),
                "ObservedProperty": Relation("ObservedProperty", False, True),
                "Observations": Relation("Observation", True),
            },
            _TEXTS | {"observationType", "unitOfMeasurement"},
            frozenset({"phenomenonTime", "resultTime"}),
        ),
        Kind(
            "Sensor", "Sensors", ("name", "description", "encodingType", "metadata", "properties"),
            {"Datastreams": Relation("Datastream", True)},
            _ENCODED | {"metadata"},
        ),
        Kind(
            "ObservedProperty", "ObservedProperties", ("name", "definition", "description", "properties"),
            {"Datastreams": Relation("Datastream", True)},
            _TEXTS | {"definition"},
        ),
        Kind(
            "Observation", "Observations",
            ("phenomenonTime", "resultTime", "result", "resultQuality", "validTime", "parameters"),
            {"Datastream": Relation("Datastream", False, True), "FeatureOfInterest": Relation("FeatureOfInterest", False)},
            frozenset({"result"}),
        ),
        Kind(
            "FeatureOfInterest", "FeaturesOfInterest", ("name", "description", "encodingType", "feature", "properties"),
            {"Observations": Relation("Observation", True)},
            _ENCODED | {"feature"},
        ),
    )
}  # fmt: skip
PLURALS = {each.plural: each for each in KINDS.values()}
