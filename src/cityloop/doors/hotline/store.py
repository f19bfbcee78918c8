"""The SQL of the hotline door."""

from datetime import datetime

import msgspec

from cityloop.db import Row, Tx, once_found
from cityloop.db.tx import row_to
from cityloop.domain.facts import Message
from cityloop.domain.ids import CaseId, OrderId
from cityloop.doors.hotline.model import MessageRow, Order, OrderState, OrderUnknown
from cityloop.journal.vault import VaultRow

_ORDER = ", ".join(f"o.{name}" for name in Order.__struct_fields__)
_CASE = (
    "LEFT JOIN report r ON r.city = o.city AND r.id = o.report_id "
    "LEFT JOIN case_file c ON c.city = r.city AND c.id = r.case_id"
)
_SEEN = "c.id AS case_id, c.number AS case_number, c.state AS case_state, c.cell, c.street, c.district, c.unit, c.level_area, c.post, c.guests"


def order_find(tx: Tx, id: OrderId) -> Order | None:
    """The order, if it has come."""
    return tx.get("work_order", Order, id)


def order_hold(tx: Tx, id: OrderId) -> Order | None:
    """The same, held until the transaction ends."""
    tx.hold([f"order/{id}"])
    return order_find(tx, id)


def order_get(tx: Tx, id: OrderId) -> Order:
    """The order as it is.

    Refuses with `OrderUnknown`.
    """
    order = order_find(tx, id)
    if order is None:
        raise OrderUnknown(f"There is no order {id[:60]}; look for it by its number in /v1/orders.")
    return order


def order_row(tx: Tx, id: OrderId) -> Row | None:
    """An order with what of its case says who sees it."""
    return tx.one(f"SELECT {_ORDER}, {_SEEN} FROM work_order o {_CASE} WHERE o.city = :city AND o.id = :id", id=id)


def order_of(row: Row) -> Order:
    """The order in a row that holds more."""
    return msgspec.convert({name: getattr(row, name) for name in Order.__struct_fields__}, Order, strict=False)


def order_rows(tx: Tx, *, before: tuple[str, str], states: tuple[OrderState, ...], limit: int) -> list[Row]:
    """Orders with their cases, the newest dispatch first, from before a mark on."""
    marks = ", ".join(f"'{state.value}'" for state in states)
    among = f"AND o.state IN ({marks}) " if states else ""
    return tx.all(
        f"SELECT {_ORDER}, {_SEEN} FROM work_order o {_CASE} WHERE o.city = :city {among}"
        "AND (o.dispatched_at < :at OR (o.dispatched_at = :at AND o.id < :id)) "
        f"ORDER BY o.dispatched_at DESC, o.id DESC LIMIT {int(limit)}",
        at=before[0], id=before[1],
    )  # fmt: skip


def order_rows_between(tx: Tx, begin: datetime, end: datetime) -> list[Row]:
    """Every order whose clocks began in a period, the oldest first, with its case."""
    return tx.all(
        f"SELECT {_ORDER}, {_SEEN} FROM work_order o {_CASE} WHERE o.city = :city "
        "AND o.dispatched_at >= :begin AND o.dispatched_at < :end ORDER BY o.dispatched_at, o.id",
        begin=begin, end=end,
    )  # fmt: skip


def order_list_of_case(tx: Tx, case_id: CaseId) -> list[Order]:
    """The orders of a case, by id."""
    rows = tx.all(
        f"SELECT {_ORDER} FROM work_order o WHERE o.city = :city AND o.report_id IN "
        f"(SELECT id FROM report WHERE city = :city AND case_id = :case_id) ORDER BY {once_found('o.id')}",
        case_id=case_id,
    )
    return [row_to(Order, row) for row in rows]


def others_count(tx: Tx, case_id: CaseId) -> int:
    """How many reports of a case nobody took back."""
    return tx.value(
        "SELECT count(*) FROM report r LEFT JOIN work_order o ON o.city = r.city AND o.report_id = r.id "
        "WHERE r.city = :city AND r.case_id = :case_id AND (o.id IS NULL OR o.state NOT IN ('withdrawn', 'returned'))",
        case_id=case_id,
    )


def case_ids_of(tx: Tx, id: OrderId) -> list[CaseId]:
    """The case that an order belongs to now, if it has one. Read without the row's staying as it is."""
    rows = tx.all(
        "SELECT r.case_id FROM work_order o JOIN report r ON r.city = o.city AND r.id = o.report_id "
        "WHERE o.city = :city AND o.id = :id AND r.case_id IS NOT NULL",
        id=id,
    )
    return [row.case_id for row in rows]


def message_taken(tx: Tx, order_id: OrderId, message: str) -> bool:
    """Whether a message was taken before."""
    return tx.get("order_message", MessageRow, order_id, message) is not None


def messages_waiting(tx: Tx, order_id: OrderId) -> list[Message]:
    """What the hotline said of an order before it came, in the order in which it was said to us."""
    rows = tx.all(
        "SELECT body FROM order_message WHERE city = :city AND order_id = :order_id AND body IS NOT NULL ORDER BY no",
        order_id=order_id,
    )
    return [msgspec.json.decode(row.body, type=Message) for row in rows]


def vault_bytes(tx: Tx, id: str | None) -> bytes | None:
    """What the vault keeps, if it still does."""
    row = tx.get("vault", VaultRow, id) if id else None
    return row.bytes if row else None
