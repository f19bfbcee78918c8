"""What waits for somebody's word, and the problem store 问题库: pages of them, as far as the caller's seats reach."""

from datetime import datetime
from typing import Any

from msgspec import Struct

from cityloop.cases.approvals.model import Approval, Hold
from cityloop.cases.approvals.store import approval_list_waiting, hold_list_open
from cityloop.cases.reach import reach_of, within
from cityloop.db import Tx
from cityloop.db.tx import Row, row_to
from cityloop.domain.approval import PUTS_OFF, grants_with
from cityloop.domain.ids import ApprovalId, CaseId, HoldId, UnitId
from cityloop.domain.lifecycle import State
from cityloop.domain.permission import Permission
from cityloop.domain.policy import ApprovalKind, Lapse, Limit
from cityloop.http import Caller, Page
from cityloop.http.identity import Seat
from cityloop.http.lists import keys_of, mark_of


class CaseOf(Struct, frozen=True, kw_only=True):
    """The case that a line is about."""

    id: CaseId
    number: str | None
    state: State
    class_key: str | None
    cell: str | None
    unit: UnitId | None


class WaitingLine(Struct, frozen=True, kw_only=True):
    """A request that nobody has decided. Codes only: words are chosen at the edge."""

    id: ApprovalId
    case: CaseOf
    kind: ApprovalKind
    nth: int
    reason: str
    length: Limit | None
    until: datetime | None
    role: str
    steps: list[str]
    agreed: int  # steps
    asked_at: datetime
    task_due: datetime | None
    decide_due: datetime
    lapse: Lapse
    clock_stands: bool


class ProblemLine(Struct, frozen=True, kw_only=True):
    """A problem that stands in the store. `role`: before whom it stands again, since it expired."""

    id: HoldId
    case: CaseOf
    kind: ApprovalKind
    reason: str
    since: datetime
    until: datetime
    times: int
    expired_at: datetime | None
    role: str | None
    counts_as_due: bool
    has_plan: bool


def waiting(tx: Tx, caller: Caller, *, mine: bool, after: str | None, limit: int) -> Page[WaitingLine]:
    """Requests that wait: those that the caller may decide, or all of the cases that they may see.

    Refuses with `BadMark`.
    """
    condition, params = _mine(caller) if mine else within(reach_of(caller))
    conditions = [condition] if condition else []
    rows = approval_list_waiting(tx, conditions, params, after=_after(after), limit=limit)
    return Page(items=[_waiting_line(row) for row in rows[:limit]], next=_next(rows, "decide_due", limit))


def problems(tx: Tx, caller: Caller, kind: ApprovalKind, *, after: str | None, limit: int) -> Page[ProblemLine]:
    """What is put off, of the cases that the caller may see, the first to end first.

    Refuses with `BadMark`.
    """
    assert kind in PUTS_OFF, f"{kind} puts nothing off"
    condition, params = within(reach_of(caller))
    rows = hold_list_open(tx, kind, [condition] if condition else [], params, after=_after(after), limit=limit)
    return Page(items=[_problem_line(row) for row in rows[:limit]], next=_next(rows, "until", limit))


def _mine(caller: Caller) -> tuple[str, dict[str, Any]]:
    """The condition on a waiting request that a seat of the caller may decide: the twin of `people.scope.may`, for lists."""
    parts: list[str] = []
    params: dict[str, Any] = {"me": str(caller.account)}
    for place, seat in enumerate(caller.seats):
        kinds = [kind for kind in ApprovalKind if grants_with(kind) in seat.permissions]
        if not kinds:
            continue
        names = ", ".join(f"'{kind}'" for kind in kinds)
        where, value = _of_seat(seat, f"seat_{place}")
        parts.append(f"(a.role = :role_{place} AND a.kind IN ({names}){where})")
        params |= {f"role_{place}": seat.role} | value
    others = "a.asked_by <> :me AND a.passed_by NOT LIKE :agreed"
    return f"(({' OR '.join(parts) or '1 = 0'}) AND {others})", params | {"agreed": f'%"{caller.account}"%'}


def _of_seat(seat: Seat, name: str) -> tuple[str, dict[str, Any]]:
    if Permission.case_handle in seat.permissions:
        return f" AND c.unit = :{name}", {name: seat.unit}
    if Permission.case_dispatch in seat.permissions:
        return f" AND COALESCE(c.level_area, '') = :{name}", {name: seat.area or ""}
    if seat.area is None:
        return "", {}
    return f" AND substr(c.cell, 1, {len(seat.area)}) = :{name}", {name: seat.area}


def _after(mark: str | None) -> list[Any] | None:
    return keys_of(mark, 2) if mark is not None else None


def _next(rows: list[Row], moment: str, limit: int) -> str | None:
    if len(rows) <= limit:
        return None
    last = rows[limit - 1]
    return mark_of(getattr(last, moment), last.id)


def _case(row: Row) -> CaseOf:
    return CaseOf(
        id=row.case_id, number=row.number, state=State(row.state), class_key=row.class_key, cell=row.cell, unit=row.unit
    )


def _waiting_line(row: Row) -> WaitingLine:
    approval = row_to(Approval, row)
    assert approval.role, f"{approval.id} waits for nobody"
    return WaitingLine(
        id=approval.id, case=_case(row), kind=approval.kind, nth=approval.nth, reason=approval.reason,
        length=approval.limit, until=approval.until, role=approval.role, steps=list(approval.roles),
        agreed=len(approval.agreed), asked_at=approval.asked_at, task_due=approval.task_due,
        decide_due=approval.decide_due, lapse=approval.lapse, clock_stands=approval.clock_stands,
    )  # fmt: skip


def _problem_line(row: Row) -> ProblemLine:
    hold = row_to(Hold, row)
    return ProblemLine(
        id=hold.id, case=_case(row), kind=hold.kind, reason=hold.reason, since=hold.since, until=hold.until,
        times=hold.times, expired_at=hold.expired_at, role=hold.role, counts_as_due=hold.counts_as_due,
        has_plan=hold.plan is not None,
    )  # fmt: skip
