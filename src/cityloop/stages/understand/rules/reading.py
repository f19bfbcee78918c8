"""How much of a text is read, and what of it cannot be."""

import re

from cityloop.domain.facts import Proposal

_OTHER_LETTERS = re.compile(r"[^\W\d_\u0000-\u024f\u2e80-\u9fff\uf900-\ufaff\uff00-\uff5e\U00020000-\U0003ffff]")


def part_read(text: str, chars_max: int) -> tuple[str, tuple[str, ...]]:
    """The beginning of a text, as far as the pack reads, and the code that says what was left out. The vault has it whole.

    >>> part_read("路灯不亮", 2), part_read("路灯", 2)
    (('路灯', ('text_cut:4>2',)), ('路灯', ()))
    """
    return (text, ()) if len(text) <= chars_max else (text[:chars_max], (f"text_cut:{len(text)}>{chars_max}",))


def why_unread(text: str, proposals: tuple[Proposal, ...]) -> tuple[str, ...]:
    """Why nothing was understood, where the letters are of a language without words in any pack.

    >>> why_unread("Фонарь не горит", ()), why_unread("路灯", ())
    (('language_unread',), ())
    """
    return ("language_unread",) if not proposals and _OTHER_LETTERS.search(text) else ()
