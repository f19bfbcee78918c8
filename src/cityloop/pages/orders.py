"""What was said about a case without moving it, as its page shows it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from cityloop.cases import Case
from cityloop.db import Tx
from cityloop.domain.ids import CaseId
from cityloop.domain.time import moment


class OrderLine(Struct, frozen=True, kw_only=True):
    """One order. `says` are codes of words; text and answer only for those who may read them."""

    kind: str
    number: str | None = None
    says: list[str] = []
    unit: str | None = None
    at: datetime
    due: datetime | None = None
    text: str | None = None
    answer: str | None = None


class Order(Struct, frozen=True, kw_only=True):
    """An order as its table has it; its words lie in the vault."""

    line: OrderLine
    note: str | None = None
    answer: str | None = None

    @property
    def vault(self) -> list[str]:
        """What of it lies in the vault."""
        return [id for id in (self.note, self.answer) if id]


# kind: the prefixes of the words of its three codes
KINDS = {
    "supervision": ("supervise.level", "supervise.state", "supervise.reason"),
    "instruction": ("addressed", "", ""),
    "urge": ("urge.reason", "", ""),
    "whistle": ("whistle.reason", "", ""),
    "appeal": ("appeal.about", "appeal.state", "appeal.reason"),
}
_ORDERS = (
    "SELECT case_id, 'supervision' AS kind, number, level AS one, state AS two, reason AS three, unit, issued_at AS at, "
    "answer_due AS due, note, answer FROM supervision WHERE city = :city AND case_id IN ({ids}) "
    "UNION ALL SELECT case_id, 'instruction', NULL, addressed, NULL, NULL, NULL, at, NULL, note, NULL FROM instruction "
    "WHERE city = :city AND case_id IN ({ids}) "
    "UNION ALL SELECT case_id, 'urge', NULL, reason, NULL, NULL, unit, at, NULL, note, NULL FROM urge "
    "WHERE city = :city AND case_id IN ({ids}) AND reason IS NOT NULL "
    "UNION ALL SELECT case_id, 'whistle', NULL, reason, NULL, NULL, street, sounded_at, report_due, note, record FROM whistle "
    "WHERE city = :city AND case_id IN ({ids}) "
    "UNION ALL SELECT case_id, 'appeal', id, about, state, reason, unit, lodged_at, NULL, note, answer FROM appeal "
    "WHERE city = :city AND case_id IN ({ids})"
)


def orders_of(tx: Tx, cases: Sequence[Case]) -> dict[CaseId, list[Order]]:
    """The orders of each case, in their time; one statement for all, and none where nothing was ever said."""
    found: dict[CaseId, list[Order]] = {case.id: [] for case in cases}
    marked = [case.id for case in cases if case.marks]
    if not marked:
        return found
    ids = ", ".join(f":id_{place}" for place in range(len(marked)))
    rows = tx.all(_ORDERS.format(ids=ids), **{f"id_{place}": id for place, id in enumerate(marked)})
    for row in sorted(rows, key=lambda row: (row.at, row.kind)):
        codes = zip(KINDS[row.kind], (row.one, row.two, row.three), strict=True)
        line = OrderLine(
            kind=row.kind, number=row.number, says=[f"{prefix}.{code}" for prefix, code in codes if code],
            unit=row.unit, at=moment(row.at), due=moment(row.due) if row.due else None,
        )  # fmt: skip
        found[row.case_id].append(Order(line=line, note=row.note, answer=row.answer))
    return found


def order_line(order: Order, said: Mapping[str, Any]) -> OrderLine:
    """The order with its words, as far as they may be read and are kept."""
    line, note, answer = order.line, said.get(order.note or ""), said.get(order.answer or "")
    return OrderLine(
        kind=line.kind, number=line.number, says=line.says, unit=line.unit, at=line.at, due=line.due,
        text=note.text if note else None, answer=answer.text if answer else None,
    )  # fmt: skip
