"""Which cases wait for somebody in the field: their unit's tasks, what their post is asked to look at, whom they help."""

from datetime import datetime

from msgspec import Struct

from cityloop.cases.reach import Reach, reach_of
from cityloop.db import Tx, once_found
from cityloop.domain.ids import CaseId
from cityloop.domain.lifecycle import HELD, State
from cityloop.domain.permission import Permission
from cityloop.domain.place import Point, distance_m
from cityloop.http import Caller
from cityloop.pages.queue import CLOCK, NEWEST, Asked, case_rows

LOOKING = frozenset({Permission.case_verify.value, Permission.case_inspect.value})
LOOKED_AT = (State.verifying, State.inspecting)
WORKED_ON = (State.to_sign, State.handling)
SCANNED = 300  # of one seat's cases; a person with more has another problem
FAR, NEVER = float("inf"), "9999"  # what is put off comes last: its clock stands


class Waiting(Struct, frozen=True, kw_only=True):
    """A case that waits for somebody, and how far it is, if both places are known."""

    id: CaseId
    due: str  # as stored; the last of all where no clock runs
    lon: float | None
    lat: float | None
    metres: float | None


def waiting(tx: Tx, caller: Caller, here: Point | None, *, now: datetime) -> list[Waiting]:
    """All of them, what is due first; of a walk of a few hundred metres each, nearer ones do not overtake a clock here:
    the phone orders by distance itself, for it moves.
    """
    reach, found = reach_of(caller), dict[str, Waiting]()
    for asked in _questions(caller):
        for row in _rows(tx, asked, reach, now):
            found.setdefault(row.id, _waiting(row, here))
    for row in _guest_rows(tx, caller):
        found.setdefault(row.id, _waiting(row, here))
    return sorted(found.values(), key=lambda each: (each.due, each.metres if each.metres is not None else FAR, each.id))


def _questions(caller: Caller) -> list[Asked]:
    """One for each seat and kind of work; held cases come last, and only where the unit may settle them."""
    asked = []
    for seat in caller.seats:
        if Permission.case_handle in seat.permissions:
            asked += [
                Asked(states=WORKED_ON, unit=seat.unit, order=CLOCK),
                Asked(states=HELD, unit=seat.unit, order=NEWEST),
            ]
        if seat.permissions & LOOKING:
            asked.append(Asked(states=LOOKED_AT, post=seat.post, order=CLOCK))
    return asked


def _rows(tx: Tx, asked: Asked, reach: Reach, now: datetime) -> list:
    rows = case_rows(tx, asked, reach, now=now, after=None, limit=SCANNED, more=", c.lon, c.lat")
    return rows[:SCANNED]


def _guest_rows(tx: Tx, caller: Caller) -> list:
    """Open cases that a unit of the caller helps with, or was whistled to."""
    units = sorted({
        seat.unit for seat in caller.seats
        if {Permission.case_assist.value, Permission.case_report_in.value} & seat.permissions
    })  # fmt: skip
    if not units:
        return []
    names = ", ".join(f":unit_{place}" for place in range(len(units)))
    return tx.all(
        "SELECT c.id, c.state, c.clock_due, c.lon, c.lat FROM case_guest AS g JOIN case_file AS c ON c.city = g.city AND c.id = g.case_id "
        f"WHERE g.city = :city AND g.unit IN ({names}) AND c.is_open = 1 ORDER BY {once_found('c.id')} DESC LIMIT {SCANNED}",
        **{f"unit_{place}": unit for place, unit in enumerate(units)},
    )


def _waiting(row: object, here: Point | None) -> Waiting:
    lon, lat = row.lon, row.lat  # type: ignore[attr-defined]
    metres = None
    if here and lon is not None and lat is not None:
        metres = round(distance_m(here, Point(lon=lon, lat=lat)), 1)
    due = NEVER if row.state in HELD else row.clock_due or NEVER  # type: ignore[attr-defined]
    return Waiting(id=row.id, due=due, lon=lon, lat=lat, metres=metres)  # type: ignore[attr-defined]
