"""Pure decisions about searching: how words become the grams that are kept, and a question the grams that are wanted."""

from collections.abc import Iterable
from hashlib import blake2b

from cityloop.desk.model import SearchTooShort
from cityloop.domain.bigrams import bigrams_of
from cityloop.domain.policy import Policy

ASKED_CHARS_MAX = 100
GRAMS_MAX = 2_000  # of one text
LETTERS = 3  # of letters and digits in a gram
PLAIN = "plain"  # marks rows that hold nothing of what anybody said; longer than any gram of letters


def grams_of(texts: Iterable[str]) -> list[str]:
    """What is kept of texts: of Chinese each two characters, of letters and digits each three, or the word if it is shorter.

    >>> grams_of(["建设路5号 pothole"])
    ['建设', '设路', '5', 'pot', 'oth', 'tho', 'hol', 'ole']
    """
    found: dict[str, None] = {}
    for text in texts:
        found |= dict.fromkeys(bigrams_of(text, letters=LETTERS, single=False))
    return list(found)[:GRAMS_MAX]


def grams_asked(asked: str) -> list[str]:
    """The grams of a question: what answers it holds them all.

    Refuses with `SearchTooShort`.

    >>> grams_asked("井盖 建设路5号")
    ['井盖', '建设', '设路', '5']
    """
    grams = grams_of([asked[:ASKED_CHARS_MAX]])
    if not grams:
        raise SearchTooShort("Nothing can be looked for by that; write two characters of Chinese, or a word.")
    return grams


def token_of(code: str) -> str:
    """The one piece that stands in a row for a class or an area, whatever it is called; longer than any gram of letters."""
    return f"t{blake2b(code.encode(), digest_size=5).hexdigest()}"


def tokens_by_gram(policy: Policy) -> dict[str, list[str]]:
    """Of each gram in the names of classes and areas, in every language, the tokens of those that bear it."""
    found: dict[str, list[str]] = {}
    named = [(each.key, (*each.name.values(), *each.major_name.values())) for each in policy.classes]
    named += [(each.code, tuple(each.name.values())) for each in policy.areas]
    for code, names in named:
        for gram in grams_of(names):
            found.setdefault(gram, []).append(token_of(code))
    return found
