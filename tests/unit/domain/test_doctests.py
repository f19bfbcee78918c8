"""The examples in the docstrings of the domain are true."""

import doctest
import importlib
import pkgutil

import pytest

import cityloop.domain

MODULES = sorted(
    each.name for each in pkgutil.walk_packages(cityloop.domain.__path__, "cityloop.domain.") if not each.ispkg
)


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_the_docstrings_are_true(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_the_examples_are_found():
    counts = [doctest.testmod(importlib.import_module(name)).attempted for name in MODULES]
    assert sum(counts) >= 10
