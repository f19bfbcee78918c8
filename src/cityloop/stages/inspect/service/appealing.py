"""A unit against what was counted against it; decided by supervision, never by who inspected."""

from collections.abc import Collection
from datetime import datetime

from cityloop.cases import Case, Task, TaskKind, case_hold, task_get, task_list_of
from cityloop.cases.appeals import About, Appeal, AppealState, appeal_of
from cityloop.cases.notes import keep_note
from cityloop.db import Tx
from cityloop.domain.facts import AppealDismissed, AppealGranted, AppealLodged
from cityloop.domain.ids import AccountId, CaseId, TaskId, UnitId
from cityloop.domain.policy import Policy
from cityloop.stages.inspect import rules
from cityloop.stages.inspect.model import (
    AppealUnknown,
    AppealWordsMissing,
    LodgedAlready,
    OwnInspection,
    TaskUnknown,
)


def lodge_appeal(
    tx: Tx, task_id: TaskId, *, about: About, words: str, by: AccountId, units: Collection[UnitId], policy: Policy,
    now: datetime,
) -> CaseId:  # fmt: skip
    """Appeal against what was counted against a unit's task, once, within the pack's days. `units` are the caller's.

    Refuses with `TaskUnknown`, `NothingCounted`, `TooLate`, `LodgedAlready`, `AppealWordsMissing` or `NoteTooLong`.
    Emits `AppealLodged`.
    """
    task = task_of_unit(tx, task_id, units)
    case = case_hold(tx, task.case_id)
    counted_at = rules.counted_at(about, task, _tests_of(tx, case, task))
    rules.in_days(counted_at, now, policy.settings.appeal_days)
    if appeal_of(tx, case.id, task.id, about):
        raise LodgedAlready("That was appealed against before; one appeal is decided once.")
    note = keep_note(tx, case.id, words, chars_max=policy.settings.text_chars_max)
    if note is None:
        raise AppealWordsMissing("The appeal says nothing; write why it should not be counted.")
    assert task.unit, f"task {task.id} is no unit's"
    tx.emit(
        AppealLodged(
            case_id=case.id, appeal_id=tx.new_id(), task_id=task.id, unit=task.unit, about=about, by=by, note=note, at=now
        )
    )  # fmt: skip
    return case.id


def uphold_appeal(
    tx: Tx, case_id: CaseId, appeal_id: str, *, words: str, by: AccountId, policy: Policy, now: datetime
) -> CaseId:
    """Find for the unit: what it appealed against is not counted. The facts stay as they are.

    Refuses with `AppealUnknown`, `OwnInspection` or `NoteTooLong`. Emits `AppealGranted`.
    """
    case = case_hold(tx, case_id)
    appeal = _open(tx, case, appeal_id, by)
    answer = keep_note(tx, case.id, words, chars_max=policy.settings.text_chars_max)
    tx.emit(
        AppealGranted(case_id=case.id, appeal_id=appeal.id, by=by, answer=answer, at=now)
    )  # fmt: skip
    return case.id


def dismiss_appeal(
    tx: Tx, case_id: CaseId, appeal_id: str, *, reason: str, words: str, by: AccountId, policy: Policy, now: datetime
) -> CaseId:
    """Find against the unit: it stays counted.

    Refuses with `ReasonUnknown`, `AppealUnknown`, `OwnInspection` or `NoteTooLong`. Emits `AppealDismissed`.
    """
    case = case_hold(tx, case_id)
    why = rules.dismiss_reason(reason)
    appeal = _open(tx, case, appeal_id, by)
    answer = keep_note(tx, case.id, words, chars_max=policy.settings.text_chars_max)
    tx.emit(
        AppealDismissed(case_id=case.id, appeal_id=appeal.id, by=by, reason=why.value, answer=answer, at=now)
    )  # fmt: skip
    return case.id


def task_of_unit(tx: Tx, task_id: TaskId, units: Collection[UnitId]) -> Task:
    """A task of one of these units; to others it is not there.

    Refuses with `TaskUnknown`.
    """
    task = task_get(tx, task_id)
    if task is None or task.unit not in units:
        raise TaskUnknown(f"Your unit has no task {task_id[:40]}; take its id from the case.")
    return task


def _open(tx: Tx, case: Case, appeal_id: str, by: AccountId) -> Appeal:
    appeal = tx.get("appeal", Appeal, appeal_id)
    if appeal is None or appeal.case_id != case.id or appeal.state is not AppealState.open:
        raise AppealUnknown(f"No appeal {appeal_id[:40]} of this case waits for a decision.")
    looked = [task for task in task_list_of(tx, case.id) if task.kind is TaskKind.inspect]
    if f"account:{by}" in {task.ended_by for task in looked}:
        raise OwnInspection("You inspected this case, so another decides what is said against it.")
    return appeal


def _tests_of(tx: Tx, case: Case, task: Task) -> list[Task]:
    """The inspections that judged a task: those asked for after it and before the next work began."""
    after = [each for each in task_list_of(tx, case.id) if each.id > task.id]  # ids tell the order
    next_work = min((each.id for each in after if each.kind is TaskKind.handle), default=None)
    return [
        each for each in after if each.kind is TaskKind.inspect and (next_work is None or each.id < next_work)
    ]  # fmt: skip
