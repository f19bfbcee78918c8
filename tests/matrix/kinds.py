"""The kinds of row that paths name: which there are, how a path names one, and what somebody may do with it."""

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from cityloop.http.who_may import Need
from tests.matrix import oracle
from tests.matrix.city import Someone
from tests.matrix.rows import Rows

IN, HIDDEN, NOT_YOURS = "in", "hidden", "not yours"


class Kind(Struct, frozen=True):
    """A kind of row that paths name."""

    rows: Callable[[Rows], list[Any]]
    params: Callable[[Any], dict[str, str]]
    verdict: Callable[[Need, Someone, Any, Rows], str]


def by_id(name: str) -> Callable[[Any], dict[str, str]]:
    """The parameters of a path that names a row by its id alone."""
    return lambda row: {name: row.id}


def of_case(need: Need, who: Someone, case: Any, rows: Rows) -> str:
    if not oracle.sees_case(who, case):
        return HIDDEN
    return IN if any(oracle.may_case(who, case, each.value) for each in need.any_of) else NOT_YOURS


def beside_case(need: Need, who: Someone, row: Any, rows: Rows) -> str:
    return of_case(need, who, row.case, rows)


def of_callback(need: Need, who: Someone, row: Any, rows: Rows) -> str:
    return IN if of_case(need, who, row.case, rows) == IN else HIDDEN


def of_report(need: Need, who: Someone, report: Any, rows: Rows) -> str:
    if not oracle.sees_report(who, report):
        return HIDDEN
    asked = {each.value for each in need.any_of}
    if "person.reveal" in asked:
        return IN if oracle.may_reveal(who, report) else NOT_YOURS
    return IN


def of_order(need: Need, who: Someone, order: Any, rows: Rows) -> str:
    return IN if any(oracle.in_area(who.area, order.cell) for _ in need.any_of) else HIDDEN


def own(account: Callable[[Any], str]) -> Callable[[Need, Someone, Any, Rows], str]:
    """A row that is one account's."""
    return lambda need, who, row, rows: IN if account(row) == who.account else HIDDEN


def of_webhook(need: Need, who: Someone, hook: Any, rows: Rows) -> str:
    return IN if hook.account == who.account or "operate" in who.holds else HIDDEN


def of_view(need: Need, who: Someone, view: Any, rows: Rows) -> str:
    return IN if view.owner in (f"account/{who.account}", f"post/{who.post}") else HIDDEN


def of_task(need: Need, who: Someone, task: Any, rows: Rows) -> str:
    return IN if task.unit == who.unit else HIDDEN


def of_change(need: Need, who: Someone, change: Any, rows: Rows) -> str:
    decides = "census.approve" in who.holds and oracle.in_area(who.area, change.cell)
    mine = change.proposed_by == who.account
    if need.path.endswith("/withdrawal"):
        return IN if mine else NOT_YOURS if decides else HIDDEN
    if need.method == "GET":
        return IN if decides or mine else HIDDEN
    return IN if decides else HIDDEN


def of_exclusion(need: Need, who: Someone, exclusion: Any, rows: Rows) -> str:
    judges = "case.judge" in who.holds and oracle.sees_case(who, exclusion.case)
    asks = "case.appeal" in who.holds and exclusion.unit == who.unit
    if need.path.endswith(("/granted", "/refused")):
        return IN if judges else HIDDEN
    if need.path.endswith("/withdrawn"):
        return IN if asks else HIDDEN
    return IN if judges or asks else HIDDEN


def manages(who: Someone, survey: Any) -> bool:
    return "survey.manage" in who.holds and all(oracle.in_area(who.area, each) for each in survey.places)


def of_survey(need: Need, who: Someone, survey: Any, rows: Rows) -> str:
    return IN if manages(who, survey) else HIDDEN


def of_sheet(need: Need, who: Someone, sheet: Any, rows: Rows) -> str:
    fills = "survey.fill" in who.holds and (sheet.object == who.unit or (sheet.area and rows.served(who.unit) == sheet.object))
    if need.path.endswith("/submission"):
        return IN if fills else HIDDEN
    if need.path.endswith(("/return", "/acceptance")):
        return IN if manages(who, sheet.survey) else HIDDEN
    return IN if fills or manages(who, sheet.survey) else HIDDEN


def of_point(need: Need, who: Someone, point: Any, rows: Rows) -> str:
    if need.path.endswith("/return"):
        return IN if manages(who, point.survey) else HIDDEN
    return IN if f'"{who.post}"' in point.survey.visitors else HIDDEN


CASE = Kind(lambda rows: rows.cases, by_id("case_id"), of_case)
KINDS: dict[str, Kind | None] = {  # the longest beginning of a path says which rows it names
    "/v1/cases/{case_id}": CASE,
    "/v1/cases/{case_id}/me-too": None,
    "/v1/screens/case/{case_id}": CASE,
    "/cases/{case_id}": Kind(lambda rows: rows.cases, lambda row: {"case_id": row.id, "deed": "urge"}, of_case),
    "/v1/cases/{case_id}/approvals/{approval_id}": Kind(
        lambda rows: rows.approvals, lambda row: {"case_id": row.case_id, "approval_id": row.id}, beside_case
    ),
    "/v1/cases/{case_id}/reports/{report_id}": Kind(
        lambda rows: [each for each in rows.reports if each.case],
        lambda row: {"case_id": row.case_id, "report_id": row.id}, of_report,
    ),
    "/v1/reports/{report_id}": Kind(lambda rows: rows.reports, by_id("report_id"), of_report),
    "/v1/reports/{report_id}/replies": Kind(
        lambda rows: [each for each in rows.reports if each.case], by_id("report_id"), beside_case
    ),
    "/v1/orders/{order_id}": Kind(lambda rows: rows.orders, by_id("order_id"), of_order),
    "/v1/duty/shifts/{shift_id}": Kind(lambda rows: rows.shifts, by_id("shift_id"), own(lambda row: row.account)),
    "/v1/callbacks/{id}": Kind(lambda rows: rows.callbacks, by_id("id"), of_callback),
    "/v1/tasks/{task_id}": Kind(lambda rows: rows.tasks, by_id("task_id"), of_task),
    "/v1/views/{view_id}": Kind(lambda rows: rows.views, by_id("view_id"), of_view),
    "/v1/webhooks/{webhook_id}": Kind(lambda rows: rows.webhooks, by_id("webhook_id"), of_webhook),
    "/v1/bulletins/subscriptions/{subscription_id}": Kind(
        lambda rows: rows.wanted, by_id("subscription_id"), own(lambda row: row.account)
    ),
    "/v1/components/changes/{change_id}": Kind(lambda rows: rows.changes, by_id("change_id"), of_change),
    "/v1/exclusions/{exclusion_id}": Kind(lambda rows: rows.exclusions, by_id("exclusion_id"), of_exclusion),
    "/v1/survey/tasks/{task_id}": Kind(lambda rows: rows.surveys, by_id("task_id"), of_survey),
    "/v1/survey/sheets/{sheet_id}": Kind(lambda rows: rows.sheets, by_id("sheet_id"), of_sheet),
    "/v1/survey/points/{point_id}": Kind(lambda rows: rows.points, by_id("point_id"), of_point),
}  # fmt: skip


def kind_of(need: Need) -> Kind | None:
    """The kind of row that a path names; nothing where it names none that is somebody's."""
    path = need.path
    if need.name == "DELETE /v1/cases/{case_id}/presence":
        return None  # one's own line goes, whatever the case is to them by now
    fitting = [each for each in KINDS if path == each or path.startswith(each + "/")]
    return KINDS[max(fitting, key=len)] if fitting else None
