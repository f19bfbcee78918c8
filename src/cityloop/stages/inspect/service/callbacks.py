"""Use cases after closing: call reporters back, write down what they say, answer them."""

from collections.abc import Collection, Iterable
from datetime import datetime

import msgspec

from cityloop.cases import Case, Report, TaskKind, case_get, case_hold, report_get, report_list_of, task_list_of
from cityloop.cases.callbacks import (
    Callback,
    callback_get,
    callback_last,
    callback_list_of,
    callback_of,
    closing_of,
    verdict_of,
)
from cityloop.cases.notes import KEEP_DAYS, NOTE, Note, note_plain
from cityloop.cases.reveal import phone_of
from cityloop.cases.tracking import tracking_code
from cityloop.db import Tx
from cityloop.domain.calendar import calendar_in
from cityloop.domain.closing import window_end
from cityloop.domain.facts import CallbackAsked, CallbackLapsed, CallbackTried, VaultRef, VerdictGiven, Way
from cityloop.domain.ids import AccountId, CaseId, ReportId, UnitId
from cityloop.domain.lifecycle import State
from cityloop.domain.policy import Policy
from cityloop.domain.time import due_at
from cityloop.journal import vault_keep
from cityloop.journal.timers import timer_drop, timer_set
from cityloop.stages.inspect import rules
from cityloop.stages.inspect.model import (
    LAST_TRIES,
    CallbackOver,
    CallbackUnknown,
    CaseUnderway,
    LapseReason,
)

LAPSE = "callback_lapse"  # the kind of timer


def ask_reporters(tx: Tx, case_id: CaseId, closing: int, *, policy: Policy, now: datetime) -> None:
    """Call back each reporter of a closed case whom the rule of their channel asks: once about each closing.

    Emits `CallbackAsked`.
    """
    case = case_hold(tx, case_id)
    if case.state is not State.closed or not policy.callbacks or not case.closed_at:
        return
    reports = [each for each in report_list_of(tx, case.id) if each.channel in policy.callback_of_channel]
    tx.hold(f"report/{each.id}" for each in reports)
    for report in reports:
        if callback_of(tx, report.id, case.id, closing) is None and (policy.simulated or not report.simulated):
            _ask(tx, case, report_get(tx, report.id), closing, policy=policy, now=now)


def try_callback(
    tx: Tx, id: str, *, outcome: str, by: AccountId, units: Collection[UnitId], policy: Policy, now: datetime
) -> str:
    """Write down a call that brought no verdict. `units` are those that the caller sits in.

    Refuses with `CallbackUnknown`, `CallbackOver`, `CodeUnknown` or `OwnWork`. Emits `CallbackTried`, and `CallbackLapsed`
    where nobody need call again.
    """
    callback, report = _running(tx, id)
    _another(tx, callback.case_id, by, units)
    ended = rules.tried_outcome(outcome)
    rule = policy.callback_of_channel.get(report.channel)
    next_at = due_at(now, rule.retry, calendar_in(policy)) if rule else callback.due_at
    tx.emit(
        CallbackTried(
            report_id=report.id, callback_id=id, by=by, outcome=ended.value, next_at=next_at, at=now,
        )
    )  # fmt: skip
    spent = LapseReason.tries_spent if callback.tries + 1 >= policy.settings.callback_tries_max else None
    if reason := LAST_TRIES.get(ended, spent):
        _lapse(tx, callback, reason, now)
    return id


def lapse_callback(tx: Tx, report_id: ReportId, *, now: datetime) -> None:
    """End the call-back of a report whose days are over.

    Emits `CallbackLapsed`.
    """
    callback = callback_last(tx, report_id)
    if callback and callback.ended_at is None and callback.until <= now:
        _lapse(tx, callback, LapseReason.no_answer, now)


def call_off(tx: Tx, case_id: CaseId, *, before: int, now: datetime) -> None:
    """End the call-backs of a case that was taken up again: its reporters are asked after the next closing.

    `before` is the number of the case's fact that took it up: what was asked about a later closing stays.

    Emits `CallbackLapsed`.
    """
    running = [each for each in callback_list_of(tx, case_id) if each.ended_at is None and each.closing < before]
    tx.hold(f"report/{each.report_id}" for each in running)
    for callback in running:
        _lapse(tx, callback, LapseReason.redone, now)


def judge_called(
    tx: Tx,
    id: str,
    given: rules.Given,
    *,
    words: str,
    way: Way,
    by: AccountId,
    units: Collection[UnitId],
    policy: Policy,
    now: datetime,
) -> str:
    """Write down the verdict of a reporter who was called, or came.

    Refuses with `CallbackUnknown`, `CallbackOver`, `OwnWork`, `SaidBefore`, `WindowOver` or `CaseUnderway`.
    Emits `VerdictGiven`.
    """
    callback = callback_get(tx, id)
    if callback is None:
        raise _unknown(id)
    tx.hold([f"case/{callback.case_id}", f"report/{callback.report_id}"])
    _another(tx, callback.case_id, by, units)
    report, case = report_get(tx, callback.report_id), case_get(tx, callback.case_id)
    if case.state is State.closed and callback.closing != closing_of(tx, case.id):
        raise CallbackOver("The case was closed anew since; take the newer call-back of this reporter.")
    _judge(tx, case, report, callback.closing, given, words=words, way=way, by=by, policy=policy, now=now)
    return id


