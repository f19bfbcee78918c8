"""Who answers beside the city's own units: companies under contract, and shops for what happens at their door."""

from datetime import date

from msgspec import Struct

from cityloop.domain.ids import ClassKey, UnitId
from cityloop.domain.policy.rows import Source, Words


class Contractor(Struct, frozen=True, kw_only=True):
    """A company that does work of the city's units under contracts 承包单位."""

    id: str
    name: Words


class Contract(Struct, frozen=True, kw_only=True):
    """A unit's work is done by a company, from one day to another, both inside; `until` None: it has no end yet."""

    id: str
    contractor: str
    unit: UnitId
    since: date
    until: date | None
    source: Source


class Frontage(Struct, frozen=True, kw_only=True):
    """门前责任: what happens at the door of a registered thing, a shop, is looked at with it.

    Units: `within_m` from the report to the thing; the nearest is taken. It says where something was, not whose fault it is.
    """

    class_key: ClassKey  # of an event
    thing: ClassKey  # the minor class of components that have doors
    within_m: int
    source: Source
