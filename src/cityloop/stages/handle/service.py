"""Use cases of handling: load, decide, emit."""

import functools
from collections.abc import Callable, Sequence
from datetime import datetime

from cityloop.cases import Case, Task, case_hold, stages_in, task_get
from cityloop.cases.notes import PHOTO_KEEP_DAYS, keep_note
from cityloop.db import Tx
from cityloop.domain.calendar import calendar_in
from cityloop.domain.facts import DueMoved, TaskFinished, TaskReturned, TaskSigned, TaskStageReached
from cityloop.domain.ids import AccountId, CaseId
from cityloop.domain.lifecycle import state_after
from cityloop.domain.policy import Policy
from cityloop.domain.time import due_at
from cityloop.files.keep import StoredPhoto, keep_photo
from cityloop.stages.handle import rules
from cityloop.stages.handle.model import ReturnReason, Running
from cityloop.stages.handle.store import case_list_now, case_list_running


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
            dispatch_due=due_at(now, policy.settings.dispatch_limit, calendar_in(policy)),
            dispatch_limit=policy.settings.dispatch_limit, at=now,
        )
    )  # fmt: skip
    return case.id


def reach_stage(
    tx: Tx, case_id: CaseId, *, stage: str, note: str, by: AccountId, policy: Policy, now: datetime
) -> CaseId:
    """Say that a step of the work is done; the next step's clock starts.

    Refuses with `StageWrong`, `NoteTooLong` or `MoveForbidden`. Emits `TaskStageReached`.
    """
    case = case_hold(tx, case_id)
    state_after(TaskStageReached.__name__, case.state)
    task = _task(tx, case)
    then = rules.stage_after(stages_in(task.stages), task.stage, stage)
    tx.emit(
        TaskStageReached(
            case_id=case.id, task_id=task.id, by=by, stage=stage, overdue=rules.is_overdue(now, task.due_at),
            next=then.code, limit=then.limit, due_at=due_at(now, then.limit, calendar_in(policy)),
            note=keep_note(tx, case.id, note, chars_max=policy.settings.text_chars_max), at=now,
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

    Refuses with `StageLeft`, `ProofMissing`, `TooManyPhotos`, `NoteTooLong` or `MoveForbidden`. Emits `TaskFinished`.
    """
    case = case_hold(tx, case_id)
    state_after(TaskFinished.__name__, case.state)
    task = _task(tx, case)
    rules.last_stage(stages_in(task.stages), task.stage)
    rules.proof_enough(len(photos), note, policy.settings.photos_max)
    kept = keep_note(tx, case.id, note, chars_max=policy.settings.text_chars_max)
    tx.emit(
        TaskFinished(
            case_id=case.id, task_id=case.task_id, by=by, note=kept,
            photos=tuple(keep_photo(tx, each, f"case/{case.id}", keep_days=PHOTO_KEEP_DAYS) for each in photos),
            overdue=rules.is_overdue(now, task.due_at), at=now,
        )
    )  # fmt: skip
    return case.id


def move_dues(tx: Tx, *, policy: Policy, now: datetime, after: CaseId | None = None) -> int:
    """Compute the deadline of every running limit anew, and move those that the policy's calendar changes.

    At most those of `PART_MAX` cases at once, in the order of their ids, from beyond `after`; gives how many moved. Done
    again from the beginning, it moves what is left. Emits `DueMoved`.
    """
    count = functools.partial(rules.dues_moved, settings=policy.settings, calendar=calendar_in(policy), now=now)
    more = True
    while more:
        ids, more = _part(tx, count, after)
        tx.hold(f"case/{id}" for id in ids)  # then read once more: somebody may have ended what ran
        moved = [fact for case in case_list_now(tx, ids) for fact in count(case)]
        for fact in rules.marked(moved, more=more):
            tx.emit(fact)
        if moved:
            return len(moved)
        after = ids[-1] if ids else None
    return 0


def _part(tx: Tx, count: Callable[[Running], list[DueMoved]], after: CaseId | None) -> tuple[list[CaseId], bool]:
    """The next cases with a limit to be moved, and whether more wait beyond them."""
    found: list[CaseId] = []
    page = case_list_running(tx, after)
    while page and len(found) <= rules.PART_MAX:
        found += [case.id for case in page if count(case)]
        page = case_list_running(tx, page[-1].id)
    return found[: rules.PART_MAX], len(found) > rules.PART_MAX


def _task(tx: Tx, case: Case) -> Task:
    task = task_get(tx, case.task_id)
    assert task, f"case {case.id} is {case.state} without a task"
    return task
