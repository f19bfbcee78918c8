"""HTTP of making a unit answerable, and of passing a case between desks."""

from datetime import datetime

from litestar import Response, get, post
from msgspec import Struct

from cityloop.cases import case_get, scope, task_get
from cityloop.db import Tx
from cityloop.domain.facts import Duty, LevelMove
from cityloop.domain.ids import CaseId, TaskId, UnitId
from cityloop.domain.permission import Permission
from cityloop.domain.policy import Level, Limit
from cityloop.http import Door, needs
from cityloop.http.door import etag
from cityloop.stages.dispatch.service import dispatch_case, duties_of, pass_case


class TaskAsked(Struct, kw_only=True):
    """Whom to make answerable; without a unit the duty table decides."""

    unit: UnitId | None = None
    assist: tuple[UnitId, ...] = ()
    limit: Limit | None = None


class TaskView(Struct, kw_only=True):
    """The task that was given."""

    id: TaskId
    unit: UnitId
    due_at: datetime
    sign_due: datetime


class LevelAsked(Struct, kw_only=True):
    """Which way the case goes, and why: a code of `level.reason.*`."""

    move: LevelMove
    reason: str


class DeskView(Struct, kw_only=True):
    """The desk that holds the case, and its clock."""

    level: Level
    area: str | None
    dispatch_due: datetime


@post("/v1/cases/{case_id:str}/task", status_code=201, guards=[needs(Permission.case_dispatch)])
async def post_task(case_id: CaseId, data: TaskAsked, door: Door) -> Response[TaskView]:
    """Make a unit answerable for the case."""

    def use_case(tx: Tx) -> CaseId:
        scope.case_for(tx, door.caller, case_id, Permission.case_dispatch)
        return dispatch_case(
            tx, case_id, policy=door.policy, now=tx.now, unit=data.unit, assist=data.assist, limit=data.limit
        )

    await door.change(use_case, of=f"case/{case_id}")
    return await lead_task(door, case_id)


@post("/v1/cases/{case_id:str}/level", status_code=201, guards=[needs(Permission.case_dispatch)])
async def post_level(case_id: CaseId, data: LevelAsked, door: Door) -> Response[DeskView]:
    """Pass the case down, send it up, or send it back."""

    def use_case(tx: Tx) -> CaseId:
        scope.case_for(tx, door.caller, case_id, Permission.case_dispatch)
        return pass_case(tx, case_id, move=data.move, reason=data.reason, policy=door.policy, now=tx.now)

    await door.change(use_case, of=f"case/{case_id}")
    case = await door.read(lambda tx: case_get(tx, case_id), short=True)
    view = DeskView(level=case.level, area=case.level_area, dispatch_due=case.dispatch_due)
    return Response(view, headers=etag(case.no))


@get("/v1/cases/{case_id:str}/duties", guards=[needs(Permission.case_dispatch)])
async def get_duties(case_id: CaseId, door: Door) -> list[Duty]:
    """The units that answer for the case now, with their reasons; the best first."""

    def ask(tx: Tx) -> list[Duty]:
        case = scope.case_for(tx, door.caller, case_id, Permission.case_dispatch)
        return list(duties_of(tx, case, policy=door.policy, now=tx.now)) if case.rule_kept else []

    return await door.read(ask)


async def lead_task(door: Door, case_id: CaseId) -> Response[TaskView]:
    """The task of the unit that is answerable."""
    case, task = await door.read(lambda tx: ((case := case_get(tx, case_id)), task_get(tx, case.task_id)), short=True)
    view = TaskView(id=task.id, unit=task.unit, due_at=task.due_at, sign_due=task.sign_due)
    return Response(view, headers=etag(case.no))


ROUTES = [post_task, post_level, get_duties]
