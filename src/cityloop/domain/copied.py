"""The same again from one hand: one photo or one text in several reports, one caller many times. For a person to look at."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta

from msgspec import Struct

from cityloop.domain.bigrams import plain
from cityloop.domain.facts import Join
from cityloop.domain.facts.understand import Copied, Twice
from cityloop.domain.ids import ReportId

TEXT_CHARS_MIN = 16  # shorter ones are alike by chance
TEXT_CHARS_READ = 400  # of a long one its beginning
TEXT_WITHIN = timedelta(days=90)  # the same words a year later are a problem that came back; a photo is a copy whenever it was taken
COPIES_COUNTED = 20  # more are counted no further
LAST_MAX = 3
CALLER_MIN = 5  # reports of one caller before anybody need look
MANY = 50  # told at most of each kind


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


class Earlier(Struct, frozen=True, kw_only=True):
    """An earlier report in which the same stood. `hand` tells callers apart and nobody which."""

    what: Twice
    report: ReportId
    hand: str


def words_only(text: str) -> str:
    """The words of a text by which copies of it are told; nothing where they are too few to tell.

    >>> words_only("每天早上，垃圾堆在楼道门口，没有人清运！"), words_only("路灯坏了")
    ('每天早上垃圾堆在楼道门口没有人清运', '')
    """
    words = "".join(char for char in plain(text[:TEXT_CHARS_READ]) if char.isalnum())
    return words if len(words) >= TEXT_CHARS_MIN else ""


def copied_in(earlier: Iterable[Earlier], hand: str) -> tuple[Copied, ...]:
    """What of a report from this hand is a copy, by the earlier ones that have the same, the newest first; each report once."""
    found: dict[Twice, dict[ReportId, str]] = {}
    for each in earlier:
        found.setdefault(each.what, {})[each.report] = each.hand
    return tuple(
        Copied(what=what, reports=len(of), people=len({hand, *of.values()}), last=tuple(of)[:LAST_MAX]) for what, of in sorted(found.items())
    )


def why_copied(copied: Sequence[Copied], join: Join | None, join_auto_ppm: int) -> tuple[str, ...]:
    """Why a copy is for a person, as codes with how many there are; not where it surely is another sight of an open case."""
    if join and join.confidence_ppm >= join_auto_ppm:
        return ()
    return tuple(f"copied_{each.what}:{each.reports}" for each in copied)


def copies_of(prints: Iterable[Print]) -> list[Copies]:
    """Photos and texts that came with reports of several hands, and callers who called often; those in most reports first.

    Shape: at most `MANY` of each kind; the same photo twice in one report is one.
    """
    found: dict[tuple[Twice, str], dict[str, str]] = defaultdict(dict)
    for each in prints:
        for digest in each.photos:
            found[Twice.photo, digest][each.id] = each.who or each.id
        if text := words_only(each.text):
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
