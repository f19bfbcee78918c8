"""What the facts of other units do to the spine: one instead, and those that help."""

from msgspec.structs import replace

from cityloop.cases.apply.parts import CALLED_OFF, guest_comes, load, move, task_ended, task_now, text
from cityloop.cases.apply.stages import stages_begun
from cityloop.cases.model import Task, TaskKind
from cityloop.db import Tx
from cityloop.domain import facts as f
from cityloop.domain.facts import Told


def case_reassigned(tx: Tx, told: Told[f.CaseReassigned]) -> None:
    fact = told.fact
    duty = fact.duty
    stages, stage = stages_begun(fact)
    ended = task_ended(tx, told, fact.ended_task, outcome="reassigned", note=fact.note)
    load(tx, ended.unit, -1)
    tx.put(
        "task",
        Task(
            id=fact.task_id, case_id=fact.case_id, kind=TaskKind.handle, unit=duty.unit, assist=text(duty.assist),
            time_limit=text(duty.limit), given_at=fact.at, given_by=told.actor, sign_due=fact.sign_due,
            sign_limit=text(fact.sign_limit), due_at=fact.due_at, why=text(duty.why), stages=stages,
            stage=stage,
        ),
    )  # fmt: skip
    load(tx, duty.unit, +1)
    move(
        tx, told, level=duty.level, dispatched_at=fact.at, dispatched_by=told.actor, task_id=fact.task_id,
        unit=duty.unit, due_at=fact.due_at, clock_since=fact.at, clock_due=fact.due_at,
    )  # fmt: skip


def assist_asked(tx: Tx, told: Told[f.AssistAsked]) -> None:
    fact = told.fact
    tx.put(
        "task",
        Task(
            id=fact.task_id, case_id=fact.case_id, kind=TaskKind.assist, unit=fact.unit, time_limit=text(fact.limit),
            given_at=fact.at, given_by=told.actor, sign_due=fact.sign_due, sign_limit=text(fact.sign_limit),
            due_at=fact.due_at, automatic=told.actor.startswith("machine"), why=text([fact.why]),
        ),
    )  # fmt: skip
    load(tx, fact.unit, +1)
    move(tx, told, guests=guest_comes(tx, told, fact.unit))


def assist_signed(tx: Tx, told: Told[f.AssistSigned]) -> None:
    tx.put("task", replace(task_now(tx, told.fact.task_id), signed_at=told.fact.at, signed_by=told.actor))
    move(tx, told)


def assist_finished(tx: Tx, told: Told[f.AssistFinished]) -> None:
    fact = told.fact
    task = task_ended(
        tx, told, fact.task_id, outcome="finished", note=fact.note, overdue=fact.overdue, photos=text(fact.photos)
    )
    load(tx, task.unit, -1)
    move(tx, told)


def assist_called_off(tx: Tx, told: Told[f.AssistCancelled]) -> None:
    task = task_ended(tx, told, told.fact.task_id, outcome=CALLED_OFF, note=None)
    load(tx, task.unit, -1)
    move(tx, told)
