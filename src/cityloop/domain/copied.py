"""The same again from one hand: one photo or one text in several reports, one caller many times. For a person to look at."""

from collections import defaultdict
from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct

from cityloop.domain.bigrams import plain

TEXT_CHARS_MIN = 16  # shorter ones are alike by chance
CALLER_MIN = 5  # reports of one caller before anybody need look
MANY = 50  # told at most of each kind


class Twice(StrEnum):
    """What is the same."""

    photo = "photo"  # the same bytes
    text = "text"  # the same words, whatever stands between them
    caller = "caller"  # the same number


class Print(Struct, frozen=True, kw_only=True):
    """By what a report is told to be a copy. `who` tells callers apart and nobody which; empty where none was given."""

    id: str
    text: str
    photos: tuple[str, ...] = ()
    who: str = ""


class Copies(Struct, frozen=True, kw_only=True):
    """Reports that have the same photo, text or caller, in their order. It says nothing of why."""

    what: Twice
    reports: tuple[str, ...]
    people: int  # those who gave no number count one each


def copies_of(prints: Iterable[Print]) -> list[Copies]:
    """Photos and texts that came with reports of several hands, and callers who called often; those in most reports first.

    Shape: at most `MANY` of each kind; the same photo twice in one report is one.
    """
    found: dict[tuple[Twice, str], dict[str, str]] = defaultdict(dict)
    for each in prints:
        for digest in each.photos:
            found[Twice.photo, digest][each.id] = each.who or each.id
        text = "".join(char for char in plain(each.text) if char.isalnum())
        if len(text) >= TEXT_CHARS_MIN:
            found[Twice.text, text][each.id] = each.who or each.id
        if each.who:
            found[Twice.caller, each.who][each.id] = each.who
    copies = [
        Copies(what=what, reports=tuple(of), people=len(set(of.values())))
        for (what, _), of in found.items()
        if len(of) >= (CALLER_MIN if what is Twice.caller else 2) and (what is Twice.caller or len(set(of.values())) > 1)
    ]
    copies.sort(key=lambda each: (-len(each.reports), each.what, each.reports))
    return [each for kind in Twice for each in [one for one in copies if one.what is kind][:MANY]]
