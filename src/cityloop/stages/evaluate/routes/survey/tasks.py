"""HTTP of who manages evaluation: forms, tasks, invitations, publication, and the numbers."""

from datetime import date, datetime
from typing import Annotated

import msgspec
from litestar import Response, get, post
from msgspec import Struct

from cityloop.db import Tx
from cityloop.domain.facts import SurveyNumber, SurveyWithheld
from cityloop.domain.ids import PostId
from cityloop.domain.permission import Permission
from cityloop.domain.personal import Personal
from cityloop.http import Door, Page, needs, page_limit
from cityloop.http.door import etag
from cityloop.stages.evaluate.model.correcting import CorrectedFor
from cityloop.stages.evaluate.model.survey import (
    KEEP_DAYS,
    CancelledFor,
    Gathered,
    SurveyWho,
    Task,
    TaskAsked,
    TaskState,
    Withheld,
)
from cityloop.stages.evaluate.routes.survey.views import (
    SurveyChoiceView,
    SurveyFormView,
    SurveyTaskLine,
    SurveyTaskView,
    form_view,
    task_line,
    task_parts,
)
from cityloop.stages.evaluate.rules.survey import reach
from cityloop.stages.evaluate.service.survey import publishing, tasks
from cityloop.stages.evaluate.service.survey.correcting import reopen
from cityloop.stages.evaluate.service.survey.reaching import fills, manages, task_for
from cityloop.stages.evaluate.store import survey as store

MANAGE = [needs(Permission.survey_manage)]
ANY = [needs(Permission.survey_manage, Permission.survey_fill, Permission.survey_visit)]
READ = [needs(Permission.figures_read, Permission.survey_manage, Permission.survey_fill)]
NO_STORE = {"Cache-Control": "no-store"}
_texts = msgspec.json.Decoder(list[str]).decode


class SurveyTaskAsked(Struct, kw_only=True):
    """What is evaluated: which objects (units, areas), for which period, by which forms, by whom, until when.

    `visitors`: posts that make the site visits; of a mystery evaluation they are kept apart, and hidden.
    """

    who: SurveyWho
    forms: list[str]
    objects: list[str]
    first_day: date
    last_day: date
    until: date
    scheme: str = ""
    visitors: list[PostId] = []


class InvitesAsked(Struct, kw_only=True):
    """How many invitations to a questionnaire about an object."""

    form: str
    object: str
    count: int


class InviteView(Struct, kw_only=True):
    """An invitation: its code, and whether it was used; `code` none: it was erased."""

    code: str | None
    address: str | None
    answered: bool


class SurveyPublicationAsked(Struct, kw_only=True):
    """`anyway`: also without what is not there yet."""

    anyway: bool = False


class SurveyCancellationAsked(Struct, kw_only=True):
    """Why a task ends without numbers."""

    reason: CancelledFor


class SurveyCorrectionAsked(Struct, kw_only=True):
    """Why what was published is wrong, and until when is gathered again."""

    reason: CorrectedFor
    until: date
    words: Annotated[str, Personal("to say what was wrong in what was published", keep_days=KEEP_DAYS)] = ""


class SurveyWordsView(Struct, kw_only=True):
    """What was written in a questionnaire, by question; none: it is not shown."""

    texts: dict[str, list[str]] | None


class SurveyNumberView(Struct, kw_only=True):
    """A published number of an object."""

    object: str
    indicator: str
    tool: str
    first_day: date
    last_day: date
    numerator: float
    denominator: float | None
    cases: int
    task: str
    published_at: datetime


@get("/v1/survey/forms", guards=ANY)
async def get_survey_forms(door: Door) -> list[SurveyFormView]:
    """The forms of the pack: tables, site visits, questionnaires."""
    return [form_view(each, door.policy) for each in door.policy.surveys]


@get("/v1/survey/visitors", guards=MANAGE)
async def get_survey_visitors(door: Door) -> list[SurveyChoiceView]:
    """The posts that make site visits, by their names."""
    roles = door.policy.role_by_id
    return [
        SurveyChoiceView(code=each.id, name=each.name) for each in door.policy.posts if reach.VISIT in roles[each.role].permissions
    ]  # fmt: skip


