"""Words of the pack and lessons of the city: one guess out of both."""

import itertools

import pytest

from cityloop.domain.facts import Where
from cityloop.learning.pool import PPM, Likely, Trust
from cityloop.learning.risk import Alone
from cityloop.packs import load
from cityloop.stages.understand import rules
from cityloop.stages.understand.rules.classes import DECLARED_AGREED_PPM, DECLARED_OPPOSED_PPM

KEY = "gbt30428_2_2013/"
LAMP, ROAD = KEY + "component/0137", KEY + "event/0113"
TEXT = "书院路路灯不亮，晚上一片漆黑"
HERE = Where(cell="990101001001001", lon=112.53, lat=28.48)


@pytest.fixture(scope="module")
def city():
    return load("demo")


def guess(city, likely, lessons, declared=None, text=TEXT):
    trust = Trust(lessons, 1.0 - lessons, len(city.classes))
    return rules.guess_of(text, declared, city, [Likely(*each) for each in likely], trust).proposals


def test_without_lessons_the_words_decide_as_before(city):
    alone = rules.guess_of(TEXT, None, city).proposals
    assert guess(city, [], 0.9) == alone
    assert guess(city, [(ROAD, 999_000)], 0) == alone


def test_lessons_that_agree_stand_in_the_reasons_beside_the_words(city):
    first = guess(city, [(LAMP, 990_000)], 0.5)[0]
    assert first.class_key == LAMP
    assert first.reasons[0] == "lessons:990000"
    assert any(reason.startswith(("name:", "synonym:")) for reason in first.reasons)


def test_with_trust_the_lessons_overrule_the_words(city):
    few, many = guess(city, [(ROAD, 950_000)], 0.2), guess(city, [(ROAD, 950_000)], 0.9)
    assert (few[0].class_key, many[0].class_key) == (LAMP, ROAD)


def test_confidences_are_never_more_than_sure_together(city):
    for trust in (0.0, 0.3, 1.0):
        found = guess(city, [(LAMP, 700_000), (ROAD, 300_000)], trust)
        assert [each.confidence_ppm for each in found] == sorted((e.confidence_ppm for e in found), reverse=True)
        assert sum(each.confidence_ppm for each in found) <= 1_000_005  # each is rounded


def test_a_class_that_only_the_lessons_name_has_its_default_rule(city):
    first = guess(city, [(ROAD, 990_000)], 1.0, text="好几天了没人管")[0]
    assert city.rule_by_code[first.rule].class_key == ROAD
    assert first.reasons == ("lessons:990000",)


def test_a_class_that_left_the_pack_is_not_proposed(city):
    assert all(each.class_key != "old/event/9999" for each in guess(city, [("old/event/9999", 990_000)], 0.9))


def test_a_declared_class_is_handled_as_with_words_alone(city):
    agreed = guess(city, [(LAMP, 990_000)], 0.9, declared=LAMP)[0]
    opposed = guess(city, [(ROAD, 999_000)], 1.0, declared=LAMP)
    assert (agreed.confidence_ppm, agreed.reasons[0]) == (DECLARED_AGREED_PPM, "declared")
    assert (opposed[0].class_key, opposed[0].confidence_ppm) == (LAMP, DECLARED_OPPOSED_PPM)
    assert f"words_say:{ROAD}" in opposed[0].reasons


def test_the_way_to_a_class_begins_with_its_major_class(city):
    assert rules.path_of(ROAD, city) == (KEY + "event/01", ROAD)
    assert rules.path_of("nowhere", city) == ()
    for each in city.classes:
        path = rules.path_of(each.key, city)
        assert path[-1] == each.key
        assert all(below.startswith(above) and below != above for above, below in itertools.pairwise(path))


def test_what_the_lessons_show_takes_the_place_of_the_level_of_confidence(city):
    unsure = guess(city, [(LAMP, 600_000)], 1.0)
    assert unsure[0].confidence_ppm < city.settings.level_understand_ppm
    shown, hidden = Alone(True, (LAMP,), ("level:x",)), Alone(False, (LAMP,), ("level_not_shown:x",))
    assert rules.verdict_of(unsure, HERE, None, city.settings, shown=shown).alone
    assert rules.verdict_of(unsure, HERE, None, city.settings, shown=hidden).why == ("level_not_shown:x",)
    assert not rules.verdict_of((), HERE, None, city.settings, shown=shown).alone


@pytest.mark.parametrize("share_ppm", [0, 50_000, 500_000, PPM])
def test_a_person_sees_the_share_of_sure_decisions_that_the_pack_says(share_ppm):
    """Drawn by the report's own id: none, all, or as many as chance allows (six deviations), and again the same ones."""
    ids = [f"report-{number}" for number in range(20_000)]
    drawn = [rules.is_checked(each, share_ppm) for each in ids]
    share = share_ppm / PPM
    assert abs(sum(drawn) - len(ids) * share) <= 6 * (len(ids) * share * (1 - share)) ** 0.5
    assert drawn == [rules.is_checked(each, share_ppm) for each in ids]
