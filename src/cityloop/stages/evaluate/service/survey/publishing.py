"""From what was gathered to numbers that hold; and what of it may be seen before."""

import msgspec
from msgspec import Struct

from cityloop.db import Tx
from cityloop.domain.facts import SurveyChosen, SurveyFound, SurveyNumber, SurveyPublished, SurveyValue, SurveyWithheld
from cityloop.domain.policy import Policy, SurveyForm, SurveyTool
from cityloop.http import Caller
from cityloop.stages.evaluate.model.survey import (
    Answer,
    NotReady,
    NumberTaken,
    Point,
    PointState,
    Sheet,
    SheetState,
    Task,
    TaskState,
)
from cityloop.stages.evaluate.rules.survey import reach
from cityloop.stages.evaluate.rules.survey.counting import (
    Answered,
    Counted,
    Looked,
    of_answers,
    of_table,
    of_visits,
    took_part,
)
from cityloop.stages.evaluate.service.making_again import make_again
from cityloop.stages.evaluate.service.survey.reaching import account_of, open_task_for, texts_ahead, texts_of, today
from cityloop.stages.evaluate.store import survey as store

_texts = msgspec.json.Decoder(list[str]).decode
_values = msgspec.json.Decoder(tuple[SurveyValue, ...]).decode
_found = msgspec.json.Decoder(tuple[SurveyFound, ...]).decode
_chosen = msgspec.json.Decoder(tuple[SurveyChosen, ...]).decode


class Lacks(Struct, frozen=True, kw_only=True):
    """What is not there yet."""

    sheets: int
    points: int
    running: bool  # a questionnaire may still be answered

    @property
    def count(self) -> int:
        return self.sheets + self.points


def publish(tx: Tx, caller: Caller, id: str, *, anyway: bool, policy: Policy) -> str:
    """Let the numbers of a task hold. What lacks is left out where that is wanted, and told. Of a task that is put right they stand
    in the place of those before, and whoever has a bulletin with those gets another.

    Refuses with `TaskUnknown`, `TaskOver`, `NotReady`, `TaskWrong` or `NumberTaken`. Emits `SurveyPublished`.
    """
    task = open_task_for(tx, caller, id, policy)
    parts = store.parts_of(tx, id)
    lacks = lacks_of(tx, task, parts, policy)
    if (lacks.count or lacks.running) and not anyway:
        raise NotReady(
            f"{lacks.sheets} tables are not accepted, {lacks.points} points not looked at"
            f"{', and a questionnaire still runs' if lacks.running else ''}; wait for them, or publish without them.",
            sheets=lacks.sheets, points=lacks.points, running=lacks.running,
        )  # fmt: skip
    counted = counted_of(tx, task, parts, policy, answers=True)
    numbers = tuple(each for each in counted if isinstance(each, SurveyNumber))
    keys = [(each.object, each.indicator) for each in numbers]
    if taken := store.numbers_taken(tx, id, task.first_day, task.last_day, keys):
        first = taken[0]
        raise NumberTaken(
            f"{first.indicator} of {first.object} for {task.first_day} to {task.last_day} was published by the task {first.task}; "
            "cancel this one, or evaluate another period.", task=first.task,
        )  # fmt: skip
    tx.emit(
        SurveyPublished(
            task_id=id, numbers=numbers, withheld=tuple(each for each in counted if isinstance(each, SurveyWithheld)),
            lacks=lacks.count, first_day=task.first_day, last_day=task.last_day, by=account_of(caller), at=tx.now,
            version=task.version + 1, corrects=task.version if task.corrects else None, reason=task.reason,
        )
    )  # fmt: skip
    if task.corrects:
        make_again(tx, task.first_day, task.last_day, areas=True)
    return id


def lacks_of(tx: Tx, task: Task, parts: store.Parts, policy: Policy) -> Lacks:
    """What is not gathered or not reviewed yet."""
    sheets = sum(each.state is not SheetState.accepted for each in parts.sheets)
    points = sum(each.state is not PointState.visited for each in parts.points)
    forms = [policy.survey_by_code.get(code) for code in _texts(task.forms)]
    asks = any(each and each.tool is SurveyTool.questionnaire for each in forms)
    return Lacks(sheets=sheets, points=points, running=asks and not task.version and today(tx, policy) <= task.until)


def counted_of(tx: Tx, task: Task, parts: store.Parts, policy: Policy, *, answers: bool) -> list[Counted]:
    """The numbers as they stand. `answers`: also of questionnaires; while one still runs nobody sees them, since each new
    answer would show what somebody said.

    Refuses with `TaskWrong` where the pack has a form no more.
    """
    sheets = {(each.form, each.object): each for each in parts.sheets if each.state is SheetState.accepted}
    points = [each for each in parts.points if each.state is PointState.visited and not each.missed]
    said = [each for each in store.answer_list(tx, task.id) if each.counts] if answers else []
    found: list[Counted] = []
    for form in [reach.form_of(code, policy) for code in _texts(task.forms)]:
        for object in _texts(task.objects):
            if form.tool is not SurveyTool.questionnaire or answers:
                found += _of_object(form, object, sheets.get((form.code, object)), points, said)
    for each in parts.progress if answers else ():
        form = reach.form_of(each.form, policy)
        found += took_part(form, each.object, invited=each.invited, answered=each.answered)
    return found


def _of_object(form: SurveyForm, object: str, sheet: Sheet | None, points: list[Point], said: list[Answer]) -> list[Counted]:
    mine = (form.code, object)
    if form.tool is SurveyTool.table:
        return of_table(form, object, _values(sheet.said_numbers) if sheet else None)
    if form.tool is SurveyTool.visit:
        at = [Looked(kind=each.kind, found=_found(each.found)) for each in points if (each.form, each.object) == mine]
        return of_visits(form, object, at)
    about = [each for each in said if (each.form, each.object) == mine]
    return of_answers(form, object, [Answered(chosen=_chosen(each.chosen), stratum=each.stratum) for each in about])


def words_said(tx: Tx, task: Task, form: SurveyForm, object: str) -> dict[str, list[str]] | None:
    """What was written in a questionnaire about an object, by question, in the order of the letters; None: not shown, since
    the task runs or too few have answered."""
    rows = [each for each in store.answer_list(tx, task.id) if (each.form, each.object) == (form.code, object)]
    if task.state is not TaskState.published or len(rows) < form.answers_min:
        return None
    texts_ahead(tx, [each.said for each in rows])
    found: dict[str, list[str]] = {}
    for each in rows:
        for question, text in texts_of(tx, each.said).items():
            found.setdefault(question, []).append(text)
    return {question: sorted(texts) for question, texts in found.items()}
