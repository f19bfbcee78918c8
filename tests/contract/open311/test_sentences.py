"""Every sentence of the specification has its test, and every test its sentence."""

import ast
import tomllib
from collections.abc import Collection, Mapping
from pathlib import Path

FOLDER = Path(__file__).parent
FILES = ("test_reading.py", "test_posting.py", "test_requests.py", "test_updates.py")


def names_in(text: str) -> set[str]:
    """The tests of a file."""
    return {node.name for node in ast.parse(text).body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


def faults(sentences: Collection[Mapping[str, str]], tests: Collection[str]) -> list[str]:
    """Sentences that nobody tries, tests that try none, and sentences that come twice."""
    named = [each["test"] for each in sentences]
    found = [f"{each['id']} has no test {each['test']}" for each in sentences if each["test"] not in tests]
    found += [f"{test} tries no sentence" for test in sorted(set(tests) - set(named))]
    for field in ("id", "says"):
        values = [each[field] for each in sentences]
        found += [f"{value} comes twice" for value in set(values) if values.count(value) > 1]
    return found + [f"{each['id']} has no such rule" for each in sentences if each.get("rule", "must") not in ("must", "ours")]


def test_every_sentence_has_its_test():
    sentences = tomllib.loads((FOLDER / "sentences.toml").read_text(encoding="utf-8"))["sentence"]
    tests = {f"{name}::{test}" for name in FILES for test in names_in((FOLDER / name).read_text(encoding="utf-8"))}
    assert faults(sentences, tests) == []
    assert len([each for each in sentences if each.get("rule", "must") == "must"]) > 50


def test_planted_faults_are_seen():
    one = {"id": "a", "says": "b", "test": "t.py::test_x"}
    assert faults([one], ["t.py::test_x"]) == []
    assert faults([one], []) == ["a has no test t.py::test_x"]
    assert faults([], ["t.py::test_x"]) == ["t.py::test_x tries no sentence"]
    assert len(faults([one, one], ["t.py::test_x"])) == 2
    assert faults([one | {"rule": "may"}], ["t.py::test_x"]) == ["a has no such rule"]
