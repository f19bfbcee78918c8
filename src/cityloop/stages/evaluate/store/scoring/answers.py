"""What residents answered and what else is counted for scores: a row for each thing, with its case.

Read are tables of others (`work_order`, `callback`, `verdict`) as the facts of their doors left them; nothing is written.
"""

from collections.abc import Iterable

from msgspec import Struct

from cityloop.db import Tx
from cityloop.stages.evaluate.model import By
from cityloop.stages.evaluate.store.rows import Asked, inside, inside_any, names, numbered, within

_ALIVE = "work_order.state NOT IN ('returned', 'withdrawn') AND COALESCE(work_order.exclusion, '') <> 'granted'"
_ORDERS = (
    "FROM work_order LEFT JOIN report ON report.city = work_order.city AND report.id = work_order.report_id "
    "LEFT JOIN case_file ON case_file.city = report.city AND case_file.id = report.case_id WHERE work_order.city = :city"
)
_CASES = "FROM case_file WHERE case_file.city = :city"
_TASKS = (
    "FROM task JOIN case_file ON case_file.city = task.city AND case_file.id = task.case_id WHERE task.city = :city"
)
_CLOSED_AT = "COALESCE(case_file.first_closed_at, CASE WHEN case_file.state = 'closed' THEN case_file.closed_at END)"


def _joined(table: str) -> str:
    return (
        f"FROM {table} LEFT JOIN case_file ON case_file.city = {table}.city AND case_file.id = {table}.case_id "
        f"WHERE {table}.city = :city"
    )


class _Asks(Struct, frozen=True, kw_only=True):
    """Which rows count, at which moment, and what each says: an option, or "yes" and "no" of a rate."""

    rows: str
    at: str
    where: str
    says: str
    unit: str = "case_file.unit"
    person: str = "NULL"


def _yes(condition: str) -> str:
    return f"CASE WHEN {condition} THEN 'yes' ELSE 'no' END"


ASKS = {
    "hotline_contact": _Asks(
        rows=_ORDERS, at="work_order.dispatched_at",
        where=f"{_ALIVE} AND (work_order.contacted_at IS NOT NULL OR work_order.contact_due < :now)",
        says=_yes("work_order.contacted_at <= work_order.contact_due"),
    ),
    "hotline_solved": _Asks(
        rows=_ORDERS, at="work_order.dispatched_at", where=f"{_ALIVE} AND work_order.solved IS NOT NULL", says="work_order.solved"
    ),
    "hotline_satisfied": _Asks(
        rows=_ORDERS, at="work_order.dispatched_at", where=f"{_ALIVE} AND work_order.satisfied <> 'none'", says="work_order.satisfied"
    ),
    "verdict_solved": _Asks(
        rows=_joined("verdict"), at="verdict.at", where="verdict.superseded_at IS NULL", says="verdict.solved", unit="verdict.unit"
    ),
    "verdict_satisfied": _Asks(
        rows=_joined("verdict"), at="verdict.at", where="verdict.superseded_at IS NULL AND verdict.satisfied <> 'none'",
        says="verdict.satisfied", unit="verdict.unit",
    ),
    "verdict_given": _Asks(
        rows=_joined("callback"), at="callback.ended_at", where="callback.ended_at IS NOT NULL",
        says=_yes("callback.outcome = 'answered'"),
        unit="callback.unit",
    ),
    "redone": _Asks(
        rows=_CASES, at=_CLOSED_AT, where="case_file.filed_at IS NOT NULL", says=_yes("COALESCE(case_file.redos, 0) > 0")
    ),
    "upheld_appeals": _Asks(
        rows=_joined("appeal"), at="appeal.decided_at", where="appeal.decided_at IS NOT NULL", says=_yes("appeal.excluded = 1"),
        unit="appeal.unit",
    ),
    "verify_sent_on_time": _Asks(
        rows=_TASKS, at="task.given_at", where="task.kind = 'verify' AND case_file.accept_due IS NOT NULL",
        says=_yes("task.given_at <= case_file.accept_due"), person="task.given_by",
    ),
    "placed": _Asks(rows=_CASES, at="case_file.filed_at", where="case_file.filed_at IS NOT NULL", says=_yes("case_file.cell IS NOT NULL")),
    "component_tied": _Asks(
        rows=_CASES, at="case_file.filed_at", where="case_file.class_key LIKE '%/component/%'",
        says=_yes("case_file.component IS NOT NULL"),
    ),
}  # fmt: skip


class Said(Struct, frozen=True):
    """One thing that was counted: whose, what it says, its case, and its own id or moment."""

    object: str
    says: str
    case_id: str | None
    cell: str | None


def said_list(tx: Tx, metric: str, asked: Asked) -> list[Said]:
    """Every row behind a metric in the period, with the object that it counts for; cells are grouped by the pack after."""
    asks = ASKS[metric]
    reach, only = "", asked.only
    given: dict[str, object] = {"since": asked.span.since, "until": asked.span.until}
    given |= {"now": asked.now} if ":now" in asks.where else {}
    given |= {name: value for name, value in (("area", only.area), ("unit", only.unit)) if value is not None}
    given |= numbered("scope", asked.scope or ()) | numbered("only_case", asked.cases or ())
    if asked.scope is not None:
        reach = f" AND {inside_any('scope', len(asked.scope))}"
    if only.area is not None:
        reach += f" AND {inside('area')}"
    if only.unit is not None:
        reach += f" AND {asks.unit} = :unit"
    if asked.cases is not None:
        reach += f" AND case_file.id IN ({names('only_case', len(asked.cases))})"
    rows = tx.all(
        f"SELECT {_object(asks, asked.by)} AS object, {asks.says} AS says, case_file.id AS case_id, case_file.cell AS cell "
        f"{asks.rows} AND {asks.where} AND {within((asks.at,))}{reach} ORDER BY {asks.at}, case_file.id",
        **given,
    )
    return [Said(row.object or "", row.says, row.case_id, row.cell) for row in rows]


def tallied(said: Iterable[Said]) -> dict[tuple[str, str], int]:
    """How often each object was told each thing."""
    found: dict[tuple[str, str], int] = {}
    for each in said:
        found[each.object, each.says] = found.get((each.object, each.says), 0) + 1
    return found


def _object(asks: _Asks, by: By) -> str:
    match by:
        case By.unit:
            return asks.unit
        case By.person:
            return asks.person
        case By.district | By.street:
            return f"case_file.{by}"
        case By.grid:
            return "case_file.cell"
        case _:
            return "'all'"
