"""Reads of the spine that several stages share."""

from collections.abc import Sequence

from cityloop.cases.model import Case, CaseUnknown, Report, ReportUnknown, Task, UnitLoad
from cityloop.cases.orders import Supervision
from cityloop.db import Tx
from cityloop.db.tx import lists_by, row_to
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


def case_list_of(tx: Tx, ids: Sequence[CaseId]) -> list[Case]:
    """These cases as they are, in the order asked for; what is not there is left out."""
    found = lists_by(tx, Case, "case_file", "id", ids, order=("id",))
    return [case for id in found for case in found[id]]


def report_lists_of(tx: Tx, case_ids: Sequence[CaseId]) -> dict[CaseId, list[Report]]:
    """The reports of each case, the first first."""
    return lists_by(tx, Report, "report", "case_id", case_ids, order=("id",))  # type: ignore[return-value]


def report_list_of(tx: Tx, case_id: CaseId) -> list[Report]:
    """The reports of a case, the first first."""
    return report_lists_of(tx, [case_id])[case_id]


def task_get(tx: Tx, id: TaskId) -> Task | None:
    """The task as it is."""
    return tx.get("task", Task, id)


def task_lists_of(tx: Tx, case_ids: Sequence[CaseId]) -> dict[CaseId, list[Task]]:
    """The tasks of each case, in the order in which they were given."""
    return lists_by(tx, Task, "task", "case_id", case_ids, order=("id",))  # type: ignore[return-value]


def task_list_of(tx: Tx, case_id: CaseId) -> list[Task]:
    """The tasks of a case, in the order in which they were given."""
    return task_lists_of(tx, [case_id])[case_id]


def unit_load(tx: Tx, unit: UnitId) -> int:
    """How many handling tasks a unit has open."""
    load = tx.get("unit_load", UnitLoad, unit)
    return load.open_tasks if load else 0


def unit_loads_expect(tx: Tx, units: Sequence[UnitId]) -> None:
    """Fetch the loads of these units, in one statement where the engine can."""
    tx.get_many("unit_load", UnitLoad, units)


def supervision_last(tx: Tx, case_id: CaseId) -> Supervision | None:
    """The latest supervision of a case."""
    fields = ", ".join(Supervision.__struct_fields__)
    row = tx.one(
        f"SELECT {fields} FROM supervision WHERE city = :city AND case_id = :case_id ORDER BY id DESC LIMIT 1",
        case_id=case_id,
    )
    return row_to(Supervision, row) if row else None
