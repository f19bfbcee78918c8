"""Pure decisions of the knowledge base: what may be kept, whether it is read, what it is found by."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

from cityloop.domain.bigrams import bigrams_of
from cityloop.domain.calendar import calendar_in
from cityloop.domain.codes import class_key_of
from cityloop.domain.ids import AreaCode, ClassKey
from cityloop.domain.policy import Policy
from cityloop.knowledge.model import Entry, EntryUnsound, ReasonUnknown, Revision, RevisionState, Words

TITLE_CHARS_MAX = 120
TEXT_CHARS_MAX = 8_000
QUESTION_CHARS_MAX = 2_000
NAMED_MAX = 50  # classes, or areas, of one entry
ASKED_CHARS_MAX = 200
TITLE_WEIGHT = 4
WEIGHT_MAX = 40
FAR_BEHIND = 0.2  # of the best score: what is below it answers another question
R = TypeVar("R", bound=StrEnum)


def words_checked(title: str, text: str) -> Words:
    """The title on one line and the words, without control characters.

    Refuses with `EntryUnsound`.
    """
    line, body = " ".join(_plain(title).split()), _plain(text).strip()
    if not line or not body:
        raise EntryUnsound("An entry has a title and words; write both.")
    for what, said, most in (("title", line, TITLE_CHARS_MAX), ("text", body, TEXT_CHARS_MAX)):
        if len(said) > most:
            raise EntryUnsound(f"The {what} has {len(said)} characters; {most} are taken, so shorten it.")
    return Words(title=line, text=body)


def question_checked(text: str) -> str:
    """What was asked.

    Refuses with `EntryUnsound`.
    """
    plain = _plain(text).strip()
    if len(plain) > QUESTION_CHARS_MAX:
        raise EntryUnsound(f"The question has {len(plain)} characters; {QUESTION_CHARS_MAX} are taken, so shorten it.")
    return plain


def named_checked(
    classes: Sequence[str], areas: Sequence[str], owner: str, policy: Policy
) -> tuple[tuple[ClassKey, ...], tuple[AreaCode, ...]]:
    """Classes and areas of the pack; the owner must be one of its units.

    Refuses with `EntryUnsound`, or with what `domain/` says of class codes.
    """
    if len(classes) > NAMED_MAX or len(areas) > NAMED_MAX:
        raise EntryUnsound(f"An entry names {NAMED_MAX} classes and {NAMED_MAX} areas at most; name those above them.")
    if unknown := [each for each in areas if each not in policy.area_by_code]:
        raise EntryUnsound(f"There is no area {unknown[0][:40]}; take areas from the pack.")
    if owner not in policy.unit_by_id:
        raise EntryUnsound(f"There is no unit {owner[:40]} to answer for it; take a unit from the pack.")
    keys = tuple(dict.fromkeys(class_key_of(each, policy.class_by_key) for each in classes))
    return keys, tuple(dict.fromkeys(AreaCode(each) for each in areas))


def day_checked(valid_until: date, now: datetime, policy: Policy) -> date:
    """The last day on which it is read.

    Refuses with `EntryUnsound`.
    """
    if valid_until < today(now, policy):
        raise EntryUnsound(f"{valid_until} is past; give the last day on which the entry holds.")
    return valid_until


def reason_checked(given: str, kind: type[R]) -> R:
    """The reason, if it is one of its kind.

    Refuses with `ReasonUnknown`.
    """
    if given not in kind.__members__.values():
        raise ReasonUnknown(f"{given[:40]} is no reason; choose one of {', '.join(kind)}.")
    return kind(given)


def today(now: datetime, policy: Policy) -> date:
    """The day by the city's clock."""
    return now.astimezone(calendar_in(policy).zone).date()


def why_not_read(entry: Entry, revision: Revision | None, day: date) -> str | None:
    """Why nobody is answered with the entry: `waiting`, `retired`, `expired`; None where it is read."""
    if entry.retired_at:
        return "retired"
    if revision is None or revision.state is not RevisionState.published:
        return "waiting"
    return "expired" if revision.valid_until < day else None


def weights_of(words: Words) -> dict[str, int]:
    """What an entry is found by: each piece of its text, heavier where the title has it too."""
    counts = Counter(bigrams_of(words.text))
    for gram in bigrams_of(words.title):
        counts[gram] += TITLE_WEIGHT
    return {gram: min(count, WEIGHT_MAX) for gram, count in counts.items()}


def grams_asked(asked: str) -> list[str]:
    """The different pieces of what is asked for."""
    return list(dict.fromkeys(bigrams_of(asked[:ASKED_CHARS_MAX])))


def worth_showing(scores: Sequence[float]) -> int:
    """How many of the found, best first, are shown: none that is far behind the best.

    >>> worth_showing([8.0, 2.0, 1.0]), worth_showing([])
    (2, 0)
    """
    return sum(each >= scores[0] * FAR_BEHIND for each in scores)


def excerpt(text: str, grams: Iterable[str], chars: int = 90) -> str:
    """The part of a text in which what was asked for stands first.

    >>> excerpt("甲" * 100 + "路灯坏了打电话" + "乙" * 100, ["路灯"], 12)
    '…甲甲甲甲路灯坏了打电话乙…'
    """
    low = text.lower()
    places = [place for gram in grams if (place := low.find(gram)) >= 0]
    start = max(0, min(places, default=0) - chars // 3)
    cut = text[start : start + chars]
    return ("…" if start else "") + cut + ("…" if start + chars < len(text) else "")


def _plain(text: str) -> str:
    return "".join(char for char in text.replace("\r\n", "\n") if char.isprintable() or char == "\n")
