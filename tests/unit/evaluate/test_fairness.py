"""Few cases drawn to the group, places as ranges, unlike work made alike, scores as uncertain as their numbers."""

import math
from functools import lru_cache
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityloop.stages.evaluate.rules.fair import (
    Interval,
    Part,
    Place,
    Stratum,
    apart,
    drawn,
    exact_rate,
    places,
    prior_of,
    standardised,
    sum_of,
)

# drawn to the group


def plain_likelihood(counts, share, weight):
    """Beta-binomial, by factorials of products and nothing else."""
    above, below, total = share * weight, (1 - share) * weight, 0.0
    for hits, of in counts:
        total += sum(math.log(above + each) for each in range(hits)) + sum(math.log(below + each) for each in range(of - hits))
        total -= sum(math.log(weight + each) for each in range(of))
    return total


@pytest.mark.parametrize("seed", range(6))
def test_the_groups_weight_is_the_likeliest(seed):
    random = np.random.default_rng(seed)
    of = random.integers(5, 80, 12)
    hits = random.binomial(of, random.beta(12, 4, 12))
    counts = [(int(a), int(b)) for a, b in zip(hits, of, strict=True)]
    prior = prior_of(counts)
    best = max(plain_likelihood(counts, prior.share, math.exp(each / 50)) for each in range(-30, 690))
    assert prior.share == pytest.approx(hits.sum() / of.sum())
    assert plain_likelihood(counts, prior.share, prior.weight) >= best - 1e-6


def test_the_fewer_the_cases_the_nearer_to_the_group():
    prior = prior_of([(90, 100), (60, 100), (75, 100), (2, 2)])
    small, great = drawn(2, 2, prior), drawn(100, 100, prior)
    assert prior.share < small.share < great.share < 1
    assert small.within.high - small.within.low > great.within.high - great.within.low


def test_without_differences_the_group_says_all():
    prior = prior_of([(8, 10), (80, 100), (40, 50)])
    assert drawn(0, 1, prior).share == pytest.approx(0.8, abs=1e-4)


def test_of_two_nobody_knows_how_they_differ():
    assert prior_of([(8, 10), (1, 10), (0, 0)]) is None


def test_where_nobody_failed_one_case_changes_little():
    prior = prior_of([(10, 10), (5, 5), (8, 8)])
    assert (prior.share, drawn(0, 0, prior).share) == (1.0, 1.0)


def test_what_is_drawn_is_nearer_to_the_truth():
    """That is what it is for: less squared error than the raw shares, over forty groups."""
    random, raw, near = np.random.default_rng(5), 0.0, 0.0
    for _ in range(40):
        truth, of = random.beta(18, 4, 15), random.integers(1, 40, 15)
        hits = random.binomial(of, truth)
        prior = prior_of(list(zip(hits.tolist(), of.tolist(), strict=True)))
        raw += float(((hits / of - truth) ** 2).sum())
        near += sum((drawn(int(h), int(n), prior).share - t) ** 2 for h, n, t in zip(hits, of, truth, strict=True))
    assert near < 0.7 * raw


# places


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=6))
def test_places_are_those_of_every_truth_that_the_intervals_allow(ends):
    """The slow, plain truth: every point of every interval, ordered."""
    intervals = {str(n): Interval(min(each), max(each)) for n, each in enumerate(ends)}
    found = places(intervals)
    for name, own in intervals.items():
        others = [each for other, each in intervals.items() if other != name]
        best = min(1 + sum(each.low > value for each in others) for value in (own.low, own.high))
        worst = max(len(intervals) - sum(each.high < value for each in others) for value in (own.low, own.high))
        assert found[name] == Place(best, worst)


def test_ties_share_their_places():
    same = Interval(0.4, 0.6)
    assert set(places({"a": same, "b": same, "c": same}).values()) == {Place(1, 3)}


def test_all_places_hold_at_once_as_often_as_they_say():
    """Eighty units that hardly differ, three hundred periods: how often any true place lies outside.

    With intervals that hold one by one only, it is in 28 of a hundred.
    """
    random, units, of, wrong = np.random.default_rng(3), 80, 200, 0
    needs = apart(units)
    interval = lru_cache(None)(lambda hits: exact_rate(hits, of, needs))
    truth = 0.5 + np.arange(units)[::-1] * 1e-6
    for _ in range(300):
        hits = random.binomial(of, truth).tolist()
        found = places({str(n): interval(hits[n]) for n in range(units)})
        wrong += any(not found[str(n)].best <= n + 1 <= found[str(n)].worst for n in range(units))
    assert wrong <= 0.05 * 300