@post("/v1/survey/tasks", status_code=201, guards=MANAGE)
async def post_survey_task(data: SurveyTaskAsked, door: Door) -> Response[SurveyTaskView]:
    """Open an evaluation task: tables are given out, points drawn by lot."""
    asked = TaskAsked(
        who=data.who, forms=tuple(data.forms), objects=tuple(data.objects), first_day=data.first_day,
        last_day=data.last_day, until=data.until, scheme=data.scheme or None, visitors=tuple(data.visitors),
    )  # fmt: skip
    id = await door.change(lambda tx: tasks.open_task(tx, door.caller, asked, policy=door.policy))
    return await _whole(door, id, 201)


@get("/v1/survey/tasks", guards=MANAGE)
async def get_survey_tasks(door: Door, after: str | None = None, limit: int = 50) -> Response[Page[SurveyTaskLine]]:
    """Evaluation tasks, the newest first."""
    count = page_limit(limit)

    def ask(tx: Tx) -> Page[SurveyTaskLine]:
        rows = store.task_list(tx, after=after, limit=count + 1)
        mine = [each for each in rows[:count] if manages(door.caller, _texts(each.objects), door.policy)]
        return Page(items=[task_line(each, store.parts_of(tx, each.id)) for each in mine], next=rows[count - 1].id if len(rows) > count else None)

    return Response(await door.read(ask), headers=NO_STORE)


@get("/v1/survey/tasks/{task_id:str}", guards=MANAGE)
async def get_survey_task(task_id: str, door: Door) -> Response[SurveyTaskView]:
    """A task whole: its tables, points and questionnaires, and its numbers as far as they may be seen."""
    return await _whole(door, task_id, 200)


@post("/v1/survey/tasks/{task_id:str}/invitations", status_code=201, guards=MANAGE)
async def post_invitations(task_id: str, data: InvitesAsked, door: Door) -> Response[list[InviteView]]:
    """Draw invitations; gives all of the object that were not answered."""
    await door.change(
        lambda tx: tasks.invite(tx, door.caller, task_id, data.form, data.object, data.count, policy=door.policy)
    )
    return await _invites(door, task_id, data.form, data.object, unused=True, status=201)


@get("/v1/survey/tasks/{task_id:str}/invitations", guards=MANAGE)
async def get_invitations(
    task_id: str, door: Door, form: str, object: str, unused: bool = False
) -> Response[list[InviteView]]:
    """The invitations about an object, with their codes."""
    return await _invites(door, task_id, form, object, unused=unused, status=200)


@get("/v1/survey/tasks/{task_id:str}/words", guards=MANAGE)
async def get_survey_words(task_id: str, door: Door, form: str, object: str) -> Response[SurveyWordsView]:
    """What was written about an object, once the task is published and enough have answered."""

    def ask(tx: Tx) -> SurveyWordsView:
        task = task_for(tx, door.caller, task_id, door.policy)
        return SurveyWordsView(texts=publishing.words_said(tx, task, reach.form_of(form, door.policy), object))

    return Response(await door.read(ask), headers=NO_STORE)


@post("/v1/survey/tasks/{task_id:str}/publication", status_code=201, guards=MANAGE)
async def post_survey_publication(task_id: str, data: SurveyPublicationAsked, door: Door) -> Response[SurveyTaskView]:
    """Let the numbers hold; nothing is gathered any more."""
    await door.change(
        lambda tx: publishing.publish(tx, door.caller, task_id, anyway=data.anyway, policy=door.policy),
        of=f"survey/{task_id}",
    )
    return await _whole(door, task_id, 201)


@post("/v1/survey/tasks/{task_id:str}/correction", status_code=201, guards=MANAGE)
async def post_survey_correction(task_id: str, data: SurveyCorrectionAsked, door: Door) -> Response[SurveyTaskView]:
    """Put right what was published: it is gathered again and published as a new version; until then the numbers hold."""
    await door.change(
        lambda tx: reopen(
            tx, door.caller, task_id, data.reason, words=data.words, until=data.until, policy=door.policy
        ),
        of=f"survey/{task_id}",
    )  # fmt: skip
    return await _whole(door, task_id, 201)


