"""What reporters were asked and said after closing, as facts have made it: rows, and the reads that several rooms share."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from msgspec import Struct

from cityloop.db import Tx, once_found
from cityloop.db.tx import lists_by, row_to
from cityloop.domain.ids import CaseId, ReportId, TaskId, UnitId

S = TypeVar("S", bound=Struct)


class Callback(Struct, frozen=True, kw_only=True):
    """A reporter who is asked about one closing. `why` is JSON. It runs until `ended_at`."""

    id: str
    report_id: ReportId
    case_id: CaseId
    closing: int
    unit: UnitId | None  # that did the work
    way: str
    asked_at: datetime
    due_at: datetime
    until: datetime
    next_at: datetime  # of the next try
    script: str
    why: str
    tries: int = 0
    last_try: str | None = None
    ended_at: datetime | None = None
    outcome: str | None = None  # answered, or why it lapsed
    overdue: bool | None = None
    simulated: bool = False


class Verdict(Struct, frozen=True, kw_only=True):
    """What a reporter said to one closing. One that they changed stays, as what they had said. `reasons` is JSON."""

    report_id: ReportId
    closing: int
    change: int  # 0: their first word
    case_id: CaseId
    callback_id: str | None
    unit: UnitId | None
    solved: str
    satisfied: str
    way: str
    by: str | None
    reasons: str
    words: str | None
    at: datetime
    superseded_at: datetime | None = None  # they said otherwise then
    answered_at: datetime | None = None  # the city told them something since
    simulated: bool = False


class Reply(Struct, frozen=True, kw_only=True):
    """What the reporter was told in the city's name; the text lies in the vault."""

    id: str
    report_id: ReportId
    at: datetime
    by: str
    kind: str
    words: str


class Redo(Struct, frozen=True, kw_only=True):
    """A closed case was taken up again, with what its closing had been."""

    case_id: CaseId
    round: int
    at: datetime
    reason: str
    unit: UnitId | None
    task_id: TaskId | None
    closed_at: datetime
    on_time: bool | None
    simulated: bool = False


def callback_get(tx: Tx, id: str) -> Callback | None:
    """The call-back as it is."""
    return tx.get("callback", Callback, id)


def callback_of(tx: Tx, report_id: ReportId, case_id: CaseId, closing: int) -> Callback | None:
    """The call-back of a report about one closing of a case."""
    where = "report_id = :report_id AND case_id = :case_id AND closing = :closing"
    return _one(tx, Callback, "callback", where, report_id=report_id, case_id=case_id, closing=closing)


def callback_list_of(tx: Tx, case_id: CaseId) -> list[Callback]:
    """The call-backs of a case, in the order in which they were asked."""
    return _list(tx, Callback, "callback", "case_id = :case_id ORDER BY id", case_id=case_id)


def callback_last(tx: Tx, report_id: ReportId) -> Callback | None:
    """The last call-back of a report."""
    return _one(tx, Callback, "callback", f"report_id = :report_id ORDER BY {once_found('id')} DESC LIMIT 1", report_id=report_id)


def verdict_of(tx: Tx, report_id: ReportId, case_id: CaseId, closing: int) -> Verdict | None:
    """What the report's sender says to one closing of a case: their last word."""
    where = "report_id = :report_id AND case_id = :case_id AND closing = :closing ORDER BY change DESC LIMIT 1"
    return _one(tx, Verdict, "verdict", where, report_id=report_id, case_id=case_id, closing=closing)


def verdict_lists_of(tx: Tx, case_ids: Sequence[CaseId]) -> dict[CaseId, list[Verdict]]:
    """The verdicts that stand on each case, in the order in which they were given."""
    stand, order = "superseded_at IS NULL", ("at", "report_id", "closing")
    return lists_by(tx, Verdict, "verdict", "case_id", case_ids, where=stand, order=order)  # type: ignore[return-value]


def verdict_list_of(tx: Tx, case_id: CaseId) -> list[Verdict]:
    """The verdicts that stand on a case, in the order in which they were given."""
    return verdict_lists_of(tx, [case_id])[case_id]


def reply_list_of(tx: Tx, report_id: ReportId) -> list[Reply]:
    """What the sender of a report was told, the first first."""
    return _list(tx, Reply, "reply", "report_id = :report_id ORDER BY id", report_id=report_id)


def closing_of(tx: Tx, case_id: CaseId) -> int | None:
    """The number of the case's fact that closed it last."""
    return tx.value(
        "SELECT max(subject_no) FROM fact WHERE city = :city AND subject = :subject AND type = 'CaseClosed'",
        subject=f"case/{case_id}",
    )


def _list(tx: Tx, kind: type[S], table: str, where: str, **params: object) -> list[S]:
    fields = ", ".join(kind.__struct_fields__)
    return [
        row_to(kind, row) for row in tx.all(f"SELECT {fields} FROM {table} WHERE city = :city AND {where}", **params)
    ]


def _one(tx: Tx, kind: type[S], table: str, where: str, **params: object) -> S | None:
    return next(iter(_list(tx, kind, table, where, **params)), None)
