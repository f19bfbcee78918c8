"""Which functions of the product are used: facts by type. No person is counted, and none is named."""

from datetime import datetime

from cityloop.db import Tx


def fact_counts(tx: Tx, since: datetime, until: datetime) -> dict[str, int]:
    """How many facts of each type were recorded in a period."""
    rows = tx.all(
        "SELECT type, COUNT(*) AS count FROM fact WHERE city = :city AND recorded_at >= :since AND recorded_at < :until "
        "GROUP BY type ORDER BY type",
        since=since, until=until,
    )  # fmt: skip
    return {row.type: row.count for row in rows}