def judge_own(
    tx: Tx, report_id: ReportId, given: rules.Given, *, words: str, policy: Policy, now: datetime
) -> ReportId:
    """Keep the verdict that a reporter gives with their tracking code, in the place of an earlier one.

    The same verdict twice is one. Refuses with `CaseUnderway`, `WindowOver` or `ChangedTooOften`. Emits `VerdictGiven`.
    """
    known = report_get(tx, report_id)
    if known.case_id is None:
        raise CaseUnderway("The report is being looked at; the verdict can be given when its case is closed.")
    tx.hold([f"case/{known.case_id}", f"report/{report_id}"])
    report = report_get(tx, report_id)
    case = case_get(tx, CaseId(report.case_id or known.case_id))
    closing = closing_of(tx, case.id)
    if closing is None or case.state is not State.closed:
        raise CaseUnderway("The case is being worked on; the verdict can be given when it is closed.")
    _judge(tx, case, report, closing, given, words=words, way=Way.link, by=None, policy=policy, now=now)
    return report.id


def _ask(tx: Tx, case: Case, report: Report, closing: int, *, policy: Policy, now: datetime) -> None:
    rule = policy.callback_of_channel[report.channel]
    sends_sms = bool(policy.settings.sms_provider) and not report.simulated
    reached = rules.Reached(
        has_code=tracking_code(tx, report.id) is not None, has_phone=phone_of(tx, report) is not None
    )
    asked = rules.asked_for(rule, report.id, case.redos or 0, reached, sends_sms=sends_sms)
    if asked is None:
        return
    way, why = asked
    assert case.closed_at, f"case {case.id} is closed at no moment"
    due = due_at(case.closed_at, rule.limit, calendar_in(policy))
    until = max(due, window_end(case.closed_at, policy))
    if until <= now:  # heard too late to be asked, e.g. after a long standstill
        return
    tx.emit(
        CallbackAsked(
            report_id=report.id, callback_id=tx.new_id(), case_id=case.id, closing=closing, way=way, limit=rule.limit,
            due_at=due, until=until, script=rules.script_of(policy), why=why, simulated=report.simulated, at=now,
        )
    )  # fmt: skip
    timer_set(tx, LAPSE, f"report/{report.id}", until)


def _judge(
    tx: Tx,
    case: Case,
    report: Report,
    closing: int,
    given: rules.Given,
    *,
    words: str,
    way: Way,
    by: AccountId | None,
    policy: Policy,
    now: datetime,
) -> None:
    callback = callback_of(tx, report.id, case.id, closing)
    before = verdict_of(tx, report.id, case.id, closing)
    until = callback.until if callback else window_end(case.closed_at or now, policy)
    same = before and (before.solved, before.satisfied) == (given.solved.value, given.satisfied.value)
    if (
        by is None
        and before
        and same
        and not words.strip()
        and msgspec.json.encode(given.reasons).decode() == before.reasons
    ):
        return
    rules.last_word(
        case.state, until, now, changes=before.change if before else None, by_reporter=by is None, policy=policy
    )
    tx.emit(
        VerdictGiven(
            report_id=report.id, case_id=case.id, closing=closing, callback_id=callback.id if callback else None,
            solved=given.solved, satisfied=given.satisfied, way=way, by=by, reasons=given.reasons,
            words=words_kept(tx, report.id, words, policy), changed=before is not None, at=now,
        )
    )  # fmt: skip
    timer_drop(tx, LAPSE, f"report/{report.id}")


def _running(tx: Tx, id: str) -> tuple[Callback, Report]:
    """The call-back, held, and its report.

    Refuses with `CallbackUnknown` or `CallbackOver`.
    """
    known = callback_get(tx, id)
    if known is None:
        raise _unknown(id)
    tx.hold([f"report/{known.report_id}"])
    callback = callback_get(tx, id)
    if callback is None or callback.ended_at is not None:
        raise CallbackOver("This call-back has ended; look at the list again.")
    return callback, report_get(tx, callback.report_id)


def _lapse(tx: Tx, callback: Callback, reason: LapseReason, now: datetime) -> None:
    tx.emit(
        CallbackLapsed(
            report_id=callback.report_id, callback_id=callback.id, case_id=callback.case_id, reason=reason.value, at=now
        )
    )
    timer_drop(tx, LAPSE, f"report/{callback.report_id}")


def _another(tx: Tx, case_id: CaseId, by: AccountId, units: Collection[UnitId]) -> None:
    """That whoever asks is not of those who did the work.

    Refuses with `OwnWork`.
    """
    work = [task for task in task_list_of(tx, case_id) if task.kind is TaskKind.handle and task.outcome == "finished"]
    did = {each.ended_by for each in work} | {each.signed_by for each in work}
    helped: Iterable[UnitId] = (unit for task in work for unit in msgspec.json.decode(task.assist, type=list[UnitId]))
    rules.another(f"account:{by}", did, units, frozenset([*(task.unit for task in work if task.unit), *helped]))


def words_kept(tx: Tx, report_id: ReportId, text: str, policy: Policy) -> VaultRef | None:
    """What somebody said, kept with the report's own words."""
    plain = note_plain(text, policy.settings.text_chars_max)
    if not plain:
        return None
    return vault_keep(tx, NOTE, f"report/{report_id}", msgspec.json.encode(Note(text=plain)), keep_days=KEEP_DAYS)


def _unknown(id: str) -> CallbackUnknown:
    return CallbackUnknown(f"There is no call-back {id[:40]}; take it from the list.")