@post("/v1/survey/tasks/{task_id:str}/cancellation", status_code=201, guards=MANAGE)
async def post_survey_cancellation(task_id: str, data: SurveyCancellationAsked, door: Door) -> Response[SurveyTaskView]:
    """End a task without numbers."""
    await door.change(
        lambda tx: tasks.cancel_task(tx, door.caller, task_id, data.reason, policy=door.policy), of=f"survey/{task_id}"
    )
    return await _whole(door, task_id, 201)


@get("/v1/survey/numbers", guards=READ)
async def get_survey_numbers(door: Door, first_day: date | None = None, last_day: date | None = None) -> list[SurveyNumberView]:
    """Published numbers: to who reads figures all of their area, to who fills in tables those of their own object."""
    caller, policy = door.caller, door.policy
    readers = caller.seats_with(Permission.figures_read) + caller.seats_with(Permission.survey_manage)

    def sees(each: Gathered) -> bool:
        return any(reach.is_within(seat.area, each.object, policy) for seat in readers) or fills(caller, each.object, policy)

    rows = await door.read(lambda tx: store.number_list(tx, first_day=first_day, last_day=last_day))
    return [msgspec.convert(msgspec.structs.asdict(each), SurveyNumberView) for each in rows if sees(each)]


async def _whole(door: Door, id: str, status: int) -> Response[SurveyTaskView]:
    def ask(tx: Tx) -> SurveyTaskView:
        task = task_for(tx, door.caller, id, door.policy)
        parts = store.parts_of(tx, task.id)
        lacks = publishing.lacks_of(tx, task, parts, door.policy)
        numbers, withheld = _numbers(tx, task, parts, door)
        is_open = task.state is TaskState.open
        return SurveyTaskView(
            **msgspec.structs.asdict(task_line(task, parts)), **task_parts(tx, task, parts, door.caller.account, door.policy),
            numbers=numbers, withheld=withheld, running=is_open and lacks.running, lacks=lacks.count if is_open else task.lacks,
        )  # fmt: skip

    view = await door.read(ask)
    return Response(view, status_code=status, headers={**etag(view.no), **NO_STORE})


def _numbers(tx: Tx, task: Task, parts: store.Parts, door: Door) -> tuple[list[Gathered], list[Withheld]]:
    """What was published; before that, what tables and visits say so far."""
    if task.state is not TaskState.open:
        return store.number_list(tx, task=task.id), store.withheld_list(tx, task.id)
    counted = publishing.counted_of(tx, task, parts, door.policy, answers=task.corrects)
    at = {"first_day": task.first_day, "last_day": task.last_day, "task": task.id}
    numbers = [
        Gathered(**msgspec.structs.asdict(each), **at, published_at=tx.now) for each in counted if isinstance(each, SurveyNumber)
    ]
    none = [each for each in counted if isinstance(each, SurveyWithheld)]
    return numbers, [Withheld(task=task.id, **msgspec.structs.asdict(each)) for each in none]


async def _invites(door: Door, id: str, form: str, object: str, *, unused: bool, status: int) -> Response[list[InviteView]]:
    rows = await door.read(
        lambda tx: tasks.invitations(tx, door.caller, id, form, object, policy=door.policy, unused=unused)
    )
    base = str(door.policy.settings.public_url or door.request.base_url).rstrip("/")
    views = [
        InviteView(
            code=each.code, address=f"{base}/survey/{each.code}" if each.code else None,
            answered=each.invite.answered_at is not None,
        )
        for each in rows
    ]  # fmt: skip
    return Response(views, status_code=status, headers=NO_STORE)


ROUTES = [
    get_survey_forms, get_survey_visitors, post_survey_task, get_survey_tasks, get_survey_task, post_invitations, get_invitations,
    get_survey_words, post_survey_publication, post_survey_correction, post_survey_cancellation, get_survey_numbers,
]  # fmt: skip
