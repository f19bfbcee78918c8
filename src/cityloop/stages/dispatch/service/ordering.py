"""What is said about a case without moving it: reminders and notices, numbered supervision, a leader's word."""

from datetime import datetime

from cityloop.cases import Case, case_get, case_hold
from cityloop.cases.notes import keep_note
from cityloop.cases.orders import Supervision, SupervisionState
from cityloop.cases.store import supervision_last
from cityloop.db import Tx
from cityloop.domain.calendar import calendar_in
from cityloop.domain.facts import (
    Addressed,
    CaseInstructed,
    CaseUrged,
    OverdueNoticed,
    SupervisionAccepted,
    SupervisionIssued,
    SupervisionLevel,
    SupervisionMissed,
    SupervisionRejected,
)
from cityloop.domain.ids import AccountId, CaseId
from cityloop.domain.lifecycle import state_after
from cityloop.domain.policy import Policy
from cityloop.domain.time import due_at
from cityloop.journal import timer_drop, timer_set
from cityloop.stages.dispatch import rules
from cityloop.stages.dispatch.model import (
    NOTICES,
    NOTICES_PART,
    NOTICES_SUBJECT,
    SUPERVISION,
    NotAnswered,
    SupervisionRunning,
    WordsMissing,
)
from cityloop.stages.dispatch.store import case_list_unnoticed, order_next

SUPERVISE = "supervise"  # the kind of order that is counted


def urge_case(
    tx: Tx, case_id: CaseId, *, reason: str, note: str, by: AccountId, policy: Policy, now: datetime
) -> CaseId:
    """Remind the unit that is answerable.

    Refuses with `ReasonUnknown`, `NoteTooLong` or `MoveForbidden`. Emits `CaseUrged`.
    """
    case = case_hold(tx, case_id)
    state_after(CaseUrged.__name__, case.state)
    assert case.unit, f"case {case.id} is {case.state} without a unit"
    assert case.task_id, f"case {case.id} is {case.state} without a task"
    why = rules.urge_reason(reason)
    kept = keep_note(tx, case.id, note, chars_max=policy.settings.text_chars_max)
    tx.emit(
        CaseUrged(
            case_id=case.id, urge_id=tx.new_id(), task_id=case.task_id, unit=case.unit, by=by, reason=why.value,
            note=kept, at=now,
        )
    )  # fmt: skip
    return case.id


def notice_overdue(tx: Tx, *, policy: Policy, now: datetime) -> int:
    """Tell every unit whose deadline passed before this day began, once for each deadline; a part at a time.

    Sets the timer for the next part, or for the next day. Gives how many were told. Emits `OverdueNoticed`.
    """
    zone = calendar_in(policy).zone
    day = rules.day_begins(now, zone)
    ids = case_list_unnoticed(tx, before=day, limit=NOTICES_PART)
    tx.hold(f"case/{id}" for id in ids)  # then look once more: somebody may have ended what ran
    told = 0
    for case in (case_get(tx, id) for id in ids):
        if case.clock_due and rules.is_to_notice(case.state, case.clock_due, day):
            assert case.unit, f"case {case.id} is {case.state} without a unit"
            assert case.task_id, f"case {case.id} is {case.state} without a task"
            tx.emit(
                OverdueNoticed(
                    case_id=case.id, urge_id=tx.new_id(), task_id=case.task_id, unit=case.unit, due_at=case.clock_due,
                    at=now,
                )
            )  # fmt: skip
            told += 1
    more = len(ids) == NOTICES_PART
    timer_set(tx, NOTICES, NOTICES_SUBJECT, now if more else rules.day_after(now, zone))
    return told


