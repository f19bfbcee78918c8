"""Help by other units: asked for, found again, called off. The rooms that dispatch, handle and inspect share it."""

from collections.abc import Iterable
from datetime import datetime

from cityloop.cases.model import Case, Task, TaskKind
from cityloop.cases.store import task_list_of
from cityloop.db import Tx
from cityloop.domain.calendar import calendar_in
from cityloop.domain.facts import AssistAsked, AssistCancelled
from cityloop.domain.ids import CaseId, TaskId, UnitId
from cityloop.domain.policy import Limit, Policy
from cityloop.domain.time import due_at

BY_HAND, WITH_LEAD, REWORK = "by_hand", "with_lead", "rework"  # why a unit was asked
LEAD_PUT_OFF, VOIDED = "lead_put_off", "voided"  # why it is not waited for


def ask_assists(
    tx: Tx, case_id: CaseId, lead_task: TaskId, units: Iterable[UnitId], *, limit: Limit, why: str, policy: Policy,
    now: datetime,
) -> None:  # fmt: skip
    """Give each of the units a task of its own, whose clock begins now.

    Emits `AssistAsked`.
    """
    calendar = calendar_in(policy)
    for unit in units:
        tx.emit(
            AssistAsked(
                case_id=case_id, task_id=TaskId(tx.new_id()), lead_task=lead_task, unit=unit, limit=limit, why=why,
                sign_due=due_at(now, policy.settings.sign_limit, calendar), sign_limit=policy.settings.sign_limit,
                due_at=due_at(now, limit, calendar), at=now,
            )
        )  # fmt: skip


def assists_open(tx: Tx, case: Case) -> list[Task]:
    """The helping tasks that run. A case without guests costs no statement."""
    if not case.guests:
        return []
    return [task for task in task_list_of(tx, case.id) if task.kind is TaskKind.assist and task.ended_at is None]


def call_off_assists(tx: Tx, case: Case, *, reason: str, now: datetime, given_before: datetime | None = None) -> None:
    """Wait no more for the units that help; `given_before` leaves those alone that were asked later.

    Emits `AssistCancelled`.
    """
    for task in assists_open(tx, case):
        if given_before is None or task.given_at < given_before:
            tx.emit(AssistCancelled(case_id=case.id, task_id=task.id, reason=reason, at=now))
