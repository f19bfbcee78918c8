"""What the facts from dispatch to closing do to the spine."""

import msgspec
from msgspec.structs import replace

from cityloop.cases.apply.parts import (
    CALLED_OFF,
    case_now,
    limit_text,
    load,
    look_asked,
    move,
    task_ended,
    task_now,
    text,
)
from cityloop.cases.apply.stages import stage_ended, stages_begun
from cityloop.cases.elsewhere import SelfHandled
from cityloop.cases.model import Task, TaskKind
from cityloop.db import Tx
from cityloop.domain import facts as f
from cityloop.domain.clock import standing
from cityloop.domain.facts import Measure, Told
from cityloop.domain.lifecycle import State

_duties = msgspec.json.Decoder(tuple[f.Duty, ...]).decode

# dispatch


def dispatch_proposed(tx: Tx, told: Told[f.DispatchProposed]) -> None:
    move(tx, told, duties=text(told.fact.duties), why=text(told.fact.why))


def case_level_moved(tx: Tx, told: Told[f.CaseLevelMoved]) -> None:
    fact = told.fact
    move(
        tx, told, level=fact.level, level_area=fact.area, level_from=fact.from_level, dispatch_due=fact.dispatch_due,
        dispatch_limit=limit_text(fact.dispatch_limit),
        clock_since=fact.at, clock_due=fact.dispatch_due,
    )  # fmt: skip


def case_dispatched(tx: Tx, told: Told[f.CaseDispatched]) -> None:
    fact = told.fact
    duty, resumes = fact.duty, fact.resumes
    asked = case_now(tx, fact.case_id).duties
    proposed = duty.unit if fact.automatic else next((each.unit for each in _duties(asked)), None) if asked else None
    stages, stage = stages_begun(fact)
    since, pauses = (resumes.start, text(resumes.pauses)) if resumes else (None, None)
    extensions = text(resumes.extensions) if resumes and resumes.extensions else None
    tx.put(
        "task",
        Task(
            id=fact.task_id, case_id=fact.case_id, kind=TaskKind.handle, unit=duty.unit, assist=text(duty.assist),
            time_limit=text(duty.limit), given_at=fact.at, given_by=told.actor, sign_due=fact.sign_due,
            sign_limit=limit_text(fact.sign_limit), due_at=fact.due_at, automatic=fact.automatic, why=text(duty.why), clock_from=since, pauses=pauses,
            extensions=extensions, stages=stages, stage=stage, proposed=proposed,
        ),
    )  # fmt: skip
    load(tx, duty.unit, +1)
    move(
        tx, told, level=duty.level, dispatched_at=fact.at, dispatched_by=told.actor, task_id=fact.task_id, unit=duty.unit,
        due_at=fact.due_at, clock_since=since or fact.at, clock_due=fact.due_at, clock_pauses=pauses, duties=None,
    )  # fmt: skip


# handling


def task_signed(tx: Tx, told: Told[f.TaskSigned]) -> None:
    tx.put("task", replace(task_now(tx, told.fact.task_id), signed_at=told.fact.at, signed_by=told.actor))
    move(tx, told)


def task_returned(tx: Tx, told: Told[f.TaskReturned]) -> None:
    fact = told.fact
    before = task_now(tx, fact.task_id)
    task = task_ended(
        tx, told, fact.task_id, outcome="misdispatched" if fact.misdispatched else "returned", note=fact.note,
        overdue=(fact.clock_from or fact.at) > before.due_at,
    )  # fmt: skip
    task = replace(task, returned_for=fact.reason)
    tx.put("task", task)
    if fact.clock_from and before.time_limit:  # it was asked for first, and has stood since; a given deadline never stands
        tx.put("task", replace(task, pauses=text(standing(before.clock, fact.clock_from).pauses)))
    load(tx, task.unit, -1)
    case = case_now(tx, fact.case_id)
    move(
        tx, told, task_id=None, unit=None, due_at=None, dispatch_due=fact.dispatch_due,
        dispatch_limit=limit_text(fact.dispatch_limit), clock_since=fact.at,
        clock_due=fact.dispatch_due, returns=case.returns + 1,
    )  # fmt: skip


