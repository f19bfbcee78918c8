"""Hot issues 热点: what many people say of one place or one matter, found without a list of names.

A *sign* is what messages may have in common: words that many of them write and few others do (found by counting), or a
mark that they were given (a place with a class). The messages of a sign, and of the signs that mostly say the same, are an
issue. How hot it is, is told in parts: how fresh, how much alike, how it grows.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from math import log, log2

from msgspec import Struct

HEAD_CHARS = 30  # of a text say what it is about
WORD_MIN, WORD_MAX = 3, 8  # characters of a sign
MESSAGES_MIN, SHARE_MAX, SHARE_FROM = 4, 0.015, 12  # fewer are no issue; words in more, of many, say nothing of any
PEOPLE_MIN = 3
SAME_SHARE = 0.9  # a word that mostly stands in one longer word is left for that
ONE_ISSUE_SHARE, WIDER_SHARE = 0.6, 0.4  # signs whose messages are so far the same are one issue, as seen from the fewer and the more
ONE_AREA_SHARE = 0.5  # of messages whose area is known so many lie in one; else they have but words in common
AS_HOT = 0.5  # or where the wider one is nearly as hot
UNPLACED = 0.5  # what is told of no place can less well be put right
HALF_DAYS, COMPARED = 30.0, timedelta(days=60)  # its halves are compared
SUBJECT_SHARE = 0.5  # of the messages that write a word have it in the head, where it is what they are about
GROWTH_MIN, GROWTH_MAX = 0.5, 2.0
SUPPORT = 0.25  # weight of a doubling of those who agree
MARKED_TOGETHER = 0.2  # one place and class: as much alike as words mostly are
SIGNS_RANKED_MAX = 400
TELLING_MAX, TELLING_SHARE = 3, 4  # words told beside the signs; each is said by one of so many
GROWN_SHARE = 0.8  # of the messages with a piece of a word say the longer one
_PLACE = re.compile(  # how names of places end; nothing here names one
    "(小区|社区|街道|公园|广场|医院|学院|大学|学校|中学|小学|幼儿园|市场|车站|大道|大桥|家园|花园|新城|之城|公寓|大厦|商场|工地|[村镇乡路街巷湾苑园院站府郡庭桥城])"
)
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]+")


class Message(Struct, frozen=True, kw_only=True):
    """What somebody said, masked. `marks` are places with a class, as codes; `who` tells people apart and nobody which."""

    id: str
    at: datetime
    text: str
    who: str = ""
    marks: tuple[str, ...] = ()
    area: str = ""  # where it lies, if that is known
    support: int = 0  # how many agreed


class Heat(Struct, frozen=True, kw_only=True):
    """How hot, and of what it is made: `fresh` x `together` x `growth` x `placed`.

    `fresh`: messages with their support, each worth half after 30 days. `together`: how much they say alike, from 0 to 1.
    `growth`: the last 30 days against the 30 before, or the halves of what was read, where that is less; from a half to twice. `placed`: half where no place is named.
    """

    heat: float
    fresh: float
    together: float
    growth: float
    placed: float


class Issue(Struct, frozen=True, kw_only=True):
    """Messages on one thing, the newest first. `signs` the words or marks that they have in common, the commonest first."""

    signs: tuple[str, ...]
    telling: tuple[str, ...]  # what else many of them say
    messages: tuple[str, ...]
    moments: tuple[datetime, ...]  # of the messages
    people: int
    first_at: datetime
    last_at: datetime
    heat: Heat


class _Sign(Struct, frozen=True):
    name: str
    of: tuple[int, ...]
    heat: Heat


def issues_of(messages: Iterable[Message], *, now: datetime, since: datetime | None = None, many: int = 20) -> list[Issue]:
    """The issues at a moment, the hottest first; what came later is not looked at. `since`: nothing before it is among the messages."""
    span = min(COMPARED, now - since) if since else COMPARED
    known = sorted((each for each in messages if each.at <= now), key=lambda each: (each.at, each.id))
    heads = [each.text[:HEAD_CHARS] for each in known]
    alike = _Alike(heads)
    signs = []
    for name, of in (_words_of(heads) | _marks_of(known)).items():
        if len(of) >= MESSAGES_MIN and len({known[at].who or known[at].id for at in of}) >= PEOPLE_MIN:
            together = alike.share(of, name) if _HAN.match(name) else MARKED_TOGETHER
            signs.append(_Sign(name, of, heat_of([known[at] for at in of], together, is_place(name), now, span)))
    signs.sort(key=lambda sign: (-sign.heat.heat, sign.name))
    about = [sign for sign in signs[:SIGNS_RANKED_MAX] if _is_subject(sign, known) and _is_one_area(sign, known)]
    found, taken = [], set[str]()
    for group in _grouped(about):
        issue = _issue(group, known, alike, now, span)
        if sum(id in taken for id in issue.messages) * 2 <= len(issue.messages):
            found.append(issue)
            taken.update(issue.messages)
    return sorted(found, key=lambda issue: (-issue.heat.heat, issue.signs))[:many]


def heat_of(messages: Sequence[Message], together: float, is_placed: bool, now: datetime, span: timedelta = COMPARED) -> Heat:
    """How hot these messages are together; whether they grow is told by the halves of `span`."""
    ages = [(now - each.at).total_seconds() / 86_400 for each in messages]
    fresh = sum(
        (1 + SUPPORT * log2(1 + each.support)) * 2 ** (-age / HALF_DAYS)
        for each, age in zip(messages, ages, strict=True)
    )
    lately, both = sum(now - each.at < span / 2 for each in messages), sum(now - each.at <= span for each in messages)
    growth = min(GROWTH_MAX, max(GROWTH_MIN, (lately + 1) / (both - lately + 1)))
    placed = 1.0 if is_placed else UNPLACED
    return Heat(heat=fresh * together * growth * placed, fresh=fresh, together=together, growth=growth, placed=placed)


def is_place(sign: str) -> bool:
    """Whether a sign names a place: a mark does, words do where they end, or go on, as names of places do.

    >>> is_place("幸福小区门口"), is_place("施工噪音"), is_place("8b1f/0102")
    (True, False, True)
    """
    return not _HAN.match(sign) or _PLACE.search(sign, 2) is not None


class _Alike:
    """How much messages say alike beside what they were found by."""

    def __init__(self, heads: Sequence[str]):
        self.heads = heads
        self.pairs = [_pairs(head) for head in heads]
        seen = Counter(pair for each in self.pairs for pair in each)
        self.worth = {pair: log(len(heads) / count) for pair, count in seen.items()}

    def share(self, of: Sequence[int], name: str) -> float:
        """The share of what one of them says, by worth, that another says too."""
        own, said = _pairs(name), Counter[str]()
        for at in of:
            said.update(self.pairs[at] - own)
        all_said = sum(self.worth[pair] * count for pair, count in said.items()) * (len(of) - 1)
        return sum(self.worth[pair] * n * (n - 1) for pair, n in said.items()) / all_said if all_said else 0.0

    def telling(self, of: Sequence[int], signs: Sequence[str]) -> tuple[str, ...]:
        """The words that most of them share and few others do, beside the signs."""
        rest = [_without(self.heads[at], signs) for at in of]
        said = Counter(pair for each in rest for pair in _pairs(each))
        found: list[str] = []
        for pair in sorted(said, key=lambda pair: (-said[pair] * self.worth[pair], pair)):
            if len(found) == TELLING_MAX or said[pair] * TELLING_SHARE < len(of):
                break
            word = _grown(pair, rest)
            if not any(word in other or other in word for other in found):
                found.append(word)
        return tuple(found)


def _without(text: str, signs: Iterable[str]) -> str:
    for sign in signs:
        text = text.replace(sign, " ")
    return text


def _grown(word: str, texts: Sequence[str]) -> str:
    """The longer word in which it nearly always stands.

    >>> _grown("面施", ["路面施工噪音", "路面施工扰民", "在路面施工"]), _grown("不亮", ["灯不亮了", "也不亮"])
    ('路面施工', '不亮')
    """
    having = [text for text in texts if word in text]
    while len(word) < WORD_MAX:
        around = Counter[str]()
        for text in having:
            at = text.index(word)
            around.update({text[max(0, at - 1) : at + len(word)], text[at : at + len(word) + 1]} - {word})
        longer, count = max(around.items(), key=lambda each: (each[1], each[0]), default=("", 0))
        if count < GROWN_SHARE * len(having) or not _HAN.fullmatch(longer):
            break
        word, having = longer, [text for text in having if longer in text]
    return word


def _words_of(heads: Sequence[str]) -> dict[str, tuple[int, ...]]:
    """Words that several messages write and few of all do, without those that only stand within a longer one."""
    found: dict[str, list[int]] = defaultdict(list)
    for at, head in enumerate(heads):
        for word in {run[i : i + size] for run in _HAN.findall(head) for size in range(WORD_MIN, WORD_MAX + 1) for i in range(len(run) - size + 1)}:  # fmt: skip
            found[word].append(at)
    most = max(SHARE_FROM, SHARE_MAX * len(heads))
    kept = {word: tuple(of) for word, of in found.items() if MESSAGES_MIN <= len(of) <= most}
    within = {part for word, of in kept.items() for part in (word[1:], word[:-1]) if len(of) >= SAME_SHARE * len(kept.get(part, ())) > 0}  # fmt: skip
    return {word: of for word, of in kept.items() if word not in within}


def _marks_of(known: Sequence[Message]) -> dict[str, tuple[int, ...]]:
    found: dict[str, list[int]] = defaultdict(list)
    for at, each in enumerate(known):
        for mark in each.marks:
            found[mark].append(at)
    return {mark: tuple(of) for mark, of in found.items()}


def _is_subject(sign: _Sign, known: Sequence[Message]) -> bool:
    """Whether a word is what messages are about; not, where most write it further down: a turn of phrase."""
    if not _HAN.match(sign.name):
        return True
    return len(sign.of) >= SUBJECT_SHARE * sum(sign.name in each.text for each in known)


def _is_one_area(sign: _Sign, known: Sequence[Message]) -> bool:
    """Whether the messages lie together, as far as it is known where they lie."""
    areas = Counter(known[at].area for at in sign.of if known[at].area)
    return areas.total() * 2 < len(sign.of) or max(areas.values()) >= ONE_AREA_SHARE * areas.total()


def _grouped(signs: Sequence[_Sign]) -> list[list[_Sign]]:
    """Signs whose messages are mostly the same, together: each goes to the hottest that it fits."""
    groups: list[tuple[frozenset[int], list[_Sign]]] = []
    for sign in signs:
        of = frozenset(sign.of)
        for first, group in groups:
            both = len(of & first)
            near = both >= WIDER_SHARE * max(len(of), len(first)) or len(of) < len(first) or sign.heat.heat >= AS_HOT * group[0].heat.heat
            if near and both >= ONE_ISSUE_SHARE * min(len(of), len(first)):
                group.append(sign)
                break
        else:
            groups.append((of, [sign]))
    return [group for _, group in groups]


def _issue(group: Sequence[_Sign], known: Sequence[Message], alike: _Alike, now: datetime, span: timedelta) -> Issue:
    """The issue of these signs: whoever's head has one of them, and whoever names its place anywhere."""
    by_many = sorted(group, key=lambda sign: (not is_place(sign.name), -len(sign.of), sign.name))
    named = [sign.name for sign in group if is_place(sign.name) and _HAN.match(sign.name) and len(sign.name) > WORD_MIN and sign.heat.heat >= AS_HOT * group[0].heat.heat]  # fmt: skip
    of = set().union(*(sign.of for sign in group)) | {at for at, each in enumerate(known) if any(name in each.text for name in named)}
    mine = [known[at] for at in sorted(of, reverse=True)]
    weight = sum(len(sign.of) for sign in group)
    together = sum(sign.heat.together * len(sign.of) for sign in group) / weight
    names = tuple(sign.name for sign in by_many)
    return Issue(
        signs=names, telling=alike.telling(sorted(of), names), messages=tuple(each.id for each in mine), moments=tuple(each.at for each in mine),
        people=len({each.who or each.id for each in mine}), first_at=mine[-1].at, last_at=mine[0].at,
        heat=heat_of(mine, together, is_place(names[0]), now, span),
    )  # fmt: skip


def _pairs(text: str) -> set[str]:
    return {run[i : i + 2] for run in _HAN.findall(text) for i in range(len(run) - 1)}


def before_and_not_solved(messages: Sequence[tuple[datetime, datetime | None]]) -> int:
    """How many said it again after a case of the issue had been closed. Shape: when each was said, when its case was closed.

    >>> day = datetime(2026, 3, 1)
    >>> before_and_not_solved([(day, day + timedelta(days=2)), (day + timedelta(days=1), None), (day + timedelta(days=9), None)])
    1
    """
    first = min((closed for _, closed in messages if closed), default=None)
    return sum(said > first for said, _ in messages) if first else 0
