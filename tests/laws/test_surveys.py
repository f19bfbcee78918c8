"""Drawing by lot and weighing answers, for all registers and all answers."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityloop.domain.facts import SurveyChosen, SurveyFound, SurveyNumber, SurveyWithheld
from cityloop.domain.policy.rows import Source
from cityloop.domain.policy.survey import AnswerTakes, SurveyForm, SurveyItem, SurveyOption, SurveyQuestion, SurveyTool
from cityloop.stages.evaluate.rules.survey.counting import Answered, of_answers, points_kept, weights_of
from cityloop.stages.evaluate.rules.survey.sampling import Place, drawn

SOURCE = Source(document="law", clause="", date="2026")
STRATA, SCORES = ("young", "middle", "old"), (0, 30, 60, 80, 100)
places = st.lists(
    st.builds(lambda road, n: Place(ref=f"road/{road}/{n}", of=road, lon=0.0, lat=float(n)), st.sampled_from("abcdef"), st.integers(0, 9)),
    max_size=40,
)  # fmt: skip
answers = st.lists(st.tuples(st.sampled_from(STRATA), st.sampled_from(SCORES)), max_size=30)
shares = st.lists(st.integers(1, 9), min_size=3, max_size=3)


def asked(weights: list[int], least: int) -> SurveyForm:
    """A questionnaire of one question, by strata of these shares."""
    option = lambda code, score=0, share=0: SurveyOption(code=code, name={}, score=score, share_ppm=share, quota=0)
    question = lambda code, **more: SurveyQuestion(
        code=code, name={}, takes=AnswerTakes.one, required=True, **{"indicator": None, "weight_ppm": 0, "is_stratum": False} | more
    )  # fmt: skip
    strata = tuple(option(code, share=share) for code, share in zip(STRATA, weights, strict=True))
    return SurveyForm(
        code="form", tool=SurveyTool.questionnaire, name={}, says={}, answers_min=least, source=SOURCE,
        questions=(
            question("age", is_stratum=True, options=strata),
            question("q", indicator="x", weight_ppm=1_000_000, options=tuple(option(str(each), score=each) for each in SCORES)),
        ),
    )  # fmt: skip


def answered(stratum: str, score: int) -> Answered:
    return Answered(chosen=(SurveyChosen(question="q", options=(str(score),)),), stratum=stratum)


@given(places, st.integers(1, 20), st.text(min_size=1, max_size=8))
def test_a_lot_is_of_the_register_and_can_be_drawn_again(register, count, seed):
    lot = drawn(register, count, seed=seed)
    known = {each.ref: each for each in register}
    assert len(lot) == len({each.ref for each in lot}) == min(count, len(known))
    assert all(known[each.ref].of == each.of for each in lot)
    assert drawn(list(reversed(register)), count, seed=seed) == lot


@given(places, st.integers(1, 20), st.text(min_size=1, max_size=8))
def test_no_road_is_drawn_again_before_every_road_was(register, count, seed):
    roads = [each.of for each in drawn(register, count, seed=seed)]
    there = {each.of: len({one.ref for one in register if one.of == each.of}) for each in register}
    for road in there:
        for other in there:
            assert roads.count(road) <= max(roads.count(other) + 1, 0) or roads.count(other) == there[other]


@given(places.filter(bool))
def test_other_seeds_draw_other_lots(register):
    """Of many seeds each place comes at least once: none is left out by the way in which lots are drawn."""
    seen = {each.ref for n in range(400) for each in drawn(register, 1, seed=str(n))}
    first_of_roads = {each.ref for each in register}
    assert seen == first_of_roads


@given(answers, shares)
def test_answers_weigh_as_the_population(given_answers, weights):
    """Beside the slow truth in fractions: the mean of each stratum, by its share among the strata that answered."""
    form = asked(weights, least=3)
    (found, whole) = of_answers(form, "street", [answered(*each) for each in given_answers])
    if len(given_answers) < 3:
        assert isinstance(found, SurveyWithheld)
        assert isinstance(whole, SurveyWithheld)
        assert found.cases == 0
        return
    assert isinstance(found, SurveyNumber)
    there = {stratum: [Fraction(score, 100) for each, score in given_answers if each == stratum] for stratum in STRATA}
    some = {stratum: scores for stratum, scores in there.items() if scores}
    share = dict(zip(STRATA, weights, strict=True))
    total = sum(share[stratum] for stratum in some)
    truth = sum(Fraction(share[stratum], total) * sum(scores) / len(scores) for stratum, scores in some.items())
    assert found.numerator / found.denominator == pytest.approx(float(truth), abs=1e-9)
    assert found.denominator == pytest.approx(len(given_answers))
    assert sum(weights_of(form, [answered(*each)])[each[0]] for each in given_answers) == pytest.approx(len(given_answers))


@given(st.lists(st.tuples(st.integers(0, 50), st.sampled_from((0.5, 5, 10, 40)), st.sampled_from((40, 60, 100))), max_size=6))
def test_a_point_keeps_between_nothing_and_a_hundred(rows):
    """And never more for having been found in a worse state."""
    items = [
        SurveyItem(code=str(n), name={}, places=(), indicator="x", deduct=deduct, most=most) for n, (_, deduct, most) in enumerate(rows)
    ]
    found = [SurveyFound(item=str(n), times=times) for n, (times, _, _) in enumerate(rows)]
    kept = points_kept(items, found)
    assert kept == max(0, 100 - sum(min(times * deduct, most) for times, deduct, most in rows))
    worse = [SurveyFound(item=each.item, times=each.times + 1) for each in found]
    assert 0 <= points_kept(items, worse) <= kept <= 100
