"""What a grant brings with it, told in the same transaction."""

from datetime import datetime

from cityloop.cases.approvals.model import HOLD_TIMER, Approval
from cityloop.cases.approvals.store import hold_open
from cityloop.cases.assists import LEAD_PUT_OFF, VOIDED, call_off_assists
from cityloop.cases.model import Case, Task
from cityloop.cases.orders import SupervisionState
from cityloop.cases.store import supervision_last, task_get
from cityloop.cases.whistle import whistle_last, whistle_units
from cityloop.db import Tx
from cityloop.domain.calendar import calendar_in
from cityloop.domain.clock import extended, going
from cityloop.domain.facts import CaseDeferred, CaseSuspended, CaseVoided, TaskExtended, TaskReturned
from cityloop.domain.ids import AccountId
from cityloop.domain.policy import ApprovalKind, Policy
from cityloop.domain.time import due_at
from cityloop.journal.timers import timer_drop, timer_set


def tell_effect(tx: Tx, case: Case, approval: Approval, *, policy: Policy, now: datetime) -> None:
    """Do what was agreed to.

    Emits `TaskReturned`, `TaskExtended`, `CaseSuspended`, `CaseDeferred` or `CaseVoided`, and `AssistCancelled` for
    whoever helps with what is put off or made void.
    """
    match approval.kind:
        case ApprovalKind.return_ | ApprovalKind.misdispatch:
            _return(tx, case, approval, policy=policy, now=now)
        case ApprovalKind.extension:
            _extend(tx, case, approval, policy=policy, now=now)
        case ApprovalKind.suspension | ApprovalKind.deferral:
            _put_off(tx, case, approval, now=now)
        case ApprovalKind.void:
            _void(tx, case, approval, now=now)


def task_of(tx: Tx, case: Case) -> Task:
    """The unit's task."""
    task = task_get(tx, case.task_id) if case.task_id else None
    assert task, f"case {case.id} is {case.state} without a task"
    return task


def _return(tx: Tx, case: Case, approval: Approval, *, policy: Policy, now: datetime) -> None:
    """The clock stands since it was asked for: who decides slowly does not make the unit late."""
    limit = policy.settings.dispatch_limit
    tx.emit(
        TaskReturned(
            case_id=case.id, task_id=task_of(tx, case).id, by=AccountId(approval.asked_by), reason=approval.reason,
            misdispatched=approval.kind is ApprovalKind.misdispatch, approval_id=approval.id,
            clock_from=approval.asked_at, dispatch_due=due_at(now, limit, calendar_in(policy)), dispatch_limit=limit,
            at=now,
        )
    )  # fmt: skip


def _extend(tx: Tx, case: Case, approval: Approval, *, policy: Policy, now: datetime) -> None:
    task, calendar, length = task_of(tx, case), calendar_in(policy), approval.limit
    assert length, f"extension {approval.id} has no length"
    clock = extended(going(task.clock, now, calendar), length, calendar)
    tx.emit(
        TaskExtended(
            case_id=case.id, approval_id=approval.id, task_id=task.id, length=length, due_at=clock.due, at=now
        )
    )  # fmt: skip


def _put_off(tx: Tx, case: Case, approval: Approval, *, now: datetime) -> None:
    """A new hold, or the one that lasts, for longer. Whoever helps is not waited for: work that stands needs no help, and
    a helper's clock would run on alone."""
    call_off_assists(tx, case, reason=LEAD_PUT_OFF, now=now)
    lasting = hold_open(tx, case.id)
    assert approval.until, f"{approval.kind} {approval.id} reaches to no moment"
    told = CaseSuspended if approval.kind is ApprovalKind.suspension else CaseDeferred
    held = {
        "case_id": case.id, "hold_id": lasting.id if lasting else tx.new_id(), "approval_id": approval.id,
        "task_id": task_of(tx, case).id, "reason": approval.reason, "since": approval.asked_at, "until": approval.until,
        "counts_as_due": approval.counts_as_due, "at": now,
    }  # fmt: skip
    tx.emit(CaseSuspended(**held) if told is CaseSuspended else CaseDeferred(**held))
    timer_set(tx, HOLD_TIMER, f"case/{case.id}", approval.until)


def _void(tx: Tx, case: Case, approval: Approval, *, now: datetime) -> None:
    task = task_get(tx, case.task_id) if case.task_id else None
    hold = hold_open(tx, case.id)
    supervision, whistle = supervision_last(tx, case.id), whistle_last(tx, case.id)
    asks = supervision is not None and supervision.state is not SupervisionState.settled
    calls = whistle is not None and whistle.ended_at is None
    call_off_assists(tx, case, reason=VOIDED, now=now)
    tx.emit(
        CaseVoided(
            case_id=case.id, approval_id=approval.id, reason=approval.reason,
            task_id=task.id if task and task.ended_at is None else None, hold_id=hold.id if hold else None,
            supervision_id=supervision.id if asks else None, whistle_id=whistle.id if calls else None,
            called=tuple(each.unit for each in whistle_units(tx, whistle.id)) if calls else (), at=now,
        )
    )  # fmt: skip
    timer_drop(tx, HOLD_TIMER, f"case/{case.id}")
