"""Understand decides: classes by words, rules, and whether a person must look."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cityloop.domain.facts import Join, Proposal, Where
from cityloop.packs import load
from cityloop.stages.understand import rules

KEY = "gbt30428_2_2013/"
NOW = datetime(2026, 3, 6, 8, 0, tzinfo=UTC)
HERE = Where(cell="990101001001001", lon=112.53, lat=28.48)
SAMPLE = [line.split("\t") for line in (Path(__file__).parent / "sample.tsv").read_text().splitlines()]


@pytest.fixture(scope="module")
def city():
    return load("demo")


def guess(city, text, declared=None):
    return rules.guess_of(text, declared and KEY + declared, city).proposals


# classes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("书院路路灯不亮，晚上一片漆黑", "component/0137"),
        ("There are two potholes in front of my house", "event/0113"),
        ("POTHOLE!!", "event/0113"),
        ("ＰＯＴＨＯＬＥ", "event/0113"),
        ("小区有人发小卡片", "event/0202"),
    ],
)
def test_words_of_the_pack_name_the_class(city, text, expected):
    assert guess(city, text)[0].class_key == KEY + expected


@pytest.mark.parametrize(
    "text", ["", "。", "😀😀😀", "שלום", "请问社保卡怎么办", "carpool bustop xpotholex", "a", "路"]
)
def test_words_that_the_pack_does_not_know_decide_nothing(city, text):
    assert all(each.confidence_ppm < 300_000 for each in guess(city, text))


def test_a_component_that_is_only_mentioned_is_not_reported(city):
    mentioned, broken = guess(city, "桥头的公交站旁边"), guess(city, "桥头的公交站牌坏了")
    assert mentioned[0].confidence_ppm < city.settings.level_understand_ppm
    assert mentioned[0].confidence_ppm < broken[0].confidence_ppm


def test_a_longer_text_is_less_sure(city):
    short = "路灯不亮，请修理。"
    sure = [guess(city, short + "其他情况我就不多说了。" * times)[0].confidence_ppm for times in (0, 20, 100)]
    assert sure[0] > sure[1] > sure[2]


def test_reasons_are_words_of_the_pack(city):
    words = {word for each in city.classes for word in (*each.name.values(), *each.synonyms)}
    words |= {word for rule in city.rules for word in rule.words}
    whole = "\n".join(words).casefold()
    for _, text in SAMPLE:
        for proposal in guess(city, text):
            for reason in proposal.reasons:
                kind, _, word = reason.partition(":")
                assert kind in ("name", "synonym", "rule_word", "part", "rule")
                assert kind == "rule" or word.casefold() in whole


def test_at_most_three_proposals_the_surest_first(city):
    for _, text in SAMPLE:
        found = guess(city, text)
        assert len(found) <= 3
        assert [each.confidence_ppm for each in found] == sorted((each.confidence_ppm for each in found), reverse=True)
        assert len({each.class_key for each in found}) == len(found)


def test_the_sample_holds_the_calibration(city):
    """Of proposals said to be this sure, at least so many are right; and the sample's classes are found."""
    said, right, many = Counter(), Counter(), Counter()
    for label, text in SAMPLE:
        found = guess(city, text)
        ppm = found[0].confidence_ppm if found else 0
        fifth = min(ppm // 200_000, 4)
        said[fifth] += ppm
        many[fifth] += 1
        right[fifth] += bool(found) and found[0].class_key == KEY + label
    for fifth, count in many.items():
        if count < 5:
            continue
        assert right[fifth] / count >= said[fifth] / count / 1_000_000 - 0.15, f"{fifth}: {right[fifth]} of {count}"
    sure = [(label, guess(city, text)[0]) for label, text in SAMPLE if guess(city, text)]
    alone = [(label, each) for label, each in sure if each.confidence_ppm >= city.settings.level_understand_ppm]
    assert len(alone) >= 70
    assert all(each.class_key == KEY + label for label, each in alone)


# declared classes


@pytest.mark.parametrize(
    ("text", "declared", "low", "high"),
    [
        ("路灯不亮", "component/0137", 980_000, 990_000),  # words agree
        ("", "component/0137", 890_000, 910_000),  # words are silent
        ("看照片", "component/0137", 890_000, 910_000),
        ("下水道堵了，污水外溢，排水不畅", "component/0137", 400_000, 600_000),  # words say another
    ],
)
def test_a_declared_class_is_believed_unless_words_differ(city, text, declared, low, high):
    found = guess(city, text, declared)
    assert found[0].class_key == KEY + declared
    assert low <= found[0].confidence_ppm <= high
    assert found[0].reasons[0] == "declared"
    if text.startswith("下水道"):
        assert found[1].class_key == KEY + "event/0503"
        assert f"words_say:{KEY}event/0503" in found[0].reasons


# rules


@pytest.mark.parametrize(
    ("text", "number", "urgency"),
    [
        ("小区消防通道被违停车辆堵死", "2", 2),
        ("有车违停在绿化带", "1", 0),
        ("路灯被车撞了，灯杆倾斜", "1", None),
        ("路灯不亮", "3", None),
    ],
)
def test_the_rule_is_the_one_whose_words_are_near(city, text, number, urgency):
    found = rules.guess_of(text, None, city)
    assert found.proposals[0].rule.endswith(f"/{number}"), found.proposals[0]
    assert urgency is None or found.urgency == urgency


def test_without_words_the_default_rule(city):
    found = guess(city, "", "event/0499")
    assert found[0].rule == KEY + "event/0499/1"
    assert "rule:default" in found[0].reasons


# the verdict


def proposal(ppm):
    return (Proposal(class_key="k", rule="k/1", confidence_ppm=ppm, reasons=()),)


@pytest.mark.parametrize(
    ("proposals", "where", "join", "why"),
    [
        (proposal(850_000), HERE, None, ()),
        (proposal(849_999), HERE, None, ("confidence:849999<850000",)),
        ((), HERE, None, ("class_unknown",)),
        (proposal(990_000), Where(), None, ("place_unknown",)),
        (proposal(990_000), Where(district="990101"), None, ("place_coarse",)),
        (proposal(990_000), Where(lon=1.0, lat=1.0), None, ("place_outside_grid",)),
        (proposal(990_000), HERE, Join(case_id="c", distance_m=1, confidence_ppm=900_000), ()),
        (proposal(990_000), HERE, Join(case_id="c", distance_m=9, confidence_ppm=899_999), ("join_possible:899999<900000",)),
        ((), Where(), None, ("class_unknown", "place_unknown")),
    ],
)  # fmt: skip
def test_the_machine_is_alone_only_where_all_is_sure(city, proposals, where, join, why):
    verdict = rules.verdict_of(proposals, where, join, city.settings)
    assert verdict.why == why
    assert verdict.alone is (not why)
