"""Deciding about what is asked, step by step; and what becomes of it when nobody does."""

from datetime import datetime

from cityloop.cases.approvals import rules
from cityloop.cases.approvals.asking import still_open
from cityloop.cases.approvals.effects import task_of, tell_effect
from cityloop.cases.approvals.model import LAPSE_TIMER, Approval, DecidedTooLate, NotYourStep, OwnRequest
from cityloop.cases.approvals.store import approval_of, approval_open
from cityloop.cases.model import Case
from cityloop.cases.notes import keep_note
from cityloop.cases.scope import may
from cityloop.cases.store import case_get, case_hold
from cityloop.db import Tx
from cityloop.domain.approval import EFFECT, grants_with
from cityloop.domain.calendar import calendar_in
from cityloop.domain.clock import resumed
from cityloop.domain.facts import ApprovalForwarded, ApprovalGranted, ApprovalLapsed, ApprovalRefused
from cityloop.domain.ids import ApprovalId, CaseId
from cityloop.domain.lifecycle import state_after
from cityloop.domain.policy import Lapse, Policy
from cityloop.domain.time import due_at
from cityloop.http import Caller
from cityloop.journal import Timer
from cityloop.journal.timers import timer_drop, timer_set


def grant_approval(
    tx: Tx, case_id: CaseId, approval_id: ApprovalId, *, note: str, caller: Caller, policy: Policy, now: datetime
) -> ApprovalId:
    """Agree, for the step that is asked. The last one's word brings with it what was asked for.

    Refuses with `ApprovalUnknown`, `AlreadyOver`, `DecidedTooLate`, `OwnRequest`, `NotYourStep`, `NoteTooLong` or
    `MoveForbidden`. Emits `ApprovalForwarded`, or `ApprovalGranted` and the fact that follows from it.
    """
    case, approval = _to_decide(tx, case_id, approval_id, ApprovalGranted.__name__, caller, now)
    kept = keep_note(tx, case.id, note, chars_max=policy.settings.text_chars_max)
    said = {"case_id": case.id, "approval_id": approval.id, "by": caller.account, "role": approval.role, "note": kept, "at": now}
    if approval.next_role:
        due = due_at(now, approval.step_limit, calendar_in(policy))
        latest = min(due, approval.until) if approval.until else due
        tx.emit(ApprovalForwarded(**said, next_role=approval.next_role, decide_due=latest))
        timer_set(tx, LAPSE_TIMER, f"case/{case.id}", latest)
        return approval.id
    tx.emit(ApprovalGranted(**said))
    timer_drop(tx, LAPSE_TIMER, f"case/{case.id}")
    tell_effect(tx, case, approval, policy=policy, now=now)
    return approval.id


def refuse_approval(
    tx: Tx, case_id: CaseId, approval_id: ApprovalId, *, reason: str, note: str, caller: Caller, policy: Policy,
    now: datetime,
) -> ApprovalId:  # fmt: skip
    """Do not agree, with a reason that the asker is told. A clock that stood goes on.

    Refuses as `grant_approval` does, and with `ApprovalReasonUnknown`. Emits `ApprovalRefused`.
    """
    case, approval = _to_decide(tx, case_id, approval_id, ApprovalRefused.__name__, caller, now)
    code = rules.denial_known(reason)
    tx.emit(
        ApprovalRefused(
            case_id=case.id, approval_id=approval.id, by=caller.account, role=approval.role, reason=code,
            note=keep_note(tx, case.id, note, chars_max=policy.settings.text_chars_max),
            due_at=_goes_on(tx, case, approval, policy=policy, now=now), at=now,
        )
    )  # fmt: skip
    timer_drop(tx, LAPSE_TIMER, f"case/{case.id}")
    return approval.id


def lapse_when_due(tx: Tx, timer: Timer, policy: Policy) -> None:
    """Nobody decided in time: the request is refused or granted, as the pack said when it was asked.

    Emits `ApprovalLapsed`, and what a grant brings with it.
    """
    case = case_get(tx, CaseId(timer.subject.partition("/")[2]))
    approval = approval_open(tx, case)
    if approval is None or approval.decide_due != timer.due_at:
        return
    granted = approval.lapse is Lapse.granted
    due = None if granted else _goes_on(tx, case, approval, policy=policy, now=tx.now)
    assert approval.role, f"nobody is asked for {approval.id}"
    tx.emit(
        ApprovalLapsed(
            case_id=case.id, approval_id=approval.id, role=approval.role, lapse=approval.lapse, due_at=due, at=tx.now
        )
    )  # fmt: skip
    if granted:
        tell_effect(tx, case_get(tx, case.id), approval, policy=policy, now=tx.now)


def _to_decide(
    tx: Tx, case_id: CaseId, approval_id: ApprovalId, fact: str, caller: Caller, now: datetime
) -> tuple[Case, Approval]:
    """The case and the request, if this caller may decide now."""
    case = case_hold(tx, case_id)
    approval = approval_of(tx, case, approval_id)
    state_after(fact, case.state)
    still_open(approval)
    state_after(EFFECT[approval.kind], case.state)
    if now > approval.decide_due:
        raise DecidedTooLate(f"It had to be decided by {approval.decide_due:%Y-%m-%d %H:%M} UTC; it has lapsed.")
    if caller.account in (approval.asked_by, *approval.agreed):
        raise OwnRequest("You asked for it, or have agreed to it; another person decides.")
    able = [seat for seat in caller.seats if seat.role == approval.role]
    if not any(may(seat, case, grants_with(approval.kind)) for seat in able):
        raise NotYourStep(f"A {approval.role} of this case decides now; ask them.")
    return case, approval


def _goes_on(tx: Tx, case: Case, approval: Approval, *, policy: Policy, now: datetime) -> datetime | None:
    """The task's due moment, where its clock stood while it was asked and now runs again."""
    if not approval.clock_stands:
        return None
    return resumed(task_of(tx, case).clock, now, calendar_in(policy)).due
