"""Reads of the spine that several stages share."""

from cityloop.cases.model import Case, CaseUnknown, Report, ReportUnknown, Task, UnitLoad
from cityloop.cases.orders import Supervision
from cityloop.db import Tx
from cityloop.db.tx import row_to
from cityloop.domain.ids import CaseId, ReportId, TaskId, UnitId


def case_get(tx: Tx, id: CaseId) -> Case:
    """The case as it is.

    Refuses with `CaseUnknown`.
    """
    case = tx.get("case_file", Case, id)
    if case is None:
        raise CaseUnknown(f"There is no case {id}; look for it by its number or in the queue.")
    return case


def case_hold(tx: Tx, id: CaseId) -> Case:
    """The case, held until the transaction ends: nobody else moves it meanwhile.

    Refuses with `CaseUnknown`.
    """
    tx.hold([f"case/{id}"])
    return case_get(tx, id)


def report_get(tx: Tx, id: ReportId) -> Report:
    """The report as it is.

    Refuses with `ReportUnknown`.
    """
    report = tx.get("report", Report, id)
    if report is None:
        raise ReportUnknown(f"There is no report {id}; look for it by its tracking code.")
    return report


def report_list_of(tx: Tx, case_id: CaseId) -> list[Report]:
    """The reports of a case, the first first."""
    fields = ", ".join(Report.__struct_fields__)
    rows = tx.all(f"SELECT {fields} FROM report WHERE city = :city AND case_id = :case_id ORDER BY id", case_id=case_id)
    return [row_to(Report, row) for row in rows]


def task_get(tx: Tx, id: TaskId) -> Task | None:
    """The task as it is."""
    return tx.get("task", Task, id)


def task_list_of(tx: Tx, case_id: CaseId) -> list[Task]:
    """The tasks of a case, in the order in which they were given."""
    fields = ", ".join(Task.__struct_fields__)
    rows = tx.all(f"SELECT {fields} FROM task WHERE city = :city AND case_id = :case_id ORDER BY id", case_id=case_id)
    return [row_to(Task, row) for row in rows]


def unit_load(tx: Tx, unit: UnitId) -> int:
    """How many handling tasks a unit has open."""
    load = tx.get("unit_load", UnitLoad, unit)
    return load.open_tasks if load else 0


def supervision_last(tx: Tx, case_id: CaseId) -> Supervision | None:
    """The latest supervision of a case."""
    fields = ", ".join(Supervision.__struct_fields__)
    row = tx.one(
        f"SELECT {fields} FROM supervision WHERE city = :city AND case_id = :case_id ORDER BY id DESC LIMIT 1",
        case_id=case_id,
    )
    return row_to(Supervision, row) if row else None
