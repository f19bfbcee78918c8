"""The end of what is put off: settled by a person, or by its date."""

from datetime import datetime

from cityloop.cases.approvals.asking import call_off
from cityloop.cases.approvals.effects import task_of
from cityloop.cases.approvals.model import HOLD_TIMER, Approval, Hold
from cityloop.cases.approvals.store import hold_open
from cityloop.cases.model import Case
from cityloop.cases.notes import keep_note
from cityloop.cases.store import case_get, case_hold
from cityloop.db import Tx
from cityloop.domain.calendar import calendar_in
from cityloop.domain.clock import resumed
from cityloop.domain.facts import CaseResumed, HoldExpired, VaultRef
from cityloop.domain.ids import AccountId, CaseId
from cityloop.domain.lifecycle import state_after
from cityloop.domain.policy import ApprovalKind, Policy
from cityloop.journal import Timer
from cityloop.journal.timers import timer_drop


def settle_hold(tx: Tx, case_id: CaseId, *, note: str, by: AccountId, policy: Policy, now: datetime) -> CaseId:
    """销账: the conditions are there; the unit goes on with the time that was left. What is asked meanwhile ends.

    Refuses with `NoteTooLong` or `MoveForbidden`. Emits `CaseResumed`, and perhaps `ApprovalWithdrawn`.
    """
    case = case_hold(tx, case_id)
    state_after(CaseResumed.__name__, case.state)
    kept = keep_note(tx, case.id, note, chars_max=policy.settings.text_chars_max)
    _resume(tx, case, _hold(tx, case), by=by, note=kept, policy=policy, now=now)
    timer_drop(tx, HOLD_TIMER, f"case/{case.id}")
    return case.id


def end_when_due(tx: Tx, timer: Timer, policy: Policy) -> None:
    """Its time is over: a deferral goes on by itself, a suspension stands before who granted it once more.

    Emits `CaseResumed` or `HoldExpired`.
    """
    case = case_get(tx, CaseId(timer.subject.partition("/")[2]))
    hold = hold_open(tx, case.id)
    if hold is None or hold.until != timer.due_at:
        return
    if hold.kind is ApprovalKind.deferral:
        _resume(tx, case, hold, by=None, note=None, policy=policy, now=tx.now)
        return
    granted = tx.get("approval", Approval, hold.approval_id)
    assert granted, f"hold {hold.id} was granted by nobody"
    tx.emit(HoldExpired(case_id=case.id, hold_id=hold.id, until=hold.until, role=granted.roles[-1], at=tx.now))


def _resume(
    tx: Tx, case: Case, hold: Hold, *, by: AccountId | None, note: VaultRef | None, policy: Policy, now: datetime
) -> None:
    call_off(tx, case, CaseResumed.__name__, now=now)
    task = task_of(tx, case)
    due = resumed(task.clock, now, calendar_in(policy)).due
    tx.emit(
        CaseResumed(case_id=case.id, hold_id=hold.id, task_id=task.id, by=by, due_at=due, note=note, at=now)
    )  # fmt: skip


def _hold(tx: Tx, case: Case) -> Hold:
    hold = hold_open(tx, case.id)
    assert hold, f"case {case.id} is {case.state} and nothing holds it"
    return hold
