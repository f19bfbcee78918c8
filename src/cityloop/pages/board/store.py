"""What the wall asks the tables for: today's reports, days like today, and the lines of a few cases."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from cityloop.db import Tx
from cityloop.db.tx import id_from
from cityloop.pages.queue import COLUMNS, TASK


def reports_since(tx: Tx, since: datetime) -> list[tuple]:
    """Channel and case of each report that came since."""
    return tx.tuples(
        "SELECT channel, case_id FROM report WHERE city = :city AND id >= :first AND received_at >= :since",
        first=id_from(since), since=since,
    )  # fmt: skip


def cases_opened(tx: Tx, since: datetime, until: datetime) -> list[tuple]:
    """Class, street and cell's rest of the cases that were opened in a span, with how many: ids begin with their moment."""
    return tx.tuples(
        "SELECT class_key, street, count(*) FROM case_file WHERE city = :city AND id >= :first AND id < :last "
        "GROUP BY class_key, street",
        first=id_from(since), last=id_from(until),
    )  # fmt: skip


def case_lines(tx: Tx, ids: Iterable[str]) -> list[Any]:
    """The rows of these cases, as lists show them."""
    wanted = {f"i{place}": id for place, id in enumerate(ids)}
    if not wanted:
        return []
    marks = ", ".join(f":{name}" for name in wanted)
    return tx.all(f"SELECT {COLUMNS} FROM case_file AS c {TASK} WHERE c.city = :city AND c.id IN ({marks})", **wanted)
