"""HTTP of questionnaires: for whoever holds an invitation, without an account."""

from datetime import date
from typing import Annotated

from litestar import Response, get, post
from msgspec import Struct

from cityloop.db import Tx
from cityloop.domain.personal import Personal
from cityloop.domain.policy.rows import Words
from cityloop.http import Door
from cityloop.http.strangers import JOINS, LOOKS, pace_stranger
from cityloop.stages.evaluate.model.survey import KEEP_DAYS, SUBMITTED, AnswersSaid
from cityloop.stages.evaluate.routes.survey.views import SurveyFormView, form_view
from cityloop.stages.evaluate.service.survey import answers

NO_STORE = {"Cache-Control": "no-store"}


class QuestionnaireView(Struct, kw_only=True):
    """A questionnaire, about whom it asks, and whether this invitation was answered."""

    form: SurveyFormView
    object: str
    object_name: Words
    until: date
    answered: bool
    simulated: bool


class AnswersAsked(Struct, kw_only=True):
    """What was chosen, and what was written, by question."""

    chosen: dict[str, list[str]] = {}
    texts: Annotated[dict[str, str], Personal(SUBMITTED, keep_days=KEEP_DAYS)] = {}


@get("/v1/questionnaires/{code:str}")
async def get_questionnaire(code: str, door: Door) -> Response[QuestionnaireView]:
    """What an invitation asks."""
    pace_stranger(door, LOOKS)
    return await _shown(door, code, 200)


@post("/v1/questionnaires/{code:str}", status_code=201)
async def post_questionnaire(code: str, data: AnswersAsked, door: Door) -> Response[QuestionnaireView]:
    """Answer a questionnaire; each invitation counts once."""
    pace_stranger(door, JOINS)
    said = AnswersSaid(chosen=data.chosen, texts=data.texts)
    await door.change(lambda tx: answers.answer(tx, code, said, policy=door.policy))
    return await _shown(door, code, 201)


async def _shown(door: Door, code: str, status: int) -> Response[QuestionnaireView]:
    def ask(tx: Tx) -> QuestionnaireView:
        asked, policy = answers.asked_by(tx, code, policy=door.policy), door.policy
        of = policy.unit_by_id.get(asked.invite.object) or policy.area_by_code.get(asked.invite.object)  # type: ignore[call-overload]
        return QuestionnaireView(
            form=form_view(asked.form, policy), object=asked.invite.object, object_name=of.name if of else {},
            until=asked.task.until, answered=asked.invite.answered_at is not None, simulated=policy.simulated,
        )  # fmt: skip

    return Response(await door.read(ask), status_code=status, headers=NO_STORE)


ROUTES = [get_questionnaire, post_questionnaire]
