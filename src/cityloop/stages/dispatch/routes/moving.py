"""HTTP of naming another unit, and units that help."""

from litestar import Response, post
from msgspec import Struct

from cityloop.cases import scope
from cityloop.db import Tx
from cityloop.domain.ids import CaseId, UnitId
from cityloop.domain.permission import Permission
from cityloop.domain.policy import Limit
from cityloop.http import Door, needs
from cityloop.stages.dispatch.routes.giving import TaskView, lead_task
from cityloop.stages.dispatch.service import ask_assist, reassign_case


class ReassignAsked(Struct, kw_only=True):
    """Whom to make answerable instead, and why: a code of `dispatch.reason.*`."""

    unit: UnitId
    reason: str
    note: str = ""
    assist: tuple[UnitId, ...] = ()
    limit: Limit | None = None


class AssistAsk(Struct, kw_only=True):
    """Who shall help; without a limit, that of the lead."""

    unit: UnitId
    limit: Limit | None = None


@post("/v1/cases/{case_id:str}/reassignment", status_code=201, guards=[needs(Permission.case_dispatch)])
async def post_reassignment(case_id: CaseId, data: ReassignAsked, door: Door) -> Response[TaskView]:
    """Make another unit answerable before the work is finished; its clock begins anew."""

    def use_case(tx: Tx) -> CaseId:
        scope.case_for(tx, door.caller, case_id, Permission.case_dispatch)
        return reassign_case(
            tx, case_id, unit=data.unit, reason=data.reason, note=data.note, assist=data.assist, limit=data.limit,
            policy=door.policy, now=tx.now,
        )  # fmt: skip

    await door.change(use_case, of=f"case/{case_id}")
    return await lead_task(door, case_id)


@post("/v1/cases/{case_id:str}/assist", status_code=201, guards=[needs(Permission.case_dispatch)])
async def post_assist(case_id: CaseId, data: AssistAsk, door: Door) -> Response[TaskView]:
    """Ask a unit to help the one that is answerable, with a task and a clock of its own. Shows the lead's task."""

    def use_case(tx: Tx) -> CaseId:
        scope.case_for(tx, door.caller, case_id, Permission.case_dispatch)
        return ask_assist(tx, case_id, unit=data.unit, limit=data.limit, policy=door.policy, now=tx.now)

    await door.change(use_case, of=f"case/{case_id}")
    return await lead_task(door, case_id)


ROUTES = [post_reassignment, post_assist]
