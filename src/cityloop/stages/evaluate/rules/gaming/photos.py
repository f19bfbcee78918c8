"""Whether one photo proves two cases: the same bytes, or the same picture saved anew."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations

import numpy as np
from msgspec import Struct

BITS = 256
ALIKE_MAX = 20  # of 256 bits: saved anew a picture differs in a dozen, pictures of other places in ninety and more


class Picture(Struct, frozen=True, kw_only=True):
    """A photo that proves work. `look`: 256 bits (`files.look_of`), where the picture is there."""

    case: str
    unit: str
    digest: str
    look: int | None = None


class Reused(Struct, frozen=True, kw_only=True):
    """Two cases that one photo proves. `differs`: bits of 256 in which the pictures differ; 0 and `same`: the same bytes."""

    unit: str
    cases: tuple[str, str]
    digests: tuple[str, str]
    same: bool
    differs: int


def reused(pictures: Iterable[Picture]) -> Iterator[Reused]:
    """Pairs of cases with one photo: by digest, then by look; each pair of cases once."""
    every = list(pictures)
    told: set[tuple[str, str]] = set()
    for pair in _same_bytes(every):
        if (key := _cases(*pair)) not in told:
            told.add(key)
            yield _reused(*pair, 0)
    looked = [each for each in every if each.look is not None]
    for one, other, differs in _alike(looked):
        if (key := _cases(one, other)) not in told:
            told.add(key)
            yield _reused(one, other, differs)


def _same_bytes(pictures: list[Picture]) -> Iterator[tuple[Picture, Picture]]:
    by_digest: dict[str, list[Picture]] = defaultdict(list)
    for each in pictures:
        by_digest[each.digest].append(each)
    for some in by_digest.values():
        yield from (pair for pair in combinations(some, 2) if pair[0].case != pair[1].case)


def _alike(pictures: list[Picture]) -> Iterator[tuple[Picture, Picture, int]]:
    """Each row against those after it."""
    if not pictures:
        return
    bits = np.array(
        [np.frombuffer((each.look or 0).to_bytes(BITS // 8, "big"), dtype=np.uint8) for each in pictures]
    )  # fmt: skip
    for place, one in enumerate(pictures[:-1]):
        differ = np.bitwise_count(bits[place + 1:] ^ bits[place]).sum(axis=1)
        for near in np.flatnonzero(differ <= ALIKE_MAX):
            other = pictures[place + 1 + int(near)]
            if other.case != one.case:
                yield one, other, int(differ[near])


def _cases(one: Picture, other: Picture) -> tuple[str, str]:
    return (one.case, other.case) if one.case < other.case else (other.case, one.case)


def _reused(one: Picture, other: Picture, differs: int) -> Reused:
    """Named is the unit whose case came later: ids tell the order."""
    first, later = (one, other) if one.case < other.case else (other, one)
    return Reused(
        unit=later.unit, cases=(first.case, later.case), digests=(first.digest, later.digest),
        same=first.digest == later.digest, differs=differs,
    )  # fmt: skip
