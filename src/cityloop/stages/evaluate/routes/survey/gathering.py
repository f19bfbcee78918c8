"""HTTP of what is gathered: tables to fill in and review, points to look at, photos of both."""

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body
from msgspec import Struct

from cityloop.db import Tx
from cityloop.domain.errors import NotFound
from cityloop.domain.ids import FileDigest
from cityloop.domain.permission import Permission
from cityloop.domain.personal import Personal
from cityloop.files.showing import file_subjects
from cityloop.files.uploads import stored_photos
from cityloop.http import Door, needs
from cityloop.http.door import etag, keep_body
from cityloop.stages.evaluate.model.survey import (
    KEEP_DAYS,
    SUBMITTED,
    MissedFor,
    ReturnedFor,
    SheetSaid,
    SheetWrong,
    VisitSaid,
    VisitWrong,
)
from cityloop.stages.evaluate.routes.survey.views import SurveyPointView, SurveySheetView, point_view, sheet_view
from cityloop.stages.evaluate.service.survey import sheets, visits
from cityloop.stages.evaluate.service.survey.reaching import fills, is_visitor, sheet_for, task_for
from cityloop.stages.evaluate.store import survey as store

MANAGE, FILL = [needs(Permission.survey_manage)], [needs(Permission.survey_fill)]
VISIT = [needs(Permission.survey_visit)]
SEES = [needs(Permission.survey_manage, Permission.survey_fill)]
PHOTOS = [needs(Permission.survey_manage, Permission.survey_fill, Permission.survey_visit)]
NO_STORE = {"Cache-Control": "no-store"}
Text = Annotated[str, Personal(SUBMITTED, keep_days=KEEP_DAYS)]
_numbers = msgspec.json.Decoder(dict[str, float]).decode
_texts = msgspec.json.Decoder(dict[str, str]).decode
_counts = msgspec.json.Decoder(dict[str, int]).decode


class SurveyPhotoUnknown(NotFound):
    """No such photo, or not for this caller."""

    code = "survey.photo_unknown"


class SheetForm(Struct, kw_only=True):
    """A table filled in: `numbers` and `texts` as JSON objects by field, with evidence as photos."""

    numbers: str = "{}"
    texts: Text = "{}"
    photos: list[UploadFile] = []


class VisitForm(Struct, kw_only=True):
    """A visit: `found` as a JSON object, how often of each item; or why it was not possible. `at` by the phone's clock."""

    found: str = "{}"
    missed: str = ""
    lon: float | None = None
    lat: float | None = None
    note: Text = ""
    at: datetime | None = None
    photos: list[UploadFile] = []


class SurveyReturnAsked(Struct, kw_only=True):
    """Why it is sent back."""

    reason: ReturnedFor
    note: Text = ""


class VisitTask(Struct, kw_only=True):
    """An open task whose visits the caller makes, with its points."""

    task: str
    form_names: dict[str, dict[str, str]]
    until: str
    points: list[SurveyPointView]


@get("/v1/survey/sheets", guards=FILL)
async def get_sheets(door: Door) -> Response[list[SurveySheetView]]:
    """The tables of one's own objects in tasks that run; what is still to be filled in first."""

    def ask(tx: Tx) -> list[SurveySheetView]:
        rows = [each for task in store.task_list_open(tx) for each in store.sheet_list(tx, task.id)]
        mine = [each for each in rows if fills(door.caller, each.object, door.policy)]
        mine.sort(key=lambda each: (each.state not in sheets.TO_FILL, each.id))
        return [sheet_view(tx, each, door.caller.account) for each in mine]

    return Response(await door.read(ask), headers=NO_STORE)


@get("/v1/survey/sheets/{sheet_id:str}", guards=SEES)
async def get_sheet(sheet_id: str, door: Door) -> Response[SurveySheetView]:
    """One table."""
    return await _sheet(door, sheet_id, 200)


@post("/v1/survey/sheets/{sheet_id:str}/submission", status_code=201, guards=FILL, before_request=keep_body)
async def post_sheet_submission(
    sheet_id: str, data: Annotated[SheetForm, Body(media_type=RequestEncodingType.MULTI_PART)], door: Door
) -> Response[SurveySheetView]:
    """Fill in and send a table, with evidence."""
    try:
        said = SheetSaid(numbers=_numbers(data.numbers), texts=_texts(data.texts))
    except msgspec.DecodeError:
        raise SheetWrong("numbers and texts are JSON objects: a number or a text for each field.") from None
    photos = await stored_photos(door, data.photos)
    await door.change(
        lambda tx: sheets.send_sheet(tx, door.caller, sheet_id, said, photos=photos, policy=door.policy),
        of=f"survey_sheet/{sheet_id}",
    )
    return await _sheet(door, sheet_id, 201)


@post("/v1/survey/sheets/{sheet_id:str}/return", status_code=201, guards=MANAGE)
async def post_sheet_return(sheet_id: str, data: SurveyReturnAsked, door: Door) -> Response[SurveySheetView]:
    """Send a table back."""
    await door.change(
        lambda tx: sheets.return_sheet(tx, door.caller, sheet_id, data.reason, note=data.note, policy=door.policy),
        of=f"survey_sheet/{sheet_id}",
    )
    return await _sheet(door, sheet_id, 201)


