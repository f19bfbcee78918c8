"""Which functions of the product are used: facts by type, calls by day. No person is counted, and none is named."""

from datetime import date, datetime

from cityloop.db import Tx
from cityloop.db.tx import row_to
from cityloop.stages.evaluate.model.scoring import UseOfDay


def fact_counts(tx: Tx, since: datetime, until: datetime) -> dict[str, int]:
    """How many facts of each type were recorded in a period."""
    rows = tx.all(
        "SELECT type, COUNT(*) AS count FROM fact WHERE city = :city AND recorded_at >= :since AND recorded_at < :until "
        "GROUP BY type ORDER BY type",
        since=since, until=until,
    )  # fmt: skip
    return {row.type: row.count for row in rows}


def use_list(tx: Tx, first: date, last: date) -> list[UseOfDay]:
    """How often each function was called, on each day that is over and told."""
    rows = tx.all(
        "SELECT day, function, calls FROM use_day WHERE city = :city AND day >= :first AND day <= :last ORDER BY day, function",
        first=first, last=last,
    )  # fmt: skip
    return [row_to(UseOfDay, row) for row in rows]
