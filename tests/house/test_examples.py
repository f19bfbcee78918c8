"""The examples in the docstrings are true, in every module that has any."""

import doctest
import importlib
from pathlib import Path
from types import ModuleType

import pytest

HOUSE = Path(__file__).parents[2] / "src"
WITH = sorted(
    ".".join(path.relative_to(HOUSE).with_suffix("").parts).removesuffix(".__init__")
    for path in (HOUSE / "cityloop").rglob("*.py")
    if "\n    >>> " in path.read_text()
)


@pytest.mark.parametrize("name", WITH)
def test_the_examples_are_true(name):
    """And they are found."""
    found = doctest.testmod(importlib.import_module(name))
    assert found.attempted
    assert found.failed == 0


def test_most_of_the_pure_rooms_have_some():
    """So the search does find modules."""
    assert {"cityloop.places.spots", "cityloop.stages.intake.rules", "cityloop.stages.understand.rules.words"} <= set(WITH)
    assert {f"cityloop.packs.{name}" for name in ("build_places", "problems", "shapes", "tables", "values")} <= set(WITH)
    assert sum(name.startswith("cityloop.domain.") for name in WITH) >= 10


def test_a_planted_example_is_seen():
    """One that is wrong."""
    planted = ModuleType("planted", "Adds.\n\n>>> 1 + 1\n3\n")
    assert doctest.testmod(planted).failed == 1
