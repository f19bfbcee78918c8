"""What the steps of a task do to the spine: each ends with its moment, and the next has a clock of its own."""

from datetime import datetime

from msgspec.structs import replace

from cityloop.cases.apply.parts import move, task_now, text
from cityloop.cases.model import Task, TaskStage, stages_in
from cityloop.db import Tx
from cityloop.domain import facts as f
from cityloop.domain.facts import Told


def task_stage_reached(tx: Tx, told: Told[f.TaskStageReached]) -> None:
    fact = told.fact
    task = task_now(tx, fact.task_id)
    tx.put(
        "task",
        replace(
            stage_ended(task, fact.at, overdue=fact.overdue), stage=(task.stage or 0) + 1, clock_from=fact.at, pauses=None,
            time_limit=text(fact.limit), due_at=fact.due_at,
        ),
    )  # fmt: skip
    move(tx, told, clock_since=fact.at, clock_due=fact.due_at, due_at=fact.due_at)


def stages_begun(fact: f.CaseDispatched) -> tuple[str | None, int | None]:
    """The columns of a task that was just given."""
    if not fact.stages:
        return None, None
    return text([TaskStage(code=each.code, limit=each.limit) for each in fact.stages]), fact.stage


def stage_ended(task: Task, at: datetime, *, overdue: bool) -> Task:
    """The task with its running step ended; the same where it has no steps."""
    if task.stage is None:
        return task
    stages = list(stages_in(task.stages))
    stages[task.stage] = replace(stages[task.stage], reached_at=at, overdue=overdue)
    return replace(task, stages=text(stages))
