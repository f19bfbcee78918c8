"""What differs between two packs is told: every kind of change, nothing else, and nothing between equals."""

import shutil

import pytest

from cityloop.cli.pack_diff import told
from cityloop.domain.words import unworded
from cityloop.packs.columns import TABLES
from cityloop.packs.diff import THING, differences
from cityloop.packs.layers import find_layers
from cityloop.packs.reading import read_pack

SCHEME = "gbt30428_2_2013"
CHANGES = [
    ("rules.csv", "4,work_hour,,true,List,1", "2,work_day,,true,List,1",
     [f"Rule {SCHEME}/event/0110/1 (Exposed household rubbish): limit 4 working hours -> 2 working days"]),
    ("rules.csv", "List,2,2026", "Other list,2,2027",
     [f"Rule {SCHEME}/component/0101/1 (Water supply manhole cover): source List, 2, 2026 -> Other list, 2, 2027"]),
    ("rules.csv", "Rubbish,清理", "Rubbish lies about,清理",
     [f"Rule {SCHEME}/event/0110/1 (Exposed household rubbish): filing condition Rubbish -> Rubbish lies about"]),
    ("rules.csv", f"{SCHEME}/component/0101,2,破损,Broken,更换,Replaced,4,work_hour,,true,List,3,2026-03\n", "",
     [f"Rule {SCHEME}/component/0101/2 (Water supply manhole cover): removed, 4 working hours"]),
    ("units.csv", "pipes,water,city", "pipes,drainage,city", ["Unit pipes (Pipes): kind water -> drainage"]),
    ("posts.csv", "h2,handler", "h3,handler", ["Post h2 (Plumber): removed", "Post h3 (Plumber): added"]),
    ("areas.csv", "First Street", "Second Street", ["Area 990101001 (Second Street): name First Street -> Second Street"]),
    ("calendar.csv", "2026-10-01,holiday", "2026-03-09,holiday,城庆,Notice,8,2025-11-04\n2026-10-01,holiday",
     ["Day 2026-03-09 (城庆): added"]),
    ("pack.toml", "lamp_yellow_ppm = 700000", "lamp_yellow_ppm = 650000",
     ["Setting lamp_yellow_ppm: 700000 -> 650000"]),
    ("words.toml", "Tiny city", "Small city", ["Words city.title: zh: 小城; en: Tiny city -> zh: 小城; en: Small city"]),
    ("cells.geojson", '"duty_grid": "g1"', '"duty_grid": "g2"', ["Cell 990101001001001: duty grid g1 -> g2"]),
    ("duties.jdm.json", r"\"water\"]", r"\"works\"]", None),
]  # fmt: skip


@pytest.fixture
def changed(city, tmp_path):
    """A copy of the little city, to be changed, and what then differs in words."""
    before = tmp_path / "before" / "tiny"
    shutil.copytree(city.folder, before)

    def look(language: str = "en") -> list[str]:
        old, new = (read_pack(find_layers(folder)) for folder in (before, city.folder))
        return [told(change, language) for change in differences(old, new)]

    return look


def test_equal_packs_do_not_differ(changed):
    assert changed() == []


@pytest.mark.parametrize(("file", "old", "new", "said"), CHANGES, ids=[f"{n}-{c[0]}" for n, c in enumerate(CHANGES)])
def test_each_change_is_told_once_and_nothing_else(city, changed, file, old, new, said):
    city.edit(file, old, new)
    if said is None:
        (line,) = changed()
        assert line.startswith("Duty row d1: answers unit_kind")
        assert '["water"]' in line.split(" -> ")[0]
        assert '["works"]' in line.split(" -> ")[1]
    else:
        assert changed() == said


def test_a_cell_that_grew_changes_the_ground_of_its_areas(city, changed):
    """Each area that holds it has another size; the neighbour that did not move is not named."""
    city.edit("cells.geojson", "112.502, 28.498], [112.502, 28.5]", "112.503, 28.498], [112.503, 28.5]")
    lines = changed()
    assert lines[0].startswith("Cell 990101001001001: boundary 43,")
    assert [line.split(":")[0] for line in lines[1:]] == [
        "Area 990101 (East)", "Area 990101001 (First Street)", "Area 990101001001 (Alpha)",
    ]  # fmt: skip
    assert all("ground" in line for line in lines[1:])


def test_duty_rows_in_another_order_are_told(city, changed):
    """The first row that matches answers, so the order is part of the duty list."""
    text = (city.folder / "duties.jdm.json").read_text()
    one, two = (line for line in text.split("\n") if '"_id"' in line)
    text = text.replace(one, "ONE").replace(two, one.rstrip(",")).replace("ONE", two.rstrip(",") + ",")
    city.write("duties.jdm.json", text)
    assert changed() == ["Duty row d2: comes in another order; d1 stood here"]


def test_it_is_told_in_chinese_too(city, changed):
    city.edit("rules.csv", "4,work_hour,,true,List,1", "2,work_day,,true,List,1")
    assert changed("zh") == [f"立案标准 {SCHEME}/event/0110/1 (暴露生活垃圾): 时限 4 工作时 -> 2 工作日"]


def test_every_thing_of_a_pack_has_a_word():
    things = {*THING.values(), "cells", "duties", "head", "settings", "week", "words"}
    assert len(things) == len(TABLES) + 6
    assert unworded(f"pack.thing.{each}" for each in things) == []