# unlike work


def test_a_unit_with_hard_work_is_no_worse_by_hand():
    """Potholes are late 40 of 100, litter 10 of 200. Roads has 80 potholes and 20 of litter."""
    rows = [
        Stratum(object="roads", kind=("pothole",), hits=32, of=80),
        Stratum(object="roads", kind=("litter",), hits=1, of=20),
        Stratum(object="clean", kind=("pothole",), hits=8, of=20),
        Stratum(object="clean", kind=("litter",), hits=9, of=180),
    ]
    found = standardised(rows)
    assert found["roads"].expected == pytest.approx(80 * 0.4 + 20 * 0.05)  # 33
    assert found["roads"].ratio == pytest.approx(1.0)
    assert found["clean"].expected == pytest.approx(8 + 9)
    assert found["roads"].share == found["clean"].share == pytest.approx(50 / 300)
    assert (found["roads"].within.low < 1 < found["roads"].within.high) is True


def test_what_nobody_else_does_says_nothing():
    rows = [
        Stratum(object="a", kind=("lamps",), hits=9, of=10),
        Stratum(object="a", kind=("litter",), hits=1, of=10),
        Stratum(object="b", kind=("litter",), hits=3, of=10),
        Stratum(object="c", kind=("ice",), hits=3, of=10),
    ]
    found = standardised(rows)
    assert (found["a"].alone, found["a"].observed, found["a"].expected) == (10, 1, 2.0)
    assert found["a"].ratio == 0.5
    assert (found["c"].ratio, found["c"].within, found["c"].share, found["c"].alone) == (None, None, None, 10)


def test_where_nothing_went_wrong_nothing_is_divided():
    found = standardised([Stratum(object=each, kind=(), hits=0, of=5) for each in "ab"])
    assert found["a"].ratio is None


strata = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from("xyz"), st.integers(0, 9), st.integers(0, 9)), max_size=12
)


@given(strata)
def test_expected_and_observed_are_the_same_over_all(rows):
    found = standardised(Stratum(object=o, kind=(k,), hits=h, of=h + more) for o, k, h, more in rows)
    assert sum(each.expected for each in found.values()) == pytest.approx(sum(each.observed for each in found.values()))


# scores


def test_one_number_gives_its_own_interval_times_its_weight():
    own = exact_rate(8, 10)
    found = sum_of([Part(numerator=8, denominator=10, gives=lambda value: 40 * value)], sure=5)
    assert (found.low, found.high) == pytest.approx((5 + 40 * own.low, 5 + 40 * own.high))


def test_a_falling_formula_turns_the_ends_around():
    own = exact_rate(8, 10)
    found = sum_of([Part(numerator=8, denominator=10, gives=lambda value: 1 - value)])
    assert (found.low, found.high) == pytest.approx((1 - own.high, 1 - own.low))


def test_a_score_without_numbers_is_sure():
    assert sum_of([], sure=12) == Interval(12, 12)


def test_a_sum_holds_the_truth_though_its_numbers_count_the_same_cases():
    """Two rates of the same cases, wholly alike: summed over all outcomes of 40 cases with a share of 0.8."""
    of, share, holds = 40, 0.8, 0.0
    for hits in range(of + 1):
        parts = [Part(numerator=hits, denominator=of, gives=lambda value: 50 * value)] * 2
        found = sum_of(parts)
        if found.low <= 80 <= found.high:
            holds += math.comb(of, hits) * share**hits * (1 - share) ** (of - hits)
    assert holds >= 0.95


def test_two_rates_together_are_as_wide_as_all_of_their_pairs():
    """At the confidence that each needs: the least and the most of every pair of shares inside."""
    needs = apart(2)
    first, second = exact_rate(9, 12, needs), exact_rate(3, 30, needs)
    pairs = product(np.linspace(first.low, first.high, 50), np.linspace(second.low, second.high, 50))
    sums = [60 * one - 30 * other for one, other in pairs]
    found = sum_of(
        [
            Part(numerator=9, denominator=12, gives=lambda value: 60 * value),
            Part(numerator=3, denominator=30, gives=lambda value: -30 * value),
        ]
    )
    assert (found.low, found.high) == pytest.approx((min(sums), max(sums)))
