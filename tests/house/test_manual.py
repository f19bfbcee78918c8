"""The specification is the manual: every story says in a sentence what it is about, and its steps have words."""

import ast
from collections.abc import Mapping
from textwrap import dedent

import pytest
from scripts.behaviour_pages import ORDER, behaviour_pages, page, stories
from scripts.story_verbs import DEEDS, SIGHTS
from scripts.story_words import TOWN
from tests.trees import parsed


@pytest.fixture(scope="module")
def spec(repo) -> Mapping[str, str]:
    """The stories as text, by file."""
    return {path.stem.removeprefix("test_"): path.read_text() for path in (repo / "tests/spec").glob("test_*.py")}


def untold(texts: Mapping[str, str]) -> list[str]:
    """Stories that do not say in one sentence what they are about."""
    return [
        f"{name}: {story.name}" for name, text in texts.items() for story in stories(parsed(text))
        if not (said := ast.get_docstring(story)) or "\n" in said or ". " in said or not said.endswith(".")
    ]  # fmt: skip


def unworded(texts: Mapping[str, str]) -> list[str]:
    """What stories ask of the town by a name for which the manual has no words."""
    found = set()
    for text in texts.values():
        for node in ast.walk(parsed(text)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                owner = node.func.value
                if isinstance(owner, ast.Name) and owner.id in TOWN:
                    found.add(node.func.attr)
    return sorted(found - DEEDS.keys() - SIGHTS.keys() - {"refuses"})


def test_every_story_says_what_it_is_about(spec):
    """A reader who does not program reads the title, this sentence, and then perhaps the steps."""
    assert untold(spec) == []


def test_every_file_of_stories_has_its_place(spec):
    """In the order of the loop, so that the manual is read as a report goes."""
    assert sorted(ORDER) == sorted(spec)
    assert list(behaviour_pages()) == ["behaviour/README.md", *(f"behaviour/{name}.md" for name in ORDER)]


def test_every_step_has_words(spec):
    """A new deed of the town is told in words, not in Python."""
    assert unworded(spec) == []


def test_every_story_is_in_the_manual(spec):
    """None is lost between the file and the page."""
    made = behaviour_pages()
    for name, text in spec.items():
        headings = [line for line in made[f"behaviour/{name}.md"].splitlines() if line.startswith("## ")]
        assert len([each for each in headings if "Given for every" not in each]) == len(stories(parsed(text)))


STORY = '''
"""Joining: one problem is one case."""

@pytest.mark.parametrize(("deed", "code"), [("sign", "no"), ("file", "never")])
def test_a_story_goes_its_way(world, deed, code):
    """It goes its way."""
    world.report("r1", kind="rubbish", sure=False)
    with world.refuses(code):
        world.accept("r1", by="acceptor")  # not theirs
    world.move("r1", "down")
    world.report("r2", kind=None)
    for name in ("r1", "r2"):
        world.inspect(name, passed=False)
    moved = world.fact("r1", f.DueMoved)
    assert (moved.why, world.view("r1", by="x")["rule"]["en"]) == ("calendar", "There is rubbish")
    assert "DueMoved" not in world.story("r2")  # it stood still
'''
TOLD = """
# Joining

*Made from `tests/spec/test_joining.py` by `make reference`; a test fails when this page is stale.*

One problem is one case.

[All behaviour](README.md) · [the source of this page](../../../tests/spec/test_joining.py)

## A story goes its way

It goes its way.

| deed | code |
|---|---|
| sign | no |
| file | never |

```text
given    report r1 of rubbish, the machine is not sure
refused  accept r1 by acceptor   (not theirs)   [‹code›]
when     move r1 down
         report r2, of no class
each     ‹name› of r1, r2:
when       inspect ‹name›, it fails
let      moved be DueMoved of r1
then     moved › why is calendar
         page of r1 by x › rule › en is “There is rubbish”
         DueMoved is not in story of r2   (it stood still)
```
"""


def test_a_story_is_told_in_words():
    assert page("joining", STORY).strip() == dedent(TOLD).strip()


def test_planted_faults_are_seen():
    told = 'def test_a(world):\n    """It is {}"""\n    world.{}()\n'
    assert untold({"a": told.format("so.", "file"), "b": "def test_b(world):\n    pass\n"}) == ["b: test_b"]
    for said in ("so. And more.", "so", "so.\n\n    And more."):
        assert untold({"a": told.format(said, "file")}) == ["a: test_a"], said
    assert unworded({"a": told.format("so.", "file")}) == []
    assert unworded({"a": told.format("so.", "fly")}) == ["fly"]
