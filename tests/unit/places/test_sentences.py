"""What people say when they say where: our own labelled sentences about the demo city, counted.

Each line of sentences.tsv is a sentence and the places that a person reads in it: r road, x crossing, n number on a road,
l landmark, b building of a landmark, a area, t thing, g cell; a * means everybody who bears the name, for nobody can tell.
"""

from functools import lru_cache
from pathlib import Path

import pytest

from cityloop.packs import load
from cityloop.places.words import PlaceKind, places_in
from cityloop.places.words.names import folded, names_of

SAID = Path(__file__).with_name("sentences.tsv")
PRECISION, RECALL = 0.95, 0.95
KINDS = {
    "r": PlaceKind.road, "x": PlaceKind.crossing, "n": PlaceKind.address, "l": PlaceKind.landmark, "b": PlaceKind.address,
    "a": PlaceKind.area, "t": PlaceKind.component, "g": PlaceKind.cell,
}  # fmt: skip
SURE = 0.55  # below, a mention is a hint that nobody is shown
Mention = tuple[PlaceKind, frozenset[str]]


@lru_cache(1)
def city():
    return load("demo")


def labelled() -> list[tuple[str, list[Mention]]]:
    lines = SAID.read_text(encoding="utf-8").splitlines()
    return [
        (text, [mention(each) for each in labels.split()])
        for text, _, labels in (line.partition("\t") for line in lines)
    ]


def mention(label: str) -> Mention:
    mark, _, said = label.partition(":")
    kind = KINDS[mark]
    if mark in "tg":
        return kind, frozenset([said])
    if mark == "x":
        return kind, frozenset(["+".join(sorted(code(each, PlaceKind.road)[0] for each in said.split("+")))])
    owner, slash, number = said.partition("/")
    wanted = {"n": PlaceKind.road, "b": PlaceKind.landmark}.get(mark, kind)
    codes = [each for part in owner.removesuffix("*").split("|") for each in code(part, wanted)]
    return kind, frozenset(f"{each}{slash}{number}" for each in codes)


def code(name: str, kind: PlaceKind) -> list[str]:
    if name in city().road_by_code:
        return [name]
    found = [each.code for each in names_of(city()).bearers[folded(name)] if each.kind is kind]
    assert found, f"{name} is no {kind} of the demo city"
    return found


def read(text: str) -> list[Mention]:
    spans: dict[tuple[int, int], list] = {}
    for each in places_in(city(), text):
        spans.setdefault((each.start, each.end), []).append(each)
    return [
        (said[0].kind, frozenset(each.code for each in said))
        for said in spans.values()
        if sum(each.score for each in said) > SURE
    ]


def counted() -> tuple[int, int, int, list[str]]:
    """Mentions that are right, found, and labelled; and the sentences that were read otherwise than by a person."""
    right = found = meant = 0
    other = []
    for text, labels in labelled():
        heard, left = read(text), list(labels)
        found += len(heard)
        meant += len(labels)
        for each in heard:
            if each in left:
                left.remove(each)
                right += 1
        if sorted(map(str, heard)) != sorted(map(str, labels)):
            other.append(f"{text}: read {[(kind.value, sorted(codes)) for kind, codes in heard]}")
    return right, found, meant, other


def test_what_is_read_is_what_a_person_reads():
    right, found, meant, other = counted()
    print(f"{len(labelled())} sentences, {meant} places: precision {right / found:.3f}, recall {right / meant:.3f}")
    print("\n".join(other))
    assert right / found >= PRECISION
    assert right / meant >= RECALL


def test_there_are_enough_sentences_and_some_name_nothing():
    said = labelled()
    assert len({text for text, _ in said}) == len(said) >= 150
    assert sum(not labels for _, labels in said) >= 15


@pytest.mark.parametrize("mark", KINDS)
def test_every_kind_is_in_the_set(mark):
    assert f"\t{mark}:" in SAID.read_text(encoding="utf-8")
