"""The examples in the docstrings of places, intake and understand are true."""

import doctest
import importlib

import pytest

MODULES = (
    "cityloop.places.spots",
    "cityloop.stages.intake.rules",
    "cityloop.stages.understand.rules.words",
)


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_the_docstrings_are_true(name):
    found = doctest.testmod(importlib.import_module(name))
    assert found.attempted
    assert not found.failed
