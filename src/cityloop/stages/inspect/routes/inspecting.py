"""HTTP of inspecting: parse, permit, call, show."""

from datetime import datetime
from typing import Annotated, Any

from litestar import Response, post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body
from msgspec import Struct

from cityloop.cases import case_get, scope
from cityloop.db import Tx
from cityloop.domain.ids import CaseId, PostId
from cityloop.domain.lifecycle import State
from cityloop.domain.permission import Permission
from cityloop.files.uploads import stored_photos
from cityloop.http import Door, needs
from cityloop.http.door import etag, keep_body
from cityloop.stages.inspect.service import ask_again, inspect_case


class InspectionResult(Struct, kw_only=True):
    """What was seen on site."""

    passed: bool
    note: str = ""
    photos: list[UploadFile] = []


class PostAsked(Struct, kw_only=True):
    """The post that shall inspect instead."""

    post: PostId


class InspectionStep(Struct, kw_only=True):
    """Where the case stands now; closing or rework follows by rule."""

    id: CaseId
    state: State
    post: PostId | None
    due_at: datetime | None
    reworks: int


@post(
    "/v1/cases/{case_id:str}/inspection",
    status_code=201,
    guards=[needs(Permission.case_inspect)],
    before_request=keep_body,
)
async def post_inspection(
    case_id: CaseId, data: Annotated[InspectionResult, Body(media_type=RequestEncodingType.MULTI_PART)], door: Door
) -> Response[InspectionStep]:
    """Tell whether the result meets the closing condition, with photos and a note."""
    await door.read(lambda tx: scope.case_for(tx, door.caller, case_id, Permission.case_inspect), short=True)
    photos = await stored_photos(door, data.photos)

    def use_case(tx: Tx) -> CaseId:
        scope.case_for(tx, door.caller, case_id, Permission.case_inspect)
        return inspect_case(
            tx, case_id, passed=data.passed, photos=photos, note=data.note, by=door.caller.account,
            units={seat.unit for seat in door.caller.seats}, policy=door.policy, now=tx.now,
        )  # fmt: skip

    return await _step(door, case_id, use_case)


@post("/v1/cases/{case_id:str}/inspection/post", status_code=201, guards=[needs(Permission.case_close)])
async def post_inspection_post(case_id: CaseId, data: PostAsked, door: Door) -> Response[InspectionStep]:
    """Name another post that shall inspect."""

    def use_case(tx: Tx) -> CaseId:
        scope.case_for(tx, door.caller, case_id, Permission.case_close)
        return ask_again(tx, case_id, post=data.post, policy=door.policy, now=tx.now)

    return await _step(door, case_id, use_case)


async def _step(door: Door, case_id: CaseId, use_case: Any) -> Response[InspectionStep]:
    """Change the case, then show where it stands."""
    await door.change(use_case, of=f"case/{case_id}")
    case = await door.read(lambda tx: case_get(tx, case_id), short=True)
    view = InspectionStep(
        id=case.id, state=case.state, post=case.post, due_at=case.clock_due, reworks=case.reworks
    )  # fmt: skip
    return Response(view, headers=etag(case.no))


ROUTES = [post_inspection, post_inspection_post]
