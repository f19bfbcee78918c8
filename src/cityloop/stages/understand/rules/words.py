"""The pack's words, found in a text in one pass, and the evidence that they give for classes."""

import re
from collections.abc import Iterator
from math import log
from operator import add, itemgetter

from msgspec import Struct

from cityloop.domain.ids import ClassKey
from cityloop.domain.one_form import one_form
from cityloop.domain.policy import Policy, ProblemClass
from cityloop.stages.understand.model import Scored

SAID_BY = {"name": 1.15, "synonym": 1.0, "rule_word": 0.45}  # how much a word counts, by what it is in the pack
INSIDE = 0.3  # what is left of a word inside a longer one that was found: 井盖 in 井盖丢了
PART = 0.22  # what two characters, or one word, of a pack's words count where the whole was not found
LENGTH_MAX = 7  # characters beyond these say no more
RULE_CHARS_MIN = 2  # shorter words of rules (坏, 倒) tell rules apart, not classes
REASONS_MAX = 4
BEST_MAX = 4  # three to propose, and the rival of the third
AROUND = 10  # characters, or words, on either side of what was found
TOLD_SHARE = 0.3  # of the best score: a class below it counts as a rival, and is not proposed
PART_LETTERS_MIN = 4  # shorter Latin words (an, in, the) are no part of anything
PART_RARE_MIN = 0.3  # 1 is a part that one class has, 0 one that all have

_LATIN = re.compile(r"[a-z0-9]+")
_BREAKS = re.compile(r"[、/]|\bor\b")
_ASIDE = re.compile(r"[(（][^)）]*[)）]")


class Word(Struct, frozen=True):
    """A word of the pack, or a part of one: what it weighs for which classes, and the reason it gives them.

    Shape: `length` in characters, or in words of Latin text; classes by their number in the index.
    """

    text: str
    length: int
    weighs: dict[int, float]
    reasons: dict[int, str]


class WordIndex(Struct, frozen=True):
    """The words of one policy.

    Shape: `heads` by the first two characters, `latin` by the first word; `parts` by two characters or one word.
    """

    keys: tuple[ClassKey, ...]
    heads: dict[str, tuple[Word, ...]]
    latin: dict[str, tuple[Word, ...]]
    parts: dict[str, Word]
    pairs: frozenset[str]  # two characters that are a key of `heads` or of `parts`


Hit = tuple[int, int, Word]  # start, end, what was found; in characters, or in words of Latin text


def _by_place(hit: Hit) -> tuple[int, int]:
    return hit[0], -hit[1]


def plain(text: str) -> str:
    """The text as words are compared: one width, simplified, small letters, nothing unseen.

    >>> plain("ＬＥＤ屏 Cafe\u0301")
    'led屏 café'
    """
    return one_form(text)


def latin_words(text: str) -> list[str]:
    """Words in Latin letters, without the s of the plural.

    >>> latin_words("3 potholes 路上 buses!")
    ['3', 'pothole', 'buse']
    """
    return [
        word[:-1] if word[-1] == "s" and len(word) > 3 and word[-2] != "s" else word for word in _LATIN.findall(text)
    ]


def word_index(policy: Policy) -> WordIndex:
    """The index of this policy's words, made once; a policy is frozen."""
    return policy.__dict__.get("_word_index") or policy.__dict__.setdefault("_word_index", _made(policy))


def hits_in(text: str, index: WordIndex) -> list[Hit]:
    """Every place at which a word of the pack stands in the text, by its start; the text must be `plain`."""
    return _hits(text, index, _pairs(text, index))


def latin_hits_in(words: list[str], index: WordIndex) -> list[Hit]:
    """The same for words in Latin letters."""
    return [
        (at, at + word.length, word)
        for at, first in enumerate(words)
        for word in index.latin.get(first, ())  # the longest first
        if word.length == 1 or " ".join(words[at : at + word.length]) == word.text
    ]


def scores_of(text: str, words: list[str], index: WordIndex) -> list[Scored]:
    """The classes that the text speaks of, the most likely first. The text must be `plain`, `words` its Latin ones.
    Those far behind the best come without reasons.

    A whole word of the pack counts by its length and rarity, a part of one a little; nothing counts twice.
    """
    pieces = _pairs(text, index)
    hits = _hits(text, index, pieces)
    latin = latin_hits_in(words, index) if words else []
    found = _worth(hits) + _worth(latin)
    pieces.update(words)
    found += [(1.0, index.parts[piece]) for piece in sorted(pieces & index.parts.keys())]
    scores: dict[int, float] = {}
    for share, word in found:
        for each, weight in word.weighs.items():
            scores[each] = scores.get(each, 0.0) + weight * share
    best = sorted(scores.items(), key=itemgetter(1), reverse=True)[:BEST_MAX]
    told = best[0][1] * TOLD_SHARE if best else 0.0
    return [
        _scored(each, score, found, hits, latin, text, words, index)
        if score >= told
        else Scored(class_key=index.keys[each], score=score, reasons=())
        for each, score in best
    ]


def _scored(
    each: int, score: float, found: list[tuple[float, Word]], hits: list[Hit], latin: list[Hit], text: str,
    words: list[str], index: WordIndex,
) -> Scored:  # fmt: skip
    """A class with its reasons and what stands around them."""
    near = [text[max(0, start - AROUND) : end + AROUND] for start, end, word in hits if each in word.weighs]
    near_words = [words[max(0, start - AROUND) : end + AROUND] for start, end, word in latin if each in word.weighs]
    return Scored(
        class_key=index.keys[each], score=score, reasons=_reasons(each, found), near="\n".join(near),
        near_words=" \n ".join([" ".join(few) for few in near_words]),
    )  # fmt: skip


