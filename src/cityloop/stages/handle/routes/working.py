"""HTTP of the unit that is answerable: sign, return, finish."""

from datetime import datetime
from typing import Annotated, Any

from litestar import Response, post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body
from msgspec import Struct

from cityloop.cases import TaskKind, case_get, scope, task_list_of
from cityloop.db import Tx
from cityloop.domain.ids import CaseId, TaskId, UnitId
from cityloop.domain.lifecycle import State
from cityloop.domain.permission import Permission
from cityloop.files.uploads import stored_photos
from cityloop.http import Door, needs
from cityloop.http.door import etag, keep_body
from cityloop.stages.handle.service import finish_task, reach_stage, return_task, sign_task


class ReturnAsked(Struct, kw_only=True):
    """Why the task goes back: a code of `handle.reason.*`, and words for the file."""

    reason: str
    note: str = ""


class StageAsked(Struct, kw_only=True):
    """The step that is done, by its code, and words for the file."""

    stage: str
    note: str = ""


class CompletionAsked(Struct, kw_only=True):
    """What shows that the work is done: photos, or a note that says something. `without_assist` is a code of
    `assist.reason.*`: why a unit that still helps is not waited for."""

    note: str = ""
    photos: list[UploadFile] = []
    without_assist: str = ""


class TaskStep(Struct, kw_only=True):
    """Where the task stands now."""

    id: TaskId
    unit: UnitId
    state: State
    due_at: datetime
    signed_at: datetime | None
    ended_at: datetime | None
    outcome: str | None
    overdue: bool | None


@post("/v1/cases/{case_id:str}/signature", status_code=201, guards=[needs(Permission.case_handle)])
async def post_signature(case_id: CaseId, door: Door) -> Response[TaskStep]:
    """Sign for the task: the unit has seen it."""

    def use_case(tx: Tx) -> CaseId:
        scope.case_for(tx, door.caller, case_id, Permission.case_handle)
        return sign_task(tx, case_id, by=door.caller.account, now=tx.now, policy=door.policy)

    return await _step(door, case_id, use_case)


@post("/v1/cases/{case_id:str}/return", status_code=201, guards=[needs(Permission.case_handle)])
async def post_return(case_id: CaseId, data: ReturnAsked, door: Door) -> Response[TaskStep]:
    """Send the task back to the dispatcher."""

    def use_case(tx: Tx) -> CaseId:
        scope.case_for(tx, door.caller, case_id, Permission.case_handle)
        return return_task(
            tx, case_id, reason=data.reason, note=data.note, by=door.caller.account, policy=door.policy, now=tx.now
        )

    return await _step(door, case_id, use_case)


@post("/v1/cases/{case_id:str}/stage", status_code=201, guards=[needs(Permission.case_handle)])
async def post_stage(case_id: CaseId, data: StageAsked, door: Door) -> Response[TaskStep]:
    """Say that a step of the work is done; the clock of the next step starts."""

    def use_case(tx: Tx) -> CaseId:
        scope.case_for(tx, door.caller, case_id, Permission.case_handle)
        return reach_stage(
            tx, case_id, stage=data.stage, note=data.note, by=door.caller.account, policy=door.policy, now=tx.now
        )

    return await _step(door, case_id, use_case)


@post(
    "/v1/cases/{case_id:str}/completion",
    status_code=201,
    guards=[needs(Permission.case_handle)],
    before_request=keep_body,
)
async def post_completion(
    case_id: CaseId,
    data: Annotated[CompletionAsked, Body(media_type=RequestEncodingType.MULTI_PART)],
    door: Door,
) -> Response[TaskStep]:
    """Say that the work is done, with photos or a note."""
    await door.read(lambda tx: scope.case_for(tx, door.caller, case_id, Permission.case_handle), short=True)
    photos = await stored_photos(door, data.photos)

    def use_case(tx: Tx) -> CaseId:
        scope.case_for(tx, door.caller, case_id, Permission.case_handle)
        return finish_task(
            tx, case_id, photos=photos, note=data.note, by=door.caller.account, policy=door.policy, now=tx.now,
            without_assist=data.without_assist,
        )  # fmt: skip

    return await _step(door, case_id, use_case)


async def _step(door: Door, case_id: CaseId, use_case: Any) -> Response[TaskStep]:
    """Change the case, then show where the unit's task stands."""
    await door.change(use_case, of=f"case/{case_id}")
    case, tasks = await door.read(lambda tx: (case_get(tx, case_id), task_list_of(tx, case_id)), short=True)
    task = [each for each in tasks if each.kind is TaskKind.handle][-1]
    view = TaskStep(
        id=task.id, unit=task.unit, state=case.state, due_at=task.due_at, signed_at=task.signed_at,
        ended_at=task.ended_at, outcome=task.outcome, overdue=task.overdue,
    )  # fmt: skip
    return Response(view, headers=etag(case.no))


ROUTES = [post_signature, post_return, post_stage, post_completion]
