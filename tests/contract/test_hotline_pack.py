"""The pack of the letters: sound, made as its script makes it, and each topic goes to the kind of unit that the list names."""

from pathlib import Path

import pytest

from cityloop.packs import check, format_problems, load
from cityloop.stages.understand.rules import guess_of
from real import make_hotline_pack

PACK = Path(__file__).resolve().parents[2] / "real" / "packs" / "messages"


@pytest.fixture(scope="module")
def city():
    return load(PACK)


def test_the_pack_is_sound():
    assert format_problems(check(PACK)) == ""


def test_the_pack_is_as_its_script_makes_it(tmp_path, monkeypatch):
    monkeypatch.setattr(make_hotline_pack, "PACK", tmp_path)
    make_hotline_pack.make()
    for file in tmp_path.iterdir():
        assert file.read_bytes() == (PACK / file.name).read_bytes(), f"run python -m real.make_hotline_pack: {file.name}"


def test_each_topic_goes_to_its_kind_of_unit(city):
    for row in make_hotline_pack.topics():
        key = f"{make_hotline_pack.SCHEME}/event/{row['code']}"
        given = {"class": key, "major": key[:-2], "level": "city", "area": "990101001001", "hour": 9, "workday": True, "load": 0}
        assert city.duties.decide(given)[0]["unit_kind"] == row["unit_kind"], row["name_zh"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("公司拖欠工资三个月，老板跑路了", "1401"),
        ("房产证办了两年还没下来，开发商一直拖", "0211"),
        ("孩子入学学区怎么划分，什么时候报名", "1303"),
        ("小区物业乱涨物业费，业委会没人管", "0208"),
    ],
)
def test_letters_about_no_upkeep_get_a_topic(city, text, code):
    assert f"{make_hotline_pack.SCHEME}/event/{code}" in [each.class_key for each in guess_of(text, None, city).proposals]


def test_topics_are_never_filed_by_the_machine(city):
    """A letter is read by a person before anybody is made to answer for it."""
    assert not [rule.code for rule in city.rules if rule.class_key.startswith(make_hotline_pack.SCHEME) and rule.auto_file]
