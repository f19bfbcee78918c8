"""From where the machine decides alone: by which group, and with which reasons."""

import pytest

from cityloop.learning.risk import EVERYBODY, Tried, alone_of, faultless_min, is_shown, levels_of

SURE, UNSURE = 990_000, 600_000


def tried(many, wrong, *groups, ppm=SURE):
    return [Tried(ppm, number >= wrong, groups) for number in range(many)]


def levels(rows, **more):
    return levels_of(rows, **{"wrong_ppm": 20_000, "confidence_ppm": 950_000, "ahead": None, **more})


def test_two_percent_needs_about_150_faultless_lessons():
    assert faultless_min(20_000, 950_000) == 149
    assert faultless_min(50_000, 950_000) == 59
    assert levels(tried(148, 0)).by_group[EVERYBODY].why == "too_few"
    assert levels(tried(149, 0)).by_group[EVERYBODY].from_ppm == SURE


@pytest.mark.parametrize(
    ("lessons", "wrong", "shown"), [(149, 0, True), (149, 1, False), (236, 1, True), (235, 1, False)]
)
def test_the_bound_is_the_one_of_the_textbook(lessons, wrong, shown):
    """Clopper and Pearson, 95 %, one-sided: 0 of 149 and 1 of 236 stay below 2 %."""
    assert is_shown(lessons, wrong, 20_000, 950_000) is shown


def test_a_short_time_ahead_needs_more_lessons():
    needed = [faultless_min(20_000, 950_000, ahead) for ahead in (100, 400, 10_000)]
    assert needed == sorted(needed, reverse=True)
    assert needed[-1] <= 150


def test_only_the_sure_ones_are_taken():
    found = levels([*tried(300, 0), *tried(300, 60, ppm=UNSURE)])
    assert found.by_group[EVERYBODY].from_ppm == SURE
    assert alone_of(SURE, [], found).alone
    refused = alone_of(SURE - 1, [], found)
    assert (refused.alone, refused.why) == (False, (f"confidence:{SURE - 1}<{SURE}", "level:all"))


def test_a_group_with_lessons_of_its_own_decides():
    lamp, waste = ("lamp",), ("waste",)
    found = levels([*tried(500, 0, lamp), *tried(500, 60, waste)])
    assert alone_of(SURE, [lamp], found).why == (f"level:lamp:{SURE}",)
    assert alone_of(SURE, [waste], found).why == ("level_not_shown:waste",)


def test_a_group_with_too_few_lessons_is_decided_by_the_wider_one():
    fine, wide = ("lamp", "north"), ("lamp",)
    found = levels([*tried(500, 0, ("lamp", "south"), wide), *tried(20, 0, fine, wide)])
    assert found.by_group[fine].why == "too_few"
    assert alone_of(SURE, [fine, wide], found).group == wide
    assert alone_of(SURE, [("lamp", "nowhere"), wide], found).group == wide
    assert alone_of(SURE, [("flood",)], found).group == EVERYBODY


def test_a_small_group_that_is_clearly_worse_is_left_to_a_person():
    north = ("north",)
    found = levels([*tried(1_500, 2, ("south",)), *tried(20, 5, north)])
    assert found.by_group[EVERYBODY].from_ppm == SURE
    assert alone_of(SURE, [north], found).why == ("level_not_shown:north",)


def test_nothing_known_is_a_person():
    assert alone_of(1_000_000, [], levels([])).why == ("level_too_few:all",)
