"""One answer out of two: what the pack's words say and what the lessons say, each by how far it is to be trusted."""

from collections.abc import Sequence
from math import exp, log

from msgspec import Struct

PPM = 1_000_000
REST_MIN = 0.002  # nobody is surer than that: some other class may always be meant


class Likely(Struct, frozen=True):
    """A class and how often such a proposal is right. Units: ppm."""

    key: str
    ppm: int


class Trust(Struct, frozen=True):
    """How much the logarithms of both shares count; 0 and 1 before the first lesson, which leaves the words as they are.

    Shape: `classes` how many there are to choose from.
    """

    lessons: float = 0.0
    words: float = 1.0
    classes: int = 0


def pooled(learned: Sequence[Likely], words: Sequence[Likely], trust: Trust) -> tuple[Likely, ...]:
    """Every class that either proposes, the most likely first: shares are multiplied, each to the power of its trust.

    A class that only one of them names has an equal part of what the other leaves; so has any class that neither names.

    >>> words = [Likely("lamp", 500_000), Likely("road", 400_000)]
    >>> pooled([], words, Trust()) == tuple(words)
    True
    >>> [each.key for each in pooled([Likely("road", 900_000), Likely("lamp", 90_000)], words, Trust(1.0, 1.0, 2))]
    ['road', 'lamp']
    """
    if not trust.lessons:
        return tuple(words)
    keys, by_lessons, by_words = logs(learned, words, trust.classes)
    raised = [trust.lessons * one + trust.words * other for one, other in zip(by_lessons, by_words, strict=True)]
    top = max(raised)
    parts = [exp(each - top) for each in raised]
    every = sum(parts)
    found = [Likely(key, round(part / every * PPM)) for key, part in zip(keys, parts, strict=False)]
    return tuple(sorted(found, key=_by_share))


def logs(
    learned: Sequence[Likely], words: Sequence[Likely], classes: int
) -> tuple[list[str], list[float], list[float]]:
    """The keys that either names, and the logarithms that both give to each; after those, to all others together."""
    known = [{each.key: each.ppm / PPM for each in said} for said in (learned, words)]
    keys = list(dict.fromkeys([*known[0], *known[1]]))
    others = max(1, classes - len(keys))
    told = []
    for said in known:
        rest = max(REST_MIN, 1 - sum(said.values()))
        each = rest / max(1, classes - len(said))
        told.append([log(max(said.get(key, each), REST_MIN / 100)) for key in keys] + [log(min(rest, each * others))])
    return keys, *told


def _by_share(each: Likely) -> tuple[int, str]:
    return -each.ppm, each.key
