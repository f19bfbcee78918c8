"""What a seat may see and do: each has its area and its unit; what one may not know of is not there."""

from typing import Protocol

from cityloop.domain.errors import NotAllowed
from cityloop.domain.ids import AreaCode
from cityloop.domain.permission import Permission
from cityloop.http.identity import Seat

DESKS = frozenset({Permission.case_dispatch.value, Permission.case_accept.value, Permission.figures_read.value})


class OutOfScope(NotAllowed):
    """The caller sees the case; this deed belongs to another seat."""

    code = "people.out_of_scope"


class Held(Protocol):
    """Something of the city with a place, a unit that is answerable, a desk and a post that it asks. A case is one."""

    @property
    def unit(self) -> str | None: ...
    @property
    def cell(self) -> str | None: ...
    @property
    def level_area(self) -> str | None: ...
    @property
    def post(self) -> str | None: ...


def covers_area(seat_area: AreaCode | None, cell: str | None) -> bool:
    """Whether a seat's area holds a cell: codes of areas are prefixes of it. No area is the whole city."""
    return seat_area is None or (cell is not None and cell.startswith(seat_area))


def sees(seat: Seat, held: Held) -> bool:
    """Whether a seat may know of it: its area holds it, its unit is answerable, or its post is asked to look."""
    if Permission.case_handle in seat.permissions and seat.permissions.isdisjoint(DESKS):
        return held.unit == seat.unit
    return covers_area(seat.area, held.cell) or held.unit == seat.unit or held.post == seat.post


def may(seat: Seat, held: Held, permission: Permission) -> bool:
    """Whether a seat may do this to it."""
    if permission not in seat.permissions:
        return False
    if permission is Permission.case_handle:
        return held.unit == seat.unit
    if permission is Permission.case_dispatch:
        return seat.area == held.level_area  # the desk that holds it
    if permission is Permission.case_approve_work:
        return _commands(seat, held)
    return sees(seat, held)


def _commands(seat: Seat, held: Held) -> bool:
    """Whether a seat decides about its work: the unit's own head, the desk that holds it, or who stands above both."""
    if Permission.case_handle in seat.permissions:
        return held.unit == seat.unit
    if Permission.case_dispatch in seat.permissions:
        return seat.area == held.level_area
    return sees(seat, held)