@post("/v1/survey/sheets/{sheet_id:str}/acceptance", status_code=201, guards=MANAGE)
async def post_sheet_acceptance(sheet_id: str, door: Door) -> Response[SurveySheetView]:
    """Let a table count."""
    await door.change(
        lambda tx: sheets.accept_sheet(tx, door.caller, sheet_id, policy=door.policy), of=f"survey_sheet/{sheet_id}"
    )
    return await _sheet(door, sheet_id, 201)


@get("/v1/survey/visits", guards=VISIT)
async def get_visits(door: Door) -> Response[list[VisitTask]]:
    """The points that the caller looks at, by task."""

    def ask(tx: Tx) -> list[VisitTask]:
        names = {each.code: each.name for each in door.policy.surveys}
        return [
            VisitTask(
                task=task.id, until=task.until.isoformat(), points=[point_view(tx, each, door.policy) for each in points],
                form_names={code: names[code] for code in {each.form for each in points} if code in names},
            )
            for task, points in visits.visits_of(tx, door.caller)
        ]  # fmt: skip

    return Response(await door.read(ask), headers=NO_STORE)


@post("/v1/survey/points/{point_id:str}/visit", status_code=201, guards=VISIT, before_request=keep_body)
async def post_visit(
    point_id: str, data: Annotated[VisitForm, Body(media_type=RequestEncodingType.MULTI_PART)], door: Door
) -> Response[SurveyPointView]:
    """Say what was found at a point. Of a mystery evaluation no fact says who it was."""
    try:
        missed = MissedFor(data.missed) if data.missed else None
        said = VisitSaid(found=_counts(data.found), missed=missed, lon=data.lon, lat=data.lat, note=data.note, at=data.at)
    except (msgspec.DecodeError, ValueError):
        raise VisitWrong("found is a JSON object with a whole number for each item; missed is a code of survey.missed.") from None
    photos = await stored_photos(door, data.photos)
    secret = await door.read(lambda tx: visits.is_secret(tx, point_id), short=True)
    await door.change(
        lambda tx: visits.visit_point(tx, door.caller, point_id, said, photos=photos, policy=door.policy),
        of=f"survey_point/{point_id}", actor=visits.SECRET if secret else None,
    )  # fmt: skip
    return await _point(door, point_id, 201)


@post("/v1/survey/points/{point_id:str}/return", status_code=201, guards=MANAGE)
async def post_point_return(point_id: str, data: SurveyReturnAsked, door: Door) -> Response[SurveyPointView]:
    """Let a point be looked at again."""
    await door.change(
        lambda tx: visits.return_point(tx, door.caller, point_id, data.reason, policy=door.policy),
        of=f"survey_point/{point_id}",
    )
    return await _point(door, point_id, 201)


@get("/v1/survey/photos/{digest:str}", guards=PHOTOS)
async def get_survey_photo(digest: FileDigest, door: Door) -> Response[bytes]:
    """A photo of a visit or of a table: for who manages the task, who fills in the table, and who makes the visits."""

    def ask(tx: Tx) -> None:
        if not any(_may_see(tx, door, subject) for subject in file_subjects(tx, digest)):
            raise SurveyPhotoUnknown("There is no such photo for you; take its address from the table or the point.")

    await door.read(ask)
    raw = await door.aside(lambda: door.request.app.state.parts.files.get(digest))
    safe = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'", "Cache-Control": "private, max-age=3600"}
    return Response(raw, media_type="image/jpeg", headers=safe)


def _may_see(tx: Tx, door: Door, subject: str) -> bool:
    kind, _, id = subject.partition("/")
    try:
        if kind == "survey_sheet":
            return bool(sheet_for(tx, door.caller, id, door.policy))
        if kind != "survey_point":
            return False
        task = store.task_get(tx, store.point_get(tx, id).task)
        return is_visitor(tx, door.caller, task) or bool(task_for(tx, door.caller, task.id, door.policy))
    except NotFound:
        return False


async def _sheet(door: Door, id: str, status: int) -> Response[SurveySheetView]:
    def ask(tx: Tx) -> SurveySheetView:
        return sheet_view(tx, sheet_for(tx, door.caller, id, door.policy), door.caller.account)

    view = await door.read(ask)
    return Response(view, status_code=status, headers={**etag(view.no), **NO_STORE})


async def _point(door: Door, id: str, status: int) -> Response[SurveyPointView]:
    view = await door.read(lambda tx: point_view(tx, store.point_get(tx, id), door.policy))
    return Response(view, status_code=status, headers={**etag(view.no), **NO_STORE})


ROUTES = [
    get_sheets, get_sheet, post_sheet_submission, post_sheet_return, post_sheet_acceptance, get_visits, post_visit,
    post_point_return, get_survey_photo,
]  # fmt: skip
