"""The product's words for its codes, in each language; a city's own words, in its pack, go over them."""

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from string import Formatter

FOLDER = Path(__file__).parent
LANGUAGES = ("zh", "en")


def words_in(folder: Path) -> dict[str, dict[str, str]]:
    """The words of every file of a folder: code -> language -> words."""
    found: dict[str, dict[str, str]] = {}
    for path in sorted(folder.glob("*.toml")):
        for code, words in tomllib.loads(path.read_text(encoding="utf-8")).items():
            assert code not in found, f"{code} has words twice"
            found[code] = words
    return found


WORDS = words_in(FOLDER)


def say(code: str, language: str, own: Mapping[str, Mapping[str, str]] | None = None) -> str:
    """The words for a code in a language, or in two side by side; the code itself where there are none.

    >>> say("state.to_dispatch", "en"), say("state.to_dispatch", "zh"), say("no.such", "en")
    ('waiting to be dispatched', '待派遣', 'no.such')
    >>> say("state.to_dispatch", "zh+en")
    '待派遣 waiting to be dispatched'
    """
    return named((own or {}).get(code) or WORDS.get(code), language) or code


def named(words: Mapping[str, str] | None, language: str) -> str:
    """What is said in a language, or in two joined by +; what has none in it says English, else what there is.

    >>> named({"zh": "城关区", "en": "Chengguan"}, "zh+en"), named({"zh": "城关区"}, "en"), named(None, "en")
    ('城关区 Chengguan', '城关区', '')
    """
    if not words:
        return ""
    if "+" not in language:
        return words.get(language) or words.get("en") or next(iter(words.values()))
    return " ".join(dict.fromkeys(each for each in (named(words, one) for one in language.split("+")) if each))


def filled_in(words: Iterable[str]) -> frozenset[str]:
    """What is put into words, by its names in braces.

    Refuses with `ValueError`: braces that do not close, or that reach into what is put in.

    >>> sorted(filled_in(["{count} of {all}", "no more"]))
    ['all', 'count']
    """
    put_in = [(name, form) for each in words for _, name, form, _ in Formatter().parse(each) if name is not None]
    if odd := next((name for name, _ in put_in if not name.isidentifier()), None):
        raise ValueError(f"{{{odd}}} is no name")
    names = frozenset(name for name, _ in put_in)
    return names | filled_in(form for _, form in put_in if form) if put_in else names  # a form may have braces of its own


def unworded(codes: Iterable[str]) -> list[str]:
    """Codes that lack words in some language."""
    return sorted(code for code in codes if any(not WORDS.get(code, {}).get(each) for each in LANGUAGES))
