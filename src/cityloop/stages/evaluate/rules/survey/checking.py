"""What was filled in, against its form: each refusal names the field and what may stand there."""

from collections.abc import Mapping, Sequence
from math import isfinite

from cityloop.domain.facts import SurveyChosen, SurveyFound, SurveyValue
from cityloop.domain.policy import SurveyForm
from cityloop.domain.policy.survey import AnswerTakes, FieldTakes, SurveyField, SurveyQuestion
from cityloop.stages.evaluate.model.survey import AnswersWrong, SheetWrong, VisitWrong

TIMES_MAX = 999


def values_checked(form: SurveyForm, numbers: Mapping[str, float], texts: Mapping[str, str]) -> tuple[SurveyValue, ...]:
    """The numbers of a table, in the order of its fields.

    Refuses with `SheetWrong`.
    """
    fields = {each.code: each for each in form.fields}
    for code in (*numbers, *texts):
        if code not in fields or (code in numbers) == (fields[code].takes is FieldTakes.text):
            raise SheetWrong(f"{code[:40]!r} is no such field of {form.code}; its fields are {', '.join(fields)}.", field=code)
    for field in form.fields:
        _field_checked(field, numbers, texts)
    return tuple(SurveyValue(field=code, number=float(numbers[code])) for code in fields if code in numbers)


def _field_checked(field: SurveyField, numbers: Mapping[str, float], texts: Mapping[str, str]) -> None:
    code, given = field.code, numbers.get(field.code)
    if given is None:
        if field.required and not texts.get(code, "").strip():
            raise SheetWrong(f"{code} is not filled in; it must be.", field=code)
        return
    if not isfinite(given) or (field.takes is FieldTakes.whole and given != int(given)):
        raise SheetWrong(f"{code}={given} is no {field.takes.value} number; write one.", field=code)
    if (field.least is not None and given < field.least) or (field.most is not None and given > field.most):
        least, most = ("any" if each is None else f"{each:g}" for each in (field.least, field.most))
        raise SheetWrong(f"{code}={given:g} is out of bounds; it lies from {least} to {most}.", field=code)
    other = numbers.get(field.not_above) if field.not_above else None
    if other is not None and given > other:
        raise SheetWrong(f"{code}={given:g} is more than {field.not_above}={other:g}; correct one of the two.", field=code)


def found_checked(form: SurveyForm, kind: str, found: Mapping[str, int]) -> tuple[SurveyFound, ...]:
    """What was found at a point of a kind, each thing that was found at all.

    Refuses with `VisitWrong`.
    """
    items = {each.code: each for each in form.items_at(kind)}
    for code, times in found.items():
        if code not in items:
            raise VisitWrong(f"{code[:40]!r} is not looked for at a {kind}; look for {', '.join(items)}.", field=code)
        if not 0 <= times <= TIMES_MAX:
            raise VisitWrong(f"{code}={times} is no count; write 0 to {TIMES_MAX}.", field=code)
    return tuple(SurveyFound(item=code, times=found[code]) for code in items if found.get(code))


def chosen_checked(form: SurveyForm, chosen: Mapping[str, Sequence[str]], texts: Mapping[str, str]) -> tuple[SurveyChosen, ...]:
    """What was chosen, in the order of the questions.

    Refuses with `AnswersWrong`.
    """
    questions = {each.code: each for each in form.questions}
    for code in (*chosen, *texts):
        if code not in questions or (code in texts) != (questions[code].takes is AnswerTakes.words):
            raise AnswersWrong(f"{code[:40]!r} is no such question of {form.code}; answer those that are asked.", field=code)
    found = []
    for question in form.questions:
        options = tuple(dict.fromkeys(each for each in chosen.get(question.code, ()) if each))
        _question_checked(question, options, texts)
        if options:
            found.append(SurveyChosen(question=question.code, options=options))
    return tuple(found)


def _question_checked(question: SurveyQuestion, options: tuple[str, ...], texts: Mapping[str, str]) -> None:
    code = question.code
    if question.required and not options and not texts.get(code, "").strip():
        raise AnswersWrong(f"Question {code} has no answer; it needs one.", field=code)
    for each in options:
        if each not in question.option:
            raise AnswersWrong(f"{each[:40]!r} is no answer to {code}; choose one that is offered.", field=code)
    if question.takes is AnswerTakes.one and len(options) > 1:
        raise AnswersWrong(f"Question {code} has {len(options)} answers; choose one.", field=code)
