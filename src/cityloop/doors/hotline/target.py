"""The hotline as a target of the outbox: which facts it is told of, and in which fields."""

from typing import Any

import msgspec

from cityloop.db import Tx
from cityloop.domain import facts as f
from cityloop.domain.facts import Told, VaultRef
from cityloop.doors.hotline import rules, store
from cityloop.doors.hotline.model import Order, OrderText
from cityloop.doors.hotline.port import Deed, Hotline, OrderParcel
from cityloop.notices import Answer

DEEDS: dict[type[f.Fact], Deed] = {
    f.WorkOrderSigned: Deed.sign,
    f.WorkOrderReturnAsked: Deed.send_back,
    f.WorkOrderContacted: Deed.contact,
    f.WorkOrderExtensionAsked: Deed.extend,
    f.WorkOrderReplied: Deed.reply,
    f.WorkOrderExclusionAsked: Deed.ask_exclusion,
}


class HotlineTarget:
    """Tells one hotline what the city answered to its orders, each order's deeds in their order, at least once."""

    ends = False  # a city answers its hotline for as long as it takes
    begins_after = 0
    types = tuple(kind.__name__ for kind in DEEDS)

    def __init__(self, hotline: Hotline):
        self.hotline = hotline
        self.name = f"hotline:{hotline.source}"

    def parcel(self, tx: Tx, told: Told) -> OrderParcel | None:
        """What is sent of a fact; None where the order is another hotline's, or its words were erased meanwhile."""
        order = store.order_find(tx, told.fact.order_id)
        if order is None or order.source != self.hotline.source:
            return None
        fields = _fields(tx, told.fact, order)
        if fields is None:
            return None
        return OrderParcel(
            key=told.id, subject=told.subject, seq=told.seq, number=order.number, deed=DEEDS[type(told.fact)],
            at=told.fact.at, fields=fields,
        )  # fmt: skip

    def send(self, parcel: OrderParcel) -> Answer:
        """Tell the hotline."""
        return getattr(self.hotline, parcel.deed.name)(parcel)

    def gave_up(self, tx: Tx, why: str) -> None:
        """A hotline is never given up."""


def _fields(tx: Tx, fact: Any, order: Order) -> dict[str, Any] | None:
    """The fields of standards.md 3.3 for a deed; None where its words are gone."""
    match fact:
        case f.WorkOrderSigned():
            return {"signTime": fact.at, "isOnTime": fact.on_time}
        case f.WorkOrderReturnAsked():
            return {"rejectReason": fact.reason, "rejectNote": _text(tx, fact.note) or ""}
        case f.WorkOrderContacted():
            return {"isContact": fact.reached, "contactWay": fact.how, "contactTime": fact.at, "isOnTime": fact.on_time}
        case f.WorkOrderExtensionAsked():
            return {"deadline": fact.until, "extensionReason": fact.reason}
        case f.WorkOrderExclusionAsked():
            return {"hangingAccountsLabel": fact.reason, "exclusionNote": _text(tx, fact.note) or ""}
    words = _text(tx, fact.words)
    if words is None:
        return None
    row = store.order_row(tx, order.id)
    return {
        "replyContent": words, "isTrue": fact.is_true, "finishTime": fact.at, "isOnTime": fact.on_time,
        "caseNumber": row.case_number if row else None, "resolveDepartment": row.unit if row else None,
        "isWhistle": f.Mark.whistle in rules.marks_in(order.marks),
    }  # fmt: skip


def _text(tx: Tx, kept: VaultRef | None) -> str | None:
    raw = store.vault_bytes(tx, kept.id) if kept else None
    return msgspec.json.decode(raw, type=OrderText).text if raw else None
