"""An exception is a line with a reason, for a thing that exists."""

import tomllib
from collections.abc import Iterable, Mapping

import pytest


def complaints(exceptions: Mapping[str, Mapping[str, str]], known: Iterable[str]) -> list[str]:
    """Lines without a reason, and lines for files that are gone."""
    there = set(known)
    found = []
    for rule, lines in exceptions.items():
        for name, reason in lines.items():
            if len(reason.split()) < 4:
                found.append(f"{rule}: {name} gives no reason")
            if name.partition("::")[0] not in there:
                found.append(f"{rule}: {name} is gone; take the line out")
    return found


def test_every_exception_has_a_reason_and_a_subject(repo, all_python):
    """A list of exceptions that nobody tends becomes the rule."""
    exceptions = tomllib.loads((repo / "tests/house/exceptions.toml").read_text(encoding="utf-8"))
    assert complaints(exceptions, all_python) == []


@pytest.mark.parametrize(
    ("lines", "says"),
    [({"src/a.py": "because"}, "no reason"), ({"src/gone.py": "it was like this when we came"}, "is gone")],
)
def test_a_planted_exception_is_seen(lines, says):
    assert says in " ".join(complaints({"names": lines}, ["src/a.py"]))
