"""What the facts after closing do to the spine: call-backs, verdicts, replies, and cases that are done again."""

from msgspec.structs import replace

from cityloop.cases.apply.parts import case_now, limit_text, load, move, report_now, text
from cityloop.cases.callbacks import Callback, Redo, Reply, Verdict, verdict_list_of, verdict_of
from cityloop.cases.model import Report, Task, TaskKind
from cityloop.db import Tx
from cityloop.domain import facts as f
from cityloop.domain.facts import Told
from cityloop.domain.lifecycle import State

ANSWERED = "answered"


def callback_asked(tx: Tx, told: Told[f.CallbackAsked]) -> None:
    fact = told.fact
    _report(tx, told)
    tx.put(
        "callback",
        Callback(
            id=fact.callback_id, report_id=fact.report_id, case_id=fact.case_id, closing=fact.closing,
            unit=case_now(tx, fact.case_id).unit, way=fact.way.value, asked_at=fact.at, due_at=fact.due_at,
            until=fact.until, next_at=fact.at, script=fact.script, why=text(fact.why), simulated=fact.simulated,
        ),
    )  # fmt: skip


def callback_tried(tx: Tx, told: Told[f.CallbackTried]) -> None:
    fact = told.fact
    _report(tx, told)
    now = _callback(tx, fact.callback_id)
    tx.put("callback", replace(now, tries=now.tries + 1, last_try=fact.outcome, next_at=fact.next_at))


def callback_lapsed(tx: Tx, told: Told[f.CallbackLapsed]) -> None:
    _report(tx, told)
    _end(tx, told, told.fact.callback_id, told.fact.reason)


def verdict_given(tx: Tx, told: Told[f.VerdictGiven]) -> None:
    fact = told.fact
    report = _report(tx, told)
    if fact.callback_id:
        _end(tx, told, fact.callback_id, ANSWERED)
    before = verdict_of(tx, fact.report_id, fact.case_id, fact.closing)
    if before:
        tx.put("verdict", replace(before, superseded_at=fact.at))
    tx.put(
        "verdict",
        Verdict(
            report_id=fact.report_id, closing=fact.closing, change=before.change + 1 if before else 0,
            case_id=fact.case_id, callback_id=fact.callback_id,
            unit=before.unit if before else case_now(tx, fact.case_id).unit, solved=fact.solved.value,
            satisfied=fact.satisfied.value, way=fact.way.value, by=fact.by, reasons=text(fact.reasons),
            words=fact.words.id if fact.words else None, at=fact.at, simulated=report.simulated,
        ),
    )  # fmt: skip


def reply_given(tx: Tx, told: Told[f.ReplyGiven]) -> None:
    fact = told.fact
    report = _report(tx, told)
    tx.put(
        "reply",
        Reply(id=fact.reply_id, report_id=fact.report_id, at=fact.at, by=fact.by, kind=fact.kind, words=fact.words.id),
    )
    if report.case_id is None:
        return
    for verdict in verdict_list_of(tx, report.case_id):
        if verdict.report_id == report.id and verdict.answered_at is None:
            tx.put("verdict", replace(verdict, answered_at=fact.at))


def case_redone(tx: Tx, told: Told[f.CaseRedone]) -> None:
    fact, case = told.fact, case_now(tx, told.fact.case_id)
    assert case.closed_at, f"case {case.id} was not closed"
    tx.put(
        "redo",
        Redo(
            case_id=case.id, round=fact.round, at=fact.at, reason=fact.reason, unit=case.unit, task_id=fact.task_id,
            closed_at=case.closed_at, on_time=case.on_time, simulated=case.simulated,
        ),
    )  # fmt: skip
    for verdict in verdict_list_of(tx, case.id):  # the work is the answer
        if verdict.answered_at is None:
            tx.put("verdict", replace(verdict, answered_at=fact.at))
    kept = {
        "redos": fact.round, "first_closed_at": case.first_closed_at or case.closed_at,
        "first_closed_by": case.first_closed_by or case.closed_by, "first_due_at": case.first_due_at or case.due_at,
        "first_on_time": case.on_time if case.first_on_time is None else case.first_on_time,
        "closed_at": None, "closed_by": None, "on_time": None, "handled_at": None, "handled_by": None, "post": None, "clock_since": fact.at,
    }  # fmt: skip
    if fact.task_id is None:
        move(
            tx, told, to=State.to_dispatch, task_id=None, unit=None, due_at=None, dispatch_due=fact.dispatch_due,
            dispatch_limit=limit_text(fact.dispatch_limit), clock_due=fact.dispatch_due, **kept,
        )  # fmt: skip
        return
    tx.put(
        "task",
        Task(
            id=fact.task_id, case_id=case.id, kind=TaskKind.handle, unit=fact.unit, assist=text(fact.assist),
            time_limit=text(fact.limit), given_at=fact.at, given_by=told.actor, sign_due=fact.sign_due,
            sign_limit=limit_text(fact.sign_limit), due_at=fact.due_at, automatic=fact.by is None,
            why=text([fact.reason, *fact.why]), is_redo=True,
        ),
    )  # fmt: skip
    load(tx, fact.unit, +1)
    move(tx, told, task_id=fact.task_id, unit=fact.unit, due_at=fact.due_at, clock_due=fact.due_at, **kept)


def _report(tx: Tx, told: Told) -> Report:
    """The report, whose version the fact raises."""
    report = replace(report_now(tx, told.fact.report_id), no=told.no)
    tx.put("report", report)
    return report


def _callback(tx: Tx, id: str) -> Callback:
    callback = tx.get("callback", Callback, id)
    assert callback, f"call-back {id} was not asked"
    return callback


def _end(tx: Tx, told: Told, id: str, outcome: str) -> None:
    now = _callback(tx, id)
    if now.ended_at is None:
        late = told.fact.at > now.due_at
        tx.put("callback", replace(now, ended_at=told.fact.at, outcome=outcome, overdue=late))
