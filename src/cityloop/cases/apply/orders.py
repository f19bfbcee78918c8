"""What is said about a case without moving it, as rows: reminders, supervision, a leader's word."""

from msgspec.structs import replace

from cityloop.cases.apply.parts import case_now, marked, move, text, without_name
from cityloop.cases.orders import Instruction, Supervision, SupervisionState, Urge
from cityloop.db import Tx
from cityloop.domain import facts as f
from cityloop.domain.facts import Told

URGED, SUPERVISED, INSTRUCTED = "urged", "supervised", "instructed"


def _mark(tx: Tx, told: Told, mark: str) -> None:
    move(tx, told, marks=marked(case_now(tx, told.fact.case_id).marks, mark))


def case_urged(tx: Tx, told: Told[f.CaseUrged]) -> None:
    fact = told.fact
    tx.put(
        "urge",
        Urge(
            id=fact.urge_id, case_id=fact.case_id, task_id=fact.task_id, unit=fact.unit, at=fact.at, by=told.actor,
            reason=fact.reason, note=fact.note.id if fact.note else None,
        ),
    )  # fmt: skip
    _mark(tx, told, URGED)


def overdue_noticed(tx: Tx, told: Told[f.OverdueNoticed]) -> None:
    fact = told.fact
    tx.put(
        "urge",
        Urge(
            id=fact.urge_id, case_id=fact.case_id, task_id=fact.task_id, unit=fact.unit, at=fact.at, by=told.actor,
            noticed_due=fact.due_at,
        ),
    )  # fmt: skip
    _mark(tx, told, URGED)


def supervision_issued(tx: Tx, told: Told[f.SupervisionIssued]) -> None:
    fact = told.fact
    tx.put(
        "supervision",
        Supervision(
            id=fact.supervision_id, case_id=fact.case_id, number=fact.number, level=fact.level, unit=fact.unit,
            reason=fact.reason, issued_at=fact.at, issued_by=told.actor, answer_due=fact.answer_due,
            answer_limit=text(fact.answer_limit), note=fact.note.id if fact.note else None,
        ),
    )  # fmt: skip
    _mark(tx, told, SUPERVISED)


def supervision_answered(tx: Tx, told: Told[f.SupervisionAnswered]) -> None:
    fact = told.fact
    tx.put(
        "supervision",
        replace(
            supervision_now(tx, fact.supervision_id), state=SupervisionState.answered, answer=fact.answer.id,
            answered_at=fact.at, answered_by=told.actor, late=fact.overdue,
        ),
    )  # fmt: skip
    move(tx, told)


def supervision_rejected(tx: Tx, told: Told[f.SupervisionRejected]) -> None:
    fact = told.fact
    before = supervision_now(tx, fact.supervision_id)
    tx.put(
        "supervision",
        replace(
            before, state=SupervisionState.open, answer_due=fact.answer_due, answer_limit=text(fact.answer_limit),
            rounds=before.rounds + 1,
        ),
    )  # fmt: skip
    move(tx, told)


def supervision_accepted(tx: Tx, told: Told[f.SupervisionAccepted]) -> None:
    fact = told.fact
    tx.put(
        "supervision",
        replace(
            supervision_now(tx, fact.supervision_id), state=SupervisionState.settled, settled_at=fact.at,
            settled_by=told.actor,
        ),
    )  # fmt: skip
    move(tx, told, marks=without_name(case_now(tx, fact.case_id).marks, SUPERVISED))


def supervision_missed(tx: Tx, told: Told[f.SupervisionMissed]) -> None:
    before = supervision_now(tx, told.fact.supervision_id)
    tx.put("supervision", replace(before, missed=before.missed + 1))
    move(tx, told)


def case_instructed(tx: Tx, told: Told[f.CaseInstructed]) -> None:
    fact = told.fact
    tx.put(
        "instruction",
        Instruction(
            id=fact.instruction_id, case_id=fact.case_id, addressed=fact.addressed, urgency=fact.urgency,
            note=fact.said.id, at=fact.at, by=told.actor,
        ),
    )  # fmt: skip
    case = case_now(tx, fact.case_id)
    move(tx, told, marks=marked(case.marks, INSTRUCTED), urgency=max(case.urgency, fact.urgency))


def supervision_now(tx: Tx, id: str) -> Supervision:
    found = tx.get("supervision", Supervision, id)
    assert found, f"supervision {id} was not issued"
    return found
