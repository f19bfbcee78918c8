"""Places: from a point or a name to cell, community, street, district, component and spot."""

from cityloop.places.components import components_around, nearest_component
from cityloop.places.gazetteer import Named, PlaceKind, address_of, places_named
from cityloop.places.locate import locate, where_in
from cityloop.places.names import area_named, where_named
from cityloop.places.spots import spot_of, spots_around

__all__ = [
    "Named",
    "PlaceKind",
    "address_of",
    "area_named",
    "components_around",
    "locate",
    "nearest_component",
    "places_named",
    "spot_of",
    "spots_around",
    "where_in",
    "where_named",
]
