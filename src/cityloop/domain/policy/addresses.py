"""How people say where: roads, landmarks and door plates. Source: standards.md 5.2."""

from enum import StrEnum

from msgspec import Struct

from cityloop.domain.policy.rows import Words

Line = tuple[tuple[float, float], ...]  # lon, lat in degrees (WGS 84)


class Road(Struct, frozen=True, kw_only=True):
    """A road, street or lane 街巷, with its middle line in one or more pieces."""

    code: str
    name: Words
    aliases: tuple[str, ...]
    lines: tuple[Line, ...]


class LandmarkKind(StrEnum):
    """What a point of interest 兴趣点 is."""

    estate = "estate"  # 小区
    school = "school"
    hospital = "hospital"
    market = "market"
    mall = "mall"
    station = "station"
    park = "park"
    square = "square"
    bridge = "bridge"
    office = "office"  # of the administration
    building = "building"
    other = "other"


class Landmark(Struct, frozen=True, kw_only=True):
    """What people name when they say where; with its ground where that is known."""

    code: str
    kind: LandmarkKind
    name: Words
    aliases: tuple[str, ...]
    lon: float
    lat: float
    ring: Line = ()


class Door(Struct, frozen=True, kw_only=True):
    """A door plate 门牌."""

    road: str
    number: str
    lon: float
    lat: float
