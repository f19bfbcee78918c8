"""Pure decisions about people: names, passwords, axes, locks, masks."""

import re
import unicodedata
from collections.abc import Container, Iterable
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import sha256

from cityloop.domain.permission import ADMINISTRATORS, COMMAND, SUPERVISION
from cityloop.domain.policy import Axis, Post, Role
from cityloop.people.model import BadName, BothAxes, ThreeApart, WeakPassword

NAME_CHARS = (2, 64)
PASSWORD_CHARS_MAX = 200
LONG_ENOUGH, LONG_ENOUGH_WITH_KINDS, KINDS = 10, 8, 3
FAILURES_MAX = 5
LOCK_MIN = 15
LETTERS_LEFT = 4  # a password with fewer, beside the words of the place, is made of these
TURNED = {"a": "[a@4]", "e": "[e3]", "i": "[i1!]", "l": "[l1]", "o": "[o0]", "s": "[s5$]", "t": "[t7]"}  # as everybody turns letters


def name_normal(name: str) -> str:
    """A sign-in name as it is kept: one width, one case.

    Refuses with `BadName`.

    >>> name_normal(" Zhang.Wei ")
    'zhang.wei'
    """
    plain = unicodedata.normalize("NFKC", name).strip().casefold()
    if not NAME_CHARS[0] <= len(plain) <= NAME_CHARS[1] or not plain.isprintable() or " " in plain:
        raise BadName("A sign-in name has 2 to 64 characters and no spaces; choose e.g. zhang.wei.")
    return plain


def name_digest(name: str) -> str:
    """What stands for a name where failures are counted."""
    return sha256(name.encode()).hexdigest()


def password_normal(password: str) -> str:
    """A password as it is hashed: the same characters from every keyboard.

    Source: RFC 8265, OpaqueString.
    """
    return unicodedata.normalize("NFC", password)


def password_checked(
    password: str, name: str, *, chars_min: int = LONG_ENOUGH_WITH_KINDS, kinds_min: int = 0, common: Container[str] = (),
    place: frozenset[str] = frozenset(),
) -> str:  # fmt: skip
    """The password, if it is hard enough to guess. Without `kinds_min` a long one need not be of several kinds.

    `common` are those that everybody takes, `place` the words of the place, both in small letters. Refuses with `WeakPassword`. Source: standards.md 6.1, typical numbers used by assessors.
    """
    plain = password_normal(password)
    kinds = sum(
        any(is_kind(char) for char in plain) for is_kind in (str.islower, str.isupper, str.isdigit, _is_neither)
    )
    if kinds_min and (len(plain) < chars_min or kinds < kinds_min):
        raise WeakPassword(
            f"The password needs {chars_min} characters, and {kinds_min} of four kinds (small, capital, digit, other)."
        )
    if len(plain) < max(chars_min, LONG_ENOUGH_WITH_KINDS if kinds >= KINDS else LONG_ENOUGH):
        raise WeakPassword(
            "The password is too short; take 10 characters, or 8 of three kinds (small, capital, digit, other)."
        )
    if len(plain) > PASSWORD_CHARS_MAX:
        raise WeakPassword(f"The password is longer than {PASSWORD_CHARS_MAX} characters; take a shorter one.")
    folded = plain.casefold()
    if folded in common or len(set(folded)) < 4 or name in folded:
        raise WeakPassword("The password is among the first that are guessed; take one that nobody else has.")
    if is_of_the_place(folded, place):
        raise WeakPassword("The password is made of names of the city or its offices; take words that have nothing to do with it.")
    return plain


def is_of_the_place(folded: str, words: frozenset[str]) -> bool:
    """Whether next to nothing is left of a password without the words of the place, digits and signs.

    >>> words = frozenset(["donglan", "东岚"])
    >>> [is_of_the_place(each, words) for each in ("donglan@2026", "d0ng1an12345", "东岚东岚2026!", "donglan horse", "0123498765")]
    [True, True, True, False, False]
    """
    left, found = pattern_of(words).subn(" ", folded)
    return found > 0 and sum(char.isalpha() for char in left) < LETTERS_LEFT


@lru_cache(4)
def pattern_of(words: frozenset[str]) -> re.Pattern[str]:
    """Any of the words, the longest first, also with signs in the place of letters; with none it finds nothing."""
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    return re.compile("|".join("".join(TURNED.get(char, re.escape(char)) for char in word) for word in longest_first) or "(?!)")


def apart(posts: Iterable[Post], role_by_id: dict[str, Role]) -> None:
    """Whether one person may sit in all of these posts: supervision and command are apart 监督与指挥分离.

    By the axis of the roles, and by what they permit. Refuses with `BothAxes`.
    """
    roles = [role_by_id[post.role] for post in posts]
    axes = {role.axis for role in roles}
    granted = {permission for role in roles for permission in role.permissions}
    if axes >= {Axis.supervision, Axis.command} or (granted & SUPERVISION and granted & COMMAND):
        names = ", ".join(post.id for post in posts)
        raise BothAxes(f"{names} would supervise and command in one person; leave one side's post first.")


def three_apart(posts: Iterable[Post], role_by_id: dict[str, Role]) -> None:
    """Whether one person may sit in all of these posts: system, security and audit are three people 三权分立.

    Refuses with `ThreeApart`.
    """
    granted = {permission for post in posts for permission in role_by_id[post.role].permissions}
    if sum(bool(granted & each) for each in ADMINISTRATORS) > 1:
        raise ThreeApart(
            "One person would administer more than one of system, security and audit; give the post to another person."
        )


def failed_once_more(
    failures: int, locked_until: datetime | None, now: datetime, *, most: int = FAILURES_MAX, lock_min: int = LOCK_MIN
) -> tuple[int, datetime | None]:
    """The count after another wrong password, and until when the name is locked."""
    count = 1 if locked_until else failures + 1  # a lock that has ended begins anew
    return count, now + timedelta(minutes=lock_min) if count >= most else None


def is_strong(how: str) -> bool:
    """Whether who came in so showed two factors: by a code of ours, or by a provider that is trusted to ask for two.

    >>> [is_strong(each) for each in ("password", "password+code", "provider/keycloak", "provider/keycloak+own")]
    [False, True, False, True]
    """
    return how.endswith(("+code", "+own"))


def password_is_over(changed_at: datetime, days: int, now: datetime) -> bool:
    """Whether a password is older than the pack lets it be; 0 days lets it be for ever."""
    return days > 0 and now - changed_at >= timedelta(days=days)


def is_idle(seen_at: datetime, idle_min: int, now: datetime) -> bool:
    """Whether a session was not used for longer than the pack lets it be; 0 minutes let it be for ever."""
    return idle_min > 0 and now - seen_at >= timedelta(minutes=idle_min)


def mask(contact: str) -> str:
    """A contact that can be recognised by who knows it, and not read by who does not.

    >>> mask("13812345678"), mask("0731-8888 1234"), mask("li.na@example.org"), mask("张伟")
    ('138****5678', '073****1234', 'l****@example.org', '张*')
    """
    digits = [char for char in contact if char.isdigit()]
    if len(digits) >= 8:
        return "".join(digits[:3]) + "****" + "".join(digits[-4:])
    local, at, host = contact.partition("@")
    if at:
        return f"{local[:1]}****@{host}"
    return contact[:1] + "*" * max(1, min(len(contact) - 1, 4))


def _is_neither(char: str) -> bool:
    return not (char.islower() or char.isupper() or char.isdigit())
