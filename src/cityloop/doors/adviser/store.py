"""The SQL of the adviser's door."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from cityloop.db import Tx
from cityloop.domain.ids import ReportId
from cityloop.doors.adviser.model import Outcome

LAST = 24  # outcomes that say how it fares


class Waiting(Struct, frozen=True, kw_only=True):
    """A report about which a person still has to decide, and its words as the vault keeps them."""

    report_id: ReportId
    proposals: str  # as JSON: ours
    raw: bytes


def report_list_waiting(tx: Tx, since: datetime, limit: int) -> list[Waiting]:
    """Reports of cases that wait to be accepted and were not asked about, the newest first."""
    rows = tx.all(
        "SELECT c.report_id, r.proposals, v.bytes AS raw FROM case_file c JOIN report r ON r.city = c.city "
        "AND r.id = c.report_id JOIN vault v ON v.city = r.city AND v.id = r.said WHERE c.city = :city "
        "AND c.state = 'reported' AND c.opened_at >= :since AND NOT EXISTS (SELECT 1 FROM outside_question q "
        "WHERE q.city = c.city AND q.report_id = c.report_id) ORDER BY c.id DESC LIMIT :limit",
        since=since, limit=limit,
    )  # fmt: skip
    return [Waiting(report_id=row.report_id, proposals=row.proposals, raw=bytes(row.raw)) for row in rows]


def is_waiting(tx: Tx, report_id: ReportId) -> bool:
    """Whether somebody still has to decide about a report."""
    found = tx.value(
        "SELECT c.state FROM report r JOIN case_file c ON c.city = r.city AND c.id = r.case_id "
        "WHERE r.city = :city AND r.id = :id",
        id=report_id,
    )
    return found == "reported"


def asked_count(tx: Tx, day: str) -> int:
    """How many questions were asked on a day."""
    return tx.value("SELECT COUNT(*) FROM outside_question WHERE city = :city AND day = :day", day=day)


def asked_last(tx: Tx, days: Sequence[str]) -> list[tuple[datetime, Outcome]]:
    """The last answers of these days, the newest first."""
    marks = {f"day_{place}": day for place, day in enumerate(days)}
    rows = tx.all(
        f"SELECT ended_at, outcome FROM outside_question WHERE city = :city AND day IN ({', '.join(f':{each}' for each in marks)}) "
        f"AND ended_at IS NOT NULL ORDER BY ended_at DESC, asked_at DESC LIMIT {LAST}",
        **marks,
    )
    return [(datetime.fromisoformat(row.ended_at), Outcome(row.outcome)) for row in rows]


def asked_forget(tx: Tx, before: str) -> int:
    """Let go of what was asked before a day."""
    return tx.run("DELETE FROM outside_question WHERE city = :city AND day < :before", before=before)
