"""What is asked for the columns: which cases there are, what changed since, and their rows."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice

from cityloop.db import Tx
from cityloop.journal.tlog import entry, leaf_hash

CHUNK = 500
COLUMNS = (
    "c.id, c.state, c.is_open, c.class_key, c.unit, c.post, c.guests, c.cell, c.level, c.lon, c.lat, c.urgency, "
    "c.number IS NOT NULL, c.on_time, c.opened_at, c.filed_at, c.dispatched_at, c.handled_at, c.closed_at, c.clock_since, "
    "COALESCE(c.clock_due, t.due_at), c.clock_pauses, "
    "CASE c.state WHEN 'to_dispatch' THEN c.dispatch_limit WHEN 'reported' THEN c.accept_limit "
    "WHEN 'to_file' THEN c.accept_limit ELSE t.time_limit END"
)
TASK = "LEFT JOIN task AS t ON t.city = :city AND t.id = c.task_id AND t.ended_at IS NULL"


def size(tx: Tx) -> int:
    """How many facts the journal holds."""
    return tx.value("SELECT size FROM log_head WHERE city = :city") or 0


def leaf(tx: Tx, seq: int) -> str:
    """The fact at a place of the journal as its log has it, in hex; empty where there is none."""
    row = tx.one("SELECT salt, body FROM fact WHERE city = :city AND seq = :seq", seq=seq)
    return leaf_hash(entry(row.salt, row.body)).hex() if row else ""


def case_ids(tx: Tx, states: Iterable[str], closed_since: datetime) -> list[str]:
    """Every open case, and those that ended since; by id."""
    found: list[tuple] = []
    for state in states:  # one walk of an index for each
        found += tx.tuples(
            "SELECT id FROM case_file WHERE city = :city AND state = :state AND is_open = 1", state=state
        )
    found += tx.tuples(
        "SELECT id FROM case_file WHERE city = :city AND is_open = 0 AND closed_at >= :since", since=closed_since
    )
    return sorted(row[0] for row in found)


def cases_changed(tx: Tx, since: int, until: int) -> list[str]:
    """The cases of which something was told in this stretch of the journal."""
    rows = tx.tuples(
        "SELECT DISTINCT substr(subject, 6) FROM fact WHERE city = :city AND seq > :since AND seq <= :until "
        "AND substr(subject, 1, 5) = 'case/'",
        since=since, until=until,
    )  # fmt: skip
    return [row[0] for row in rows]


def case_rows(tx: Tx, ids: Iterable[str]) -> Iterator[list[tuple]]:
    """The rows of these cases, some hundred at a time."""
    left = iter(ids)
    while some := list(islice(left, CHUNK)):
        marks = ", ".join(f":i{place}" for place in range(len(some)))
        yield tx.tuples(
            f"SELECT {COLUMNS} FROM case_file AS c {TASK} WHERE c.city = :city AND c.id IN ({marks})",
            **{f"i{place}": id for place, id in enumerate(some)},
        )
