"""A street calls departments to a case; they report in, handle it together, and are rated."""

from collections.abc import Collection, Sequence
from datetime import datetime

from cityloop.cases import Case, case_hold
from cityloop.cases.notes import keep_note
from cityloop.cases.whistle import Whistle, whistle_last, whistle_units
from cityloop.db import Tx
from cityloop.domain.calendar import calendar_in
from cityloop.domain.facts import ArrivalMissed, ArrivalReported, UnitRated, WhistleEnded, WhistleSounded
from cityloop.domain.ids import AccountId, CaseId, UnitId
from cityloop.domain.lifecycle import state_after
from cityloop.domain.policy import Policy
from cityloop.domain.time import due_at
from cityloop.journal import timer_drop, timer_set
from cityloop.stages.handle import rules
from cityloop.stages.handle.model import (
    WHISTLE,
    AnswerMissing,
    NotCalled,
    NotYourWhistle,
    WhistleNotOver,
    WhistleOver,
    WhistleRunning,
)


def sound_whistle(
    tx: Tx, case_id: CaseId, *, units: Sequence[UnitId], reason: str, note: str, by: AccountId, street: UnitId,
    policy: Policy, now: datetime,
) -> CaseId:  # fmt: skip
    """Call departments to a case; each reports in within the pack's limit.

    Refuses with `ReasonUnknown`, `CalledWrongly`, `WhistleRunning`, `NoteTooLong` or `MoveForbidden`.
    Emits `WhistleSounded`.
    """
    case = case_hold(tx, case_id)
    state_after(WhistleSounded.__name__, case.state)
    why = rules.whistle_reason(reason)
    called = rules.called(units, street, policy.unit_by_id)
    last = whistle_last(tx, case.id)
    if last and last.ended_at is None:
        raise WhistleRunning("Departments are called to this case already; end that before you call again.")
    kept = keep_note(tx, case.id, note, chars_max=policy.settings.text_chars_max)
    limit = policy.settings.whistle_limit
    due = due_at(now, limit, calendar_in(policy))
    tx.emit(
        WhistleSounded(
            case_id=case.id, whistle_id=tx.new_id(), street=street, units=called, report_due=due, limit=limit, by=by,
            reason=why.value, note=kept, at=now,
        )
    )  # fmt: skip
    timer_set(tx, WHISTLE, f"case/{case.id}", due)
    return case.id


def report_in(
    tx: Tx, case_id: CaseId, *, by: AccountId, units: Collection[UnitId], now: datetime
) -> CaseId:
    """Say that a department has come. `units` are those that the caller sits in.

    Refuses with `NotCalled` or `WhistleOver`. Emits `ArrivalReported`.
    """
    case = case_hold(tx, case_id)
    whistle = _running(tx, case)
    mine = [each for each in whistle_units(tx, whistle.id) if each.unit in units and each.reported_at is None]
    if not mine:
        raise NotCalled("Your unit is not called to this case, or has reported in.")
    tx.emit(
        ArrivalReported(
            case_id=case.id, whistle_id=whistle.id, unit=mine[0].unit, by=by, overdue=now > whistle.report_due, at=now
        )
    )  # fmt: skip
    return case.id


def miss_arrivals(tx: Tx, case_id: CaseId, *, now: datetime) -> None:
    """Tell who has not come though the limit passed.

    Emits `ArrivalMissed`.
    """
    case = case_hold(tx, case_id)
    whistle = whistle_last(tx, case.id)
    if whistle is None or whistle.ended_at is not None or whistle.report_due > now:
        return
    absent = tuple(each.unit for each in whistle_units(tx, whistle.id) if each.reported_at is None)
    if absent:
        tx.emit(ArrivalMissed(case_id=case.id, whistle_id=whistle.id, units=absent, at=now))


def end_whistle(
    tx: Tx, case_id: CaseId, *, record: str, by: AccountId, street: Collection[UnitId], policy: Policy, now: datetime
) -> CaseId:
    """End the joint handling, with its record. `street` are the units in which the caller may call.

    Refuses with `WhistleOver`, `NotYourWhistle`, `AnswerMissing` or `NoteTooLong`. Emits `WhistleEnded`.
    """
    case = case_hold(tx, case_id)
    whistle = _running(tx, case)
    _theirs(whistle, street)
    kept = keep_note(tx, case.id, record, chars_max=policy.settings.text_chars_max)
    if kept is None:
        raise AnswerMissing("The record says nothing; write who came and what was done.")
    called = tuple(each.unit for each in whistle_units(tx, whistle.id))
    tx.emit(
        WhistleEnded(case_id=case.id, whistle_id=whistle.id, units=called, by=by, record=kept, at=now)
    )  # fmt: skip
    timer_drop(tx, WHISTLE, f"case/{case.id}")
    return case.id


def rate_unit(
    tx: Tx, case_id: CaseId, *, unit: UnitId, score: int, reason: str, by: AccountId, street: Collection[UnitId],
    now: datetime,
) -> CaseId:  # fmt: skip
    """Rate a department that was called, once, when the joint handling is over.

    Refuses with `WhistleNotOver`, `NotYourWhistle`, `ReasonUnknown`, `ScoreWrong` or `NotCalled`. Emits `UnitRated`.
    """
    case = case_hold(tx, case_id)
    whistle = whistle_last(tx, case.id)
    if whistle is None or whistle.ended_at is None:
        raise WhistleNotOver("Departments are rated when the joint handling is over; end it first.")
    _theirs(whistle, street)
    why = rules.rate_reason(reason)
    rules.score_right(score)
    left = [each.unit for each in whistle_units(tx, whistle.id) if each.score is None]
    if unit not in left:
        raise NotCalled(f"{unit[:40]} was not called, or is rated; left to be rated: {', '.join(left) or 'none'}.")
    tx.emit(
        UnitRated(
            case_id=case.id, whistle_id=whistle.id, unit=unit, score=score, reason=why.value, is_last=len(left) == 1,
            by=by, at=now,
        )
    )  # fmt: skip
    return case.id


def _running(tx: Tx, case: Case) -> Whistle:
    whistle = whistle_last(tx, case.id)
    if whistle is None or whistle.ended_at is not None:
        raise WhistleOver("No departments are called to this case now.")
    return whistle


def _theirs(whistle: Whistle, street: Collection[UnitId]) -> None:
    if whistle.street not in street:
        raise NotYourWhistle(f"{whistle.street} called; only it ends the call and rates who came.")
