"""One place reads the environment, and three kinds of place may catch everything."""

import ast
from collections.abc import Collection, Mapping

import pytest
from tests.trees import parsed

READER = "src/cityloop/app/settings.py"


def environment_readers(tree: Mapping[str, str]) -> list[str]:
    """Modules that read the environment; writing it for one's own child processes is no reading."""
    found = []
    for path, text in tree.items():
        if path == READER:
            continue
        for node in ast.walk(parsed(text)):
            if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv"):
                found.append(f"{path}::{node.lineno} {ast.unparse(node)}")
    return found


def catch_alls(tree: Mapping[str, str]) -> list[str]:
    """Where every exception is caught."""
    found = []
    for path, text in tree.items():
        for node in ast.walk(parsed(text)):
            if not isinstance(node, ast.ExceptHandler) or isinstance(node.body[-1], ast.Raise):
                continue  # what tidies up, or puts it in our words, goes on failing
            if node.type is None or getattr(node.type, "id", "") in ("Exception", "BaseException"):
                found.append(f"{path}::{node.lineno}")
    return found


def kept(complaints: list[str], excepted: Collection[str]) -> list[str]:
    """The complaints that no exception covers."""
    return [each for each in complaints if each.split("::")[0] not in excepted]


def test_only_the_app_reads_the_environment(sources, excepted):
    """What a function is given, a test can give it; what it takes from the air, nobody can."""
    assert kept(environment_readers(sources), excepted("environment")) == []


def test_everything_is_caught_only_at_the_borders(sources, excepted):
    """A fault that is swallowed comes back as a wrong number. Borders: a request, a handler, a port, a look."""
    assert kept(catch_alls(sources), excepted("catch_all")) == []


@pytest.mark.parametrize("text", ["import os\nos.environ['HOME']", "import os\nos.getenv('HOME')", "from os import x\nos.environ"])
def test_a_planted_reader_is_seen(text):
    assert environment_readers({"src/cityloop/a.py": text})
    assert environment_readers({READER: text}) == []


@pytest.mark.parametrize("text", ["try:\n    x()\nexcept Exception:\n    pass", "try:\n    x()\nexcept:\n    pass"])
def test_a_planted_catch_all_is_seen(text):
    assert catch_alls({"src/cityloop/a.py": text})


def test_tidying_up_is_no_swallowing():
    assert catch_alls({"src/cityloop/a.py": "try:\n    x()\nexcept BaseException:\n    y()\n    raise"}) == []
