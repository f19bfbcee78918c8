"""What the facts of imported histories do to the spine. Nothing that the file does not tell is written down as known."""

from datetime import datetime

from msgspec.structs import replace

from cityloop.cases.apply.parts import CALLED_OFF, case_now, load, problem_columns, text, where_columns
from cityloop.cases.model import Case, Imported, Report, Task, TaskKind
from cityloop.db import Tx
from cityloop.domain import facts as f
from cityloop.domain.facts import Told, Untold
from cityloop.domain.lifecycle import OVER, State, state_after

UNTOLD = "untold"  # stands for who gave a task, where nobody knows who gave it, nor when


def report_imported(tx: Tx, told: Told[f.ReportImported]) -> None:
    fact = told.fact
    tx.put(
        "report",
        Report(
            id=fact.report_id, no=told.no, channel=fact.channel.value, received_at=fact.at, happened_at=None,
            said=fact.said.id, contact=fact.contact.id if fact.contact else None, photos="[]",
            declared_class=fact.class_key, by=None, simulated=False, class_key=fact.class_key, case_id=fact.case_id,
        ),
    )  # fmt: skip
    if fact.case_id is None:  # else the case stands for the row
        _noted(tx, told, fact.origin)


def case_imported(tx: Tx, told: Told[f.CaseImported]) -> None:
    fact = told.fact
    state = state_after(type(fact).__name__, None, fact.history.state)
    empty = Case(id=fact.case_id, no=told.no, state=state, report_id=fact.report_id, opened_at=fact.history.opened_at)
    _tell(tx, told, empty, fact.origin, fact.history)


def case_reimported(tx: Tx, told: Told[f.CaseReimported]) -> None:
    fact = told.fact
    case = case_now(tx, fact.case_id)
    state_after(type(fact).__name__, case.state, fact.history.state)
    running = tx.get("task", Task, case.task_id) if case.task_id else None
    if running and running.ended_at is None:  # it ran on here; what the file tells now takes its place
        load(tx, running.unit, -1)
        if running.id != fact.history.task_id:
            ended = replace(running, ended_at=fact.at, ended_by=told.actor, outcome=CALLED_OFF, overdue=False)
            tx.put("task", ended)
    _tell(tx, told, replace(case, no=told.no, state=fact.history.state), fact.origin, fact.history)


def _tell(tx: Tx, told: Told, case: Case, origin: f.Origin, history: f.History) -> None:
    due = history.deadline.due_at if history.deadline else None
    over = history.state in OVER
    runs = history.state is State.handling
    place = where_columns(history.where) | {"class_key": history.class_key}
    about = problem_columns(history.problem) if history.problem else place
    tx.put(
        "case_file",
        replace(
            case, number=history.number, is_open=not over, level=history.level, **about,
            rule_kept=text(history.rule) if history.rule else None, why=text(history.why),
            refused_for=history.refused_for, opened_at=history.opened_at, accepted_at=history.accepted_at,
            filed_at=history.filed_at, dispatched_at=history.dispatched_at, handled_at=history.handled_at,
            closed_at=history.closed_at, due_at=due, unit=history.unit, task_id=history.task_id if runs else None,
            clock_since=(history.dispatched_at or history.opened_at) if runs else None, clock_due=due if runs else None,
            on_time=history.on_time if history.state is State.closed else None, untold=text(history.untold),
            note=history.note.id if history.note else None,
        ),
    )  # fmt: skip
    if history.task_id and due:
        _task(tx, told, case, history, due)
    _noted(tx, told, origin)


def _task(tx: Tx, told: Told, case: Case, history: f.History, due: datetime) -> None:
    """Work with a deadline: it runs on here, or the file tells when it was done."""
    done_at = history.handled_at
    known = Untold.dispatched not in history.untold and history.dispatched_at is not None
    tx.put(
        "task",
        Task(
            id=history.task_id, case_id=case.id, kind=TaskKind.handle, unit=history.unit, why=text(history.why),
            given_at=history.dispatched_at or history.opened_at, given_by=told.actor if known else UNTOLD, due_at=due,
            ended_at=done_at, ended_by=told.actor if done_at else None, outcome="finished" if done_at else None,
            overdue=done_at > due if done_at else None,
        ),
    )  # fmt: skip
    if done_at is None:
        load(tx, history.unit, +1)


def _noted(tx: Tx, told: Told, origin: f.Origin) -> None:
    tx.put(
        "imported",
        Imported(
            id=f"{origin.source}/{origin.key}", subject=told.subject, digest=origin.digest, file=origin.file,
            line=origin.line, no=told.no,
        ),
    )  # fmt: skip

