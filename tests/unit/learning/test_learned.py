"""A model with its levels: what it reads, when it may decide alone, and bytes that are no model."""

import pytest

from cityloop.learning.learned import file_of, learned_from, read_by
from cityloop.learning.risk import Tried, levels_of
from cityloop.learning.train import Lesson, trained

LESSONS = [Lesson(f"路灯坏了不亮{n % 7}", ("01", "0101")) for n in range(30)] + [
    Lesson(f"路面有坑积水{n % 5}", ("01", "0102")) for n in range(30)
]
MODEL = trained(LESSONS).model


def levels(*tried: Tried):
    return levels_of(tried, wrong_ppm=100_000)


def many(count: int, wrong: int, *groups: tuple[str, ...], ppm: int = 950_000) -> list[Tried]:
    return [Tried(ppm, number >= wrong, groups) for number in range(count)]


GOOD = learned_from(
    file_of(
        MODEL,
        levels(
            *many(200, 2, ("0101", "north"), ("0101",), ("north",)),
            *many(200, 2, ("0102", "south"), ("0102",), ("south",)),
            *many(200, 150, ("0103", "east"), ("0103",), ("east",)),
            *many(5, 0, ("0104", "west"), ("0104",), ("west",)),
        ),
        400_000,
    )
)


def test_bytes_go_out_and_come_in():
    again = learned_from(file_of(GOOD.model, GOOD.levels, GOOD.known_ppm))
    assert (again.digest, again.levels, again.known_ppm) == (GOOD.digest, GOOD.levels, 400_000)
    assert again.read("路灯不亮") == GOOD.read("路灯不亮")


@pytest.mark.parametrize("bad", [b"", b"x", file_of(MODEL, GOOD.levels, 1)[:-7], b"\x80", file_of(MODEL, GOOD.levels, 1) + b"0"])
def test_other_bytes_are_no_model(bad):
    with pytest.raises(ValueError, match=r"no model|a model|a file|bytes after|buffer"):
        learned_from(bad)


@pytest.mark.parametrize(
    ("key", "area", "ppm", "alone"),
    [
        ("0101", "north", 950_000, True),
        ("0101", "north", 900_000, False),  # below the level
        ("0101", None, 950_000, True),
        ("0101", "east", 950_000, False),  # the class is shown, and the area is not kept
        ("0103", "north", 999_000, False),  # the class is not shown: a person
        ("0103", None, 999_000, False),
    ],
)
def test_class_and_area_must_both_be_shown(key, area, ppm, alone):
    found = GOOD.alone(key, area, ppm)
    assert found.alone is alone
    assert found.why


def test_where_a_group_has_drifted_its_new_level_counts_as_well():
    from msgspec.structs import replace

    assert not replace(GOOD, drifted={("0101",): None}).alone("0101", "north", 950_000).alone
    assert not replace(GOOD, drifted={("north",): 970_000}).alone("0101", "north", 950_000).alone
    assert replace(GOOD, drifted={("north",): 940_000}).alone("0101", "north", 950_000).alone
    assert not replace(GOOD, drifted={(): None}).alone("0101", "north", 950_000).alone
    assert replace(GOOD, drifted={("south",): None}).alone("0101", "north", 950_000).alone


def test_what_is_unlike_the_lessons_is_known_to_be():
    assert read_by(MODEL, "路灯坏了不亮").known_ppm > 800_000
    assert read_by(MODEL, "龙舟鼓点响彻云霄").known_ppm == 0
    assert read_by(MODEL, "").known_ppm == 0


def test_private_things_are_masked_before_they_are_read():
    assert GOOD.read("联系人张伟，电话13874620519，路灯坏了").likely == GOOD.read("联系人李娜，电话13911112222，路灯坏了").likely
