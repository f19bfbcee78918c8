"""What each endpoint asks of its caller, read off its guards, and whose rows it gives: one table for docs and tests."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute
from msgspec import Struct

from cityloop.domain.permission import Permission as P
from cityloop.http.identity import stepped_up

HERE = Path(__file__).parent
BESIDES = frozenset({"OPTIONS", "HEAD"})  # answered by the framework


class Rows(StrEnum):
    """Whose rows an endpoint gives or changes, among those who may call it at all."""

    public = "public"  # what is there for everybody: nothing of a person, open classes only
    code = "code"  # what one unguessable code opens
    own = "own"  # the caller's: their account, what they sent, asked for or wrote
    unit = "unit"  # of the caller's unit
    area = "area"  # within the areas of the seats that hold the permission
    case = "case"  # cases that a seat sees: its area, its unit, a guest's, or its post is asked; a deed asks one seat for both
    report = "report"  # reports of such cases; one without a case is the whole city's seats'
    city = "city"  # the whole city's, to whoever holds the permission


ROWS: dict[Rows, frozenset[P]] = {
    Rows.case: frozenset(
        {P.case_read, P.facts_read, P.case_accept, P.case_verify, P.case_file, P.case_dispatch, P.case_handle,
         P.case_inspect, P.case_close, P.case_approve_work, P.case_approve_file, P.case_urge, P.case_supervise,
         P.case_instruct, P.case_whistle, P.case_report_in, P.case_assist, P.case_appeal, P.case_judge, P.case_call_back}
    ),
    Rows.report: frozenset({P.report_read, P.person_reveal}),
    Rows.area: frozenset(
        {P.figures_read, P.order_read, P.order_answer, P.duty_watch, P.duty_roster, P.census_approve, P.survey_manage}
    ),
    Rows.unit: frozenset({P.survey_fill}),
    Rows.own: frozenset(
        {P.case_self_handle, P.report_behalf, P.report_send, P.webhook_subscribe, P.duty_sign, P.census_propose,
         P.survey_visit}
    ),
    Rows.city: frozenset(
        {P.score_enter, P.budget_propose, P.budget_decide, P.pack_adopt, P.pack_read, P.pack_propose, P.pack_approve,
         P.account_open, P.account_manage, P.operate, P.audit_read, P.order_send, P.knowledge_read, P.knowledge_write,
         P.knowledge_approve, P.learning_read, P.learning_manage, P.device_read, P.device_manage, P.observe_send,
         P.alarm_judge, P.score_publish, P.gaming_judge, P.metrics_read}
    ),
}  # fmt: skip


class Need(Struct, frozen=True, kw_only=True):
    """What one endpoint asks of its caller."""

    method: str
    path: str
    does: str  # the first line of its docstring
    room: str  # the module that answers
    public: bool  # anybody may call it
    any_of: tuple[P, ...]  # one of these in some seat; none: whoever is signed in, unless it is public
    steps_up: bool  # and who they are, proved anew
    rows: Rows

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"


class NeedUnknown(Exception):
    """An endpoint that says nobody whom it lets in, or not whose rows it gives."""


def listed(file: str) -> list[tuple[str, str]]:
    """The lines of a list beside this file: what stands before `#`, and the reason behind it."""
    lines = [line for line in (HERE / file).read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    return [(name.strip(), reason.strip()) for name, _, reason in (line.partition("#") for line in lines)]


def needs_of(app: Litestar) -> list[Need]:
    """What every endpoint of a server asks, by path and method.

    Raises `NeedUnknown`.
    """
    open_ones = [name for name, _ in listed("public_endpoints.txt")]
    said = [_rows_said(line) for line, _ in listed("row_scopes.txt")]
    found = [
        need_of(method, route.path_format, handler, open_ones, said)
        for route in app.routes if isinstance(route, HTTPRoute)
        for method, (handler, _) in route.route_handler_map.items() if method not in BESIDES
    ]  # fmt: skip
    return sorted(found, key=lambda each: (each.path, each.method))


def need_of(
    method: str, path: str, handler: HTTPRouteHandler, open_ones: Iterable[str], said: Iterable[tuple[str, Rows]]
) -> Need:
    """What one endpoint asks."""
    name = f"{method} {path}"
    guards = handler.resolve_guards()
    any_of = tuple(each for guard in guards if hasattr(guard, "permission") for each in (guard.permission, *_also(guard)))
    public = any(fnmatchcase(name, each) for each in open_ones)
    if not guards and not public:
        raise NeedUnknown(f"{name} names no guard and stands not in public_endpoints.txt; give it one of the two.")
    return Need(
        method=method, path=path, does=_first_line(handler), room=handler.fn.__module__, public=public and not guards,
        any_of=any_of, steps_up=stepped_up in guards,
        rows=next((rows for pattern, rows in said if fnmatchcase(name, pattern)), None) or _rows_by(name, any_of, public),
    )  # fmt: skip


def rows_by(permission: P) -> Rows:
    """Whose rows a permission opens, where an endpoint says nothing else.

    Raises `NeedUnknown`.
    """
    found = next((rows for rows, those in ROWS.items() if permission in those), None)
    if found is None:
        raise NeedUnknown(f"Nothing says whose rows {permission} opens; put it into ROWS of http/who_may.py.")
    return found


def _rows_by(name: str, any_of: Sequence[P], public: bool) -> Rows:
    if not any_of:
        return Rows.public if public else Rows.own
    rows = {rows_by(each) for each in any_of}
    if len(rows) != 1:
        raise NeedUnknown(f"Nothing says whose rows {name} gives; add a line to http/row_scopes.txt.")
    return rows.pop()


def _rows_said(line: str) -> tuple[str, Rows]:
    pattern, _, rows = line.rpartition(" ")
    return pattern.strip(), Rows(rows)


def _also(guard: Any) -> tuple[P, ...]:
    return getattr(guard, "also", ())


def _first_line(handler: HTTPRouteHandler) -> str:
    return " ".join((handler.fn.__doc__ or "").split("\n\n")[0].split())
