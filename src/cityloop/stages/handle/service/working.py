"""The work of the unit that is answerable: signed for, sent back, finished."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from cityloop.cases import Case, Task, case_hold, stages_in, task_get
from cityloop.cases.approvals import call_off
from cityloop.cases.assists import WITH_LEAD, ask_assists, assists_open
from cityloop.cases.notes import PHOTO_KEEP_DAYS, keep_note
from cityloop.db import Tx
from cityloop.domain.approval import ReturnReason
from cityloop.domain.calendar import calendar_in
from cityloop.domain.facts import AssistCancelled, TaskFinished, TaskReturned, TaskSigned, TaskStageReached
from cityloop.domain.ids import AccountId, CaseId, UnitId
from cityloop.domain.lifecycle import state_after
from cityloop.domain.policy import Policy
from cityloop.domain.time import due_at
from cityloop.files.keep import StoredPhoto, keep_photo
from cityloop.stages.handle import rules

_units = msgspec.json.Decoder(tuple[UnitId, ...]).decode


def sign_task(tx: Tx, case_id: CaseId, *, by: AccountId, now: datetime, policy: Policy | None = None) -> CaseId:
    """Say that the unit has seen its task. Where the pack says so, whoever the duty table names to help is asked now.

    Refuses with `MoveForbidden`. Emits `TaskSigned`, perhaps `AssistAsked`.
    """
    case = case_hold(tx, case_id)
    state_after(TaskSigned.__name__, case.state)
    tx.emit(TaskSigned(case_id=case.id, task_id=case.task_id, by=by, at=now))
    if policy and policy.settings.assist_with_lead and not case.guests:  # else they were asked by hand
        task = _task(tx, case)
        named = [unit for unit in _units(task.assist) if unit in policy.unit_by_id]
        ask_assists(tx, case.id, task.id, named, limit=task.clock.limit, why=WITH_LEAD, policy=policy, now=now)
    return case.id


def return_task(
    tx: Tx, case_id: CaseId, *, reason: str, note: str, by: AccountId, policy: Policy, now: datetime
) -> CaseId:
    """Send the task back to the dispatcher, whose clock starts anew.

    What the unit has asked for is taken back with it.

    Refuses with `ReasonUnknown`, `NeedsApproval`, `NoteTooLong` or `MoveForbidden`. Emits `TaskReturned`, and perhaps
    `ApprovalWithdrawn`.
    """
    case = case_hold(tx, case_id)
    state_after(TaskReturned.__name__, case.state)
    why = rules.return_reason(reason)
    rules.return_alone(why, policy)
    call_off(tx, case, TaskReturned.__name__, now=now)
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
    """Say that a step of the work is done; the next step's clock starts. What was asked about the last one is taken back.

    Refuses with `StageWrong`, `NoteTooLong` or `MoveForbidden`. Emits `TaskStageReached`, and perhaps `ApprovalWithdrawn`.
    """
    case = case_hold(tx, case_id)
    state_after(TaskStageReached.__name__, case.state)
    task = _task(tx, case)
    then = rules.stage_after(stages_in(task.stages), task.stage, stage)
    call_off(tx, case, TaskStageReached.__name__, now=now)
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
    without_assist: str = "",
) -> CaseId:
    """Say that the work is done, with what proves it. What the unit has asked for is taken back with it.

    `without_assist` is why a unit that still helps is not waited for. Refuses with `StageLeft`, `ProofMissing`,
    `TooManyPhotos`, `AssistStillOpen`, `ReasonUnknown`, `NoteTooLong` or `MoveForbidden`. Emits `TaskFinished`, and perhaps
    `ApprovalWithdrawn`, and `AssistCancelled` for whoever is not waited for.
    """
    case = case_hold(tx, case_id)
    state_after(TaskFinished.__name__, case.state)
    task = _task(tx, case)
    rules.last_stage(stages_in(task.stages), task.stage)
    rules.proof_enough(len(photos), note, policy.settings.photos_max)
    call_off(tx, case, TaskFinished.__name__, now=now)
    if helping := assists_open(tx, case):
        why = rules.assist_reason([each.unit for each in helping], without_assist)
        for each in helping:
            tx.emit(AssistCancelled(case_id=case.id, task_id=each.id, reason=why.value, at=now))
    kept = keep_note(tx, case.id, note, chars_max=policy.settings.text_chars_max)
    tx.emit(
        TaskFinished(
            case_id=case.id, task_id=case.task_id, by=by, note=kept,
            photos=tuple(keep_photo(tx, each, f"case/{case.id}", keep_days=PHOTO_KEEP_DAYS) for each in photos),
            overdue=rules.is_overdue(now, task.due_at), at=now,
        )
    )  # fmt: skip
    return case.id


def _task(tx: Tx, case: Case) -> Task:
    task = task_get(tx, case.task_id)
    assert task, f"case {case.id} is {case.state} without a task"
    return task
