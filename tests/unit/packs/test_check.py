"""Everything that may be wrong with a pack is found, with its place and a remedy, and nothing else is said."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from cityloop.domain.words import filled_in
from cityloop.packs import check, format_problems

HERE = Path(__file__).parent


def broken() -> Iterator[pytest.param]:
    """The blocks of broken_*.txt: file, what is replaced, by what, what the check says."""
    for page in sorted(HERE.glob("broken_*.txt")):
        for number, block in enumerate(page.read_text(encoding="utf-8").split("\n@ ")[1:], start=1):
            file, *lines = block.rstrip("\n").split("\n")
            old = lines.pop(0)[2:].replace("⏎", "\n") if lines[0].startswith("- ") else None
            new = lines.pop(0)[2:].replace("⏎", "\n")
            yield pytest.param(file, old, new, "\n".join(lines), id=f"{page.stem}-{number}-{file}")


def test_the_little_city_is_sound(city):
    assert format_problems(city.problems()) == ""


@pytest.mark.parametrize(("file", "old", "new", "said"), list(broken()))
def test_a_broken_place_is_named_and_a_remedy_given(city, file, old, new, said):
    if old is None:
        city.write(file, new)
    else:
        city.edit(file, old, new)

    assert format_problems(city.problems()) == said


def test_all_problems_are_found_not_just_the_first(city):
    city.edit("rules.csv", "4,work_hour", "4,hours")
    city.edit("posts.csv", "acceptor,watch", "acceptor,wach")
    city.edit("cells.geojson", "[112.502, 28.498], [112.502, 28.5]", "[112.5022, 28.498], [112.5022, 28.5]")
    city.edit("duties.jdm.json", r"\"water\"", r"\"watr\"")
    city.edit("words.toml", "=", "")

    found = {problem.file.removeprefix("tiny/") for problem in city.problems()}
    assert found == {"rules.csv", "posts.csv", "cells.geojson", "duties.jdm.json", "words.toml"}


def test_a_missing_layer_is_named_with_the_places_looked_in(city):
    city.edit("pack.toml", '"base"', '"bass"')

    (problem,) = city.problems()
    assert (problem.line, problem.column, problem.what) == (3, 1, "the layer below, 'bass', is not found")
    assert str(city.folder.parent) in problem.remedy


def test_a_language_that_is_declared_must_be_there(city):
    city.edit("pack.toml", 'version = "1"', 'version = "1"\nlanguages = ["zh", "en", "fr"]')

    said = format_problems(city.problems())
    assert "tiny/pack.toml:9:1: name has no words in fr" in said
    assert "tiny/units.csv:1:1: column 'name_fr' is missing" in said
    assert "base/classes.csv:1:1: column 'name_fr' is missing" in said


@pytest.mark.parametrize("braces", ["{left}", "{0}", "{left.__class__}", "{left[0]}", "{left", "{}"])
def test_words_have_nothing_in_braces_but_what_ours_have(city, braces):
    """A page puts words together while people wait: what cannot be filled in, or reaches further, is found in the pack."""
    city.edit("words.toml", "Tiny city", f"Tiny {braces}")
    (problem,) = city.problems()
    assert problem.what.startswith("city.title has")
    assert (problem.line, problem.column) == (1, 1)


def test_what_stands_in_the_form_of_a_number_is_looked_at_too():
    assert filled_in(["{month:02d} of {count:{width}}"]) == {"month", "count", "width"}
    with pytest.raises(ValueError, match="no name"):
        filled_in(["{left:{left.__class__}}"])


@pytest.mark.parametrize("file", ["areas.csv", "pack.toml", "words.toml", "cells.geojson", "duties.jdm.json"])
def test_a_file_that_is_not_utf8_is_named_at_its_first_bad_byte(city, file):
    raw = (city.folder / file).read_bytes()
    city.write(file, raw.replace(b"\n", b"\n# \xe9", 1) if b"\n" in raw[:-1] else b"# \xe9" + raw)

    (problem,) = [each for each in city.problems() if each.file == f"tiny/{file}"]
    assert problem.what == "byte 0xe9 is not UTF-8"
    assert (problem.line, problem.column) == ((2, 3) if b"\n" in raw[:-1] else (1, 3))


@pytest.mark.parametrize(
    ("file", "what"),
    [
        ("cells.geojson", "the city has no cells.geojson"),
        ("duties.jdm.json", "the city has no duties.jdm.json"),
        ("units.csv", "the city has no units.csv"),
    ],
)
def test_a_city_without_one_of_its_files_is_told_so(city, file, what):
    (city.folder / file).unlink()

    assert what in [problem.what for problem in city.problems()]


def test_a_folder_that_is_no_pack_is_told_so(tmp_path):
    (problem,) = check(tmp_path / "nowhere")
    assert problem.what.startswith("there is no pack.toml in")
    assert problem.remedy == "name a pack's folder, or the id of a shipped pack"


JUNK = (
    b'"',
    b",",
    b"\n",
    b"{",
    b"]",
    b"-1",
    b"NaN",
    b"1e999",
    b"\xff",
    b"\x00",
    b"null",
    b"[]",
    b"=",
    b"",
    "城".encode(),
)


@pytest.mark.parametrize("seed", range(40))
def test_no_damage_makes_a_traceback(city, seed):
    """Bytes replaced, cut out or cut off at random places of random files."""
    chance = random.Random(seed)
    files = sorted(each.name for each in city.folder.iterdir())
    for file in chance.sample(files, 3):
        raw = (city.folder / file).read_bytes()
        at = chance.randrange(len(raw) + 1)
        upto = chance.choice((at, at + 1, at + 9, len(raw)))
        city.write(file, raw[:at] + chance.choice(JUNK) + raw[upto:])

    for problem in city.problems():
        assert problem.what
        assert problem.remedy
        assert problem.line >= 1
        assert problem.column >= 1
