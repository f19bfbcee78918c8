"""Asking for an approval, and taking it back: load, decide, emit."""

from collections.abc import Sequence
from datetime import datetime

from cityloop.cases.approvals import rules
from cityloop.cases.approvals.model import (
    LAPSE_TIMER,
    AlreadyAsked,
    AlreadyOver,
    Approval,
    Asking,
    GivenDeadline,
    NobodyDecides,
    NotYourRequest,
    TooManyAttachments,
)
from cityloop.cases.approvals.store import approval_count, approval_of, approval_open
from cityloop.cases.model import Case, Task
from cityloop.cases.notes import PHOTO_KEEP_DAYS, keep_note
from cityloop.cases.scope import may
from cityloop.cases.store import case_hold, task_get
from cityloop.db import Tx
from cityloop.domain.approval import EFFECT, OF_TASK, PUTS_OFF, grants_with
from cityloop.domain.calendar import calendar_in
from cityloop.domain.clock import Clock
from cityloop.domain.facts import ApprovalAsked, ApprovalWithdrawn
from cityloop.domain.ids import ApprovalId, CaseId
from cityloop.domain.lifecycle import state_after
from cityloop.domain.policy import ApprovalKind, ApprovalRow, Policy
from cityloop.files.keep import StoredPhoto, keep_photo
from cityloop.http import Caller
from cityloop.http.identity import Seat
from cityloop.journal.timers import timer_drop, timer_set

ASKER = "asker"  # why it was withdrawn: the asker wished it


def ask_approval(
    tx: Tx, case_id: CaseId, asking: Asking, *, caller: Caller, policy: Policy, now: datetime,
    photos: Sequence[StoredPhoto] = (),
) -> ApprovalId:  # fmt: skip
    """Ask for what only others can agree to; gives the request's id. The case stays where it is, marked.

    Refuses with `MoveForbidden`, `AlreadyAsked`, `ApprovalReasonUnknown`, `GivenDeadline`, `LengthWrong`, `NotInPack`, `TooOften`,
    `TooLong`, `AskedTooLate`, `FormMissing`, `AttachmentMissing`, `TooManyAttachments`, `NobodyDecides` or `NoteTooLong`.
    Emits `ApprovalAsked`.
    """
    case = case_hold(tx, case_id)
    state_after(ApprovalAsked.__name__, case.state)
    state_after(EFFECT[asking.kind], case.state)
    if case.approval_id:
        raise AlreadyAsked(f"{case.approval_kind} is asked already and not decided; wait for it, or take it back.")
    rules.reason_known(asking.kind, asking.reason)
    if len(photos) > policy.settings.photos_max:
        raise TooManyAttachments(f"{len(photos)} are too many; send at most {policy.settings.photos_max}.")
    calendar, task = calendar_in(policy), _task(tx, case, asking.kind)
    clock = _clock(task, asking.kind)
    reach = rules.reach_of(asking, clock, now=now, calendar=calendar)
    nth = approval_count(tx, case.id, asking.kind) + 1
    row = rules.row_of(policy.approvals, asking, nth, reach, clock, now=now, calendar=calendar)
    rules.asked_in_time(row, clock, now)
    rules.enough_for(row, asking.note, len(photos))
    steps, left_out = steps_of(row, case, caller, policy)
    due = rules.decide_due(row, clock, reach.until, now=now, calendar=calendar)
    chars_max = policy.settings.text_chars_max
    assert caller.account, "the guard lets nobody through"
    id = ApprovalId(tx.new_id())
    tx.emit(
        ApprovalAsked(
            case_id=case.id, approval_id=id, kind=asking.kind, nth=nth, task_id=task.id if task else None,
            by=caller.account, reason=asking.reason, length=reach.length, until=reach.until,
            note=keep_note(tx, case.id, asking.note, chars_max=chars_max),
            plan=keep_note(tx, case.id, asking.plan, chars_max=chars_max),
            photos=tuple(keep_photo(tx, each, f"case/{case.id}", keep_days=PHOTO_KEEP_DAYS) for each in photos),
            steps=steps, left_out=left_out, form=row.form, decide_due=due, decide_limit=row.decide_limit,
            lapse=row.lapse, clock_stands=rules.stands_while_asked(row, clock), counts_as_due=row.counts_as_due,
            task_due=task.due_at if task else None, source=row.source, at=now,
        )
    )  # fmt: skip
    timer_set(tx, LAPSE_TIMER, f"case/{case.id}", due)
    return id


