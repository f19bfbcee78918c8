"""Five hundred lines as a hotline hears them, with what is private in them and what is asked; people and numbers are invented.

`private_lines.tsv`: `half` is `tuned` (read while the rules were made) or `held` (not read for them); `wish` the kind of request,
`-` where nobody asks; in `text` what is private stands as [kind:words].
"""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from cityloop.domain.private import private_in

FILE = Path(__file__).parent / "unit/understand/private_lines.tsv"
HALVES = ("tuned", "held")
NUMBERS = ("phone", "id_number", "bank_card", "plate")
_MARKED = re.compile(r"\[([a-z_]+):([^\]]*)\]")


class Line(Struct, frozen=True, kw_only=True):
    """One line as it was said. Shape: `private` is kind, start, end."""

    half: str
    wish: str
    text: str
    private: tuple[tuple[str, int, int], ...]


def lines() -> Iterator[Line]:
    """All of them, in the order of the file."""
    for row in FILE.read_text(encoding="utf-8").splitlines()[1:]:
        half, wish, marked = row.split("\t")
        parts, spans, at = [], [], 0
        for each in _MARKED.finditer(marked):
            parts.append(marked[at : each.start()])
            start = sum(map(len, parts))
            parts.append(each[2])
            spans.append((each[1], start, start + len(each[2])))
            at = each.end()
        yield Line(half=half, wish=wish, text="".join([*parts, marked[at:]]), private=tuple(spans))


def scores(half: str) -> dict[str, tuple[int, int, int]]:
    """Of each kind how many were found, missed, and found where there is none. Found: all of it, and at most two characters more."""
    found, missed, wrong = Counter(), Counter(), Counter()
    for line in lines():
        if line.half != half:
            continue
        left = [(each.kind.value, each.start, each.end) for each in private_in(line.text)]
        for kind, start, end in line.private:
            fits = [each for each in left if each[0] == kind and each[1] <= start and end <= each[2] <= each[1] + end - start + 2]
            if fits:
                left.remove(fits[0])
            (found if fits else missed)[kind] += 1
        wrong.update(each[0] for each in left)
    return {kind: (found[kind], missed[kind], wrong[kind]) for kind in sorted({*found, *missed, *wrong})}


def recall(*counted: tuple[int, int, int]) -> float:
    found, missed = sum(each[0] for each in counted), sum(each[1] for each in counted)
    return found / max(1, found + missed)


def precision(*counted: tuple[int, int, int]) -> float:
    found, wrong = sum(each[0] for each in counted), sum(each[2] for each in counted)
    return found / max(1, found + wrong)
