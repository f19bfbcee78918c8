"""The SQL of lists of devices."""

from math import cos, radians

from msgspec import Struct

from cityloop.db import Tx
from cityloop.domain.ids import UnitId
from cityloop.domain.place import Point, distance_m
from cityloop.domain.sensing import LifeState, Thing
from cityloop.stages.sense.store.register import THING_READ, thing_read

M_PER_DEGREE = 111_195.0
NEAR_MAX = 500


class Wanted(Struct, frozen=True, kw_only=True):
    """Which devices a list is of; what is None does not matter. `cell`: a cell, or an area by the begin of its code."""

    kind: str | None = None
    state: LifeState | None = None
    cell: str | None = None
    vendor: str | None = None
    owner: UnitId | None = None
    site: str | None = None
    key: str | None = None  # or the begin of it

    def where(self) -> tuple[str, dict[str, str]]:
        """The conditions and their parameters."""
        found, params = [], {}
        for name in ("kind", "state", "vendor", "owner", "site"):
            if (value := getattr(self, name)) is not None:
                found.append(f" AND thing.{name} = :{name}")
                params[name] = str(value)
        for name in ("cell", "key"):
            if value := getattr(self, name):
                found.append(f" AND substr(thing.{name}, 1, {len(value)}) = :{name}")
                params[name] = value
        return "".join(found), params


def thing_list(tx: Tx, wanted: Wanted, *, after: str | None, limit: int) -> list[Thing]:
    """Devices by their keys, those after a key."""
    where, params = wanted.where()
    if after is not None:
        where += " AND thing.key > :after"
        params["after"] = after
    rows = tx.tuples(f"{THING_READ}{where} ORDER BY thing.key LIMIT :limit", limit=limit, **params)
    return [thing_read(row) for row in rows]


def thing_list_near(tx: Tx, wanted: Wanted, at: Point, radius_m: float) -> list[tuple[float, Thing]]:
    """Devices within so many metres, the nearest first, at most some hundred."""
    where, params = wanted.where()
    up = radius_m / M_PER_DEGREE
    aside = up / max(0.01, cos(radians(at.lat)))
    rows = tx.tuples(
        f"{THING_READ}{where} AND thing.lon BETWEEN :west AND :east AND thing.lat BETWEEN :south AND :north",
        west=at.lon - aside, east=at.lon + aside, south=at.lat - up, north=at.lat + up, **params,
    )  # fmt: skip
    found = [(distance_m(at, thing.where), thing) for row in rows if (thing := thing_read(row)).where]
    return sorted((each for each in found if each[0] <= radius_m), key=lambda each: (each[0], each[1].key))[:NEAR_MAX]
