"""The SQL of approvals and holds."""

from collections.abc import Sequence
from typing import Any

from cityloop.cases.approvals.model import Approval, ApprovalUnknown, Hold
from cityloop.cases.model import Case
from cityloop.db import Tx
from cityloop.db.tx import Row, lists_by
from cityloop.domain.ids import ApprovalId, CaseId
from cityloop.domain.policy import ApprovalKind

_OF_CASE = "c.number, c.state, c.class_key, c.cell, c.district, c.street, c.unit"


def approval_of(tx: Tx, case: Case, id: ApprovalId) -> Approval:
    """The request, if it is this case's.

    Refuses with `ApprovalUnknown`.
    """
    approval = tx.get("approval", Approval, id)
    if approval is None or approval.case_id != case.id:
        raise ApprovalUnknown(f"Case {case.number or case.id} has no request {id}; see its page.")
    return approval


def approval_open(tx: Tx, case: Case) -> Approval | None:
    """What is asked in the case and not yet decided."""
    return tx.get("approval", Approval, case.approval_id) if case.approval_id else None


def approval_lists_of(tx: Tx, case_ids: Sequence[CaseId]) -> dict[CaseId, list[Approval]]:
    """Everything that was ever asked in each case, in order."""
    return lists_by(tx, Approval, "approval", "case_id", case_ids, order=("asked_at", "id"))  # type: ignore[return-value]


def approval_list_of(tx: Tx, case_id: CaseId) -> list[Approval]:
    """Everything that was ever asked in the case, in order."""
    return approval_lists_of(tx, [case_id])[case_id]


def approval_count(tx: Tx, case_id: CaseId, kind: ApprovalKind) -> int:
    """How often it was asked in the case; what was taken back does not count."""
    sql = (
        "SELECT count(*) FROM approval WHERE city = :city AND case_id = :case_id AND kind = :kind "
        "AND COALESCE(outcome, '') <> 'withdrawn'"
    )
    return tx.value(sql, case_id=case_id, kind=kind.value)


def hold_lists_of(tx: Tx, case_ids: Sequence[CaseId]) -> dict[CaseId, list[Hold]]:
    """Everything that each case was ever put off by, in order."""
    return lists_by(tx, Hold, "hold", "case_id", case_ids, order=("since", "id"))  # type: ignore[return-value]


def hold_list_of(tx: Tx, case_id: CaseId) -> list[Hold]:
    """Everything that the case was ever put off by, in order."""
    return hold_lists_of(tx, [case_id])[case_id]


def hold_open(tx: Tx, case_id: CaseId) -> Hold | None:
    """By what the case is put off now."""
    return hold_running(hold_list_of(tx, case_id))


def hold_running(holds: Sequence[Hold]) -> Hold | None:
    """Of all holds of a case the one that is not over."""
    return next((each for each in holds if each.ended_at is None), None)


def approval_list_waiting(
    tx: Tx, conditions: Sequence[str], params: dict[str, Any], *, after: Sequence[Any] | None, limit: int
) -> list[Row]:
    """Requests that nobody has decided, with their cases, the most urgent first."""
    where, values = _where("a.decide_due, a.id", conditions, params, after)
    sql = (
        f"SELECT a.*, {_OF_CASE} FROM approval AS a JOIN case_file AS c ON c.city = :city AND c.id = a.case_id "
        f"WHERE a.city = :city AND a.outcome IS NULL{where} ORDER BY a.decide_due, a.id LIMIT :many"
    )
    return tx.all(sql, **values, many=limit + 1)


def hold_list_open(
    tx: Tx, kind: ApprovalKind, conditions: Sequence[str], params: dict[str, Any], *, after: Sequence[Any] | None, limit: int
) -> list[Row]:
    """What is put off, with its cases, the first to end first."""
    where, values = _where("h.until, h.id", conditions, params, after)
    sql = (
        f"SELECT h.*, {_OF_CASE} FROM hold AS h JOIN case_file AS c ON c.city = :city AND c.id = h.case_id "
        f"WHERE h.city = :city AND h.kind = :kind AND h.ended_at IS NULL{where} ORDER BY h.until, h.id LIMIT :many"
    )
    return tx.all(sql, **values, kind=kind.value, many=limit + 1)


def _where(
    order: str, conditions: Sequence[str], params: dict[str, Any], after: Sequence[Any] | None
) -> tuple[str, dict[str, Any]]:
    """Conditions as the rest of a WHERE, beginning after the row that a mark names."""
    found = list(conditions)
    if after is not None:
        found.append(f"({order}) > (:after_moment, :after_id)")
        params = params | {"after_moment": after[0], "after_id": after[1]}
    return "".join(f" AND {each}" for each in found), params
