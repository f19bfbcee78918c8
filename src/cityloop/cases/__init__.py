"""The spine: reports, cases, tasks, and what each fact does to them."""

from cityloop.cases.apply import APPLY
from cityloop.cases.approvals import TIMERS
from cityloop.cases.approvals.routes import ROUTES as APPROVAL_ROUTES
from cityloop.cases.model import Case, CaseUnknown, Joined, Report, ReportUnknown, Task, TaskKind, TaskStage, stages_in
from cityloop.cases.routes import ROUTES as REPORT_ROUTES
from cityloop.cases.store import (
    case_get,
    case_hold,
    report_get,
    report_list_of,
    task_get,
    task_list_of,
    unit_load,
    unit_loads_expect,
)

ROUTES = [*REPORT_ROUTES, *APPROVAL_ROUTES]

__all__ = [
    "APPLY",
    "ROUTES",
    "TIMERS",
    "Case",
    "CaseUnknown",
    "Joined",
    "Report",
    "ReportUnknown",
    "Task",
    "TaskKind",
    "TaskStage",
    "case_get",
    "case_hold",
    "report_get",
    "report_list_of",
    "stages_in",
    "task_get",
    "task_list_of",
    "unit_load",
    "unit_loads_expect",
]
