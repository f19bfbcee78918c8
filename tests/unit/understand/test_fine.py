"""A report may be proposed a fine class: by words of its own, over its minor class, without their being rivals."""

from pathlib import Path

import pytest

from cityloop.packs import load
from cityloop.stages.understand.rules import guess_of

PACKS = Path(__file__).parents[2] / "packs"
KEY = "gbt30428_2_2013/event/"


@pytest.fixture(scope="module")
def city():
    return load(PACKS / "mini_fine")


@pytest.fixture(scope="module")
def plain_city():
    return load(PACKS / "mini")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("路口一堆垃圾，都是剩菜和厨余", "011001"),
        ("有人把旧床垫旧衣柜扔在路边，垃圾没人收", "011002"),
        ("小区门口一堆垃圾没人清", "0110"),
        ("bulky waste next to the gate", "011002"),
    ],
)
def test_words_of_its_own_propose_the_fine_class(city, text, expected):
    first = guess_of(text, None, city).proposals[0]
    assert first.class_key == KEY + expected
    assert first.rule == f"{KEY}{expected}/1"


def test_fine_classes_leave_the_minor_class_as_sure_as_it_was(city, plain_city):
    """What says nothing finer is proposed as before; its fine classes are no rivals."""
    text = "小区门口一堆垃圾没人清"
    with_fine, without = (guess_of(text, None, each).proposals[0] for each in (city, plain_city))
    assert with_fine.class_key == without.class_key
    assert with_fine.confidence_ppm >= without.confidence_ppm - 30_000


def test_two_fine_classes_of_one_minor_are_rivals(city):
    """Kitchen or bulky waste: their limits differ, so a person decides."""
    both = guess_of("路口有厨余和旧床垫", None, city).proposals
    alone = guess_of("路口有厨余", None, city).proposals
    assert {each.class_key for each in both[:2]} == {KEY + "011001", KEY + "011002"}
    assert both[0].confidence_ppm < city.settings.level_understand_ppm
    assert alone[0].class_key == KEY + "011001"
    assert alone[0].confidence_ppm > both[0].confidence_ppm


def test_a_fine_class_of_a_private_class_is_private(city):
    fine, minor = (city.class_by_key[KEY + code] for code in ("049801", "0498"))
    assert (fine.parent, fine.private_place, minor.private_place) == (minor.key, True, True)
