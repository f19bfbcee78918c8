"""Places: from a point or a name to cell, community, street, district, component and spot."""

from cityloop.places.components import components_around, has_things, nearest_component
from cityloop.places.gazetteer import Named, address_of, name_of, places_named
from cityloop.places.locate import locate, where_in
from cityloop.places.names import area_named, where_named
from cityloop.places.spots import spot_of, spots_around
from cityloop.places.words import Heard, PlaceKind, apart_m, areas_of, best_of, places_in

__all__ = [
    "Heard",
    "Named",
    "PlaceKind",
    "address_of",
    "apart_m",
    "area_named",
    "areas_of",
    "best_of",
    "components_around",
    "has_things",
    "locate",
    "name_of",
    "nearest_component",
    "places_in",
    "places_named",
    "spot_of",
    "spots_around",
    "where_in",
    "where_named",
]