def _pairs(text: str, index: WordIndex) -> set[str]:
    """Every two characters that stand together, of which a word of the pack may begin or consist."""
    return set(index.pairs.intersection(map(add, text, text[1:])))


def _hits(text: str, index: WordIndex, pairs: set[str]) -> list[Hit]:
    hits = []
    for head in pairs & index.heads.keys():
        for word in index.heads[head]:
            at = text.find(word.text)
            while at >= 0:
                hits.append((at, at + word.length, word))
                at = text.find(word.text, at + 1)
    hits.sort(key=_by_place)
    return hits


def _reasons(each: int, found: list[tuple[float, Word]]) -> tuple[str, ...]:
    """What counted most for a class, the heaviest first."""
    counted = sorted((-word.weighs[each] * share, word.reasons[each]) for share, word in found if each in word.weighs)
    return tuple(dict.fromkeys(reason for _, reason in counted))[:REASONS_MAX]


def _worth(hits: list[Hit]) -> list[tuple[float, Word]]:
    """Each word that was found, once: whole, or the share that is left inside longer ones.

    Shape: `hits` by their start, of one start the longest first.
    """
    shares: dict[str, tuple[float, Word]] = {}
    reach = -1
    for _, end, word in hits:
        share = INSIDE if end <= reach else 1.0
        if shares.get(word.text, (0.0,))[0] < share:
            shares[word.text] = (share, word)
        reach = max(reach, end)
    return list(shares.values())


def _made(policy: Policy) -> WordIndex:
    classes = [each for each in policy.classes if policy.rules_of_class.get(each.key)]  # no rule: nothing to file under
    classes.sort(key=lambda each: each.key)
    said: dict[str, dict[int, tuple[str, str]]] = {}  # word -> class -> kind, as the pack writes it
    for number, each in enumerate(classes):
        for kind, written in _written(each, policy):
            form = plain(written).strip()
            form = " ".join(latin_words(form)) if form.isascii() else form
            known = said.setdefault(form, {}) if len(form) > 1 else {}
            if number not in known or SAID_BY[known[number][0]] < SAID_BY[kind]:
                known[number] = (kind, written)
    heads: dict[str, list[Word]] = {}
    latin: dict[str, list[Word]] = {}
    for form, owners in said.items():
        if form.isascii():
            latin.setdefault(form.split(" ")[0], []).append(_word(form, form.count(" ") + 1, 2, owners, len(classes)))
        else:
            heads.setdefault(form[:2], []).append(_word(form, len(form), 1, owners, len(classes)))
    parts = _parts(said, len(classes))
    return WordIndex(
        keys=tuple(each.key for each in classes),
        heads={head: tuple(words) for head, words in heads.items()},
        latin={head: tuple(sorted(words, key=lambda word: -word.length)) for head, words in latin.items()},
        parts=parts,
        pairs=frozenset({*heads, *(key for key in parts if not key.isascii())}),
    )


def _written(each: ProblemClass, policy: Policy) -> Iterator[tuple[str, str]]:
    """The words of a class as the pack writes them, each with what it is there."""
    for name in each.name.values():
        yield "name", name
        for short in (_ASIDE.sub("", plain(name)), _BREAKS.split(plain(name))[0]):
            yield "name", short
    for synonym in each.synonyms:
        yield "synonym", synonym
    for rule in policy.rules_of_class[each.key]:
        for word in rule.words:
            if len(word) >= RULE_CHARS_MIN:
                yield "rule_word", word


def _word(form: str, length: int, size: int, owners: dict[int, tuple[str, str]], classes: int) -> Word:
    """A word by its length (of which each unit counts `size`) and by how few classes share it."""
    worth = min(length * size, LENGTH_MAX) * log(1 + classes / len(owners)) / log(1 + classes)
    return Word(
        form, length, {each: worth * SAID_BY[kind] for each, (kind, _) in owners.items()},
        {each: f"{kind}:{written}" for each, (kind, written) in owners.items()},
    )  # fmt: skip


def _parts(said: dict[str, dict[int, tuple[str, str]]], classes: int) -> dict[str, Word]:
    """Pairs of characters, and single Latin words, of names and synonyms; what many classes share says nothing."""
    found: dict[str, dict[int, float]] = {}
    for form, owners in said.items():
        pieces = form.split(" ") if form.isascii() else [form[at : at + 2] for at in range(len(form) - 1)]
        for piece in pieces:
            if len(piece) < (PART_LETTERS_MIN if piece.isascii() else 2):
                continue
            for each, (kind, _) in owners.items():
                if kind != "rule_word":
                    best = found.setdefault(piece, {})
                    best[each] = max(best.get(each, 0.0), SAID_BY[kind])
    parts = {}
    for piece, best in found.items():
        rare = log(classes / len(best)) / log(1 + classes)
        if rare >= PART_RARE_MIN:
            weighs = {each: 2.0 * PART * rare * kind for each, kind in best.items()}
            parts[piece] = Word(piece, len(piece), weighs, dict.fromkeys(best, f"part:{piece}"))
    return parts
