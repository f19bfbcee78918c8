"""The rows of points beside the lines, and of proposals for a budget."""

from datetime import datetime

from msgspec import Struct

from cityloop.db import Tx
from cityloop.db.tx import row_to
from cityloop.stages.evaluate.model import Span


class EntryRow(Struct, frozen=True, kw_only=True):
    """Points beside the lines. Units: thousandths of a point."""

    id: str
    no: int
    scheme: str
    object: str
    day: str
    points_milli: int
    reason: str
    entered_at: datetime
    entered_by: str
    withdrawn_at: datetime | None = None
    withdrawn_by: str | None = None


class BudgetRow(Struct, frozen=True, kw_only=True):
    """A proposal for a quarter. `lines` and `taken` are JSON."""

    id: str
    no: int
    scheme: str
    quarter: str
    first_day: str
    last_day: str
    seq: int
    pack_seen: str
    lines: str
    proposed_at: datetime
    proposed_by: str
    taken: str | None = None
    decided_at: datetime | None = None
    decided_by: str | None = None


_ENTRY = ", ".join(EntryRow.__struct_fields__)
_BUDGET = ", ".join(BudgetRow.__struct_fields__)


def entry_list(tx: Tx, scheme: str, span: Span) -> list[EntryRow]:
    """The points that were entered for days of a period, in their order; those withdrawn too."""
    rows = tx.all(
        f"SELECT {_ENTRY} FROM score_entry WHERE city = :city AND scheme = :scheme AND day >= :first AND day <= :last "
        "ORDER BY day, id",
        scheme=scheme, first=span.first_day.isoformat(), last=span.last_day.isoformat(),
    )  # fmt: skip
    return [row_to(EntryRow, row) for row in rows]


def budget_list(tx: Tx, limit: int) -> list[BudgetRow]:
    """The newest proposals first."""
    rows = tx.all(f"SELECT {_BUDGET} FROM budget_proposal WHERE city = :city ORDER BY id DESC LIMIT {int(limit)}")
    return [row_to(BudgetRow, row) for row in rows]


def budget_open(tx: Tx, scheme: str, quarter: str) -> bool:
    """Does a proposal for the quarter wait for people?"""
    return bool(
        tx.one(
            "SELECT 1 AS here FROM budget_proposal WHERE city = :city AND scheme = :scheme AND quarter = :quarter "
            "AND decided_at IS NULL",
            scheme=scheme, quarter=quarter,
        )
    )  # fmt: skip
