"""Levels: over many simulated cities the promise is kept as often as it says; an optimist's is seen to fail."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityloop.learning.risk import EVERYBODY, Tried, is_shown, levels_of

CITIES = 120
LESSONS = 900
WRONG, CONFIDENCE, AHEAD = 60_000, 900_000, 300


def city(chance, many, boast):
    """Confidences and what was right: with boast 1 the model is as sure as it should be, above it is too sure."""
    sure = chance.beta(6.0, 0.5, many)
    return (sure * 1_000_000).astype(int).tolist(), (chance.random(many) < sure**boast).tolist()


def broken_share(from_of, boast):
    """In how many cities more than the level's share of the next decisions is wrong, and in how many none is made."""
    chance = np.random.default_rng(7)
    broken = never = 0
    for _ in range(CITIES):
        start = from_of([Tried(ppm, right) for ppm, right in zip(*city(chance, LESSONS, boast), strict=True)])
        if start is None:
            never += 1
            continue
        alone: list[bool] = []
        while len(alone) < AHEAD:
            alone += [right for ppm, right in zip(*city(chance, 500, boast), strict=True) if ppm >= start]
        broken += sum(not right for right in alone[:AHEAD]) * 1_000_000 > WRONG * AHEAD
    return broken / CITIES, never / CITIES


def proved(tried):
    return levels_of(tried, wrong_ppm=WRONG, confidence_ppm=CONFIDENCE, ahead=AHEAD).by_group[EVERYBODY].from_ppm


def optimist(tried):
    """The loosest threshold at which the share seen among lessons is just below the level: no bound at all."""
    ranked = sorted(tried, key=lambda each: -each.ppm)
    wrong = np.cumsum([not each.right for each in ranked])
    fits = np.flatnonzero(wrong * 1_000_000 <= WRONG * np.arange(1, len(ranked) + 1))
    return ranked[fits[-1]].ppm if len(fits) else None


# what chance allows in 120 cities where 10 in 100 may be broken: 20 with 99 %
@pytest.mark.parametrize("boast", [1.0, 1.3])
def test_the_promise_is_kept_as_often_as_it_says(boast):
    broken, never = broken_share(proved, boast)
    assert broken <= 20 / CITIES
    assert never < 0.1  # and not by promising nothing


def test_an_optimists_bound_is_seen_to_fail():
    broken, _ = broken_share(optimist, 1.0)
    assert broken > 20 / CITIES


shares = st.integers(1_000, 400_000)
surenesses = st.integers(500_000, 999_000)


@given(st.integers(1, 2_000), st.integers(0, 40), shares, surenesses, st.none() | st.integers(1, 2_000))
def test_fewer_wrong_ones_never_show_less(lessons, wrong, share, sureness, ahead):
    wrong = min(wrong, lessons)
    if is_shown(lessons, wrong, share, sureness, ahead):
        assert is_shown(lessons, max(0, wrong - 1), share, sureness, ahead)
        assert is_shown(lessons, wrong, share, sureness - 1_000, ahead)


@given(st.lists(st.builds(Tried, st.integers(0, 1_000_000), st.booleans()), max_size=300), shares)
def test_what_is_taken_was_within_the_level_among_the_lessons(tried, share):
    level = levels_of(tried, wrong_ppm=share, confidence_ppm=800_000).by_group[EVERYBODY]
    if level.from_ppm is not None:
        above = [each for each in tried if each.ppm >= level.from_ppm]
        assert (len(above), sum(not each.right for each in above)) == (level.shown, level.wrong)
        assert level.wrong * 1_000_000 <= share * level.shown
