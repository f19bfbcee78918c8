"""From what was gathered to numbers: of tables, visits and questionnaires, each with how many stand behind it.

Tables: the field above the line over the field below. Visits: a point has 100 points, each occurrence costs what the pack
says; the number is what the points kept, over how many there were. Questionnaires: what was chosen, weighted by question,
and by stratum to its share of the population. Nothing is told of fewer answers than the form asks for.
"""

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from cityloop.domain.facts import SurveyChosen, SurveyFound, SurveyNumber, SurveyValue, SurveyWithheld
from cityloop.domain.policy import SurveyForm
from cityloop.domain.policy.survey import FieldPart, SurveyItem, SurveyQuestion
from cityloop.stages.evaluate.model.survey import WithheldFor

FULL = 100.0
PARTICIPATION = "_participation"  # ends the name of the share of a questionnaire's invitations that was answered
WHOLE = 1_000_000
Counted = SurveyNumber | SurveyWithheld


class Looked(Struct, frozen=True, kw_only=True):
    """A point that was looked at."""

    kind: str
    found: tuple[SurveyFound, ...]


class Answered(Struct, frozen=True, kw_only=True):
    """A questionnaire that counts."""

    chosen: tuple[SurveyChosen, ...]
    stratum: str | None


def of_table(form: SurveyForm, object: str, values: Sequence[SurveyValue] | None) -> list[Counted]:
    """The numbers of an accepted table; None: there is none."""
    given = {each.field: each.number for each in values or ()}
    found: list[Counted] = []
    for indicator in form.indicators:
        fields = {each.part: each for each in form.fields if each.indicator == indicator}
        above, below = fields[FieldPart.above], fields.get(FieldPart.below)
        numerator = given.get(above.code)
        denominator = given.get(below.code) if below else None
        if numerator is None or (below and denominator is None):
            found.append(_withheld(form, object, indicator, WithheldFor.absent, 0))
        elif denominator == 0:
            found.append(_withheld(form, object, indicator, WithheldFor.nothing_below, 1))
        else:
            found.append(_number(form, object, indicator, numerator, denominator, 1))
    return found


def of_visits(form: SurveyForm, object: str, looked: Sequence[Looked]) -> list[Counted]:
    """The numbers of the points of an object that were looked at: what they kept, and how often something was found."""
    found: list[Counted] = []
    for indicator in form.indicators:
        at = [(each, [item for item in form.items_at(each.kind) if item.indicator == indicator]) for each in looked]
        there = [(each, items) for each, items in at if items]
        if not there:
            found.append(_withheld(form, object, indicator, WithheldFor.absent, 0))
            continue
        kept = sum(points_kept(items, each.found) for each, items in there) / FULL
        found.append(_number(form, object, indicator, kept, float(len(there)), len(there)))
    return found + [each for item in form.items if (each := _occurrences(form, object, item, looked))]


def _occurrences(form: SurveyForm, object: str, item: SurveyItem, looked: Sequence[Looked]) -> SurveyNumber | None:
    """How often something was found at all points where it is looked for: a number by the item's own name."""
    there = [each for each in looked if item in form.items_at(each.kind)]
    times = sum(one.times for each in there for one in each.found if one.item == item.code)
    return _number(form, object, item.code, float(times), None, len(there)) if there else None


def points_kept(items: Iterable[SurveyItem], found: Iterable[SurveyFound]) -> float:
    """What a point keeps of its hundred.

    Units: points; each item costs its `deduct` for an occurrence, and its `most` at most.
    """
    times = {each.item: each.times for each in found}
    return max(0.0, FULL - sum(min(times.get(each.code, 0) * each.deduct, each.most) for each in items))


def of_answers(form: SurveyForm, object: str, answers: Sequence[Answered]) -> list[Counted]:
    """The numbers of the answers about an object, weighted to the population; withheld where they are too few.

    Each indicator by itself, and by the form's own name all of them together: of an answer the mean of what it gives each.
    """
    found: list[Counted] = []
    asked = {each: [one for one in form.questions if one.indicator == each] for each in form.indicators}
    for indicator in (*form.indicators, form.code):
        of = [asked[indicator]] if indicator in asked else list(asked.values())
        scored = [(each, score) for each in answers if (score := _mean(of, each)) is not None]
        if len(scored) < form.answers_min:
            why = WithheldFor.too_few if scored else WithheldFor.absent
            found.append(_withheld(form, object, indicator, why, 0))  # how many there were may tell who
            continue
        weights = weights_of(form, [each for each, _ in scored])
        above = sum(score * weights.get(each.stratum, 1.0) for each, score in scored)
        below = sum(weights.get(each.stratum, 1.0) for each, _ in scored)
        found.append(_number(form, object, indicator, above, below, len(scored)))
    return found


def took_part(form: SurveyForm, object: str, *, invited: int, answered: int) -> list[Counted]:
    """Of the invitations about an object those that were answered; withheld where they are too few."""
    name = form.code + PARTICIPATION
    if not invited:
        return [_withheld(form, object, name, WithheldFor.absent, 0)]
    if answered < form.answers_min:
        return [_withheld(form, object, name, WithheldFor.too_few, 0)]
    return [_number(form, object, name, float(answered), float(invited), invited)]


def _mean(of: Sequence[Sequence[SurveyQuestion]], answer: Answered) -> float | None:
    scores = [score for questions in of if (score := score_of(questions, answer)) is not None]
    return sum(scores) / len(scores) if scores else None


def score_of(questions: Sequence[SurveyQuestion], answer: Answered) -> float | None:
    """What one answer gives an indicator, 0 to 1: over the questions that were answered; None where none was."""
    chosen = {each.question: each.options for each in answer.chosen}
    above = below = 0
    for each in questions:
        for option in chosen.get(each.code, ()):
            if option not in each.option:
                continue  # the pack has changed since
            above += each.weight_ppm * each.option[option].score
            below += each.weight_ppm
    return above / below / FULL if below else None


def weights_of(form: SurveyForm, answers: Sequence[Answered]) -> Mapping[str | None, float]:
    """How much an answer of each stratum weighs: its share of the population over its share of the answers. They add up to
    the number of answers; strata that nobody answered from are left out of the population."""
    question = form.stratum
    if question is None:
        return {}
    counts: dict[str | None, int] = {}
    for each in answers:
        counts[each.stratum] = counts.get(each.stratum, 0) + 1
    shares = {code: question.option[code].share_ppm for code in counts if code in question.option}
    whole = sum(shares.values())
    if not whole:
        return {}
    return {code: share / whole * len(answers) / counts[code] for code, share in shares.items()}


def _number(form: SurveyForm, object: str, indicator: str, above: float, below: float | None, cases: int) -> SurveyNumber:
    return SurveyNumber(
        object=object, indicator=indicator, tool=form.tool.value, numerator=above, denominator=below, cases=cases
    )  # fmt: skip


def _withheld(form: SurveyForm, object: str, indicator: str, why: WithheldFor, cases: int) -> SurveyWithheld:
    return SurveyWithheld(object=object, indicator=indicator, tool=form.tool.value, why=why.value, cases=cases)
