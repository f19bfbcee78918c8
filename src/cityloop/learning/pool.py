"""One answer out of two: what the pack's words say and what the lessons say, each by how far it is to be trusted."""

from collections.abc import Iterable, Sequence

from msgspec import Struct

PPM = 1_000_000
COLD = 40  # the words have said so many lessons' worth before the first lesson came
ROUNDS = 30


class Likely(Struct, frozen=True):
    """A class and how often such a proposal is right. Units: ppm."""

    key: str
    ppm: int


def pooled(learned: Sequence[Likely], words: Sequence[Likely], trust_ppm: int) -> tuple[Likely, ...]:
    """Every class that either proposes, the most likely first: a share of trust for the lessons, the rest for the words.

    >>> pooled([Likely("lamp", 900_000)], [Likely("lamp", 500_000), Likely("road", 400_000)], 750_000)
    (Likely(key='lamp', ppm=800000), Likely(key='road', ppm=100000))
    """
    total: dict[str, int] = {}
    for each in learned:
        total[each.key] = each.ppm * trust_ppm
    for each in words:
        total[each.key] = total.get(each.key, 0) + each.ppm * (PPM - trust_ppm)
    found = [Likely(key, round(share / PPM)) for key, share in total.items()]
    return tuple(sorted(found, key=lambda each: (-each.ppm, each.key)))


def trust_of(right: Iterable[tuple[int, int]]) -> int:
    """How far to trust the lessons: the share at which the answers of both together are the likeliest. Units: ppm.

    Shape: for each lesson the ppm that the model, which had not seen it, and the words gave to what was right. Few
    lessons change little. By expectation and maximisation, from what is believed before the first lesson.
    """
    pairs = [(learned, words) for learned, words in right if learned or words]
    trust = 0.5
    for _ in range(ROUNDS if pairs else 0):
        by_lessons = sum(trust * learned / (trust * learned + (1 - trust) * words) for learned, words in pairs)
        trust = by_lessons / (len(pairs) + COLD)
    return round(trust * PPM) if pairs else 0