def supervise_case(
    tx: Tx, case_id: CaseId, *, level: SupervisionLevel, reason: str, note: str, by: AccountId, policy: Policy,
    now: datetime,
) -> CaseId:  # fmt: skip
    """Supervise the unit that is answerable, under a number, with a date for its answer.

    Refuses with `ReasonUnknown`, `SupervisionRunning`, `NoteTooLong` or `MoveForbidden`. Emits `SupervisionIssued`.
    """
    case = case_hold(tx, case_id)
    state_after(SupervisionIssued.__name__, case.state)
    why = rules.supervise_reason(reason)
    last = supervision_last(tx, case.id)
    if last and last.state is not SupervisionState.settled:
        raise SupervisionRunning(f"{last.number} is not settled yet; wait for its answer, or ask again.")
    if case.unit is None:
        raise SupervisionRunning(
            "No unit of the city is answerable now, so nobody can be supervised; dispatch it first."
        )
    kept = keep_note(tx, case.id, note, chars_max=policy.settings.text_chars_max)
    calendar = calendar_in(policy)
    local = now.astimezone(calendar.zone)
    seq = order_next(tx, SUPERVISE, f"{local:%Y}")
    limit = rules.answer_limit(level, policy.settings)
    due = due_at(now, limit, calendar)
    tx.emit(
        SupervisionIssued(
            case_id=case.id, supervision_id=tx.new_id(), level=level, unit=case.unit, answer_due=due, by=by,
            number=rules.order_number(policy.settings.supervise_number, local, seq), answer_limit=limit,
            reason=why.value, note=kept, at=now,
        )
    )  # fmt: skip
    timer_set(tx, SUPERVISION, f"case/{case.id}", due)
    return case.id


def accept_answer(tx: Tx, case_id: CaseId, *, by: AccountId, now: datetime) -> CaseId:
    """Be content with the unit's answer: the supervision is over.

    Refuses with `NotAnswered`. Emits `SupervisionAccepted`.
    """
    case = case_hold(tx, case_id)
    found = _answered(tx, case)
    tx.emit(SupervisionAccepted(case_id=case.id, supervision_id=found.id, by=by, at=now))
    timer_drop(tx, SUPERVISION, f"case/{case.id}")
    return case.id


def ask_answer_again(tx: Tx, case_id: CaseId, *, reason: str, by: AccountId, policy: Policy, now: datetime) -> CaseId:
    """Not be content: the unit answers once more, by a new date.

    Refuses with `ReasonUnknown` or `NotAnswered`. Emits `SupervisionRejected`.
    """
    case = case_hold(tx, case_id)
    found = _answered(tx, case)
    why = rules.supervise_reason(reason)
    limit = rules.answer_limit(found.level, policy.settings)
    due = due_at(now, limit, calendar_in(policy))
    tx.emit(
        SupervisionRejected(
            case_id=case.id, supervision_id=found.id, by=by, reason=why.value, answer_due=due, answer_limit=limit,
            at=now,
        )
    )  # fmt: skip
    timer_set(tx, SUPERVISION, f"case/{case.id}", due)
    return case.id


def miss_answer(tx: Tx, case_id: CaseId, *, now: datetime) -> None:
    """Tell that the date for an answer passed without one.

    Emits `SupervisionMissed`.
    """
    case = case_hold(tx, case_id)
    found = supervision_last(tx, case.id)
    if found and found.state is SupervisionState.open and found.answer_due <= now:
        tx.emit(
            SupervisionMissed(case_id=case.id, supervision_id=found.id, answer_due=found.answer_due, at=now)
        )  # fmt: skip


def instruct_case(
    tx: Tx, case_id: CaseId, *, words: str, addressed: Addressed, urgency: int, by: AccountId, policy: Policy,
    now: datetime,
) -> CaseId:  # fmt: skip
    """Put a leader's word on a case; it raises the urgency and never lowers it.

    Refuses with `WordsMissing`, `NoteTooLong` or `MoveForbidden`. Emits `CaseInstructed`.
    """
    case = case_hold(tx, case_id)
    state_after(CaseInstructed.__name__, case.state)
    said = keep_note(tx, case.id, words, chars_max=policy.settings.text_chars_max)
    if said is None:
        raise WordsMissing("An instruction says nothing; write what shall be done.")
    tx.emit(
        CaseInstructed(
            case_id=case.id, instruction_id=tx.new_id(), addressed=addressed, urgency=urgency, said=said, by=by, at=now
        )
    )  # fmt: skip
    return case.id


def _answered(tx: Tx, case: Case) -> Supervision:
    found = supervision_last(tx, case.id)
    if found is None or found.state is not SupervisionState.answered:
        raise NotAnswered("No answer waits to be judged; the unit has not answered, or it is settled.")
    return found
