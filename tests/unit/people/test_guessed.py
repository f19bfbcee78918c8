"""What is guessed first is refused: the passwords that everybody takes, and the words of the place."""

import contextlib

import pytest
from scripts.make_guessed import fits
from tests.people_world import policy

from cityloop.people import rules
from cityloop.people.guessed import PRODUCT, first_guessed, password_chosen, words_in, words_of
from cityloop.people.model import WeakPassword


def taken_somehow(folded: str) -> str:
    """The same password in a mix of small letters and capitals that our rules would take, as long as nobody lists it."""
    letters = [place for place, char in enumerate(folded) if char.isalpha()]
    return "".join(char.upper() if place in letters[:1] else char for place, char in enumerate(folded))


def test_the_three_thousand_that_everybody_takes_are_refused():
    """At least so many of those that would pass otherwise: an entry that is too short anyway counts for nothing."""
    found = first_guessed()
    assert len(found) >= 3_000
    assert [each for each in found if each != each.casefold() or not fits(each)] == []
    passed = []
    for each in sorted(found):
        for typed in (each, each.upper(), taken_somehow(each)):
            with contextlib.suppress(WeakPassword):
                passed.append(rules.password_checked(typed, "zhang.wei", common=found))
    assert passed == []


def test_most_of_them_would_pass_without_the_list():
    """Else the list would prove nothing."""

    def passes(password: str) -> bool:
        try:
            return bool(rules.password_checked(password, "zhang.wei"))
        except WeakPassword:
            return False

    assert sum(passes(taken_somehow(each)) for each in first_guessed()) >= 3_000


@pytest.mark.parametrize("password", ["Jichuan@2026", "Donglan2026!", "D0ng1an12345!", "霁川市2026Ab!", "东岚东岚2026!A", "Cityloop-2026", "Chengguan888", "Municipal.Works.1"])
def test_words_of_the_place_make_no_password(password):
    with pytest.raises(WeakPassword):
        password_chosen(password, "zhang.wei", policy())


@pytest.mark.parametrize("password", ["Donglan-horse-7", "Correct-horse-7", "Better-horse-8", "马到成功Ab1!x", "0123498765!a", "Cityloop-demo"])
def test_a_word_of_the_place_among_others_is_no_harm(password):
    assert password_chosen(password, "zhang.wei", policy()) == password


def test_the_words_of_the_place_are_those_of_the_product_and_of_the_pack():
    words = words_of(policy())
    assert set(PRODUCT) <= words
    assert {"jichuan", "霁川", "donglan", "东岚区"} <= words
    assert all(len(each) > 1 and each == each.casefold() for each in words)
    assert [set(words_in(each)) for each in ("A", "区", "42")] == [set(), set(), set()]


def test_without_words_nothing_is_of_the_place():
    assert not rules.is_of_the_place("2026!", frozenset())
