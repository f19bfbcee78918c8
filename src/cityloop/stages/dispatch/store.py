"""The SQL of dispatch: numbers of orders, and what is overdue."""

from datetime import datetime

from cityloop.db import Tx
from cityloop.domain.ids import CaseId

_LATE = (
    "SELECT c.clock_due, c.id FROM case_file AS c "
    "LEFT JOIN urge AS u ON u.city = :city AND u.task_id = c.task_id AND u.noticed_due = c.clock_due "
    "LEFT JOIN approval AS a ON a.city = :city AND a.id = c.approval_id AND a.clock_stands = 1 "
    "WHERE c.city = :city AND c.state = '{state}' AND c.is_open = 1 AND c.clock_due < :before AND u.id IS NULL "
    "AND a.id IS NULL AND (c.untold IS NULL OR EXISTS (SELECT 1 FROM task AS t WHERE t.city = :city "
    "AND t.id = c.task_id AND t.time_limit IS NOT NULL)) ORDER BY c.clock_due, c.id LIMIT :many"
)


def case_list_unnoticed(tx: Tx, *, before: datetime, limit: int) -> list[CaseId]:
    """The cases whose unit is late since before a moment and was not told of that deadline. A deadline that
    was imported is another system's business, or long past; a clock that stands while something is asked runs out for
    nobody. Walks what is due first in each state (case_queue)."""
    found: list[tuple[str, str]] = []
    for state in ("to_sign", "handling"):
        rows = tx.all(_LATE.format(state=state), before=before, many=limit)
        found += [(row.clock_due, row.id) for row in rows]
    return [CaseId(id) for _, id in sorted(found)[:limit]]


def order_next(tx: Tx, kind: str, year: str) -> int:
    """The year's next number of a kind of order. It is this transaction's alone, and undone with it."""
    return tx.value(
        "INSERT INTO order_counter (city, kind, year, last) VALUES (:city, :kind, :year, 1) "
        "ON CONFLICT (city, kind, year) DO UPDATE SET last = order_counter.last + 1 RETURNING last",
        kind=kind,
        year=year,
    )
