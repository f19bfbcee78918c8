"""docs/reference/asvs.md: OWASP ASVS 5.0, levels 1 and 2, item by item, made from docs/asvs.txt."""

from pathlib import Path
from typing import NamedTuple

LIST = Path(__file__).resolve().parents[1] / "docs" / "asvs.txt"
MADE = "*Made from docs/asvs.txt by `make reference`; a test fails when this page is stale.*\n"
INTRO = """Every requirement of levels 1 and 2 of the OWASP Application Security Verification Standard 5.0.0, by its number, in short
words of our own (the standard's text: <https://owasp.org/asvs>, CC BY-SA 4.0). *holds* names the test that holds it, or the place
where it can be read where no test could; *does not apply* says why; *open* says what is missing. Nobody outside has verified this
table. A house test sees to it that each test and each place is there.
"""
SAID = {"holds": "holds", "none": "does not apply", "open": "**open**"}


class Item(NamedTuple):
    """A requirement: `state` is one of SAID; `where` a test, a place, or why."""

    number: str
    level: int
    asks: str
    state: str
    where: str


def items() -> list[tuple[str, list[Item]]]:
    """The requirements of each chapter, as the list has them."""
    chapters: list[tuple[str, list[Item]]] = []
    for line in LIST.read_text(encoding="utf-8").splitlines():
        if line.startswith("# V"):
            chapters.append((line[2:], []))
        elif line and not line.startswith("#"):
            number, level, asks, state, where = (part.strip() for part in line.split(" | "))
            chapters[-1][1].append(Item(number, int(level), asks, state, where))
    return chapters


def asvs_page() -> str:
    """The page."""
    chapters = items()
    every = [each for _, found in chapters for each in found]
    lines = ["# OWASP ASVS 5.0, level 2\n", MADE, INTRO, "| level | " + " | ".join(SAID.values()) + " | all |", "|---|--:|--:|--:|--:|"]
    for level in (1, 2):
        mine = [each for each in every if each.level == level]
        counts = [sum(each.state == state for each in mine) for state in SAID]
        lines.append(f"| {level} | {' | '.join(map(str, counts))} | {len(mine)} |")
    for title, found in chapters:
        lines += ["", f"## {title}\n", "| | level | what is asked | | by, or why |", "|---|---|---|---|---|"]
        lines += [f"| {each.number} | {each.level} | {each.asks} | {SAID[each.state]} | {_shown(each.where)} |" for each in found]
    return "\n".join(lines) + "\n"


def _shown(where: str) -> str:
    return f"`{where}`" if "/" in where and " " not in where else where
