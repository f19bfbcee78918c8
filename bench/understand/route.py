"""Boston's department and queue from text, type and place alone: learned from July to September, tested on what came after.

`python -m bench.understand.route`. A request belongs to ever narrower circles; each speaks as loudly as it has cases, and
what it does not know it takes from the wider one.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from bench.understand.boston import rows, streets_of

Row = dict[str, str]
CIRCLES = (
    (), ("type",), ("type", "pwd_district"), ("type", "words"), ("type", "words", "pwd_district"),
    ("type", "words", "pwd_district", "square"), ("type", "words", "pwd_district", "street"),
)  # fmt: skip
NO_WORDS = ((), ("type",), ("type", "pwd_district"), ("type", "pwd_district", "square"), ("type", "pwd_district", "street"))
PLAIN = ((), ("type",), ("type", "pwd_district"))
STRENGTHS, STRENGTHS_QUICK = (2, 4, 6, 12), (6,)  # how many cases the wider circle is worth
WHATS = ("department", "queue")
CEILING = ("type", "case_title", "pwd_district", "neighborhood")


class Circles:
    """Shares of answers by circle, counted from past requests."""

    def __init__(self, past: Sequence[Row], what: str, circles: Sequence[tuple[str, ...]], strength: float):
        self.circles, self.strength = circles, strength
        self.counts: list[dict[tuple[str, ...], Counter[str]]] = [defaultdict(Counter) for _ in circles]
        for row in past:
            for names, counted in zip(circles, self.counts, strict=True):
                counted[tuple(row[name] for name in names)][row[what]] += 1

    def answer(self, row: Row) -> str:
        """The likeliest answer."""
        shares: dict[str, float] = {}
        for names, counted in zip(self.circles, self.counts, strict=True):
            here = counted.get(tuple(row[name] for name in names))
            if here:
                many = here.total() + self.strength
                shares = {key: share * self.strength / many for key, share in shares.items()}
                for key, times in here.items():
                    shares[key] = shares.get(key, 0.0) + times / many
        return max(shares, key=lambda key: (shares[key], key))


def figures(quick: bool) -> dict[str, float]:
    """Prints the table; gives the share of requests whose department, and queue, were said as the city had it in the end."""
    every = [_read(row) for row in rows()]
    early = [row for row in every if row["open_dt"] < "2011-09"]
    past = [row for row in every if row["open_dt"] < "2011-10"]
    later = every[len(past) :]
    print(f"{len(past)} requests learned, {len(later)} tested; titles are as they stand in the file, some rewritten by the staff")
    print(f"{'':<58}{'department':>12}{'queue':>8}")
    told: dict[str, float] = {}
    for name, words, circles in (
        ("plain_", "type and district", PLAIN), ("no_words_", "type, district, square and street", NO_WORDS),
        ("", "type, words of the title, district, square and street", CIRCLES),
    ):  # fmt: skip
        for what in WHATS:
            best = max(STRENGTHS_QUICK if quick else STRENGTHS,
                       key=lambda each: _right(Circles(early, what, circles, each), past[len(early) :], what))  # fmt: skip
            told[f"{name}{what}"] = round(_right(Circles(past, what, circles, best), later, what), 4)
        print(f"{words:<58}{told[f'{name}department']:>12.4f}{told[f'{name}queue']:>8.4f}")
    seen = [_seen(later, what) for what in WHATS]
    print(f"{'whoever saw the answers by type, title and both areas':<58}{seen[0]:>12.4f}{seen[1]:>8.4f}")
    return {**told, "department_seen": round(seen[0], 4), "queue_seen": round(seen[1], 4)}


def _read(row: Row) -> Row:
    """The row with its title's words (no numbers, no names of districts), its square of a kilometre and its first street."""
    title = re.sub(r"\b(dist(rict)?|ward)\b.*", "", row["case_title"].lower())
    return row | {
        "words": re.sub(r"[^a-z]+", " ", title).strip(), "street": min(streets_of(row), default=""),
        "square": f"{float(row['latitude']):.2f},{float(row['longitude']):.2f}",
    }  # fmt: skip


def _right(circles: Circles, asked: Sequence[Row], what: str) -> float:
    return sum(circles.answer(row) == row[what] for row in asked) / len(asked)


def _seen(asked: Sequence[Row], what: str) -> float:
    """What remains uncertain to one who has counted the tested requests themselves: requests alike in all went elsewhere."""
    counted: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    for row in asked:
        counted[tuple(row[name] for name in CEILING)][row[what]] += 1
    return sum(max(each.values()) for each in counted.values()) / len(asked)


if __name__ == "__main__":
    print(figures(quick=False))
