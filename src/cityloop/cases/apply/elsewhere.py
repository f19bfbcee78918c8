"""What work that no unit of the city was given does to the spine."""

from msgspec.structs import replace

from cityloop.cases.apply.parts import (
    CERTAIN_PPM,
    case_now,
    marked,
    move,
    moved,
    problem_columns,
    report_now,
    report_of,
    task_ended,
    text,
)
from cityloop.cases.elsewhere import Cleared, SelfHandled
from cityloop.cases.model import Case, Task, TaskKind
from cityloop.db import Tx
from cityloop.domain import facts as f
from cityloop.domain.facts import Told
from cityloop.domain.lifecycle import State

SELF_HANDLED, TRANSFERRED = "self_handled", "transferred"


def self_handling_reported(tx: Tx, told: Told[f.SelfHandlingReported]) -> None:
    fact = told.fact
    cleared = Cleared(by=fact.by, photos=fact.photos, note=fact.note)
    tx.put("report", replace(report_now(tx, fact.report_id), no=told.no, cleared=text(cleared)))


def case_self_handled(tx: Tx, told: Told[f.CaseSelfHandled]) -> None:
    fact = told.fact
    moved(None, told)
    report_of(tx, fact.report_id, fact.case_id)
    by = f"account:{fact.by}"
    tx.put(
        "task",
        Task(
            id=fact.task_id, case_id=fact.case_id, kind=TaskKind.clear, time_limit=text(fact.rule.limit),
            given_at=fact.at, given_by=by, due_at=fact.at, ended_at=fact.at, ended_by=by, outcome="finished",
            overdue=False, photos=text(fact.photos), note=fact.note.id if fact.note else None,
        ),
    )  # fmt: skip
    tx.put(
        "self_handled",
        SelfHandled(id=fact.case_id, task_id=fact.task_id, by=by, class_key=fact.problem.class_key, at=fact.at),
    )
    tx.put(
        "case_file",
        Case(
            id=fact.case_id, no=told.no, number=fact.number, state=State.handled, level=fact.level,
            report_id=fact.report_id, opened_at=fact.at, why=text(fact.why), recurs=fact.recurs,
            rule_kept=text(fact.rule), filed_at=fact.at, filed_by=told.actor, confidence_ppm=CERTAIN_PPM,
            task_id=fact.task_id, handled_at=fact.at, handled_by=by, due_at=fact.at, simulated=fact.simulated,
            marks=marked(None, SELF_HANDLED), **problem_columns(fact.problem),
        ),
    )  # fmt: skip


def self_handling_passed(tx: Tx, told: Told[f.SelfHandlingPassed]) -> None:
    move(tx, told, task_id=None)


def result_rejected(tx: Tx, told: Told[f.ResultRejected]) -> None:
    fact = told.fact
    if row := tx.get("self_handled", SelfHandled, fact.case_id):
        tx.put("self_handled", replace(row, inspected=True, rejected=True))
    move(
        tx, told, handled_at=None, handled_by=None, due_at=None, task_id=None, dispatch_due=fact.dispatch_due,
        dispatch_limit=text(fact.dispatch_limit), clock_since=fact.at, clock_due=fact.dispatch_due,
    )  # fmt: skip


def case_transferred(tx: Tx, told: Told[f.CaseTransferred]) -> None:
    fact = told.fact
    tx.put(
        "task",
        Task(
            id=fact.task_id, case_id=fact.case_id, kind=TaskKind.transfer, time_limit=text(fact.limit),
            given_at=fact.at, given_by=told.actor, due_at=fact.due_at,
            why=text([f"system:{fact.system}", f"their_number:{fact.their_number}"]),
            note=fact.note.id if fact.note else None,
        ),
    )  # fmt: skip
    move(
        tx, told, task_id=fact.task_id, dispatched_at=fact.at, dispatched_by=told.actor, due_at=fact.due_at,
        clock_since=fact.at, clock_due=fact.due_at, duties=None,
        marks=marked(case_now(tx, fact.case_id).marks, TRANSFERRED),
    )  # fmt: skip


def transfer_finished(tx: Tx, told: Told[f.TransferFinished]) -> None:
    fact = told.fact
    task_ended(tx, told, fact.task_id, outcome="finished", note=fact.note, overdue=fact.overdue)
    move(tx, told, handled_at=fact.at, handled_by=told.actor, clock_since=None, clock_due=None)


def transfer_returned(tx: Tx, told: Told[f.TransferReturned]) -> None:
    fact = told.fact
    task_ended(tx, told, fact.task_id, outcome="returned", note=fact.note)
    move(
        tx, told, task_id=None, due_at=None, dispatch_due=fact.dispatch_due, dispatch_limit=text(fact.dispatch_limit),
        clock_since=fact.at, clock_due=fact.dispatch_due,
    )  # fmt: skip


def transfer_missed(tx: Tx, told: Told[f.TransferMissed]) -> None:
    move(tx, told)
