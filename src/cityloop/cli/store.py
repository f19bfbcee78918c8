"""The SQL of the command line."""

from datetime import datetime

import msgspec

from cityloop.db import Tx
from cityloop.domain.ids import AccountId, CaseId
from cityloop.people import Person


def case_id_of(tx: Tx, id_or_number: str) -> CaseId | None:
    """The case with this id, number, or report."""
    return tx.value("SELECT id FROM case_file WHERE city = :city AND id = :given", given=id_or_number) or tx.value(
        "SELECT id FROM case_file WHERE city = :city AND number = :given", given=id_or_number
    ) or tx.value("SELECT case_id FROM report WHERE city = :city AND id = :given", given=id_or_number)  # fmt: skip


def account_name(tx: Tx, account: AccountId) -> str | None:
    """The name of an account's person; None once erased."""
    raw = tx.value(
        "SELECT v.bytes FROM account a JOIN vault v ON v.city = a.city AND v.id = a.person "
        "WHERE a.city = :city AND a.id = :account",
        account=account,
    )
    return msgspec.json.decode(raw, type=Person).name if raw else None


def fact_count(tx: Tx) -> int:
    """How many facts the journal holds."""
    return tx.value("SELECT size FROM log_head WHERE city = :city") or 0


def fact_last_at(tx: Tx) -> datetime | None:
    """When the newest fact was recorded."""
    found = tx.value("SELECT recorded_at FROM fact WHERE city = :city ORDER BY seq DESC LIMIT 1")
    return datetime.fromisoformat(found) if found else None


def cursor_lows(tx: Tx) -> dict[str, int]:
    """How far each handler has come, by the shard that is furthest behind."""
    rows = tx.all("SELECT handler, min(seq) AS low FROM cursor WHERE city = :city GROUP BY handler ORDER BY handler")
    return {row.handler: row.low for row in rows}


def parked_count(tx: Tx) -> int:
    """How many facts are parked."""
    return tx.value("SELECT count(*) FROM held WHERE city = :city AND parked = 1")
