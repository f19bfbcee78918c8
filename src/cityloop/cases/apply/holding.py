"""What a grant does: more time, a hold and its end, a case made void."""

from msgspec.structs import replace

from cityloop.cases.apply.approving import NO_MARK, approval_now, clock_put
from cityloop.cases.apply.orders import SUPERVISED, supervision_now
from cityloop.cases.apply.parts import CALLED_OFF, case_now, load, move, task_ended, task_now, text, without_name
from cityloop.cases.apply.whistle import WHISTLED, whistle_now
from cityloop.cases.approvals.model import Hold
from cityloop.cases.model import TaskKind
from cityloop.cases.orders import SupervisionState
from cityloop.db import Tx
from cityloop.domain import facts as f
from cityloop.domain.clock import ended, extensions_in, pauses_in, standing
from cityloop.domain.facts import Told
from cityloop.domain.policy import ApprovalKind


def hold_now(tx: Tx, id: str) -> Hold:
    hold = tx.get("hold", Hold, id)
    assert hold, f"hold {id} was not granted"
    return hold


def task_extended(tx: Tx, told: Told[f.TaskExtended]) -> None:
    fact = told.fact
    task = task_now(tx, fact.task_id)
    tx.put("task", replace(task, extensions=text((*extensions_in(task.extensions), fact.length))))
    shown = clock_put(tx, task.id, ended(pauses_in(task.pauses), fact.at), fact.due_at)
    move(tx, told, **shown)


def case_suspended(tx: Tx, told: Told[f.CaseSuspended]) -> None:
    _held(tx, told, ApprovalKind.suspension)


def case_deferred(tx: Tx, told: Told[f.CaseDeferred]) -> None:
    _held(tx, told, ApprovalKind.deferral)


def _held(tx: Tx, told: Told[f.CaseSuspended | f.CaseDeferred], kind: ApprovalKind) -> None:
    """A new hold, or one that goes on for longer. Nothing is due while it lasts."""
    fact = told.fact
    before, asked = tx.get("hold", Hold, fact.hold_id), approval_now(tx, fact.approval_id)
    tx.put(
        "hold",
        Hold(
            id=fact.hold_id, case_id=fact.case_id, kind=kind, task_id=fact.task_id, approval_id=fact.approval_id,
            reason=fact.reason, note=asked.note, plan=asked.plan or (before.plan if before else None),
            since=before.since if before else fact.since, granted_at=fact.at, until=fact.until,
            times=before.times + 1 if before else 1, counts_as_due=fact.counts_as_due,
        ),
    )  # fmt: skip
    shown = clock_put(tx, fact.task_id, standing(task_now(tx, fact.task_id).clock, fact.since).pauses)
    move(tx, told, clock_due=None, **shown)


def hold_expired(tx: Tx, told: Told[f.HoldExpired]) -> None:
    hold = hold_now(tx, told.fact.hold_id)
    tx.put("hold", replace(hold, role=told.fact.role, expired_at=told.fact.at))
    move(tx, told)


def case_resumed(tx: Tx, told: Told[f.CaseResumed]) -> None:
    fact = told.fact
    hold = hold_now(tx, fact.hold_id)
    _hold_ended(tx, told, hold, "settled" if fact.by else "over", settled=fact.note.id if fact.note else None)
    shown = clock_put(tx, fact.task_id, ended(pauses_in(task_now(tx, fact.task_id).pauses), fact.at), fact.due_at)
    move(tx, told, **shown)


def case_voided(tx: Tx, told: Told[f.CaseVoided]) -> None:
    """Nothing of it is owed any more: neither the work, nor the look that somebody was asked for, nor an answer, nor
    that somebody comes."""
    fact = told.fact
    if fact.task_id:
        task = task_ended(tx, told, fact.task_id, outcome=CALLED_OFF, note=None, overdue=False)
        if task.kind is TaskKind.handle:
            load(tx, task.unit, -1)
    if fact.hold_id:
        _hold_ended(tx, told, hold_now(tx, fact.hold_id), "void")
    case = case_now(tx, fact.case_id)
    assert case.approval_id is None, "something is still asked"
    marks, guests = case.marks, case.guests
    if fact.supervision_id:
        asked = supervision_now(tx, fact.supervision_id)
        over = replace(asked, state=SupervisionState.settled, settled_at=fact.at, settled_by=told.actor)
        tx.put("supervision", over)
        marks = without_name(marks, SUPERVISED)
    if fact.whistle_id:
        tx.put("whistle", replace(whistle_now(tx, fact.whistle_id), ended_at=fact.at, ended_by=told.actor))
        marks = without_name(marks, WHISTLED)
    for unit in fact.called:
        guests = without_name(guests, unit)
    move(
        tx, told, task_id=None, post=None, clock_since=None, clock_due=None, closed_at=fact.at, closed_by=told.actor,
        marks=without_name(marks, "urged"), guests=guests, **NO_MARK,
    )  # fmt: skip


def _hold_ended(tx: Tx, told: Told, hold: Hold, outcome: str, *, settled: str | None = None) -> None:
    over = replace(
        hold, role=None, ended_at=told.fact.at, ended_by=told.actor, outcome=outcome, settled=settled
    )  # fmt: skip
    tx.put("hold", over)
