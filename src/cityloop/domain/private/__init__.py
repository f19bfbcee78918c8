"""Names, numbers and doors by which a person is known, found in a text and masked so that it can still be read. Pure."""

from collections.abc import Collection
from hashlib import blake2b

from cityloop.domain.one_form import in_place
from cityloop.domain.private.accounts import accounts_in, emails_in
from cityloop.domain.private.doors import doors_in
from cityloop.domain.private.kinds import FOR_ALL, FOR_WORK, REST_OF_NAME, STANDS_FOR, Private, PrivateKind
from cityloop.domain.private.names import names_in, shown_of
from cityloop.domain.private.numbers import numbers_in
from cityloop.domain.private.plates import plates_in

__all__ = ["FOR_ALL", "FOR_WORK", "Private", "PrivateKind", "for_all", "for_work", "masked", "private_in"]

KNOWN_MAX = 16_384  # texts in which nothing private is, remembered by their digest: pages show the same ones again and again
_clean: set[tuple[bytes, frozenset[PrivateKind]]] = set()
ROUNDS_MAX = 8  # what a mask has parted may make sense anew; each round leaves less to find


def private_in(text: str) -> list[Private]:
    """Everything private in a text, in its order; nothing lies over another. Takes time in proportion to the length.

    >>> [(each.kind.value, each.start, each.end) for each in private_in("联系人张伟，电话138 7462 0519")]
    [('name', 3, 5), ('phone', 8, 21)]
    """
    if not text:
        return []
    flat = in_place(text)
    found = [*emails_in(flat), *accounts_in(flat), *plates_in(flat), *numbers_in(flat), *doors_in(flat)]
    taken = _apart(found)
    numbers = {place for each in taken if each.kind is not PrivateKind.address for place in (each.start, each.end)}
    return _apart([*taken, *names_in(flat, numbers)])


def masked(text: str, kinds: Collection[PrivateKind] = FOR_ALL) -> str:
    """The text with these kinds taken out. Masked once more it stays as it is.

    >>> masked("联系人张伟，电话13874620519，住3栋2单元501室")
    '联系人张**，电话【电话】，住【门牌】'
    """
    key = (blake2b(text.encode(errors="surrogatepass"), digest_size=16).digest(), frozenset(kinds))
    if key in _clean:
        return text
    for no in range(ROUNDS_MAX):
        found = [each for each in private_in(text) if each.kind in kinds]
        if not found:
            if no == 0:
                _remember(key)
            break
        parts, at = [], 0
        for each in found:
            parts += [text[at : each.start], _stands_for(text, each)]
            at = each.end
        text = "".join([*parts, text[at:]])
    return text


def _remember(key: tuple[bytes, frozenset[PrivateKind]]) -> None:
    if len(_clean) >= KNOWN_MAX:
        _clean.clear()
    _clean.add(key)


def for_work(text: str) -> str:
    """What people wrote, as the staff read it who work on it: nobody is named in it, doors and plates stay.

    Whole it is shown only where the asking is a fact: `cases.reveal`, and the history of who calls.
    """
    return masked(text, FOR_WORK)


def for_all(text: str) -> str:
    """What people wrote, as anybody may read it: strangers, other cities, knowledge, what models learn from."""
    return masked(text, FOR_ALL)


def _stands_for(text: str, private: Private) -> str:
    if private.kind is PrivateKind.name:
        return shown_of(text[private.start : private.end]) + REST_OF_NAME
    return STANDS_FOR[private.kind]


def _apart(found: list[Private]) -> list[Private]:
    """Of what lies over another the surer, then the longer one; in the order of the text."""
    if len(found) < 2:
        return found
    found.sort(key=lambda each: (each.start, -each.end))
    kept: list[Private] = []
    for each in found:
        if not kept or each.start >= kept[-1].end:
            kept.append(each)
        elif (each.sure_ppm, each.end - each.start) > (kept[-1].sure_ppm, kept[-1].end - kept[-1].start):
            kept[-1] = each
    return kept
