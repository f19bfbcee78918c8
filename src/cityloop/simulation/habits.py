"""Which deed follows from which fact, when, and how likely: the habits of a made-up city's staff and residents."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from cityloop.domain import facts as f
from cityloop.domain.facts import About, Told
from cityloop.domain.policy import Level
from cityloop.simulation.agenda import Agenda

HOUR, DAY = 60, 1440  # minutes
REFUSED = 0.06
FORGOTTEN = 0.004  # reports that no acceptor looks at before the days are over
RETURNED = 0.05
LATE = 0.13
NEVER = 0.04  # tasks that nobody finishes in these days
ANSWERS = 0.55  # share of those asked by their page who say something
UNDECIDED = 0.07  # requests that nobody decides before they lapse


def follow(agenda: Agenda, told: Told) -> None:
    """Put down what follows from a fact."""
    for habit in HABITS.get(type(told.fact), ()):
        habit(agenda, told.fact)


def finish(agenda: Agenda, case_id: str, signed_at: datetime, due_at: datetime) -> None:
    """Put down when a signed task will be finished: mostly in time, some late, some not in these days."""
    random, left = agenda.random, (due_at - signed_at).total_seconds()
    draw = random.random()
    if draw < NEVER:
        return
    share = random.uniform(1.05, 1.8) if draw < NEVER + LATE else random.triangular(0.03, 0.95, 0.25)
    agenda.at(signed_at + timedelta(seconds=max(600, left * share)), "finish", case_id)


def ask_sometimes(agenda: Agenda, case_id: str, signed_at: datetime, due_at: datetime) -> None:
    """Put down what a unit asks for while it works, if it asks for anything."""
    random, left = agenda.random, max(600.0, (due_at - signed_at).total_seconds())
    for kind, share in (("extension", 0.05), ("suspension", 0.03), ("deferral", 0.02), ("return", 0.025)):
        if random.random() < share:
            agenda.at(signed_at + timedelta(seconds=left * random.uniform(0.02, 0.2)), "ask", case_id, kind)


def _opened(agenda: Agenda, fact: f.CaseOpened) -> None:
    if agenda.happens(FORGOTTEN):
        return
    if fact.join and agenda.happens(0.7):
        agenda.after(fact.at, "join", fact.case_id, 4, 50, fact.join)
    elif agenda.happens(0.02):
        agenda.after(fact.at, "ask_verify", fact.case_id, 4, 40)
    else:
        agenda.after(fact.at, "refuse" if agenda.happens(REFUSED) else "accept", fact.case_id, 4, 50)


def _joined(agenda: Agenda, fact: f.ReportJoined) -> None:
    if agenda.happens(0.02):
        agenda.after(fact.at, "part", fact.case_id, 5, 3 * HOUR, fact.report_id)


def _verify(agenda: Agenda, fact: f.VerifyAsked) -> None:
    agenda.after(fact.at, "verify", fact.case_id, 8, 55, fact.post)


def _accepted(agenda: Agenda, fact: f.CaseAccepted) -> None:
    agenda.after(fact.at, "complete" if agenda.happens(0.03) else "file", fact.case_id, 3, 30)


def _verified(agenda: Agenda, fact: f.CaseVerified) -> None:
    agenda.after(fact.at, "file", fact.case_id, 3, 30)


def _completion(agenda: Agenda, fact: f.CompletionDemanded) -> None:
    agenda.after(fact.at, "accept", fact.case_id, 5, 60)


def _proposed(agenda: Agenda, fact: f.DispatchProposed) -> None:
    if agenda.happens(0.04):
        agenda.after(fact.at, "pass", fact.case_id, 3, 25, f.LevelMove.down)
    elif agenda.happens(0.03):
        agenda.after(fact.at, "transfer", fact.case_id, 3, 60)
    else:
        agenda.after(fact.at, "dispatch", fact.case_id, 3, 25)


def _level_moved(agenda: Agenda, fact: f.CaseLevelMoved) -> None:
    if fact.level is Level.district and agenda.happens(0.3):
        way = f.LevelMove.up if agenda.happens(0.5) else f.LevelMove.back
        agenda.after(fact.at, "pass", fact.case_id, 5, 60, way)
    else:
        agenda.after(fact.at, "dispatch", fact.case_id, 5, 60)


def _dispatched(agenda: Agenda, fact: f.CaseDispatched | f.CaseReassigned) -> None:
    returned = type(fact) is f.CaseDispatched and agenda.happens(RETURNED)
    agenda.after(fact.at, "return" if returned else "sign", fact.case_id, 5, 100)
    beside = (
        ("reassign", 0.02, 20, 8 * HOUR), ("urge", 0.05, HOUR, 2 * DAY), ("instruct", 0.006, HOUR, DAY),
        ("whistle", 0.02, 10, 3 * HOUR), ("ask_assist", 0.05, 10, 2 * HOUR), ("ask_void", 0.008, 10, 4 * HOUR),
    )  # fmt: skip
    for what, share, least, most in beside:
        if agenda.happens(share):
            agenda.after(fact.at, what, fact.case_id, least, most)


def _sign_again(agenda: Agenda, fact: f.CaseReworked) -> None:
    agenda.after(fact.at, "sign", fact.case_id, 5, 60)


def _rework_appealed(agenda: Agenda, fact: f.CaseReworked) -> None:
    if agenda.happens(0.12):
        agenda.after(fact.at, "appeal", fact.case_id, HOUR, 2 * DAY, About.rework)


def _returned(agenda: Agenda, fact: f.TaskReturned) -> None:
    if not fact.misdispatched and agenda.happens(0.15):
        agenda.after(fact.at, "appeal", fact.case_id, HOUR, 2 * DAY, About.returned)


def _closed(agenda: Agenda, fact: f.CaseClosed) -> None:
    if not fact.on_time and agenda.happens(0.1):
        agenda.after(fact.at, "appeal", fact.case_id, HOUR, 3 * DAY, About.overdue)
    if agenda.happens(0.02):
        agenda.after(fact.at, "partner_tells", fact.case_id, HOUR, DAY)


def _appealed(agenda: Agenda, fact: f.AppealLodged) -> None:
    if agenda.happens(0.9):
        agenda.after(fact.at, "judge_appeal", fact.case_id, HOUR, DAY, fact.appeal_id)


def _inspect(agenda: Agenda, fact: f.InspectionAsked) -> None:
    if fact.post is None and agenda.happens(0.5):
        agenda.after(fact.at, "inspect_elsewhere", fact.case_id, 5, 30)
    else:
        agenda.after(fact.at, "inspect", fact.case_id, 10, 90, fact.post)


def _redone(agenda: Agenda, fact: f.CaseRedone) -> None:
    agenda.after(fact.at, "sign" if fact.task_id else "dispatch", fact.case_id, 5, 60)


def _approval_asked(agenda: Agenda, fact: f.ApprovalAsked) -> None:
    """A request waits: somebody decides, or its asker takes it back, or nobody says anything."""
    if agenda.happens(0.05):
        agenda.after(fact.at, "withdraw", fact.case_id, 5, 60, (fact.approval_id, fact.by))
    elif not agenda.happens(UNDECIDED):
        agenda.after(fact.at, "decide", fact.case_id, 20, 3 * HOUR, (fact.approval_id, fact.steps[0]))


def _forwarded(agenda: Agenda, fact: f.ApprovalForwarded) -> None:
    if not agenda.happens(UNDECIDED / 3):
        agenda.after(fact.at, "decide", fact.case_id, 20, 3 * HOUR, (fact.approval_id, fact.next_role))


def _suspended(agenda: Agenda, fact: f.CaseSuspended) -> None:
    if agenda.happens(0.6):
        agenda.at(fact.at + (fact.until - fact.at) * agenda.random.uniform(0.2, 0.9), "settle", fact.case_id)


def _hold_expired(agenda: Agenda, fact: f.HoldExpired) -> None:
    if agenda.happens(0.85):
        agenda.after(fact.at, "settle", fact.case_id, HOUR, DAY)


def _resumed(agenda: Agenda, fact: f.CaseResumed) -> None:
    finish(agenda, fact.case_id, fact.at, fact.due_at)


def _overdue(agenda: Agenda, fact: f.OverdueNoticed) -> None:
    if agenda.happens(0.15):
        agenda.after(fact.at, "supervise", fact.case_id, 30, 6 * HOUR)
    if agenda.happens(0.2):
        agenda.after(fact.at, "urge", fact.case_id, 30, 6 * HOUR)


def _supervised(agenda: Agenda, fact: f.SupervisionIssued | f.SupervisionRejected) -> None:
    late = agenda.happens(0.15)
    share = agenda.random.uniform(1.02, 1.5) if late else agenda.random.uniform(0.1, 0.9)
    agenda.at(fact.at + (fact.answer_due - fact.at) * share, "answer", fact.case_id)


def _answered(agenda: Agenda, fact: f.SupervisionAnswered) -> None:
    agenda.after(fact.at, "answer_again" if agenda.happens(0.25) else "accept_answer", fact.case_id, HOUR, DAY)


def _whistled(agenda: Agenda, fact: f.WhistleSounded) -> None:
    for unit in fact.units:
        if agenda.happens(0.9):
            agenda.after(fact.at, "report_in", fact.case_id, 8, 50, unit)
    agenda.after(fact.at, "end_whistle", fact.case_id, 3 * HOUR, 2 * DAY)


def _whistle_ended(agenda: Agenda, fact: f.WhistleEnded) -> None:
    for unit in fact.units:
        agenda.after(fact.at, "rate", fact.case_id, 10, DAY, unit)


def _assist_asked(agenda: Agenda, fact: f.AssistAsked) -> None:
    agenda.after(fact.at, "sign_assist", fact.case_id, 10, 100, fact.unit)


def _assist_signed(agenda: Agenda, fact: f.AssistSigned) -> None:
    if agenda.happens(0.8):
        agenda.after(fact.at, "finish_assist", fact.case_id, HOUR, 8 * HOUR, fact.by)


def _transferred(agenda: Agenda, fact: f.CaseTransferred) -> None:
    draw = agenda.random.random()
    share = agenda.random.uniform(1.05, 1.6) if draw < 0.15 else agenda.random.uniform(0.1, 0.9)
    what = "transfer_back" if draw > 0.8 else "transfer_done"
    agenda.at(fact.at + (fact.due_at - fact.at) * share, what, fact.case_id)


def _callback(agenda: Agenda, fact: f.CallbackAsked) -> None:
    """Put down when a reporter opens their page and says something, if they do; or when a seat calls."""
    if fact.way is f.Way.phone:
        agenda.after(fact.at, "call", fact.report_id, 20, 10 * HOUR)
    elif agenda.happens(ANSWERS):
        agenda.after(fact.at, "judge", fact.report_id, 12, 40 * HOUR)


def _call_again(agenda: Agenda, fact: f.CallbackTried) -> None:
    agenda.at(fact.next_at, "call", fact.report_id)


def _not_content(agenda: Agenda, fact: f.VerdictGiven) -> None:
    if fact.solved is f.Solved.partly:
        agenda.after(fact.at, "redo" if agenda.happens(0.2) else "reply_to", fact.report_id, HOUR, DAY, fact.case_id)


def _order(agenda: Agenda, fact: f.WorkOrderReceived) -> None:
    """An order came: the seat signs for it or sends it back, speaks to the caller, and so on."""
    id = fact.order_id
    if agenda.happens(0.06):
        agenda.after(fact.at, "order_return", id, 5, 5 * HOUR)
    elif agenda.happens(0.98):
        agenda.after(fact.at, "order_sign", id, 5, 100)
    if agenda.happens(0.85):
        agenda.after(fact.at, "order_contact", id, 110, 8 * HOUR)
    for what, share in (("order_extension", 0.06), ("order_exclusion", 0.04), ("order_mark", 0.04)):
        if agenda.happens(share):
            agenda.after(fact.at, what, id, 2 * HOUR, DAY)


def _order_drafted(agenda: Agenda, fact: f.WorkOrderReplyDrafted) -> None:
    if agenda.happens(0.97):
        agenda.after(fact.at, "order_reply", fact.order_id, 10, 200)


HABITS: dict[type[f.Fact], tuple[Callable[[Agenda, Any], None], ...]] = {
    f.CaseOpened: (_opened,), f.ReportJoined: (_joined,), f.VerifyAsked: (_verify,), f.CaseAccepted: (_accepted,), f.CaseVerified: (_verified,),
    f.CompletionDemanded: (_completion,), f.DispatchProposed: (_proposed,), f.CaseLevelMoved: (_level_moved,),
    f.CaseDispatched: (_dispatched,), f.CaseReassigned: (_dispatched,),
    f.CaseReworked: (_sign_again, _rework_appealed), f.TaskReturned: (_returned,), f.CaseClosed: (_closed,),
    f.AppealLodged: (_appealed,), f.InspectionAsked: (_inspect,), f.CaseRedone: (_redone,), f.ApprovalAsked: (_approval_asked,),
    f.ApprovalForwarded: (_forwarded,), f.CaseSuspended: (_suspended,), f.HoldExpired: (_hold_expired,),
    f.CaseResumed: (_resumed,), f.OverdueNoticed: (_overdue,), f.SupervisionIssued: (_supervised,),
    f.SupervisionRejected: (_supervised,), f.SupervisionAnswered: (_answered,), f.WhistleSounded: (_whistled,),
    f.WhistleEnded: (_whistle_ended,), f.AssistAsked: (_assist_asked,), f.AssistSigned: (_assist_signed,),
    f.CaseTransferred: (_transferred,), f.CallbackAsked: (_callback,), f.CallbackTried: (_call_again,),
    f.VerdictGiven: (_not_content,), f.WorkOrderReceived: (_order,), f.WorkOrderReplyDrafted: (_order_drafted,),
}  # fmt: skip
