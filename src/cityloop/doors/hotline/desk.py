"""Use cases of the seat 坐席: what the city answers to the hotline about an order. Each goes out as the fact is told."""

from datetime import datetime

import msgspec

from cityloop.cases import Case
from cityloop.db import Tx
from cityloop.domain import facts as f
from cityloop.domain.facts import Mark, VaultRef
from cityloop.domain.ids import OrderId
from cityloop.domain.policy import Limit, Policy
from cityloop.doors.hotline import rules, store
from cityloop.doors.hotline.model import (
    NOTE,
    REPLY,
    WORDS_DAYS,
    ContactHow,
    ExclusionReason,
    ExclusionWrong,
    ExtensionReason,
    Order,
    OrderText,
    ReplyEmpty,
    ReturnReason,
)
from cityloop.doors.hotline.moves import state_after
from cityloop.doors.hotline.telling import draft_text
from cityloop.journal import vault_keep


def sign_order(tx: Tx, id: OrderId) -> OrderId:
    """签收: say that the order is ours.

    Refuses with `OrderUnknown` or `OrderMoveForbidden`. Emits `WorkOrderSigned`.
    """
    order = _held(tx, id, "sign")
    tx.emit(f.WorkOrderSigned(order_id=id, on_time=tx.now <= order.sign_due, at=tx.now))
    return id


def return_order(tx: Tx, id: OrderId, *, reason: str, note: str) -> OrderId:
    """退单: ask the hotline to take the order back. The case, if there is one, goes on until it does.

    Refuses with `OrderUnknown`, `OrderMoveForbidden`, `OrderReasonUnknown` or `ReturnTooLate`.
    Emits `WorkOrderReturnAsked`.
    """
    order = _held(tx, id, "ask_return")
    why = rules.reason_of(reason, ReturnReason)
    rules.return_in_time(order, tx.now)
    tx.emit(f.WorkOrderReturnAsked(order_id=id, reason=why.value, note=_note(tx, order, note), at=tx.now))
    return id


def contact_caller(tx: Tx, id: OrderId, *, how: str, reached: bool) -> OrderId:
    """响应: say that somebody spoke to the caller, or tried to. Only who was reached counts.

    Refuses with `OrderUnknown`, `OrderMoveForbidden` or `OrderReasonUnknown`. Emits `WorkOrderContacted`.
    """
    order = _held(tx, id, "contact")
    way = rules.reason_of(how, ContactHow)
    on_time = tx.now <= order.contact_due
    tx.emit(f.WorkOrderContacted(order_id=id, how=way.value, reached=reached, on_time=on_time, at=tx.now))
    return id


def ask_extension(tx: Tx, id: OrderId, *, by: Limit, reason: str, policy: Policy) -> OrderId:
    """延期: ask the hotline for more time.

    Refuses with `OrderUnknown`, `OrderMoveForbidden`, `OrderReasonUnknown` or `ExtensionWrong`.
    Emits `WorkOrderExtensionAsked`.
    """
    order = _held(tx, id, "ask_extension")
    why = rules.reason_of(reason, ExtensionReason)
    until = rules.extended_until(order, by, policy, tx.now)
    tx.emit(f.WorkOrderExtensionAsked(order_id=id, limit=by, until=until, reason=why.value, at=tx.now))
    return id


def reply_order(tx: Tx, id: OrderId, *, text: str, is_true: bool) -> OrderId:
    """答复: answer the hotline; without words of one's own, with the draft.

    Refuses with `OrderUnknown`, `OrderMoveForbidden` or `ReplyEmpty`. Emits `WorkOrderReplied`.
    """
    order = _held(tx, id, "reply")
    said = text.strip()[: rules.CHARS_MAX]
    if not said:
        draft = store.vault_bytes(tx, order.draft)
        said = msgspec.json.decode(draft, type=OrderText).text if draft else ""
    if not said:
        raise ReplyEmpty(f"Order {order.number} has no draft of a reply; write what was done.")
    words = _keep(tx, order, REPLY, said)
    on_time = tx.now <= order.reply_due
    tx.emit(f.WorkOrderReplied(order_id=id, words=words, is_true=is_true, on_time=on_time, at=tx.now))
    return id


def ask_exclusion(tx: Tx, id: OrderId, *, reason: str, note: str) -> OrderId:
    """剔除: ask the hotline not to count the order.

    Refuses with `OrderUnknown`, `OrderMoveForbidden`, `OrderReasonUnknown` or `ExclusionWrong`.
    Emits `WorkOrderExclusionAsked`.
    """
    order = _held(tx, id, "ask_exclusion")
    why = rules.reason_of(reason, ExclusionReason)
    if rules.exclusion_bar(order):
        raise ExclusionWrong(f"An exclusion of order {order.number} is {order.exclusion} already.")
    tx.emit(f.WorkOrderExclusionAsked(order_id=id, reason=why.value, note=_note(tx, order, note), at=tx.now))
    return id


def mark_order(tx: Tx, id: OrderId, marks: tuple[Mark, ...]) -> OrderId:
    """Put right what an order carries, e.g. that a street whistled 吹哨 for it.

    Refuses with `OrderUnknown` or `OrderMoveForbidden`. Emits `WorkOrderMarked`.
    """
    _held(tx, id, "mark")
    tx.emit(f.WorkOrderMarked(order_id=id, marks=tuple(sorted(set(marks))), at=tx.now))
    return id


def draft_replies(
    tx: Tx, case: Case, outcome: str, *, ended_at: datetime, reason: str | None, policy: Policy
) -> None:
    """The case came to an end: each of its orders that waits for an answer gets a draft of its own.

    Emits `WorkOrderReplyDrafted`.
    """
    for order in store.order_list_of_case(tx, case.id):
        if not _waits(order, ended_at):
            continue
        text = draft_text(
            order, outcome, number=case.number, class_key=case.class_key, unit=case.unit, reason=reason, at=ended_at,
            policy=policy,
        )  # fmt: skip
        draft = _keep(tx, order, REPLY, text)
        tx.emit(f.WorkOrderReplyDrafted(order_id=order.id, case_id=case.id, outcome=outcome, draft=draft, at=tx.now))


def _waits(order: Order, ended_at: datetime) -> bool:
    drafted = order.drafted_at is not None and order.drafted_at >= ended_at
    return order.over_at is None and order.replied_at is None and not drafted


def _held(tx: Tx, id: OrderId, move: str) -> Order:
    """The order, held, from which the move may begin."""
    tx.hold([f"order/{id}"])
    order = store.order_get(tx, id)
    state_after(move, order.state)
    return order


def _note(tx: Tx, order: Order, note: str) -> VaultRef | None:
    return _keep(tx, order, NOTE, note.strip()[: rules.CHARS_MAX]) if note.strip() else None


def _keep(tx: Tx, order: Order, kind: str, said: str) -> VaultRef:
    papers = rules.papers_of(order.id, order.report_id)
    return vault_keep(tx, kind, papers, msgspec.json.encode(OrderText(text=said)), keep_days=WORDS_DAYS)
