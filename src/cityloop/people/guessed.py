"""What is guessed first: passwords that everybody takes, and the words of the place."""

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from cityloop.domain.policy import Policy, Words
from cityloop.people import rules

PRODUCT = ("cityloop", "chengguan", "城管")
ENDS = re.compile("(省|市|区|县|镇|乡|村|街道|社区)$")  # 东岚区 is also called 东岚


@lru_cache(1)
def first_guessed() -> frozenset[str]:
    """Passwords that leaked most often, in small letters, of those that our rules would take.

    Source: the frequency lists of zxcvbn (MIT), which were counted in leaks; scripts/make_guessed.py made the file of them.
    """
    return frozenset((Path(__file__).parent / "guessed.txt").read_text(encoding="utf-8").splitlines())


def words_of(policy: Policy) -> frozenset[str]:
    """The words of the place: the product's name, and those of the city, its areas, units and roles in the pack."""
    named: list[Words] = [policy.name, *(each.name for those in (policy.areas, policy.units, policy.roles) for each in those)]
    return frozenset({*PRODUCT, *(word for each in named for text in each.values() for word in words_in(text))})


def words_in(name: str) -> Iterable[str]:
    """What of a name somebody would take: each word of it, and all of them together.

    >>> sorted(words_in("Donglan District")), sorted(words_in("东岚区"))
    (['district', 'donglan', 'donglandistrict'], ['东岚', '东岚区'])
    """
    parts = re.findall(r"[^\W\d_]+", name.casefold())
    found = {*parts, "".join(parts)}
    found |= {ENDS.sub("", each) for each in found}
    return {each for each in found if len(each) > (2 if each.isascii() else 1)}


def password_chosen(password: str, name: str, policy: Policy) -> str:
    """The password, if the city's rules take it.

    Refuses with `WeakPassword`.
    """
    said = policy.settings
    return rules.password_checked(
        password, name, chars_min=said.password_chars_min, kinds_min=said.password_kinds_min, common=first_guessed(), place=words_of(policy)
    )
