"""What is found in a sentence."""

from enum import StrEnum

from msgspec import Struct


class PlaceKind(StrEnum):
    """What is found, in the order in which it is shown where names fit equally well."""

    area = "area"
    road = "road"
    crossing = "crossing"  # of two roads: code is both, divided by +
    landmark = "landmark"
    address = "address"  # a number on a road: road/number; a building of a landmark: landmark/number
    cell = "cell"
    component = "component"


class Heard(Struct, frozen=True, kw_only=True):
    """A place that a sentence names. `start`, `end`: the piece of the text.

    Units: degrees (WGS 84); `reach_m`: how far from the point the place may be; score from 0 to 1, shared among places that
    bear the same name.
    """

    kind: PlaceKind
    code: str
    start: int
    end: int
    lon: float
    lat: float
    reach_m: float
    score: float