def task_finished(tx: Tx, told: Told[f.TaskFinished]) -> None:
    fact = told.fact
    task = task_ended(
        tx, told, fact.task_id, outcome="finished", note=fact.note, overdue=fact.overdue, photos=text(fact.photos)
    )
    if task.stage is not None:
        tx.put("task", stage_ended(task_now(tx, fact.task_id), fact.at, overdue=fact.overdue))
    load(tx, task.unit, -1)
    move(tx, told, handled_at=fact.at, handled_by=told.actor, clock_since=None, clock_due=None)


def due_moved(tx: Tx, told: Told[f.DueMoved]) -> None:
    fact = told.fact
    if fact.measures is Measure.accept:  # it runs on while somebody verifies, under another clock
        shown = case_now(tx, fact.case_id).state is not State.verifying
        move(tx, told, accept_due=fact.due_at, **{"clock_due": fact.due_at} if shown else {})
    elif fact.measures is Measure.dispatch:
        move(tx, told, dispatch_due=fact.due_at, clock_due=fact.due_at)
    elif fact.measures is Measure.sign:
        tx.put("task", replace(task_now(tx, fact.task_id), sign_due=fact.due_at))
        move(tx, told)
    elif fact.measures is Measure.assist:  # beside the clock of the case
        tx.put("task", replace(task_now(tx, fact.task_id), due_at=fact.due_at))
        move(tx, told)
    else:
        task = task_now(tx, fact.task_id)
        tx.put("task", replace(task, due_at=fact.due_at))
        handling = {"due_at": fact.due_at} if task.kind in (TaskKind.handle, TaskKind.transfer) else {}
        move(tx, told, clock_due=fact.due_at, **handling)


# inspection


def inspection_asked(tx: Tx, told: Told[f.InspectionAsked]) -> None:
    fact = told.fact
    before = case_now(tx, fact.case_id)
    if before.state is State.inspecting and before.task_id:  # somebody else is asked now
        task_ended(tx, told, before.task_id, outcome=CALLED_OFF, note=None)
    if cleared := (tx.get("self_handled", SelfHandled, fact.case_id) if before.marks else None):
        tx.put("self_handled", replace(cleared, inspected=True))
    look_asked(tx, told, TaskKind.inspect, why=text(fact.why))


def case_inspected(tx: Tx, told: Told[f.CaseInspected]) -> None:
    fact = told.fact
    outcome = "passed" if fact.passed else "failed"
    task_ended(tx, told, fact.task_id, outcome=outcome, note=fact.note, photos=text(fact.photos))
    move(tx, told, task_id=None, post=None, clock_since=None, clock_due=None)


def case_reworked(tx: Tx, told: Told[f.CaseReworked]) -> None:
    fact = told.fact
    case = case_now(tx, fact.case_id)
    tx.put(
        "task",
        Task(
            id=fact.task_id, case_id=fact.case_id, kind=TaskKind.handle, unit=fact.unit, assist=text(fact.assist),
            time_limit=text(fact.limit), given_at=fact.at, given_by=told.actor, is_rework=True,
            sign_due=fact.sign_due, sign_limit=limit_text(fact.sign_limit), due_at=fact.due_at, automatic=True, why=text([fact.reason]),
        ),
    )  # fmt: skip
    load(tx, fact.unit, +1)
    move(
        tx, told, task_id=fact.task_id, unit=fact.unit, due_at=fact.due_at, clock_since=fact.at,
        clock_due=fact.due_at, handled_at=None, handled_by=None,
        reworks=case.reworks + 1,
    )  # fmt: skip


def case_closed(tx: Tx, told: Told[f.CaseClosed]) -> None:
    move(
        tx,
        told,
        closed_at=told.fact.at,
        closed_by=told.actor,
        on_time=told.fact.on_time,
        clock_since=None,
        clock_due=None,
    )
