"""What the house tests look at: the tree as text, and the exceptions that somebody gave a reason for."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[2]


def texts(folder: str, pattern: str) -> dict[str, str]:
    """The files of a folder of the project, by their path in it."""
    return {
        path.relative_to(REPO).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted((REPO / folder).rglob(pattern))
        if "__pycache__" not in path.parts
    }


@pytest.fixture(scope="session")
def repo() -> Path:
    """The folder of the project."""
    return REPO


@pytest.fixture(scope="session")
def sources() -> Mapping[str, str]:
    """Every Python file of the product: path -> text."""
    return texts("src", "*.py")


@pytest.fixture(scope="session")
def all_python(sources) -> Mapping[str, str]:
    """Every Python file of the project, tests and scripts and benches too."""
    return {**sources, **texts("tests", "*.py"), **texts("scripts", "*.py"), **texts("bench", "*.py")}


@pytest.fixture(scope="session")
def excepted():
    """`excepted(rule)`: what is let off a rule; each line of exceptions.toml gives its reason."""
    lines = tomllib.loads((REPO / "tests/house/exceptions.toml").read_text(encoding="utf-8"))
    return lambda rule: frozenset(lines.get(rule, {}))
