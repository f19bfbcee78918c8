"""Questionnaires: an invitation opens its form once; nobody says who they are."""

from msgspec import Struct

from cityloop.db import Tx
from cityloop.domain.facts import SurveyAnswered, SurveyChosen
from cityloop.domain.policy import Policy, SurveyForm
from cityloop.domain.tracking import code_read
from cityloop.journal import vault_find
from cityloop.stages.evaluate.model.survey import (
    CODE,
    AnsweredAlready,
    AnswersSaid,
    CodeUnknown,
    Invite,
    Task,
    TaskOver,
)
from cityloop.stages.evaluate.rules.survey import reach
from cityloop.stages.evaluate.rules.survey.checking import chosen_checked
from cityloop.stages.evaluate.service.survey.reaching import keep_texts, still_open, today
from cityloop.stages.evaluate.store import survey as store


class Asked(Struct, frozen=True, kw_only=True):
    """What an invitation opens."""

    invite: Invite
    task: Task
    form: SurveyForm


def asked_by(tx: Tx, code: str, *, policy: Policy) -> Asked:
    """The questionnaire that a code opens, answered or not.

    Refuses with `CodeUnknown` or `TaskOver`.
    """
    plain = code_read(code)
    subject = next(iter(vault_find(tx, CODE, plain, many=1)), None) if plain else None
    found = tx.get("survey_invite", Invite, subject.partition("/")[2]) if subject else None
    if found is None:
        raise CodeUnknown("No invitation has this code; look at it again: twelve letters and digits.")
    task = store.task_get(tx, found.task)
    if found.answered_at is None:
        still_open(task)
        if task.version or today(tx, policy) > task.until:  # once numbers were shown, one more answer would tell what it said
            raise TaskOver("The questionnaire is over; thank you for coming.", state="over")
    return Asked(invite=found, task=task, form=reach.form_of(found.form, policy))


def answer(tx: Tx, code: str, said: AnswersSaid, *, policy: Policy) -> str:
    """Answer a questionnaire. What comes beyond the quota of its stratum is kept and does not count.

    Refuses with `CodeUnknown`, `TaskOver`, `AnsweredAlready` or `AnswersWrong`. Emits `SurveyAnswered`.
    """
    asked = asked_by(tx, code, policy=policy)
    invite, form = asked.invite, asked.form
    tx.hold([f"survey_invite/{invite.id}"], also=[f"survey/{invite.task}/{invite.form}/{invite.object}"])
    again = tx.get("survey_invite", Invite, invite.id)
    assert again, "it was there a moment ago"
    if again.answered_at is not None:
        raise AnsweredAlready("This invitation was answered; each counts once, and what was said before stays as it is.")
    chosen = chosen_checked(form, said.chosen, said.texts)
    stratum = _stratum(form, chosen)
    tx.emit(
        SurveyAnswered(
            invite_id=invite.id, chosen=chosen, said=keep_texts(tx, f"survey_invite/{invite.id}", said.texts, policy),
            stratum=stratum, counts=_counts(tx, form, invite, stratum), at=tx.now,
        )
    )  # fmt: skip
    return invite.id


def _stratum(form: SurveyForm, chosen: tuple[SurveyChosen, ...]) -> str | None:
    question = form.stratum
    return next((each.options[0] for each in chosen if question and each.question == question.code), None)


def _counts(tx: Tx, form: SurveyForm, invite: Invite, stratum: str | None) -> bool:
    """Whether the quota of the stratum has room."""
    option = form.stratum.option.get(stratum) if form.stratum and stratum else None
    if option is None or not option.quota or stratum is None:
        return True
    return store.answer_count_of(tx, invite.task, invite.form, invite.object, stratum) < option.quota
