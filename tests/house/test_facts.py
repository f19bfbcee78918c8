"""Every fact is listed, told by somebody, applied once, and has its page."""

import ast
from collections.abc import Collection, Iterable, Mapping

import pytest
from tests.trees import parsed

from cityloop.app import apply_of_all
from cityloop.domain import facts
from cityloop.domain.facts import FACTS, WAY, Fact


def leaves(kind: type) -> set[type]:
    """The classes below one that have none below them."""
    below = kind.__subclasses__()
    return set().union(*(leaves(each) for each in below)) if below else {kind}


def unlisted(found: Iterable[type], listed: Iterable[type]) -> list[str]:
    """Facts that the list of facts does not name."""
    known = set(listed)
    return sorted(each.__name__ for each in found if each not in known)


def without_emitter(names: Collection[str], tree: Mapping[str, str]) -> list[str]:
    """Facts that no code makes."""
    made = set()
    for path, text in tree.items():
        if "/domain/" in path:
            continue
        for node in ast.walk(parsed(text)):
            if isinstance(node, ast.Call):
                made.add(node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", ""))
    return sorted(set(names) - made)


def without_apply(names: Collection[str], applied: Collection[str]) -> list[str]:
    """Facts that do nothing and do not say so."""
    return sorted(set(names) - set(applied))


def without_page(names: Collection[str], page: str) -> list[str]:
    """Facts that the reference does not tell of."""
    return [name for name in names if f"## {name}" not in page]


def in_the_past(name: str) -> bool:
    """A fact's name ends in a past participle; the irregular ones are listed."""
    return name.endswith(
        ("ed", "Understood", "Taken", "Left", "Made", "Kept", "CalledBack", "Withdrawn", "Given", "Redone")
    )


def test_every_fact_is_listed():
    """`WAY` is the table of contents of everything that can happen."""
    assert unlisted((each for each in leaves(Fact) if each.__module__.startswith(facts.__name__)), WAY) == []


def test_every_fact_has_an_emitter(sources):
    """A fact that nobody tells is a promise that nobody keeps."""
    assert without_emitter(FACTS, sources) == []


def test_every_fact_has_one_apply():
    """State changes only by applying a fact; one that changes nothing is named too, so that none is forgotten."""
    assert without_apply(FACTS, {each.__name__ for each in apply_of_all()}) == []


def test_every_fact_has_its_page(repo):
    """Who reads a journal must be able to look every line up."""
    assert without_page(FACTS, (repo / "docs/reference/facts.md").read_text()) == []


@pytest.mark.parametrize("name", sorted(FACTS))
def test_facts_are_told_in_the_past_tense(name):
    """A fact happened; it is no wish."""
    assert in_the_past(name)


def test_planted_faults_are_seen():
    class Planted(Fact, frozen=True, kw_only=True):
        pass

    assert unlisted([Planted], WAY) == ["Planted"]
    assert without_emitter(["CaseFiled"], {"src/cityloop/domain/a.py": "CaseFiled()"}) == ["CaseFiled"]
    assert without_emitter(["CaseFiled"], {"src/cityloop/a.py": "f.CaseFiled()"}) == []
    assert without_apply(["CaseFiled"], []) == ["CaseFiled"]
    assert without_page(["CaseFiled"], "## CaseOpened") == ["CaseFiled"]
    assert not in_the_past("FileCase")
