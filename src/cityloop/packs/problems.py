"""What is wrong with a pack, where, and what to do: every fault with its file, line and column."""

import re
from collections.abc import Iterable
from functools import lru_cache

from msgspec import Struct

from cityloop.domain.errors import Invalid


class Problem(Struct, frozen=True, kw_only=True, order=True):
    """One fault of a pack. `line` and `column` count from 1, as an editor does."""

    file: str  # pack and file, e.g. "demo/rules.csv"
    line: int
    column: int
    what: str
    remedy: str


class Wrong(Exception):
    """A cell that cannot be read: what, and what to do."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy


class PackInvalid(Invalid):
    """The pack cannot be read; `problems` says where and why."""

    code = "pack.invalid"

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        first = self.problems[0]
        rest = f" ({len(self.problems) - 1} more)" if len(self.problems) > 1 else ""
        where = f"{first.file}:{first.line}:{first.column}"
        super().__init__(f"{where}: {first.what}; {first.remedy}{rest}.", problems=len(self.problems))


def format_problems(problems: Iterable[Problem]) -> str:
    """The problems as text, two lines each, in the order of the files.

    >>> print(format_problems([Problem(file="x/areas.csv", line=3, column=1, what="w", remedy="r")]))
    x/areas.csv:3:1: w
        r
    """
    return "\n".join(f"{p.file}:{p.line}:{p.column}: {p.what}\n    {p.remedy}" for p in sorted(problems))


def place(text: str, at: int) -> tuple[int, int]:
    """Line and column of an offset; the beginning if it is negative.

    >>> place("ab\\ncd", 4)
    (2, 2)
    """
    if at < 0:
        return 1, 1
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


@lru_cache(maxsize=16)
def text_of(raw: bytes) -> str:
    """A file's text, decoded once however many problems it has."""
    return raw.decode()


@lru_cache(maxsize=16)
def finds(text: str, word: str) -> tuple[int, ...]:
    """Where a word stands in a text."""
    return tuple(found.start() for found in re.finditer(re.escape(word), text))
