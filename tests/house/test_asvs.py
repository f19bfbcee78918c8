"""The table of the OWASP ASVS names tests and places that are there, and leaves no requirement out."""

import ast
from pathlib import Path

from scripts.asvs_page import SAID, items

PER_CHAPTER = {1: 27, 2: 11, 3: 19, 4: 10, 5: 9, 6: 35, 7: 18, 8: 7, 9: 7, 10: 29, 11: 14, 12: 9, 13: 13, 14: 9, 15: 14, 16: 16, 17: 7}


def missing(repo: Path, where: str) -> str | None:
    """What is not there of a test `file::name` or a place; nothing where it is prose."""
    if " " in where or ("/" not in where and "." not in where):
        return None
    path, _, name = where.partition("::")
    if not (repo / path).exists():
        return path
    if name and name not in collected_in(repo / path):
        return where
    return None


def collected_in(path: Path) -> set[str]:
    """The tests that pytest collects from a file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {each.name for each in tree.body if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef) and each.name.startswith("test_")}


def test_every_named_test_and_place_is_there(repo):
    """A table that names a test which is gone says that something holds, and nothing holds it."""
    assert [found for _, those in items() for each in those if (found := missing(repo, each.where))] == []


def test_every_requirement_of_levels_one_and_two_is_said(repo):
    """What is left out is forgotten; counted by chapter in the standard's own list."""
    for title, those in items():
        chapter = int(title.split()[0][1:])
        numbers = [each.number for each in those]
        assert len(numbers) == len(set(numbers)) == PER_CHAPTER[chapter], title
        assert all(each.state in SAID and each.level in (1, 2) and each.where for each in those), title


def test_a_test_that_is_gone_is_seen(repo):
    """Planted: a name that no test has."""
    assert missing(repo, "tests/house/test_asvs.py::test_that_nobody_wrote")
    assert missing(repo, "tests/house/test_nowhere.py")
    assert missing(repo, "there is no LDAP") is None
