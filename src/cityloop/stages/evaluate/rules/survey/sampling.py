"""By lot: which places are looked at. The same seed draws the same places from the same register."""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from itertools import pairwise

from msgspec import Struct


class Place(Struct, frozen=True, kw_only=True):
    """A place that may be drawn. `of` is the road on which it lies, or the place itself: each is drawn once before any twice."""

    ref: str
    of: str
    lon: float
    lat: float
    cell: str | None = None


def drawn(places: Iterable[Place], count: int, *, seed: str) -> list[Place]:
    """So many places by lot; all where there are no more. As many different roads as there are come before a second point of one.

    >>> road = [Place(ref=f"road/r1/{n}", of="r1", lon=0, lat=n) for n in range(3)]
    >>> [each.of for each in drawn([*road, Place(ref="road/r2/0", of="r2", lon=1, lat=0)], 2, seed="a")]
    ['r1', 'r2']
    """
    once = {each.ref: each for each in places}
    lots = sorted(((_lot(seed, ref), each) for ref, each in once.items()), key=lambda row: row[0])
    seen: dict[str, int] = {}
    rounds = []
    for lot, each in lots:
        seen[each.of] = seen.get(each.of, 0) + 1
        rounds.append((seen[each.of], lot, each))
    return sorted((each for _, _, each in sorted(rounds, key=lambda row: row[:2])[:count]), key=lambda each: each.ref)


def _lot(seed: str, ref: str) -> str:
    return sha256(f"{seed}/{ref}".encode()).hexdigest()


def along(line: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """The middles of a road's pieces: where one stands beside it."""
    return [((x1 + x2) / 2, (y1 + y2) / 2) for (x1, y1), (x2, y2) in pairwise(line)]
