"""Use cases of handling: load, decide, emit."""

from collections.abc import Sequence
from datetime import datetime

from cityloop.cases import Case, Task, case_hold, task_get
from cityloop.cases.notes import PHOTO_KEEP_DAYS, keep_note
from cityloop.db import Tx
from cityloop.domain.calendar import calendar_in
from cityloop.domain.facts import TaskFinished, TaskReturned, TaskSigned
from cityloop.domain.ids import AccountId, CaseId
from cityloop.domain.lifecycle import state_after
from cityloop.domain.policy import Policy
from cityloop.domain.time import due_at
from cityloop.files.keep import StoredPhoto, keep_photo
from cityloop.stages.handle import rules
from cityloop.stages.handle.model import ReturnReason
from cityloop.stages.handle.store import task_list_running


def sign_task(tx: Tx, case_id: CaseId, *, by: AccountId, now: datetime) -> CaseId:
    """Say that the unit has seen its task.

    Refuses with `MoveForbidden`. Emits `TaskSigned`.
    """
    case = case_hold(tx, case_id)
    state_after(TaskSigned.__name__, case.state)
    tx.emit(TaskSigned(case_id=case.id, task_id=case.task_id, by=by, at=now))
    return case.id


def return_task(
    tx: Tx, case_id: CaseId, *, reason: str, note: str, by: AccountId, policy: Policy, now: datetime
) -> CaseId:
    """Send the task back to the dispatcher, whose clock starts anew.

    Refuses with `ReasonUnknown`, `NoteTooLong` or `MoveForbidden`. Emits `TaskReturned`.
    """
    case = case_hold(tx, case_id)
    state_after(TaskReturned.__name__, case.state)
    why = rules.return_reason(reason)
    kept = keep_note(tx, case.id, note, chars_max=policy.settings.text_chars_max)
    tx.emit(
        TaskReturned(
            case_id=case.id, task_id=case.task_id, by=by, reason=why.value,
            misdispatched=why is ReturnReason.not_ours, note=kept,
            dispatch_due=due_at(now, policy.settings.dispatch_limit, calendar_in(policy)), at=now,
        )
    )  # fmt: skip
    return case.id


def finish_task(
    tx: Tx,
    case_id: CaseId,
    *,
    photos: Sequence[StoredPhoto],
    note: str,
    by: AccountId,
    policy: Policy,
    now: datetime,
) -> CaseId:
    """Say that the work is done, with what proves it.

    Refuses with `ProofMissing`, `TooManyPhotos`, `NoteTooLong` or `MoveForbidden`. Emits `TaskFinished`.
    """
    case = case_hold(tx, case_id)
    state_after(TaskFinished.__name__, case.state)
    rules.proof_enough(len(photos), note, policy.settings.photos_max)
    kept = keep_note(tx, case.id, note, chars_max=policy.settings.text_chars_max)
    tx.emit(
        TaskFinished(
            case_id=case.id, task_id=case.task_id, by=by, note=kept,
            photos=tuple(keep_photo(tx, each, f"case/{case.id}", keep_days=PHOTO_KEEP_DAYS) for each in photos),
            overdue=rules.is_overdue(now, _task(tx, case).due_at), at=now,
        )
    )  # fmt: skip
    return case.id


def move_dues(tx: Tx, *, policy: Policy, now: datetime) -> int:
    """Compute the deadline of each running task anew, and move those that the policy's calendar changes.

    At most `PART_MAX` at once; gives how many moved. Done again, it moves what is left. Emits `DueMoved`.
    """
    moved = rules.dues_moved(task_list_running(tx), calendar_in(policy), now)
    tx.hold(each.subject for each in moved)
    for each in moved:
        tx.emit(each)
    return len(moved)


def _task(tx: Tx, case: Case) -> Task:
    task = task_get(tx, case.task_id)
    assert task, f"case {case.id} is {case.state} without a task"
    return task
