"""HTTP of a unit that helps, and of the answer to a supervision."""

from datetime import datetime
from typing import Annotated, Any

from litestar import Response, post
from litestar.enums import RequestEncodingType
from litestar.params import Body
from msgspec import Struct

from cityloop.cases import TaskKind, case_get, scope, task_list_of
from cityloop.cases.store import supervision_last
from cityloop.db import Tx
from cityloop.domain.ids import CaseId, TaskId, UnitId
from cityloop.domain.permission import Permission
from cityloop.files.uploads import stored_photos
from cityloop.http import Door, needs
from cityloop.http.door import etag, keep_body
from cityloop.stages.handle.routes.working import CompletionAsked
from cityloop.stages.handle.service import answer_supervision, finish_assist, sign_assist


class AnswerAsked(Struct, kw_only=True):
    """What the unit says to a supervision."""

    words: str


class AnswerView(Struct, kw_only=True):
    """The supervision that was answered."""

    number: str
    state: str
    late: bool | None


class AssistStep(Struct, kw_only=True):
    """Where the helping task stands now."""

    id: TaskId
    unit: UnitId
    due_at: datetime
    signed_at: datetime | None
    ended_at: datetime | None
    overdue: bool | None


@post("/v1/cases/{case_id:str}/assist/signature", status_code=201, guards=[needs(Permission.case_assist)])
async def post_assist_signature(case_id: CaseId, door: Door) -> Response[AssistStep]:
    """Sign for the helping task: the unit has seen it."""
    units = units_of(door)

    def use_case(tx: Tx) -> CaseId:
        scope.case_for(tx, door.caller, case_id, Permission.case_assist)
        return sign_assist(tx, case_id, by=door.caller.account, units=units, now=tx.now)

    return await _step(door, case_id, units, use_case)


@post(
    "/v1/cases/{case_id:str}/assist/completion",
    status_code=201,
    guards=[needs(Permission.case_assist)],
    before_request=keep_body,
)
async def post_assist_completion(
    case_id: CaseId,
    data: Annotated[CompletionAsked, Body(media_type=RequestEncodingType.MULTI_PART)],
    door: Door,
) -> Response[AssistStep]:
    """Say that the unit's part is done, with photos or a note."""
    await door.read(lambda tx: scope.case_for(tx, door.caller, case_id, Permission.case_assist), short=True)
    photos = await stored_photos(door, data.photos)
    units = units_of(door)

    def use_case(tx: Tx) -> CaseId:
        scope.case_for(tx, door.caller, case_id, Permission.case_assist)
        return finish_assist(
            tx, case_id, photos=photos, note=data.note, by=door.caller.account, units=units, policy=door.policy,
            now=tx.now,
        )  # fmt: skip

    return await _step(door, case_id, units, use_case)


@post("/v1/cases/{case_id:str}/supervision/answer", status_code=201, guards=[needs(Permission.case_handle)])
async def post_supervision_answer(case_id: CaseId, data: AnswerAsked, door: Door) -> Response[AnswerView]:
    """Answer to a supervision: what the unit has done about it."""

    def use_case(tx: Tx) -> CaseId:
        scope.case_for(tx, door.caller, case_id, Permission.case_handle)
        return answer_supervision(tx, case_id, words=data.words, by=door.caller.account, policy=door.policy, now=tx.now)

    await door.change(use_case, of=f"case/{case_id}")
    case, last = await door.read(lambda tx: (case_get(tx, case_id), supervision_last(tx, case_id)), short=True)
    return Response(AnswerView(number=last.number, state=last.state.value, late=last.late), headers=etag(case.no))


def units_of(door: Door) -> frozenset[UnitId]:
    """The units in which the caller may help."""
    return frozenset(seat.unit for seat in door.caller.seats if Permission.case_assist in seat.permissions)


async def _step(door: Door, case_id: CaseId, units: frozenset[UnitId], use_case: Any) -> Response[AssistStep]:
    """Change the case, then show where the unit's helping task stands."""
    await door.change(use_case, of=f"case/{case_id}")
    case, tasks = await door.read(lambda tx: (case_get(tx, case_id), task_list_of(tx, case_id)), short=True)
    task = [each for each in tasks if each.kind is TaskKind.assist and each.unit in units][-1]
    view = AssistStep(
        id=task.id, unit=task.unit, due_at=task.due_at, signed_at=task.signed_at, ended_at=task.ended_at,
        overdue=task.overdue,
    )  # fmt: skip
    return Response(view, headers=etag(case.no))


ROUTES = [post_assist_signature, post_assist_completion, post_supervision_answer]
