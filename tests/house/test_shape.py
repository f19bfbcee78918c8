"""Every stage is the same inside, says what it is for, and stands in the table of contents."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from cityloop.stages import LOOP

ALLOWED = frozenset({"__init__", "model", "rules", "store", "service", "handlers", "routes"})
NEEDED = frozenset({"__init__", "model", "rules", "service"})
SAID = ("Question", "Words", "Facts in", "Facts out", "Tables", "Source")


def complaints(stage: str, modules: Mapping[str, str], readme: str | None) -> list[str]:
    """What is odd about a stage. `modules`: name -> text; a stage that is not built has only its face."""
    found = [] if readme else [f"{stage} has no README.md"]
    if "__init__" not in modules:
        return [*found, f"{stage} has no face"]
    if set(modules) == {"__init__"}:
        return found
    found += [f"{stage} has no {name}.py" for name in sorted(NEEDED - set(modules))]
    found += [f"{stage}/{name} is not one of the rooms' parts" for name in sorted(set(modules) - ALLOWED)]
    if "__all__" not in modules["__init__"]:
        found.append(f"{stage} does not say what its face is: __all__ is missing")
    bare = re.sub(r"\*", "", readme or "")
    found += [f"the README of {stage} says no {word}" for word in SAID if word not in bare]
    if readme and readme.count("\n") > 60:
        found.append(f"the README of {stage} is longer than a screen")
    return found


def of(folder: Path) -> tuple[dict[str, str], str | None]:
    """The parts of a stage; a part may be a folder of its name."""
    modules = {path.stem: path.read_text() for path in folder.glob("*.py")}
    modules |= {path.parent.name: path.read_text() for path in folder.glob("*/__init__.py")}
    readme = folder / "README.md"
    return modules, readme.read_text() if readme.exists() else None


@pytest.mark.parametrize("stage", LOOP)
def test_every_stage_has_the_same_shape(repo, stage):
    """Who knows one room knows them all."""
    assert complaints(stage, *of(repo / "src/cityloop/stages" / stage)) == []


def test_the_table_of_contents_is_complete(repo):
    """The folders are the flow."""
    there = {path.parent.name for path in (repo / "src/cityloop/stages").glob("*/__init__.py")}
    assert there == set(LOOP)


README = "\n".join(SAID)
GOOD = {"__init__": "__all__ = []", "model": "", "rules": "", "service": ""}


@pytest.mark.parametrize(
    ("modules", "readme"),
    [
        (GOOD, None),
        (GOOD, "Question: what?"),
        (GOOD, README + "\n" * 60),
        ({**GOOD, "odds": ""}, README),
        ({**GOOD, "__init__": ""}, README),
        ({name: text for name, text in GOOD.items() if name != "rules"}, README),
        ({}, README),
    ],
)
def test_a_planted_room_is_seen(modules, readme):
    assert complaints("filing", modules, readme)


def test_what_is_good_passes():
    assert complaints("filing", GOOD, README) == []
