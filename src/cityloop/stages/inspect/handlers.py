"""What inspecting does when others have told something, and when a moment has come."""

from collections.abc import Sequence

from cityloop.cases import Case, case_hold, report_get
from cityloop.cases.alarms import case_of_alarm, has_ended
from cityloop.db import Tx
from cityloop.domain.facts import (
    AlarmCleared,
    CallbackAsked,
    CaseClosed,
    CaseFact,
    CaseFiled,
    CaseInspected,
    CaseOpened,
    CaseRedone,
    CaseSelfHandled,
    ReportJoined,
    TaskFinished,
    Told,
    TransferFinished,
    VerdictGiven,
    Way,
)
from cityloop.domain.ids import ReportId
from cityloop.domain.lifecycle import State
from cityloop.domain.policy import Policy
from cityloop.journal import Timer
from cityloop.stages.inspect.service import (
    LAPSE,
    ask_inspection,
    ask_reporters,
    call_off,
    check_self_handled,
    end_cause,
    lapse_callback,
    put_message,
    redo_by_verdict,
    settle_case,
)


def ask_when_finished(tx: Tx, told: Told[TaskFinished | TransferFinished], policy: Policy) -> None:
    """Finished work is looked at by another; unless a person was faster."""
    if case_hold(tx, told.fact.case_id).state is State.handled:
        ask_inspection(tx, told.fact.case_id, told.fact.task_id, policy=policy, now=tx.now)


def ask_or_pass_when_cleared(tx: Tx, told: Told[CaseSelfHandled], policy: Policy) -> None:
    """A share of what was put right on the spot is looked at; the rest is closed by rule."""
    if case_hold(tx, told.fact.case_id).state is State.handled:
        check_self_handled(tx, told.fact.case_id, told.fact.task_id, policy=policy, now=tx.now)


def settle_when_inspected(tx: Tx, told: Told[CaseInspected], policy: Policy) -> None:
    """Passed closes the case, failed sends it back; unless a person was faster."""
    if case_hold(tx, told.fact.case_id).state is State.to_close:
        settle_case(tx, told.fact.case_id, passed=told.fact.passed, policy=policy, now=tx.now)


def call_back_when_closed(tx: Tx, told: Told[CaseClosed], policy: Policy) -> None:
    """Its reporters are asked; about this closing only while it is the last one."""
    if case_hold(tx, told.fact.case_id).closed_at == told.fact.at:
        ask_reporters(tx, told.fact.case_id, told.no, policy=policy, now=tx.now)


def send_when_asked(tx: Tx, told: Told[CallbackAsked], policy: Policy) -> None:
    """Who is asked by a message gets one."""
    if told.fact.way is Way.sms:
        put_message(tx, told.id, told.fact)


def redo_when_judged(tx: Tx, told: Told[VerdictGiven], policy: Policy) -> None:
    """Not solved takes the case up again, where the city says so."""
    redo_by_verdict(tx, told.fact, policy=policy, now=tx.now)


def call_off_when_redone(tx: Tx, told: Told[CaseRedone], policy: Policy) -> None:
    """Nobody is asked about work that is done again."""
    call_off(tx, told.fact.case_id, before=told.no, now=tx.now)


def lapse_when_due(tx: Tx, timer: Timer, policy: Policy) -> None:
    """A call-back whose days are over ends."""
    lapse_callback(tx, ReportId(timer.subject.removeprefix("report/")), now=tx.now)


def end_cause_when_cleared(tx: Tx, told: Told[AlarmCleared], policy: Policy) -> None:
    """What the sensors of a case saw has gone."""
    if case_id := case_of_alarm(tx, told.fact.alarm_id):
        end_cause(tx, case_id, told.fact.alarm_id, policy=policy)


def end_cause_when_taken_up(tx: Tx, told: Told[CaseFiled | CaseOpened | ReportJoined], policy: Policy) -> None:
    """It had gone before there was a case."""
    if alarm := has_ended(tx, report_get(tx, told.fact.report_id)):
        end_cause(tx, told.fact.case_id, alarm, policy=policy)


def fetch_ahead(tx: Tx, told: Sequence[Told], policy: Policy) -> None:
    """The cases of a batch, in one statement."""
    tx.get_many("case_file", Case, [each.fact.case_id for each in told if isinstance(each.fact, CaseFact)])


ON = {
    TaskFinished: (ask_when_finished,),
    TransferFinished: (ask_when_finished,),
    CaseSelfHandled: (ask_or_pass_when_cleared,),
    CaseInspected: (settle_when_inspected,),
    CaseClosed: (call_back_when_closed,),
    CallbackAsked: (send_when_asked,),
    VerdictGiven: (redo_when_judged,),
    CaseRedone: (call_off_when_redone,),
    AlarmCleared: (end_cause_when_cleared,),
    CaseOpened: (end_cause_when_taken_up,),
    CaseFiled: (end_cause_when_taken_up,),
    ReportJoined: (end_cause_when_taken_up,),
}
AHEAD = fetch_ahead
TIMERS = {LAPSE: lapse_when_due}
