"""The case that a caller asks for, if their seats reach it; what one may not know of is not there."""

from collections.abc import Sequence

from cityloop.cases.model import Case, CaseUnknown
from cityloop.cases.store import case_get, case_list_of
from cityloop.db import Tx
from cityloop.domain.ids import CaseId
from cityloop.domain.permission import COMMAND, Permission
from cityloop.http.identity import Caller
from cityloop.people.scope import OutOfScope, covers_area, may, sees

__all__ = ["OutOfScope", "case_for", "case_seen", "cases_seen", "covers_area", "may", "reads", "reads_wherever", "sees"]


def case_seen(tx: Tx, caller: Caller, case_id: CaseId) -> Case:
    """The case, if the caller may know of it; whether they may do something to it is asked elsewhere.

    Refuses with `CaseUnknown`.
    """
    case = case_get(tx, case_id)
    if not any(sees(seat, case) for seat in caller.seats_with(Permission.case_read)):
        raise CaseUnknown(f"There is no case {case_id}; look for it by its number or in the queue.")
    return case


def cases_seen(tx: Tx, caller: Caller, ids: Sequence[CaseId]) -> list[Case]:
    """Those of these cases that the caller may know of, in the order asked for; one statement."""
    seats = caller.seats_with(Permission.case_read)
    return [case for case in case_list_of(tx, ids) if any(sees(seat, case) for seat in seats)]


def reads(caller: Caller, case: Case, permission: Permission = Permission.report_read) -> bool:
    """Whether one seat of the caller both sees the case and has this permission: not one here and another elsewhere."""
    return any(may(seat, case, permission) for seat in caller.seats)


def reads_wherever(caller: Caller) -> bool:
    """Whether each seat by which the caller sees cases may also read what people wrote in them."""
    return all(Permission.report_read in seat.permissions for seat in caller.seats_with(Permission.case_read))


def case_for(
    tx: Tx, caller: Caller, case_id: CaseId, permission: Permission = Permission.case_read, *also: Permission
) -> Case:
    """The case, if the caller may do this to it, by this permission or one of the others.

    Refuses with `CaseUnknown` (it is not there for them) or `OutOfScope`.
    """
    case = case_seen(tx, caller, case_id)
    if not any(may(seat, case, each) for seat in caller.seats for each in (permission, *also)):
        holder = "the unit that is answerable" if permission in COMMAND else "a seat whose area holds the place"
        raise OutOfScope(
            f"You see case {case.number or case_id}, and {permission.value} belongs to {holder}; ask them."
        )
    return case
