"""Another system has it: given there under its number, until it answers."""

from datetime import datetime

from cityloop.cases import Case, Task, case_hold, task_get
from cityloop.cases.notes import keep_note
from cityloop.db import Tx
from cityloop.domain.calendar import calendar_in
from cityloop.domain.facts import CaseTransferred, TransferFinished, TransferMissed, TransferReturned
from cityloop.domain.ids import CaseId, TaskId
from cityloop.domain.lifecycle import State, state_after
from cityloop.domain.policy import Policy
from cityloop.domain.time import due_at
from cityloop.journal import timer_drop, timer_set
from cityloop.stages.dispatch import rules
from cityloop.stages.dispatch.model import TRANSFER


def transfer_case(
    tx: Tx, case_id: CaseId, *, system: str, their_number: str, reason: str, note: str, policy: Policy, now: datetime
) -> CaseId:
    """Give the case to another system, which answers within the pack's limit.

    Refuses with `SystemUnknown`, `NumberWrong`, `ReasonUnknown`, `NoteTooLong` or `MoveForbidden`.
    Emits `CaseTransferred`.
    """
    case = case_hold(tx, case_id)
    state_after(CaseTransferred.__name__, case.state)
    rules.system_known(system, policy.systems)
    why = rules.transfer_reason(reason)
    number = rules.their_number(their_number)
    kept = keep_note(tx, case.id, note, chars_max=policy.settings.text_chars_max)
    limit = policy.settings.transfer_limit
    due = due_at(now, limit, calendar_in(policy))
    tx.emit(
        CaseTransferred(
            case_id=case.id, task_id=TaskId(tx.new_id()), system=system, their_number=number, limit=limit, due_at=due,
            reason=why.value, note=kept, at=now,
        )
    )  # fmt: skip
    timer_set(tx, TRANSFER, f"case/{case.id}", due)
    return case.id


def finish_transfer(tx: Tx, case_id: CaseId, *, note: str, policy: Policy, now: datetime) -> CaseId:
    """Note that the other system says it is done; it is inspected like other work.

    Refuses with `NoteTooLong` or `MoveForbidden`. Emits `TransferFinished`.
    """
    case = case_hold(tx, case_id)
    state_after(TransferFinished.__name__, case.state)
    task = _task(tx, case)
    kept = keep_note(tx, case.id, note, chars_max=policy.settings.text_chars_max)
    tx.emit(
        TransferFinished(case_id=case.id, task_id=task.id, note=kept, overdue=now > task.due_at, at=now)
    )  # fmt: skip
    timer_drop(tx, TRANSFER, f"case/{case.id}")
    return case.id


def return_transfer(
    tx: Tx, case_id: CaseId, *, reason: str, note: str, policy: Policy, now: datetime
) -> CaseId:
    """Note that the other system sent it back; the dispatcher's clock starts anew.

    Refuses with `ReasonUnknown`, `NoteTooLong` or `MoveForbidden`. Emits `TransferReturned`.
    """
    case = case_hold(tx, case_id)
    state_after(TransferReturned.__name__, case.state)
    task = _task(tx, case)
    why = rules.transfer_back_reason(reason)
    kept = keep_note(tx, case.id, note, chars_max=policy.settings.text_chars_max)
    tx.emit(
        TransferReturned(
            case_id=case.id, task_id=task.id, system=rules.system_of(task.why), reason=why.value, note=kept,
            dispatch_due=due_at(now, policy.settings.dispatch_limit, calendar_in(policy)),
            dispatch_limit=policy.settings.dispatch_limit, at=now,
        )
    )  # fmt: skip
    timer_drop(tx, TRANSFER, f"case/{case.id}")
    return case.id


def miss_transfer(tx: Tx, case_id: CaseId, *, now: datetime) -> None:
    """Tell that the other system did not answer in time; a date that moved is waited for.

    Emits `TransferMissed`.
    """
    case = case_hold(tx, case_id)
    if case.state is not State.transferred:
        return
    task = _task(tx, case)
    if task.due_at > now:
        timer_set(tx, TRANSFER, f"case/{case.id}", task.due_at)
    else:
        tx.emit(TransferMissed(case_id=case.id, task_id=task.id, answer_due=task.due_at, at=now))


def _task(tx: Tx, case: Case) -> Task:
    task = task_get(tx, case.task_id) if case.task_id else None
    assert task, f"case {case.id} is {case.state} without a task"
    return task
