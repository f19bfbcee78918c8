"""Pure decisions about searching: how words become the grams that are kept, and a question the grams that are wanted."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from cityloop.desk.model import SearchTooShort

ASKED_CHARS_MAX = 100
TERMS_MAX = 6
GRAMS_MAX = 2_000  # of one text
HAN, OTHER = 2, 3  # characters in a gram of Chinese, of letters and digits
_HAN = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\U00020000-\U0003ffff"
_RUN = re.compile(rf"[{_HAN}]+|[^\W_{_HAN}]+")
_PRIVATE = re.compile(r"\d[\d\s-]{6,}[\dXx]")  # a telephone, an identity card, a bank account


def masked(text: str) -> str:
    """A text without the long numbers by which a person is known.

    >>> masked("请回电 138 1234 5678，3号楼")
    '请回电  ，3号楼'
    """
    return _PRIVATE.sub(" ", text)


def grams_of(texts: Iterable[str]) -> list[str]:
    """What is kept of texts: of Chinese each two characters, of letters and digits each three, or the word if it is shorter.

    >>> grams_of(["建设路5号 pothole"])
    ['建设', '设路', '5', 'pot', 'oth', 'tho', 'hol', 'ole']
    """
    found: dict[str, None] = {}
    for text in texts:
        for run in _RUN.findall(_plain(text)):
            found |= dict.fromkeys(_grams(run))
    return list(found)[:GRAMS_MAX]


def terms_of(asked: str) -> list[list[str]]:
    """The grams of each term of a question; a row that answers it holds all grams of one.

    Refuses with `SearchTooShort`.

    >>> terms_of("井盖 建设路5号")
    [['井盖'], ['建设', '设路', '5']]
    """
    terms = [grams_of([term]) for term in _plain(asked[:ASKED_CHARS_MAX]).split()[:TERMS_MAX]]
    terms = [term for term in terms if term]
    if not terms:
        raise SearchTooShort("Nothing can be looked for by that; write two characters of Chinese, or a word.")
    return terms


def _grams(run: str) -> Sequence[str]:
    size = HAN if re.match(f"[{_HAN}]", run) else OTHER
    if len(run) < size:
        return [] if size == HAN else [run]
    return [run[i : i + size] for i in range(len(run) - size + 1)]


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
