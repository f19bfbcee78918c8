"""What each fact of a work order does to its row. Sees the fact and these tables, and nothing else."""

from collections.abc import Callable

import msgspec
from msgspec.structs import replace

from cityloop.db import Tx
from cityloop.domain import facts as f
from cityloop.domain.facts import Dues, Told
from cityloop.doors.hotline.model import Exclusion, MessageRow, Order
from cityloop.doors.hotline.moves import OVER, state_after


def order_now(tx: Tx, id: str) -> Order:
    order = tx.get("work_order", Order, id)
    assert order, f"order {id} was not received"
    return order


def text(value: object) -> str:
    return msgspec.json.encode(value).decode()


def dues_columns(dues: Dues) -> dict[str, object]:
    return {
        "dispatched_at": dues.start, "sign_due": dues.sign_due, "send_back_due": dues.send_back_due,
        "contact_due": dues.contact_due, "reply_due": dues.reply_due, "dues": text(dues),
    }  # fmt: skip


def taken(tx: Tx, told: Told[f.OrderFact], body: f.Message | None = None) -> None:
    """A message of the hotline is taken once."""
    fact = told.fact
    if fact.message:
        kept = text(body) if body else None
        tx.put("order_message", MessageRow(order_id=fact.order_id, message=fact.message, no=told.no, body=kept))


def move(tx: Tx, told: Told[f.OrderFact], name: str, **changed: object) -> None:
    """Move the order as the one table allows, and change what else the fact says of it."""
    order = order_now(tx, told.fact.order_id)
    state = state_after(name, order.state)
    over_at = max(told.fact.said_at or told.fact.at, order.over_at or order.dispatched_at) if state in OVER else None
    tx.put("work_order", replace(order, no=told.no, state=state, over_at=over_at, **changed))
    taken(tx, told)


def message_kept(tx: Tx, told: Told[f.WorkOrderMessageKept]) -> None:
    taken(tx, told, told.fact.body)


def received(tx: Tx, told: Told[f.WorkOrderReceived]) -> None:
    fact = told.fact
    before = tx.get("work_order", Order, fact.order_id)
    state = state_after("receive", before.state if before else None)
    assert state
    tx.put(
        "work_order",
        Order(
            id=fact.order_id, no=told.no, source=fact.source, number=fact.number, round_no=fact.round_no, state=state,
            request_kind=fact.request_kind, report_id=fact.report_id, words=fact.words.id, caller=fact.caller.id if fact.caller else None,
            marks=text(fact.marks), received_at=fact.at, called_at=fact.called_at, sent_at=fact.sent_at,
            simulated=fact.simulated, **dues_columns(fact.dues),
        ),
    )  # fmt: skip
    for message in fact.dropped:
        tx.put("order_message", MessageRow(order_id=fact.order_id, message=message, no=told.no))


def updated(tx: Tx, told: Told[f.WorkOrderUpdated]) -> None:
    fact = told.fact
    move(
        tx, told, "update", request_kind=fact.request_kind, words=fact.words.id, caller=fact.caller.id if fact.caller else None,
        marks=text(fact.marks), sent_at=fact.sent_at, **dues_columns(fact.dues),
    )  # fmt: skip


def signed(tx: Tx, told: Told[f.WorkOrderSigned]) -> None:
    move(tx, told, "sign", signed_at=told.fact.at)


def return_asked(tx: Tx, told: Told[f.WorkOrderReturnAsked]) -> None:
    move(tx, told, "ask_return", return_reason=told.fact.reason)


def return_answered(tx: Tx, told: Told[f.WorkOrderReturnAnswered]) -> None:
    order = order_now(tx, told.fact.order_id)
    name = "grant_return" if told.fact.granted else "deny_return"
    move(tx, told, name, signed_at=order.signed_at if told.fact.granted else order.signed_at or told.fact.at)


def contacted(tx: Tx, told: Told[f.WorkOrderContacted]) -> None:
    order = order_now(tx, told.fact.order_id)
    reached = told.fact.at if told.fact.reached else None
    move(tx, told, "contact", contacted_at=order.contacted_at or reached, contact_tries=order.contact_tries + 1)


