"""Intervals against printed examples and against the plain definition, searched for by halves."""

import math
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityloop.stages.evaluate.rules.fair import exact_rate, poisson, wilson

PRINTED = {  # Newcombe 1998, table I, method 3
    (81, 263): (0.2553, 0.3662),
    (15, 148): (0.0624, 0.1605),
    (0, 20): (0.0, 0.1611),
    (1, 29): (0.0061, 0.1718),
}
counts = st.integers(1, 60).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))
Z = 1.959963984540054


def by_halves(low, high, is_below):
    """Where a condition that holds below stops holding."""
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if is_below(middle) else (low, middle)
    return (low + high) / 2


@pytest.mark.parametrize(("count", "ends"), PRINTED.items())
def test_wilson_gives_what_newcombe_printed(count, ends):
    found = wilson(*count)
    assert (round(found.low, 4), round(found.high, 4)) == ends


@given(counts)
def test_wilson_holds_the_shares_that_a_score_test_does_not_refuse(count):
    hits, of = count
    found, seen = wilson(hits, of), hits / of
    refused = lambda share: abs(seen - share) > Z * math.sqrt(share * (1 - share) / of)
    low = by_halves(0, seen, refused) if hits else 0.0
    high = by_halves(seen, 1, lambda share: not refused(share)) if hits < of else 1.0
    assert found.low == pytest.approx(low, abs=1e-9)
    assert found.high == pytest.approx(high, abs=1e-9)


def at_least(hits, of, share):
    return sum(comb(of, each) * share**each * (1 - share) ** (of - each) for each in range(hits, of + 1))


@given(counts)
def test_an_exact_interval_ends_where_a_tail_has_a_fortieth(count):
    hits, of = count
    found = exact_rate(hits, of)
    low = by_halves(0, 1, lambda share: at_least(hits, of, share) < 0.025) if hits else 0.0
    high = by_halves(0, 1, lambda share: 1 - at_least(hits + 1, of, share) > 0.025) if hits < of else 1.0
    assert found.low == pytest.approx(low, abs=1e-9)
    assert found.high == pytest.approx(high, abs=1e-9)


@pytest.mark.parametrize(("of", "share"), [(5, 0.5), (30, 0.9), (80, 0.97), (80, 0.02)])
def test_an_exact_interval_holds_the_truth_as_often_as_it_says(of, share):
    """Summed over every outcome that there can be, not drawn."""
    holds = sum(
        comb(of, hits) * share**hits * (1 - share) ** (of - hits)
        for hits in range(of + 1) if exact_rate(hits, of).low <= share <= exact_rate(hits, of).high
    )  # fmt: skip
    assert holds >= 0.95


@pytest.mark.parametrize(("count", "ends"), [(0, (0.0, 3.689)), (1, (0.025, 5.572)), (10, (4.795, 18.390))])
def test_of_counts_it_gives_what_garwood_printed(count, ends):
    found = poisson(count)
    assert (round(found.low, 3), round(found.high, 3)) == ends


def test_nothing_counted_says_nothing():
    assert wilson(0, 0) == exact_rate(0, 0)
    assert (wilson(0, 0).low, wilson(0, 0).high) == (0.0, 1.0)


@pytest.mark.parametrize("count", [(3, 2), (-1, 4)])
def test_what_is_no_rate_is_refused(count):
    for interval in (wilson, exact_rate):
        with pytest.raises(ValueError, match="no rate"):
            interval(*count)
