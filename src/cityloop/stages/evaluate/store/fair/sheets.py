"""The SQL of published scores and of what was said against them."""

from collections.abc import Collection
from datetime import datetime

from cityloop.db import Tx
from cityloop.db.tx import row_to
from cityloop.domain.ids import UnitId
from cityloop.stages.evaluate.model.published import ScoreAppealRow, SheetRow, SheetUnknown
from cityloop.stages.evaluate.store.rows import names, numbered

_SHEET = ", ".join(SheetRow.__struct_fields__)
_APPEAL = ", ".join(ScoreAppealRow.__struct_fields__)


def sheet_get(tx: Tx, id: str) -> SheetRow:
    """A published sheet.

    Refuses with `SheetUnknown`.
    """
    row = tx.get("score_sheet", SheetRow, id)
    if row is None:
        raise SheetUnknown(f"No sheet {id[:80]!r} was published; see /v1/scores/published.")
    return row


def sheet_last(tx: Tx, scheme: str, first_day: str, last_day: str) -> SheetRow | None:
    """The last version of these days."""
    rows = tx.all(
        f"SELECT {_SHEET} FROM score_sheet WHERE city = :city AND scheme = :scheme AND first_day = :first AND last_day = :last "
        "ORDER BY version DESC LIMIT 1",
        scheme=scheme, first=first_day, last=last_day,
    )  # fmt: skip
    return row_to(SheetRow, rows[0]) if rows else None


def sheet_list(tx: Tx, *, scheme: str | None, before: tuple[datetime, str] | None, limit: int) -> list[SheetRow]:
    """Published sheets, the newest first."""
    where = "" if scheme is None else " AND scheme = :scheme"
    where += "" if before is None else " AND (published_at < :at OR published_at = :at AND id < :id)"
    rows = tx.all(
        f"SELECT {_SHEET} FROM score_sheet WHERE city = :city{where} ORDER BY published_at DESC, id DESC LIMIT {int(limit)}",
        scheme=scheme, at=before and before[0], id=before and before[1],
    )  # fmt: skip
    return [row_to(SheetRow, row) for row in rows]


def appeal_list_of(tx: Tx, sheet_id: str, *, units: Collection[UnitId] | None = None) -> list[ScoreAppealRow]:
    """What was said against a sheet, the first first: by these units, or by all."""
    where = "" if units is None else f" AND unit IN ({names('unit', len(units))})" if units else " AND 1 = 0"
    rows = tx.all(
        f"SELECT {_APPEAL} FROM score_appeal WHERE city = :city AND sheet_id = :sheet{where} ORDER BY id",
        sheet=sheet_id, **numbered("unit", sorted(units or ())),
    )  # fmt: skip
    return [row_to(ScoreAppealRow, row) for row in rows]