def extension_asked(tx: Tx, told: Told[f.WorkOrderExtensionAsked]) -> None:
    move(tx, told, "ask_extension", extension_until=told.fact.until)


def extension_answered(tx: Tx, told: Told[f.WorkOrderExtensionAnswered]) -> None:
    fact = told.fact
    order = order_now(tx, fact.order_id)
    changed: dict[str, object] = {"extension_until": None}
    if fact.granted:
        until = fact.until or order.extension_until or order.reply_due
        dues = replace(msgspec.json.decode(order.dues, type=Dues), reply_due=until)
        changed |= {"extensions": order.extensions + 1, **dues_columns(dues)}
    move(tx, told, "answer_extension", **changed)


def reply_drafted(tx: Tx, told: Told[f.WorkOrderReplyDrafted]) -> None:
    move(tx, told, "draft_reply", draft=told.fact.draft.id, drafted_at=told.fact.at)


def replied(tx: Tx, told: Told[f.WorkOrderReplied]) -> None:
    move(tx, told, "reply", reply=told.fact.words.id, replied_at=told.fact.at, is_true=told.fact.is_true)


def called_back(tx: Tx, told: Told[f.WorkOrderCalledBack]) -> None:
    """The newest by the hotline's clock counts, whichever came last; of one moment, the greater id."""
    fact = told.fact
    order = order_now(tx, fact.order_id)
    changed: dict[str, object] = {}
    newest = (order.surveyed_at, order.survey or "")
    if order.surveyed_at is None or (fact.surveyed_at, fact.message or "") > newest:
        changed = {
            "surveyed_at": fact.surveyed_at, "survey": fact.message, "solved": fact.solved, "satisfied": fact.satisfied,
        }  # fmt: skip
    early = order.replied_at is None
    move(tx, told, "call_back_early" if early else "call_back", **changed)


def urged(tx: Tx, told: Told[f.WorkOrderUrged]) -> None:
    order = order_now(tx, told.fact.order_id)
    move(tx, told, "urge", urges=order.urges + 1, urged_at=told.fact.at)


def withdrawn(tx: Tx, told: Told[f.WorkOrderWithdrawn]) -> None:
    """Taken back once more, it is over from the later moment on: what was dispatched in between is over too."""
    again = order_now(tx, told.fact.order_id).state in OVER
    move(tx, told, "withdraw_again" if again else "withdraw")


def exclusion_asked(tx: Tx, told: Told[f.WorkOrderExclusionAsked]) -> None:
    move(tx, told, "ask_exclusion", exclusion=Exclusion.asked, exclusion_reason=told.fact.reason)


def exclusion_decided(tx: Tx, told: Told[f.WorkOrderExclusionDecided]) -> None:
    move(tx, told, "decide_exclusion", exclusion=Exclusion.granted if told.fact.granted else Exclusion.denied)


def marked(tx: Tx, told: Told[f.WorkOrderMarked]) -> None:
    move(tx, told, "mark", marks=text(told.fact.marks))


APPLY: dict[type[f.Fact], Callable[[Tx, Told], None]] = {
    f.WorkOrderReceived: received,
    f.WorkOrderUpdated: updated,
    f.WorkOrderMessageKept: message_kept,
    f.WorkOrderSigned: signed,
    f.WorkOrderReturnAsked: return_asked,
    f.WorkOrderReturnAnswered: return_answered,
    f.WorkOrderContacted: contacted,
    f.WorkOrderExtensionAsked: extension_asked,
    f.WorkOrderExtensionAnswered: extension_answered,
    f.WorkOrderReplyDrafted: reply_drafted,
    f.WorkOrderReplied: replied,
    f.WorkOrderCalledBack: called_back,
    f.WorkOrderUrged: urged,
    f.WorkOrderWithdrawn: withdrawn,
    f.WorkOrderExclusionAsked: exclusion_asked,
    f.WorkOrderExclusionDecided: exclusion_decided,
    f.WorkOrderMarked: marked,
}
