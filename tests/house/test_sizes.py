"""Small files, small functions, a promise at the top of each, and no drawers for odds and ends."""

import ast
from collections.abc import Collection, Mapping
from pathlib import PurePosixPath

import pytest
from tests.trees import parsed

FILE_LINES_MAX = 400
FUNCTION_LINES_MAX = 60
DRAWERS = frozenset(
    {"utils", "util", "helpers", "helper", "manager", "managers", "base", "data", "info", "misc", "common"}
)


def long_files(tree: Mapping[str, str]) -> list[str]:
    """Files of more than 400 lines."""
    counts = {path: text.count("\n") for path, text in tree.items()}
    return [f"{path} has {count} lines" for path, count in counts.items() if count > FILE_LINES_MAX]


def long_functions(tree: Mapping[str, str]) -> list[str]:
    """Functions of more than 60 lines."""
    found = []
    for path, text in tree.items():
        for node in ast.walk(parsed(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or 0) - node.lineno + 1
                if length > FUNCTION_LINES_MAX:
                    found.append(f"{path}::{node.name} has {length} lines")
    return found


def unnamed(tree: Collection[str]) -> list[str]:
    """Modules whose name says nothing of what they hold."""
    return [path for path in tree if DRAWERS & set(PurePosixPath(path).with_suffix("").parts)]


def without_promise(tree: Mapping[str, str]) -> list[str]:
    """Modules whose docstring is missing or does not begin with a sentence on one line."""
    found = []
    for path, text in tree.items():
        said = ast.get_docstring(parsed(text)) or ""
        first = said.split("\n\n", 1)[0]
        if not first or "\n" in first:
            found.append(path)
    return found


def kept(complaints: list[str], excepted: Collection[str]) -> list[str]:
    """The complaints that no exception covers."""
    return [each for each in complaints if each.split(" ")[0] not in excepted]


def test_files_are_short(all_python, excepted):
    """A file that does not fit in a head is two files."""
    assert kept(long_files(all_python), excepted("file_lines")) == []


def test_functions_are_short(all_python, excepted):
    """A function is read in one go, or not at all."""
    assert kept(long_functions(all_python), excepted("function_lines")) == []


def test_names_say_what_is_inside(all_python, excepted):
    """`utils` is where things go that nobody finds again."""
    assert kept(unnamed(all_python), excepted("names")) == []


def test_every_module_begins_with_its_promise(sources):
    """The first line says what the module is for; a reader need not guess."""
    assert without_promise(sources) == []


@pytest.mark.parametrize(
    ("rule", "path", "text"),
    [
        (long_files, "src/cityloop/a.py", "x = 1\n" * 401),
        (long_functions, "src/cityloop/a.py", "def f():\n" + "    x = 1\n" * 60),
        (long_functions, "src/cityloop/a.py", "class A:\n    async def f(self):\n" + "        x = 1\n" * 60),
        (unnamed, "src/cityloop/stages/filing/utils.py", ""),
        (unnamed, "src/cityloop/helpers/text.py", ""),
        (without_promise, "src/cityloop/a.py", "x = 1\n"),
        (without_promise, "src/cityloop/a.py", '"""Two\nlines."""\n'),
    ],
)
def test_a_planted_fault_is_seen(rule, path, text):
    assert rule({path: text})


def test_what_is_good_passes():
    good = {"src/cityloop/a.py": '"""A promise."""\n\n\ndef f():\n    return 1\n'}
    assert [rule(good) for rule in (long_files, long_functions, unnamed, without_promise)] == [[], [], [], []]
