"""Attributes of a pack: read with their values, and every fault found with its line."""

import shutil
from pathlib import Path

import pytest

from cityloop.domain.policy import Answers
from cityloop.packs import load
from cityloop.packs.checks import check

PACKS = Path(__file__).parents[2] / "packs"
HEAD = (
    "class,code,datatype,required,hint,order,description_zh,description_en,source_document,source_clause,source_date\n"
)
VALUES = "class,attribute,key,name_zh,name_en\n"
KEY, END = "gbt30428_2_2013/event/0113", "问,asked,a town,made for tests,2026-01-01\n"


def faults(folder: Path, attributes: str, values: str = "") -> list[str]:
    """What is wrong with the attributes of a copy of the town."""
    for name in ("mini", "mini_open311"):
        shutil.copytree(PACKS / name, folder / name)
    (folder / "mini_open311" / "attributes.csv").write_text(HEAD + attributes, encoding="utf-8")
    (folder / "mini_open311" / "attribute_values.csv").write_text(VALUES + values, encoding="utf-8")
    found = check(folder / "mini_open311")
    return [f"{each.file.split('/')[1]}:{each.line} {each.what}" for each in found if "attribute" in each.file]


def test_attributes_are_read_in_their_order_with_their_values():
    policy = load(PACKS / "mini_open311")
    depth, lane, *_, hint = policy.attributes_of_class[KEY]
    assert (depth.code, depth.answers, depth.required, depth.values) == ("DEPTH", Answers.number, True, ())
    assert [(each.key, each.name["en"]) for each in lane.values] == [("left", "Left"), ("right", "Right")]
    assert (hint.is_hint, hint.required, hint.source.document) == (True, False, "a town that does not exist")
    assert policy.class_by_key["gbt30428_2_2013/event/0136"].internal
    assert policy.settings.open311_public_text


def test_a_city_that_says_nothing_asks_nothing_and_shows_nothing():
    policy = load(PACKS / "mini")
    assert policy.attributes == ()
    settings = policy.settings
    assert (settings.open311_public_text, settings.open311_public_media, settings.open311_keys_required) == (False,) * 3
    assert settings.open311_jurisdiction == ""
    assert not any(each.internal for each in policy.classes)


def test_a_fine_class_asks_what_its_minor_class_asks_and_is_as_internal(tmp_path):
    hole = f"{KEY},A,number,true,,1,{END}{KEY},B,number,,,2,{END}{KEY}01,B,text,,,1,{END}{KEY}01,C,text,,,2,{END}"
    assert len(faults(tmp_path, hole)) == 2, "the fine class is not there yet"
    classes = tmp_path / "mini_open311" / "classes.csv"
    row = classes.read_text(encoding="utf-8").splitlines()[1]
    fine = [
        row.replace("event/0136", "event/013601").replace(",true,", ",,"),
        row.replace("event/0136", "event/011301"),
    ]
    classes.write_text(
        classes.read_text(encoding="utf-8") + "\n".join(fine).replace(",true,", ",,") + "\n", encoding="utf-8"
    )
    assert not [each for each in check(tmp_path / "mini_open311") if each.file.startswith("mini_open311")]
    policy = load(tmp_path / "mini_open311")
    assert [(each.code, each.answers) for each in policy.attributes_of_class[f"{KEY}01"]] == [
        ("A", "number"), ("B", "text"), ("C", "text"),
    ]  # fmt: skip
    assert policy.class_by_key["gbt30428_2_2013/event/013601"].internal
    assert not policy.class_by_key[f"{KEY}01"].internal


@pytest.mark.parametrize(
    ("attributes", "values", "wrong"),
    [
        (f"{KEY},A B,number,,,1,{END}", "", "attributes.csv:2 code 'A B' cannot stand in a form"),
        (f"{KEY},A,string,true,true,1,{END}", "", "attributes.csv:2 a hint cannot be required"),
        (f"{KEY},A,singlevaluelist,,,1,{END}", "", "attributes.csv:2 singlevaluelist A has no values"),
        (
            f"{KEY},A,number,,,1,{END}{KEY},B,number,,,1,{END}",
            "",
            f"attributes.csv:3 order 1 of class {KEY} is that of line 2, too",
        ),
        (f"{KEY},A,colour,,,1,{END}", "", "attributes.csv:2 datatype 'colour' is unknown"),
        (
            f"{KEY},A,number,,,1,{END}",
            f"{KEY},A,x,甲,x\n",
            "attribute_values.csv:2 attribute A is a number: nothing is chosen",
        ),
        (f"{KEY},A,number,,,1,{END}", f"{KEY},B,x,甲,x\n", f"attribute_values.csv:2 class {KEY} has no attribute 'B'"),
        (
            "gbt30428_2_2013/event/0777,A,number,,,1," + END,
            "",
            "attributes.csv:2 class 'gbt30428_2_2013/event/0777' is not in classes.csv",
        ),
    ],
)
def test_every_fault_is_found(tmp_path, attributes, values, wrong):
    assert faults(tmp_path, attributes, values) == [wrong]
