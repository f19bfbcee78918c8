"""A street's call to departments, as its rows: the call, and each that was called. Written by `apply`."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from cityloop.db import Tx
from cityloop.db.tx import lists_by, row_to
from cityloop.domain.ids import CaseId, UnitId, VaultId


class Whistle(Struct, frozen=True, kw_only=True):
    """A call. `report_limit` is JSON; `note` and `record` lie in the vault."""

    id: str
    case_id: CaseId
    street: UnitId
    reason: str
    sounded_at: datetime
    sounded_by: str
    report_due: datetime
    report_limit: str
    note: VaultId | None = None
    ended_at: datetime | None = None
    ended_by: str | None = None
    record: VaultId | None = None


class WhistleUnit(Struct, frozen=True, kw_only=True):
    """A department that was called: when it came, and what the street thinks of it."""

    whistle_id: str
    unit: UnitId
    case_id: CaseId
    reported_at: datetime | None = None
    reported_by: str | None = None
    late: bool | None = None
    missed: bool = False
    score: int | None = None
    rated_for: str | None = None
    rated_at: datetime | None = None


def whistle_last(tx: Tx, case_id: CaseId) -> Whistle | None:
    """The latest call of a case."""
    fields = ", ".join(Whistle.__struct_fields__)
    row = tx.one(
        f"SELECT {fields} FROM whistle WHERE city = :city AND case_id = :case_id ORDER BY id DESC LIMIT 1",
        case_id=case_id,
    )
    return row_to(Whistle, row) if row else None


def whistle_units(tx: Tx, whistle_id: str) -> list[WhistleUnit]:
    """Who was called, by name of the unit."""
    fields = ", ".join(WhistleUnit.__struct_fields__)
    rows = tx.all(
        f"SELECT {fields} FROM whistle_unit WHERE city = :city AND whistle_id = :whistle_id ORDER BY unit",
        whistle_id=whistle_id,
    )
    return [row_to(WhistleUnit, row) for row in rows]


def whistle_lists_called(tx: Tx, case_ids: Sequence[CaseId]) -> dict[CaseId, list[WhistleUnit]]:
    """Of each case those that a call which is not over called, by name of the unit."""
    running = (
        "whistle_id IN (SELECT w.id FROM whistle AS w WHERE w.city = whistle_unit.city "
        "AND w.case_id = whistle_unit.case_id AND w.ended_at IS NULL)"
    )
    return lists_by(tx, WhistleUnit, "whistle_unit", "case_id", case_ids, where=running, order=("unit",))  # type: ignore[return-value]
