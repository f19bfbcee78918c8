"""The tables by which people say where: roads 街巷, landmarks 兴趣点 and door plates 门牌."""

from cityloop.domain.policy import LandmarkKind
from cityloop.packs.declared import LIST, Table, Takes, column

_ALIASES = f"further names: old, short, spoken ones, in any language, {LIST}"

ROADS = Table(
    file="roads.csv",
    says="Roads, streets and lanes 街巷 by their names, each with its middle line; a road in several pieces is one row. "
    "Crossings follow from the lines. A city without this table knows its areas by name alone.",
    key=("code",),
    columns=(
        column("code", "the city's code of the road, or a short name of its own"),
        column("name", "name of the road", Takes.words),
        column("aliases", _ALIASES, Takes.many, needed=False),
        column("wkt", "its middle line in WGS 84 degrees: LINESTRING (lon lat, lon lat) or MULTILINESTRING", Takes.line),
    ),
)
LANDMARKS = Table(
    file="landmarks.csv",
    says="What people name when they say where: estates 小区, schools, markets, stations and other points of interest 兴趣点.",
    key=("code",),
    columns=(
        column("code", "the city's code of the place, or a short name of its own"),
        column("kind", "what it is", Takes.choice, choices=tuple(LandmarkKind)),
        column("name", "name of the place", Takes.words),
        column("aliases", _ALIASES, Takes.many, needed=False),
        column("wkt", "where it is in WGS 84 degrees: POINT (lon lat), or its ground as a POLYGON without holes", Takes.ground),
    ),
)
DOORS = Table(
    file="doors.csv",
    says="Door plates 门牌 on roads, as many as are known: between two of one side, a number is estimated.",
    key=("road", "number"),
    columns=(
        column("road", "the road of the plate", refers="roads.csv"),
        column("number", "the number on the plate, without 号: 12, 12-1"),
        column("lon", "longitude, WGS 84", Takes.decimal, least=-180, most=180),
        column("lat", "latitude, WGS 84", Takes.decimal, least=-90, most=90),
    ),
)
