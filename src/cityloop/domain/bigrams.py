"""Text cut into what is searched by: two neighbouring characters where words have no gaps, whole words or parts elsewhere."""

import re
from unicodedata import normalize

from cityloop.domain.one_form import one_form

_GAPLESS = "\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"  # Han, kana, hangul
_RUNS = re.compile(f"([{_GAPLESS}]+)|([^\\W_{_GAPLESS}]+)")


def plain(text: str) -> str:
    """The text as pieces are compared: one width, simplified, small letters, nothing unseen."""
    return normalize("NFKC", one_form(text)).casefold()


def bigrams_of(text: str, *, letters: int = 0, single: bool = True) -> list[str]:
    """The pieces of a text in their order; some may come twice. What is kept and what is asked for are cut alike.

    Words in letters and digits stay whole, or are cut into each `letters` neighbours, so that a part of one finds it. `single`
    keeps a character that stands alone between others than its kind.

    >>> bigrams_of("井盖丢了，ＬＥＤ屏 不亮 No. 12")
    ['井盖', '盖丢', '丢了', 'led', '屏', '不亮', 'no', '12']
    >>> bigrams_of("建设路5号 pothole", letters=3, single=False)
    ['建设', '设路', '5', 'pot', 'oth', 'tho', 'hol', 'ole']
    """
    found: list[str] = []
    for gapless, word in _RUNS.findall(plain(text)):
        if word:
            found += _parts(word, letters) if letters else [word]
        elif len(gapless) > 1:
            found += _parts(gapless, 2)
        elif single:
            found.append(gapless)
    return found


def _parts(run: str, size: int) -> list[str]:
    return [run[at : at + size] for at in range(max(1, len(run) - size + 1))]
