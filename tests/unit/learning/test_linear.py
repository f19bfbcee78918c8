"""The model: learned from a few lessons, written, read, asked; and what must not break it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityloop.learning.linear import ROOT, bytes_of, likely_of, linear_from, scores_of, vector_of
from cityloop.learning.pool import Likely, Trust, pooled
from cityloop.learning.text import grams_of
from cityloop.learning.train import Lesson, trained

LIGHTS = [
    "路灯不亮",
    "路灯坏了",
    "街边路灯一闪一闪",
    "路灯整晚不亮",
    "小区路灯坏了没人修",
    "路灯杆歪了",
    "路灯白天亮着",
]
ROADS = ["路面有坑", "人行道塌了", "马路上有个大坑", "路面破损", "柏油路裂开", "路面坑坑洼洼", "门前路面塌陷"]
WASTE = ["垃圾没人清", "垃圾桶满了", "楼下垃圾成堆", "有人乱倒垃圾", "垃圾臭得很", "建筑垃圾堆在路边", "垃圾车几天没来"]


def lessons(*, deep=False):
    said = [("lamp", "public", LIGHTS), ("road", "public", ROADS), ("waste", "sight", WASTE)]
    return [
        Lesson(text, (major, key) if deep else (key,)) for key, major, texts in said for text in [*texts, *texts[:3]]
    ]


@pytest.fixture(scope="module")
def flat():
    return trained(lessons()).model


@pytest.fixture(scope="module")
def deep():
    return trained(lessons(deep=True)).model


@pytest.mark.parametrize(("text", "key"), [("这里的路灯又坏了", "lamp"), ("路面塌陷", "road"), ("一堆垃圾", "waste")])
def test_it_knows_what_it_was_taught(flat, deep, text, key):
    assert likely_of(flat, text)[0].key == key
    assert likely_of(deep, text)[0].key == key


def test_shares_of_all_classes_are_one(flat, deep):
    for model in (flat, deep):
        assert sum(each.ppm for each in likely_of(model, "路灯和垃圾", 10)) == pytest.approx(1_000_000, abs=5)


def test_the_same_lessons_give_the_same_version(flat):
    assert trained(lessons()).model.version == flat.version
    assert trained(lessons()[1:]).model.version != flat.version


def test_bytes_give_the_same_model(deep):
    data = bytes_of(deep)
    read = linear_from(data)
    assert read.version == deep.version
    assert bytes_of(read) == data
    assert likely_of(read, "路灯坏了") == likely_of(deep, "路灯坏了")


@pytest.mark.parametrize("harm", [lambda b: b[:-8], lambda b: b + b"12345678", lambda b: b"\0" * 40, lambda b: b""])
def test_other_bytes_are_refused(flat, harm):
    with pytest.raises(ValueError):
        linear_from(harm(bytes_of(flat)))


def test_no_text_stands_in_the_bytes(flat):
    assert all(word.encode() not in bytes_of(flat) for word in ("路灯", "垃圾", "路"))


@pytest.mark.parametrize("text", ["", "a", "路", "שלום", "😀" * 1000, "路灯" * 500_000])
def test_any_text_gets_an_answer(deep, text):
    found = likely_of(deep, text)
    assert len(found) == 3
    assert all(0 <= each.ppm <= 1_000_000 for each in found)


def test_no_lesson_gives_a_model_that_proposes_nothing():
    for none in ([], [Lesson("路灯", ())]):
        made = trained(none)
        assert likely_of(made.model, "路灯坏了") == ()
        assert made.outcomes == ()
        assert linear_from(bytes_of(made.model)).version == made.model.version


def test_a_single_lesson_is_no_certainty_about_others():
    made = trained([Lesson("路灯坏了", ("lamp",))])
    assert [each.key for each in likely_of(made.model, "垃圾")] == ["lamp"]
    assert made.outcomes == ()


def test_a_label_that_exists_once_is_learned_and_breaks_nothing():
    made = trained([*lessons(), Lesson("井盖丢了", ("cover",))])
    assert likely_of(made.model, "井盖丢了")[0].key == "cover"
    assert likely_of(made.model, "路灯坏了")[0].key == "lamp"


def test_a_class_with_few_lessons_has_its_share_of_the_parents():
    """Under `public` 20 lessons are told apart; under `sight` 11 are too few, and shares alone speak."""
    made = trained([*lessons(deep=True), Lesson("小广告贴满墙", ("sight", "posters"))]).model
    assert not len(made.nodes["sight"].weights)
    found = {each.key: each.ppm for each in likely_of(made, "楼下垃圾成堆，墙上小广告", 9)}
    assert found["waste"] > found["posters"] > 0


def test_a_way_that_ends_above_others_stays_a_proposal():
    made = trained([*lessons(deep=True), *[Lesson(f"公用设施有问题{n}", ("public",)) for n in range(12)]]).model
    assert likely_of(made, "公用设施有问题")[0].key == "public"
    assert likely_of(made, "路灯坏了")[0].key == "lamp"


def test_outcomes_are_of_models_that_had_not_seen_the_lesson():
    """Each lesson has a text of its own and a label of chance: whoever had seen it would know it."""
    chance = np.random.default_rng(1)
    blind = [
        Lesson("".join(map(chr, chance.integers(0x4E00, 0x9000, 12))), (str(chance.integers(2)),)) for _ in range(200)
    ]
    made = trained(blind)
    right = np.mean([each.right for each in made.outcomes])
    assert len(made.outcomes) == 200
    assert 0.35 < right < 0.65
    root = made.model.nodes[ROOT]
    by_heart = [
        root.children[scores_of(root, *vector_of(made.model, grams_of(each.text))).argmax()] == each.path[-1]
        for each in blind
    ]
    assert np.mean(by_heart) > right + 0.2


# beside the words of the pack


def test_words_alone_speak_before_the_first_lesson():
    made = trained([], words=lambda text: [Likely("lamp", 900_000)])
    assert made.model.trust == Trust()
    assert pooled([], [Likely("lamp", 900_000)], made.model.trust) == (Likely("lamp", 900_000),)


def test_trust_in_lessons_grows_with_their_number_where_words_know_less():
    """The words always say lamp, and are sure: wrong in two of three."""
    grown = [
        trained(lessons()[::step], words=lambda text: [Likely("lamp", 900_000)]).model.trust for step in (10, 3, 1)
    ]
    assert [each.lessons for each in grown] == sorted(each.lessons for each in grown)


def test_words_that_know_more_than_the_lessons_keep_their_say():
    """Labels of chance, which the words know by heart."""
    chance = np.random.default_rng(1)
    blind = [Lesson("".join(map(chr, chance.integers(0x4E00, 0x9000, 12))), (str(n % 2),)) for n in range(200)]
    known = {each.text: each.path[0] for each in blind}
    made = trained(blind, words=lambda text: [Likely(known[text], 900_000)])
    assert all(each.right for each in made.outcomes)
    assert made.model.trust.words > 0.5
    assert linear_from(bytes_of(made.model)).trust == made.model.trust


shares = st.lists(
    st.builds(Likely, st.sampled_from("abcdefg"), st.integers(1, 300_000)), max_size=3, unique_by=lambda each: each.key
)


@given(shares, shares, st.floats(0.0, 3.0), st.floats(0.0, 3.0), st.integers(0, 500))
def test_shares_of_both_together_are_never_more_than_one(learned, words, one, other, classes):
    found = pooled(learned, words, Trust(one, other, classes))
    assert sum(each.ppm for each in found) <= 1_000_005
    assert [each.ppm for each in found] == sorted((each.ppm for each in found), reverse=True) or not one
    assert {each.key for each in found} == {each.key for each in (*(learned if one else ()), *words)}
