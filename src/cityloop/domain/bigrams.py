"""Text cut into what is searched by: two neighbouring characters where words have no gaps, whole words elsewhere."""

import re
from unicodedata import normalize

_GAPLESS = "\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Han, kana
_RUNS = re.compile(f"([{_GAPLESS}]+)|([^\\W_{_GAPLESS}]+)")


def bigrams_of(text: str) -> list[str]:
    """The pieces of a text in their order, one width and small letters; some may come twice.

    A single character between others than its kind is a piece of its own. The same function cuts what is kept and what is
    asked for, so that what was written is found by any two of its characters.

    >>> bigrams_of("井盖丢了，ＬＥＤ屏 不亮 No. 12")
    ['井盖', '盖丢', '丢了', 'led', '屏', '不亮', 'no', '12']
    """
    found: list[str] = []
    for gapless, word in _RUNS.findall(normalize("NFKC", text).lower()):
        if word or len(gapless) == 1:
            found.append(word or gapless)
        else:
            found += [gapless[place : place + 2] for place in range(len(gapless) - 1)]
    return found
