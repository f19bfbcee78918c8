"""The SQL of exclusions 剔除."""

from collections.abc import Collection
from datetime import datetime

import msgspec

from cityloop.db import Tx
from cityloop.db.tx import Row, row_to
from cityloop.domain.facts import CaseExclusionGranted
from cityloop.domain.ids import UnitId
from cityloop.stages.evaluate.model import Span
from cityloop.stages.evaluate.model.fair import ExclusionRow, ExclusionState, ExclusionUnknown
from cityloop.stages.evaluate.model.scoring import Excluded
from cityloop.stages.evaluate.store.rows import names, numbered

_FIELDS = ", ".join(f"exclusion.{name}" for name in ExclusionRow.__struct_fields__)
OPEN, GRANTED = ExclusionState.open.value, ExclusionState.granted.value


def exclusion_get(tx: Tx, id: str) -> ExclusionRow:
    """The request as it stands.

    Refuses with `ExclusionUnknown`.
    """
    row = tx.get("exclusion", ExclusionRow, id)
    if row is None:
        raise ExclusionUnknown(f"There is no request {id[:40]!r} to leave a case out; look for it in /v1/exclusions.")
    return row


def exclusion_list_of(tx: Tx, case_id: str) -> list[ExclusionRow]:
    """Every request about a case, the first first."""
    rows = tx.all(f"SELECT {_FIELDS} FROM exclusion WHERE city = :city AND case_id = :case_id ORDER BY id", case_id=case_id)
    return [row_to(ExclusionRow, row) for row in rows]


def exclusion_list(
    tx: Tx, *, state: ExclusionState | None, units: Collection[UnitId] | None, before: str | None, limit: int
) -> list[ExclusionRow]:
    """Requests, the newest first: of these units, or of all; from an id on."""
    where = "" if state is None else " AND state = :state"
    where += "" if before is None else " AND id < :before"
    if units is not None:
        where += f" AND unit IN ({names('unit', len(units))})" if units else " AND 1 = 0"
    rows = tx.all(
        f"SELECT {_FIELDS} FROM exclusion WHERE city = :city{where} ORDER BY id DESC LIMIT {int(limit)}",
        state=state and state.value, before=before, **numbered("unit", sorted(units or ())),
    )  # fmt: skip
    return [row_to(ExclusionRow, row) for row in rows]


def excluded_in(tx: Tx, span: Span) -> tuple[Excluded, ...]:
    """The cases that are not counted in a period, and in which numbers: of those that can count in it at all."""
    rows = tx.all(
        "SELECT exclusion.case_id, exclusion.metrics FROM exclusion JOIN case_file ON case_file.city = exclusion.city "
        "AND case_file.id = exclusion.case_id WHERE exclusion.city = :city AND exclusion.state = :granted "
        "AND case_file.opened_at < :until AND (case_file.closed_at IS NULL OR case_file.closed_at >= :since) "
        "ORDER BY exclusion.case_id, exclusion.id",
        granted=GRANTED, since=span.since, until=span.until,
    )  # fmt: skip
    return _by_case(rows)


def excluded_then(tx: Tx, span: Span, seq: int, at: datetime) -> tuple[Excluded, ...]:
    """The same when the journal had so many facts, at a moment: what was granted by then, of cases that could count then."""
    rows = tx.all(
        "SELECT exclusion.case_id, exclusion.metrics FROM exclusion JOIN fact ON fact.city = exclusion.city "
        "AND fact.subject = :kind || exclusion.id AND fact.subject_no = exclusion.no JOIN case_file "
        "ON case_file.city = exclusion.city AND case_file.id = exclusion.case_id WHERE exclusion.city = :city "
        "AND exclusion.state = :granted AND fact.seq <= :seq AND case_file.opened_at < :until "
        "AND (case_file.closed_at IS NULL OR case_file.closed_at >= :since OR case_file.closed_at > :at) "
        "ORDER BY exclusion.case_id, exclusion.id",
        granted=GRANTED, kind=f"{CaseExclusionGranted.SUBJECT}/", seq=seq, since=span.since, until=span.until, at=at,
    )  # fmt: skip
    return _by_case(rows)


def _by_case(rows: list[Row]) -> tuple[Excluded, ...]:
    named: dict[str, list[tuple[str, ...]]] = {}
    for row in rows:
        named.setdefault(row.case_id, []).append(msgspec.json.decode(row.metrics, type=tuple[str, ...]))
    return tuple(Excluded(case_id, _together(some)) for case_id, some in named.items())


def _together(some: list[tuple[str, ...]]) -> tuple[str, ...]:
    """The numbers that several requests name about one case; none named is all of them."""
    return () if () in some else tuple(sorted({metric for each in some for metric in each}))


