"""The city's names, found in a text: the longest first, none over another."""

from collections.abc import Iterable
from operator import add
from typing import NamedTuple

from msgspec import Struct

from cityloop.domain.policy import Policy
from cityloop.places.words.found import PlaceKind

NAME_MIN = 2
WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
DISTRICT_ENDS = ("新区", "区", "县", "市")
COUNTS = frozenset("一二三四五六七八九十")
BEFORE_COUNT = frozenset("这那有某每另同第哪几任" + "一二三四五六七八九十")
AFTER_COUNT = frozenset("区时块段堆孩伙片滩张条")


class Entry(NamedTuple):
    """Who bears a name; `weak`: the name says it only in part."""

    kind: PlaceKind
    code: str
    weak: bool = False


class Span(NamedTuple):
    """A name in a text, and who bears it."""

    start: int
    end: int
    entries: tuple[Entry, ...]


class Names(Struct, frozen=True):
    """Names in small letters by whom they name, and the lengths of names by their first two characters."""

    bearers: dict[str, tuple[Entry, ...]]
    lengths: dict[str, tuple[int, ...]]

    def all_in(self, said: str) -> list[tuple[int, int]]:
        """Every name at every place of a folded text, in no order."""
        found = []
        for head in self.lengths.keys() & set(map(add, said, said[1:])):
            at = said.find(head)
            while at >= 0:
                for length in self.lengths[head]:
                    end = at + length
                    if end <= len(said) and said[at:end] in self.bearers and is_whole(said, at, end):
                        found.append((at, end))
                at = said.find(head, at + 1)
        return found

    def spans(self, said: str) -> list[Span]:
        """The names that a folded text is read as, from left to right: the longest first, of equally long ones the first."""
        taken: list[tuple[int, int]] = []
        for start, end in sorted(self.all_in(said), key=lambda one: (one[0] - one[1], one[0])):
            if all(end <= other_start or start >= other_end for other_start, other_end in taken):
                taken.append((start, end))
        return [Span(start, end, self.bearers[said[start:end]]) for start, end in sorted(taken)]


def folded(text: str) -> str:
    """The text in small letters and half width, each character in its place."""
    small = text.translate(WIDE)
    low = small.lower()
    return low if len(low) == len(small) else "".join(each.lower() if len(each.lower()) == 1 else each for each in small)


def is_whole(text: str, start: int, end: int) -> bool:
    """Latin names stand for themselves, not inside a longer word; 一小 is no name in 这一小区 and 一小时."""
    if start and _latin(text[start]) and _latin(text[start - 1]):
        return False
    if end < len(text) and _latin(text[end - 1]) and _latin(text[end]):
        return False
    if end - start == NAME_MIN and text[start] in COUNTS:
        return not (start and text[start - 1] in BEFORE_COUNT) and not (end < len(text) and text[end] in AFTER_COUNT)
    return True


def _latin(letter: str) -> bool:
    return letter.isascii() and letter.isalnum()


def names_of(policy: Policy) -> Names:
    """The names of a policy, gathered once for it."""
    found = policy.__dict__.get("_place_names")
    if found is None:
        found = policy.__dict__["_place_names"] = gathered(_said(policy))
    return found


def gathered(pairs: Iterable[tuple[str, Entry]]) -> Names:
    """Names by whom they name. A name that somebody bears in full is nobody's weak one."""
    bearers: dict[str, dict[Entry, None]] = {}
    for name, entry in pairs:
        if len(said := folded(name.strip())) >= NAME_MIN:
            bearers.setdefault(said, {})[entry] = None
    kept = {name: tuple([each for each in all_ if not each.weak] or all_) for name, all_ in bearers.items()}
    lengths: dict[str, set[int]] = {}
    for name in kept:
        lengths.setdefault(name[:2], set()).add(len(name))
    return Names(kept, {head: tuple(sorted(each, reverse=True)) for head, each in lengths.items()})


def _said(policy: Policy) -> Iterable[tuple[str, Entry]]:
    for area in policy.areas:
        for name in area.name.values():
            yield name, Entry(PlaceKind.area, area.code)
            end = next((each for each in DISTRICT_ENDS if len(area.code) == 6 and name.endswith(each)), "")
            if end and len(name) - len(end) >= NAME_MIN:
                yield name.removesuffix(end), Entry(PlaceKind.area, area.code, weak=True)
    for road in policy.roads:
        for name in (*road.name.values(), *road.aliases):
            yield name, Entry(PlaceKind.road, road.code)
    for landmark in policy.landmarks:
        for name in (*landmark.name.values(), *landmark.aliases):
            yield name, Entry(PlaceKind.landmark, landmark.code)
