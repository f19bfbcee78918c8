"""Residents' messages: most have a proposal, and what is right among the first three is told."""

import msgspec
import pytest
from real.blind import blind, labels, sample, texts
from real.page import note
from real.run import CITIES

from cityloop.packs import load
from cityloop.stages.understand.rules import guess_of

PROPOSED_SHARE_MIN = 0.8
FIRST_THREE_SHARE_MIN = 0.7  # a floor under what was measured, so that a change for the worse is seen
SURE_RIGHT_SHARE_MIN = 0.75


@pytest.fixture(scope="module")
def city():
    return load(CITIES["messages"][0])


@pytest.fixture(scope="module")
def messages():
    return texts()


def proposed(city, messages) -> int:
    return sum(bool(guess_of(text, None, city).proposals) for text in messages.values())


@pytest.mark.real
def test_most_messages_have_a_proposal(city, messages):
    with_one = proposed(city, messages)
    print(f"messages {len(messages)}, with a proposal {with_one / len(messages):.1%}")
    assert with_one >= len(messages) * PROPOSED_SHARE_MIN


@pytest.mark.real
def test_what_was_labelled_blind_is_found_among_the_first_three(city, messages):
    assert list(labels()) == sample(list(messages))
    assert {key for keys in labels().values() for key in keys} <= set(city.class_by_key)
    told = blind(city, messages)
    print(msgspec.json.encode(told).decode())
    assert told.first_three_right >= told.labelled * FIRST_THREE_SHARE_MIN
    assert told.sure_right >= told.sure * SURE_RIGHT_SHARE_MIN
    note("guesses", {"messages": len(messages), "proposed": proposed(city, messages), "blind": told})
