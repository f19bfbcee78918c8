"""Documents that are lists are whole, and what they name is there."""

import re
import tomllib
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

import pytest
import typer

from cityloop.cli.root import app
from cityloop.domain.words import WORDS

FIELDS = ("term", "zh", "en", "standard", "where")
ADR = ("**Status:**", "**Context.**", "**Decision.**", "**Consequences.**", "**What would change our mind.**")
_HAN = re.compile(r"[\u4e00-\u9fff]")


def glossary_faults(terms: Iterable[Mapping[str, str]], root: Path) -> list[str]:
    """Terms that are not whole, come twice, or name a place that is gone."""
    found, seen = [], set()
    for each in terms:
        name = each.get("term", "?")
        found += [f"{name} has no {field}" for field in FIELDS if not each.get(field)]
        if name in seen:
            found.append(f"{name} comes twice")
        seen.add(name)
        if not _HAN.search(each.get("zh", "")):
            found.append(f"{name} has no Chinese")
        if (
            not (root / "src/cityloop" / each.get("where", "")).exists()
            and not (root / each.get("where", "-")).exists()
        ):
            found.append(f"{name} is not in {each.get('where')}")
    return found


def unused_terms(terms: Iterable[Mapping[str, str]], texts: Iterable[str]) -> list[str]:
    """Terms that neither code nor words use."""
    everything = " ".join(texts).casefold()
    return [each["term"] for each in terms if each["term"].split()[0].casefold() not in everything]


def unexplained(requirements: Iterable[str], page: str) -> list[str]:
    """Dependencies without a line of why."""
    names = [re.split(r"[\[<>=;~! ]", each, maxsplit=1)[0] for each in requirements]
    return [name for name in names if f"| `{name}` |" not in page]


def unknown_commands(pages: Mapping[str, str], known: Collection[str]) -> list[str]:
    """Commands that a document tells people to run and that are not there."""
    found = []
    for path, text in pages.items():
        for line in re.findall(r"^(?: {4,}|\| `)?(cityloop [a-z][a-z0-9 ]*)", text, re.M) + re.findall(
            r"`(cityloop [a-z][a-z0-9 ]*)", text
        ):
            words = line.split()
            if not any(" ".join(words[:count]) in known for count in (2, 3, 4)):
                found.append(f"{path}: {line.strip()}")
    return found


def dead_links(pages: Mapping[str, str], root: Path) -> list[str]:
    """Links into the project that lead nowhere."""
    found = []
    for path, text in pages.items():
        for target in re.findall(r"\]\(([^)#]+)", text):
            if not target.startswith(("http:", "https:", "/")) and not (root / path).parent.joinpath(target).exists():
                found.append(f"{path}: {target}")
    return found


def adr_faults(pages: Mapping[str, str]) -> list[str]:
    """Decisions that leave a part out."""
    return [f"{path} has no {part}" for path, text in pages.items() for part in ADR if part not in text]


def known_commands() -> set[str]:
    """Every command by its full name."""

    def below(command, name):
        inner = getattr(command, "commands", None)
        return {name} if inner is None else set().union(*(below(inner[word], f"{name} {word}") for word in inner))

    return below(typer.main.get_command(app), "cityloop")


@pytest.fixture(scope="module")
def terms(repo):
    return tomllib.loads((repo / "docs/glossary.toml").read_text(encoding="utf-8"))["term"]


@pytest.fixture(scope="module")
def pages(repo):
    """Every document of ours: path -> text."""
    paths = [*repo.glob("*.md"), *(repo / "docs").rglob("*.md")]
    return {path.relative_to(repo).as_posix(): path.read_text(encoding="utf-8") for path in paths}


def test_the_glossary_is_whole(repo, terms):
    """One word per thing, in both languages, with where it comes from and where it lives."""
    assert glossary_faults(terms, repo) == []


def test_the_glossary_is_used(sources, terms):
    """A word that nobody uses is not a word of the house."""
    assert unused_terms(terms, [*sources.values(), *(word["en"] for word in WORDS.values())]) == []


def test_every_dependency_has_a_reason(repo):
    """What is taken in must be looked after; somebody must say why."""
    project = tomllib.loads((repo / "pyproject.toml").read_text())["project"]
    listed = [
        *project["dependencies"],
        *(each for extra in project["optional-dependencies"].values() for each in extra),
    ]
    assert unexplained(listed, (repo / "docs/explain/dependencies.md").read_text(encoding="utf-8")) == []


def test_every_command_in_a_document_is_there(pages):
    """Advice that cannot be followed is worse than none."""
    assert unknown_commands(pages, known_commands()) == []


def test_every_link_leads_somewhere(repo, pages):
    """A newcomer follows links."""
    assert dead_links(pages, repo) == []


def test_every_decision_says_what_would_change_it(pages):
    """A decision without its conditions becomes a belief."""
    assert adr_faults({path: text for path, text in pages.items() if path.startswith("docs/adr/")}) == []


def test_planted_faults_are_seen(tmp_path):
    whole = {"term": "case", "zh": "案件", "en": "a case", "standard": "ours", "where": "."}
    assert glossary_faults([whole], tmp_path) == []
    assert glossary_faults([whole, whole], tmp_path) == ["case comes twice"]
    assert glossary_faults([{**whole, "zh": "case"}], tmp_path) == ["case has no Chinese"]
    assert glossary_faults([{**whole, "where": "gone.py"}], tmp_path) == ["case is not in gone.py"]
    assert glossary_faults([{**whole, "en": ""}], tmp_path) == ["case has no en"]
    assert unused_terms([whole], ["report"]) == ["case"]
    assert unexplained(["numpy>=2", "psycopg[binary]>=3; x"], "| `psycopg` | why |") == ["numpy"]
    assert unknown_commands({"a.md": "    cityloop fly away\n"}, {"cityloop up"}) == ["a.md: cityloop fly away"]
    assert unknown_commands({"a.md": "run `cityloop fly`"}, {"cityloop up"}) == ["a.md: cityloop fly"]
    assert dead_links({"a.md": "[x](gone.md) [y](https://a.example)"}, tmp_path) == ["a.md: gone.md"]
    assert len(adr_faults({"docs/adr/1.md": "**Status:** new"})) == 4
