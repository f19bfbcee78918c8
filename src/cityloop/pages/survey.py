"""Questionnaires as pages: answered by whoever holds an invitation, without script and without an account; and their invitations to print."""

import secrets
from typing import Any

import msgspec
from litestar import Request, Response, get, post
from msgspec import Struct

from cityloop.domain.errors import CityloopError
from cityloop.domain.permission import Permission
from cityloop.domain.tracking import CODE_LENGTH
from cityloop.http import Door, needs
from cityloop.http.problems import status_of
from cityloop.pages.deeds import door_with
from cityloop.pages.screen import language_of, local, moved, page, wording
from cityloop.pages.telling import Teller
from cityloop.pages.things import qr_svg
from cityloop.people.caller import same_site
from cityloop.stages.evaluate.model.survey import AnsweredAlready
from cityloop.stages.evaluate.routes.survey.answers import AnswersAsked, get_questionnaire, post_questionnaire
from cityloop.stages.evaluate.routes.survey.tasks import get_invitations

ELDER = "elder"
WORDS = "words"


class Slip(Struct, frozen=True, kw_only=True):
    """An invitation on paper."""

    code: str
    svg: str


@get("/survey/{code:str}", include_in_schema=False)
async def get_survey(code: str, request: Request, door: Door) -> Response[bytes]:
    """The questionnaire that a code opens; once it was answered, that it was."""
    return await survey_page(code, request, door)


@post("/survey/{code:str}", status_code=303, include_in_schema=False)
async def post_survey(code: str, request: Request, door: Door) -> Response[bytes]:
    """Answer it; pressed twice it is sent once, and after a refusal nothing that was chosen or typed is lost."""
    same_site(request, must_say=False)
    form = await request.form()
    answers: dict[str, list[str]] = {}
    for name in form:
        answers[name] = [each for each in form.getall(name, []) if isinstance(each, str)]
    key = request.query_params.get("key", "")[:80]
    sent = door_with(door, request, msgspec.json.encode(answers), idempotency_key=key) if key else door
    try:
        shown = (await get_questionnaire.fn(code, door)).content
        said = {each.code for each in shown.form.questions if each.takes == WORDS}
        asked = AnswersAsked(
            chosen={name: given for name, given in answers.items() if name not in said},
            texts={name: given[0] for name, given in answers.items() if name in said and given and given[0].strip()},
        )  # fmt: skip
        await post_questionnaire.fn(code, asked, sent)
    except CityloopError as error:
        return await survey_page(code, request, door, error=error, typed=answers)
    return moved(local(f"/survey/{code[:40]}?sent=1{'&elder=1' if request.query_params.get(ELDER) else ''}"))


async def survey_page(
    code: str, request: Request, door: Door, *, error: CityloopError | None = None, typed: dict[str, Any] | None = None
) -> Response[bytes]:
    """The page of a code: the questions, thanks, or why there is nothing to answer."""
    tell = Teller(policy=door.policy, language=language_of(request, door.policy))
    sent = request.query_params.get("sent") == "1"
    given = {
        "tell": tell, "code": "".join(char for char in code if char.isalnum())[:CODE_LENGTH], "sent": sent, "typed": typed or {},
        "elder": request.query_params.get(ELDER) == "1", "key": secrets.token_urlsafe(16),
        "wrong": error.more.get("field", "") if error else "",
    }  # fmt: skip
    try:
        asked = (await get_questionnaire.fn(code, door)).content
    except CityloopError as unknown:
        return page(door, "survey.html", status=status_of(unknown), asked=None, refusal=wording(unknown, tell), **given)
    if asked.answered and not sent:
        error = error or AnsweredAlready("This invitation was answered; each counts once.")
    refusal = wording(error, tell) if error else None
    return page(door, "survey.html", status=status_of(error) if error else 200, asked=asked, refusal=refusal, **given)


@get("/survey-slips", guards=[needs(Permission.survey_manage)], include_in_schema=False)
async def get_slips(door: Door, task: str, form: str, object: str) -> Response[bytes]:
    """Invitations that were not answered, to print and to hand out by chance."""
    rows = (await get_invitations.fn(task, door, form, object, True)).content
    slips = [Slip(code=each.code, svg=qr_svg(each.address)) for each in rows if each.code and each.address]
    policy = door.policy
    of = policy.unit_by_id.get(object) or policy.area_by_code.get(object)  # type: ignore[call-overload]
    asked = policy.survey_by_code.get(form)
    return page(door, "survey_slips.html", slips=slips, name=of.name if of else {}, asked=asked)


ROUTES = [get_survey, post_survey, get_slips]
