"""The examples in the docstrings hold."""

import doctest
import importlib

import pytest


@pytest.mark.parametrize("name", ["build_places", "problems", "shapes", "tables", "values"])
def test_the_examples_hold(name):
    result = doctest.testmod(importlib.import_module(f"cityloop.packs.{name}"))
    assert result.attempted
    assert not result.failed