def withdraw_approval(
    tx: Tx, case_id: CaseId, approval_id: ApprovalId, *, caller: Caller, now: datetime
) -> ApprovalId:
    """Take a request back. The clock is as if it had never stood.

    Refuses with `ApprovalUnknown`, `AlreadyOver`, `NotYourRequest` or `MoveForbidden`. Emits `ApprovalWithdrawn`.
    """
    case = case_hold(tx, case_id)
    approval = approval_of(tx, case, approval_id)
    state_after(ApprovalWithdrawn.__name__, case.state)
    still_open(approval)
    if approval.asked_by != caller.account:
        raise NotYourRequest("Somebody else asked for it; only they can take it back.")
    tx.emit(ApprovalWithdrawn(case_id=case.id, approval_id=approval.id, by=caller.account, why=ASKER, at=now))
    timer_drop(tx, LAPSE_TIMER, f"case/{case.id}")
    return approval.id


def call_off(tx: Tx, case: Case, why: str, *, now: datetime, whoever: bool = False) -> None:
    """End what is asked, because the case goes its way before anybody decided. `why` is the fact that overtakes it.

    What is asked about the file stays, unless the case ends: `whoever`. Emits `ApprovalWithdrawn`, or nothing.
    """
    approval = approval_open(tx, case)
    if approval is None or not (whoever or approval.task_id):
        return
    tx.emit(ApprovalWithdrawn(case_id=case.id, approval_id=approval.id, why=why, at=now))
    timer_drop(tx, LAPSE_TIMER, f"case/{case.id}")


def still_open(approval: Approval) -> None:
    """Refuses with `AlreadyOver` what was decided, taken back or has lapsed."""
    if approval.outcome:
        raise AlreadyOver(f"The request was {approval.outcome} already; read the case again.")


def steps_of(
    row: ApprovalRow, case: Case, caller: Caller, policy: Policy
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The roles that decide, in order, and those of the row that are left out.

    Refuses with `NobodyDecides`.
    """
    permission = grants_with(row.kind)
    present = {
        post.role for post in policy.posts
        if post.role in row.steps and may(_seat(post.id, policy), case, permission)
    }  # fmt: skip
    own = {seat.role for seat in caller.seats if may(seat, case, permission)}
    steps, left_out = rules.steps_asked(row, tuple(present), tuple(own))
    if not steps:
        raise NobodyDecides(f"Nobody in the city is {' or '.join(row.steps)} of this case; give somebody the post.")
    return steps, left_out


def _clock(task: Task | None, kind: ApprovalKind) -> Clock | None:
    """The task's clock; one that was imported has none.

    Refuses with `GivenDeadline` what would change it.
    """
    if task is None or task.time_limit:
        return task.clock if task else None
    if kind in PUTS_OFF or kind is ApprovalKind.extension:
        raise GivenDeadline("Another system gave this deadline; it can be kept, or the case given to a unit anew.")
    return None


def _seat(id: str, policy: Policy) -> Seat:
    post = policy.post_by_id[id]
    held = frozenset(policy.role_by_id[post.role].permissions)
    return Seat(post=post.id, role=post.role, unit=post.unit, area=post.area, permissions=held)


def _task(tx: Tx, case: Case, kind: ApprovalKind) -> Task | None:
    """The task that a unit asks about."""
    if kind not in OF_TASK or not case.task_id:
        return None
    return task_get(tx, case.task_id)
