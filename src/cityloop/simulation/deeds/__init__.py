"""The deeds of the simulated people: each one call of a use case, by an account that may."""

from cityloop.cases import Case, case_get, report_get
from cityloop.db import Tx
from cityloop.domain.errors import CityloopError
from cityloop.domain.ids import CaseId, ReportId
from cityloop.domain.permission import Permission
from cityloop.http import Caller
from cityloop.simulation.agenda import Deed
from cityloop.simulation.deeds import answering, asking, dispatching, filing, working
from cityloop.simulation.deeds.turn import Turn, Way, World
from cityloop.simulation.hotline import SAYS, SENDS

__all__ = ["World", "do"]

OF_CASE: dict[str, Way] = filing.WAYS | dispatching.WAYS | working.WAYS | asking.WAYS | answering.OF_CASE


def do(tx: Tx, deed: Deed, world: World) -> str:
    """Do a deed as somebody who may. Gives `done`, `nobody` where there is nobody for it, or why the city said no:
    somebody was faster, or the case has gone its way."""
    before, changes = tx.actor, tx.changes
    try:
        if deed.what in (SAYS, SENDS):
            return _hotline(tx, deed, world)
        if deed.what in answering.OF_ORDER:
            return _order(tx, deed, world)
        return _case(tx, deed, world)
    except CityloopError as error:
        if tx.changes != changes:
            raise AssertionError(f"{deed.what} was refused ({error.code}) after it had written") from error
        return error.code
    finally:
        tx.actor = before


def _case(tx: Tx, deed: Deed, world: World) -> str:
    """A deed about a case, or about a report of one."""
    way = answering.OF_REPORT.get(deed.what) or OF_CASE[deed.what]
    case = _case_of(tx, deed)
    turn = Turn(tx=tx, world=world, deed=deed, case=case)
    turn.caller = way.who(turn)
    if turn.caller is None:
        return "nobody"
    tx.actor = turn.caller.actor
    way.what(turn)
    return "done"


def _case_of(tx: Tx, deed: Deed) -> Case:
    if deed.what not in answering.OF_REPORT:
        return case_get(tx, CaseId(deed.subject))
    case_id = report_get(tx, ReportId(deed.subject)).case_id
    assert case_id, f"report {deed.subject} was asked about no case"
    return case_get(tx, case_id)


def _order(tx: Tx, deed: Deed, world: World) -> str:
    seat = world.crew.with_permission(Permission.order_answer)
    if seat is None:
        return "nobody"
    tx.actor = seat.actor
    answering.OF_ORDER[deed.what](tx, deed, world)
    return "done"


def _hotline(tx: Tx, deed: Deed, world: World) -> str:
    link: Caller | None = world.crew.with_permission(Permission.order_send)
    if link is None:
        return "nobody"
    tx.actor = link.actor
    report_id = world.hotline.do(tx, deed.subject, deed.what, deed.about, world.policy)
    if report_id:
        world.truths[report_id] = world.hotline.orders[deed.subject].said.truth
    return "done"
