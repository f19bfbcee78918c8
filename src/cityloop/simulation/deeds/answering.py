"""Deeds towards those who reported: verdicts, calls, replies, work orders of the hotline, another system's word."""

from collections.abc import Callable

from cityloop.cases.callbacks import callback_last
from cityloop.db import Tx
from cityloop.domain.facts import Mark
from cityloop.domain.facts import Way as Asked
from cityloop.domain.ids import OrderId, ReportId
from cityloop.domain.policy import Limit, LimitUnit
from cityloop.doors.hotline import desk
from cityloop.doors.hotline.model import ContactHow, ExclusionReason, ExtensionReason, ReturnReason
from cityloop.doors.hotline.rules import marks_in
from cityloop.doors.hotline.store import order_get
from cityloop.doors.open311.listing import internal_of
from cityloop.doors.open311.model import UpdatePosted
from cityloop.doors.open311.service import receive_update
from cityloop.http import Caller
from cityloop.simulation.agenda import Deed
from cityloop.simulation.deeds.turn import P, Turn, Way, World, a_resident, whoever
from cityloop.stages.inspect import RedoReason, judge_called, judge_own, redo_case, reply_to, try_callback, verdict_of
from cityloop.stages.inspect.model import ReplyKind
from cityloop.stages.inspect.rules import Given

UNREACHED = 0.2  # share of calls that reach nobody
REACHED = 0.88  # share of callers of the hotline who answer when the city calls
REPORTER_SAID = ("处理得很快，谢谢。", "清是清了，第二天又堆上了。", "还有一半没弄完。", "希望以后多来看看。")


def _judge(turn: Turn) -> None:
    given, words = _said(turn)
    judge_own(turn.tx, ReportId(turn.deed.subject), given, words=words, policy=turn.policy, now=turn.now)


def _call(turn: Turn) -> None:
    callback = callback_last(turn.tx, ReportId(turn.deed.subject))
    if callback is None or callback.ended_at is not None:
        return
    same = {"by": turn.by, "units": turn.units, "policy": turn.policy, "now": turn.now}
    if turn.random.random() < UNREACHED:
        outcome = turn.random.choice(("no_answer", "no_answer", "busy", "later", "wrong_number"))
        try_callback(turn.tx, callback.id, outcome=outcome, **same)
        return
    given, words = _said(turn)
    judge_called(turn.tx, callback.id, given, words=words, way=Asked.phone, **same)


def _said(turn: Turn) -> tuple[Given, str]:
    """What a made-up reporter says: mostly content."""
    random = turn.random
    solved = random.choices(("solved", "partly", "not"), (82, 10, 8))[0]
    weights = {"solved": (70, 22, 2, 6), "partly": (5, 45, 45, 5), "not": (0, 5, 90, 5)}[solved]
    satisfied = random.choices(("satisfied", "mostly", "not", "none"), weights)[0]
    reasons = ["half_done"] if solved == "partly" else ["nothing_done"] if solved == "not" else []
    return verdict_of(solved, satisfied, reasons), random.choice(REPORTER_SAID) if random.random() < 0.2 else ""


def _redo(turn: Turn) -> None:
    reason = RedoReason.partly_solved.value
    redo_case(turn.tx, turn.case.id, reason=reason, by=turn.by, policy=turn.policy, now=turn.now)


def _reply(turn: Turn) -> None:
    text = "您反映的问题已再次核查，剩余部分将列入本月计划。"
    reply_to(
        turn.tx, ReportId(turn.deed.subject), kind=ReplyKind.explain.value, text=text, by=turn.by, policy=turn.policy,
        now=turn.now,
    )  # fmt: skip


def _partner_tells(turn: Turn) -> None:
    """Another system tells something new of a case, as it would of its own."""
    posted = UpdatePosted(
        request_id=turn.case.id, their_id=f"P-{turn.deed.no}", status="FIXED", updated_at=turn.now, text="我方核实已处理。"
    )
    receive_update(turn.tx, posted, internal=internal_of(turn.policy), by=turn.by)


def _partner(turn: Turn) -> Caller | None:
    return turn.world.crew.with_permission(P.report_send)


# the seat, about an order of the hotline


def _order_sign(tx: Tx, deed: Deed, world: World) -> None:
    desk.sign_order(tx, OrderId(deed.subject))


def _order_return(tx: Tx, deed: Deed, world: World) -> None:
    reason = world.random.choice((ReturnReason.not_ours, ReturnReason.unclear, ReturnReason.repeated)).value
    desk.return_order(tx, OrderId(deed.subject), reason=reason, note="")


def _order_contact(tx: Tx, deed: Deed, world: World) -> None:
    how = world.random.choice((ContactHow.phone, ContactHow.phone, ContactHow.message)).value
    desk.contact_caller(tx, OrderId(deed.subject), how=how, reached=world.random.random() < REACHED)


def _order_extension(tx: Tx, deed: Deed, world: World) -> None:
    by = Limit(value=1, unit=LimitUnit.work_day)
    reason = world.random.choice((ExtensionReason.works, ExtensionReason.other_units)).value
    desk.ask_extension(tx, OrderId(deed.subject), by=by, reason=reason, policy=world.policy)


def _order_exclusion(tx: Tx, deed: Deed, world: World) -> None:
    reason = world.random.choice((ExclusionReason.not_so, ExclusionReason.legal_process)).value
    desk.ask_exclusion(tx, OrderId(deed.subject), reason=reason, note="")


def _order_mark(tx: Tx, deed: Deed, world: World) -> None:
    marks = marks_in(order_get(tx, OrderId(deed.subject)).marks)
    desk.mark_order(tx, OrderId(deed.subject), tuple({*marks, Mark.whistle}))


def _order_reply(tx: Tx, deed: Deed, world: World) -> None:
    desk.reply_order(tx, OrderId(deed.subject), text="", is_true=world.random.random() < 0.93)


OF_CASE = {"partner_tells": Way(_partner, _partner_tells)}
OF_REPORT = {
    "judge": Way(a_resident, _judge), "call": Way(whoever(P.case_call_back), _call),
    "redo": Way(whoever(P.case_close), _redo), "reply_to": Way(whoever(P.case_call_back), _reply),
}  # fmt: skip
OF_ORDER: dict[str, Callable[[Tx, Deed, World], None]] = {
    "order_sign": _order_sign, "order_return": _order_return, "order_contact": _order_contact,
    "order_extension": _order_extension, "order_exclusion": _order_exclusion, "order_mark": _order_mark,
    "order_reply": _order_reply,
}  # fmt: skip
