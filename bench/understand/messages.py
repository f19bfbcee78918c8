"""Labelled messages of residents, read from the shared data; the words that a pack and a taxonomy have for them."""

import csv
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from msgspec import Struct

from cityloop.domain.policy import Policy
from cityloop.learning.pool import Likely
from cityloop.learning.train import Lesson
from cityloop.packs import load
from cityloop.stages.understand.rules import guess_of, likely_of_words

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
DATA = ROOT.parent / "shared" / "data" / "complaints_zh"
HOTLINE = ROOT / "real" / "packs" / "messages"
TOPICS = ROOT / "real" / "hotline_topics.csv"
SAMPLE = ROOT / "tests" / "unit" / "understand" / "sample.tsv"
SAMPLE_SCHEME = "gbt30428_2_2013/"
UPKEEP = "城乡建设"  # where the taxonomy has what a catalogue of city upkeep is about
NAME_CHARS_MIN = 3  # shorter names of the taxonomy stand in texts about other things, too
_PARTS = re.compile("[、/（）()与及和]")


class Message(Struct, frozen=True):
    """A message and its class of the first level."""

    text: str
    label: str


def messages(path: Path = DATA / "labelled_messages.csv") -> list[Message]:
    """The messages with a label, as they stand; the text has the subject at its head."""
    with path.open(newline="", encoding="utf-8-sig") as lines:
        rows = [row for row in csv.DictReader(lines) if row["label"] and row["text"]]
    return [Message(row["text"], row["label"]) for row in rows]


@lru_cache(1)
def taxonomy() -> tuple[tuple[str, str, str], ...]:
    """The names of the three levels."""
    with (DATA / "taxonomy_three_levels.csv").open(newline="", encoding="utf-8-sig") as lines:
        return tuple((row["一级分类"], row["二级分类"], row["三级分类"]) for row in csv.DictReader(lines))


@lru_cache(1)
def hotline() -> tuple[Policy, dict[str, str]]:
    """The pack with a hotline's topics, and the first level of each of its classes."""
    policy = load(HOTLINE)
    with TOPICS.open(newline="", encoding="utf-8") as lines:
        of_code = {row["code"]: row["path"].split("/")[0] for row in csv.DictReader(lines)}
    topics = {each.key: of_code.get(each.code) for each in policy.classes if each.scheme == "local_hotline_topics"}
    return policy, {each.key: topics.get(each.key) or UPKEEP for each in policy.classes}


def said_by_words(text: str, labels: frozenset[str]) -> tuple[Likely, ...]:
    """What the words of the hotline's pack propose, drawn together to the first level. No label was seen."""
    policy, first_of = hotline()
    total: dict[str, int] = {}
    for each in likely_of_words(guess_of(text, None, policy).proposals):
        label = first_of[each.key]
        if label in labels:
            total[label] = total.get(label, 0) + each.ppm
    return _ranked(total)


def said_by_names(text: str, labels: frozenset[str]) -> tuple[Likely, ...]:
    """What the taxonomy's own names say: each name in the text speaks for its class of the first level by its length."""
    total: dict[str, int] = {}
    for name, labels_of in _names(labels):
        if name in text:
            for label in labels_of:
                total[label] = total.get(label, 0) + len(name) * 1_000_000 // len(labels_of)
    every = sum(total.values())
    return _ranked({label: share * 1_000_000 // (every + 2_000_000) for label, share in total.items()})


@lru_cache(2)
def _names(labels: frozenset[str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    found: dict[str, set[str]] = {}
    for first, second, third in taxonomy():
        if first in labels:
            for name in _PARTS.split(f"{first}、{second}、{third}"):
                if len(name) > 1:
                    found.setdefault(name, set()).add(first)
    return tuple((name, tuple(sorted(of))) for name, of in sorted(found.items()))


def _ranked(total: dict[str, int]) -> tuple[Likely, ...]:
    return tuple(Likely(key, ppm) for key, ppm in sorted(total.items(), key=lambda each: (-each[1], each[0])))


def weakly_labelled(found: Sequence[Message]) -> list[Lesson]:
    """Messages in which exactly one third-level name of their first level stands, labelled by it; the name is taken out.

    Nobody labelled the second and third level: this measures the tree on labels as sure as a name in a text.
    """
    names: dict[str, set[tuple[str, str, str]]] = {}
    for way in taxonomy():
        for name in _PARTS.split(way[2]):
            if len(name) >= NAME_CHARS_MIN:
                names.setdefault(name, set()).add(way)
    lessons = []
    for each in found:
        here = {
            name: {way for way in ways if way[0] == each.label} for name, ways in names.items() if name in each.text
        }
        ways = set().union(*here.values())
        if len(ways) == 1:
            text = each.text
            for name in here:
                text = text.replace(name, "")
            lessons.append(Lesson(text, path_of(next(iter(ways)))))
    return lessons


def names_as_lessons(labels: frozenset[str]) -> list[Lesson]:
    """Every way of the taxonomy below these labels, with its own names as the text: most labels exist this once."""
    return [Lesson("".join(way), path_of(way)) for way in dict.fromkeys(taxonomy()) if way[0] in labels]


def path_of(way: tuple[str, str, str]) -> tuple[str, ...]:
    """The keys of a way: names stand under several parents, keys do not."""
    return way[0], "/".join(way[:2]), "/".join(way)


def sample() -> list[tuple[str, str]]:
    """The shipped sample: class key and text."""
    rows = [line.split("\t") for line in SAMPLE.read_text(encoding="utf-8").splitlines() if line]
    return [(SAMPLE_SCHEME + key, text) for key, text in rows]
