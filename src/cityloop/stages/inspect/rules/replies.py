"""Pure: what a reply to a reporter lacks. A person decides; only what the pack names in `reply_needs` stops them."""

from collections.abc import Collection, Sequence
from datetime import datetime

from msgspec import Struct

from cityloop.domain.bigrams import bigrams_of
from cityloop.domain.lack import Lack
from cityloop.domain.policy import RequestKind
from cityloop.domain.private import PrivateKind, private_in
from cityloop.stages.inspect.rules import reply_cues as cue

SHORT = 6  # pieces: a shorter question cannot be held against a reply
SHARED_MIN, SHARED_MORE, MORE_EACH = (
    3,
    3,
    30,
)  # pieces that both must have: three, and one more for each thirty asked, up to six
SAID_EACH = 8  # a short reply need not say so many: one for each eight of its own
READ_MAX = 4_000  # of either text


class Stands(Struct, frozen=True, kw_only=True):
    """What a reply is held against. `names`: of class, place and component, as the reporter may call them."""

    asked: str
    names: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    request: RequestKind | None = None
    refused: bool = False
    courtesy: bool = False  # thanks, or saying sorry: nothing was asked
    due: datetime | None = None
    service_phone: str = ""


def lacks_of(text: str, stands: Stands, now: datetime) -> tuple[Lack, ...]:
    """What is missing or amiss, in the order in which a person would mend it.

    >>> stands = Stands(asked="松涛路108号门口的井盖坏了", names=("污水井盖",))
    >>> from datetime import UTC
    >>> [each.value for each in lacks_of("您好，已转相关部门处理，请耐心等待。", stands, datetime(2026, 3, 2, tzinfo=UTC))]
    ['answer', 'who', 'what', 'when', 'forwarded']
    """
    text, asked = text[:READ_MAX], stands.asked[:READ_MAX]
    found = list(_incomplete(text, asked, stands)) if not stands.courtesy else []
    if stands.due and now > stands.due:
        found.append(Lack.late)
    if others_in(text, asked, stands.service_phone):
        found.append(Lack.private)
    return tuple(found)


def needed(lacks: Sequence[Lack], needs: Collection[str]) -> tuple[Lack, ...]:
    """Of what is lacking that which the city does not let pass."""
    return tuple(each for each in lacks if each.value in needs)


def _incomplete(text: str, asked: str, stands: Stands) -> Sequence[Lack]:
    body = cue.SIGNED.sub("", cue.HELLO.sub("", text.strip()).strip())
    found: list[Lack] = []
    if not answers(text, asked, stands.names):
        found.append(Lack.answer)
    informs = stands.request is RequestKind.consult and len(body) >= 15 and not cue.FORWARDS.search(body)
    if not informs:
        done = cue.PASSED_ON.sub("", body)
        if not (cue.WHO.search(done) or any(unit and unit in done for unit in stands.units)):
            found.append(Lack.who)
        if not cue.WHAT.search(cue.NEGATED.sub("", done)):
            found.append(Lack.what)
        if not cue.WHEN.search(done):
            found.append(Lack.when)
        if not cue.RESULT.search(done):
            found.append(Lack.forwarded if cue.FORWARDS.search(body) else Lack.result)
    if stands.refused and not cue.LEGAL.search(body):
        found.append(Lack.basis)
    elif cue.REFUSES.search(body) and not cue.REASON.search(body):
        found.append(Lack.why)
    return found


def answers(text: str, asked: str, names: Sequence[str]) -> bool:
    """Whether a reply speaks of what was asked: by a name that both use, or by enough of the same words."""
    said, wanted = _telling(text), _telling(asked)
    if len(wanted) < SHORT or any(len(name) > 1 and name.lower() in text.lower() for name in names):
        return True
    if {gram for name in names for gram in _telling(name)} & said & wanted:
        return True
    enough = SHARED_MIN + min(SHARED_MORE, len(wanted) // MORE_EACH)
    return len(wanted & said) >= max(1, min(enough, len(said) // SAID_EACH))


def _telling(text: str) -> set[str]:
    return {gram for gram in bigrams_of(text) if len(gram) > 1 and not gram.isdigit()} - cue.STOP


def others_in(text: str, asked: str, service_phone: str = "") -> tuple[PrivateKind, ...]:
    """Kinds of private things in a reply that the reporter did not tell: an office's line is none."""
    found = []
    for each in private_in(text):
        said = text[each.start : each.end]
        if said in asked or (service_phone and service_phone in said):
            continue
        if each.kind is PrivateKind.phone and not cue.MOBILE.search("".join(char for char in said if char.isdigit())):
            continue
        found.append(each.kind)
    return tuple(dict.fromkeys(found))
