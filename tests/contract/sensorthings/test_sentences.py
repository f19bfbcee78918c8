"""Each sentence of the list is shown by a test that is there."""

import tomllib
from pathlib import Path

HERE = Path(__file__).parent


def test_every_sentence_has_its_test():
    found = tomllib.loads((HERE / "sentences.toml").read_text(encoding="utf-8"))
    named = [test for part in found.values() for test in part.values()]
    assert len(named) > 30
    for test in named:
        file, _, name = test.partition("::")
        assert f"\ndef {name}(" in (HERE / f"{file}.py").read_text(encoding="utf-8"), test
