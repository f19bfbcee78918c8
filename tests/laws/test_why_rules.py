"""Each rule of causes beside a slow, plain oracle, and figures worked out by hand."""

from math import exp, log, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest, fisher_exact

from cityloop.simulation.planted import rows_planted
from cityloop.stages.evaluate.rules.why import again, many, spots, together
from cityloop.stages.evaluate.rules.why.following import follows
from cityloop.stages.evaluate.rules.why.wandering import wanderings

PS = st.lists(st.floats(1e-9, 1.0), min_size=1, max_size=30)


@given(PS, st.sampled_from([0.01, 0.05, 0.2]))
def test_a_corrected_p_is_told_just_where_the_step_up_procedure_tells_it(p, level):
    """The procedure as written: the greatest k with p(k) <= k/m·level, and all up to it."""
    m = len(p)
    harmonic = sum(1 / i for i in range(1, m + 1))
    for correct, dearer in ((many.benjamini_hochberg, 1.0), (many.benjamini_yekutieli, harmonic)):
        told = [k for k in range(1, m + 1) if sorted(p)[k - 1] <= k / m * level / dearer * (1 + 1e-12)]
        least = sorted(p)[max(told) - 1] if told else -1.0
        assert [q <= level * (1 + 1e-9) for q in correct(np.array(p))] == [each <= least for each in p]


@given(st.integers(0, 40), st.integers(0, 40))
def test_wilson_is_what_the_library_has(part, more):
    whole = part + more
    share = many.share_of(part, whole)
    if whole == 0:
        assert (share.value, share.low, share.high) == (None, 0.0, 1.0)
        return
    other = binomtest(part, whole).proportion_ci(0.95, method="wilson")
    assert (share.low, share.high) == pytest.approx((other.low, other.high), abs=1e-9)


def line(cell: str, ring: int) -> list[str]:
    """A city of one street: cells are numbered along it."""
    return [str(int(cell) + step) for step in range(-ring, ring + 1)]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=4, max_size=14))
def test_gi_star_is_the_formula_of_the_paper(counts):
    given_counts = {str(10 + place): count for place, count in enumerate(counts)}
    found = {each.cell: each for each in spots.hot_spots(given_counts, line, seed=1)}
    n, mean = len(counts), sum(counts) / len(counts)
    s = sqrt(sum(x * x for x in counts) / n - mean**2) if len(set(counts)) > 1 else 0.0
    for cell in given_counts:
        w = {other: 1 if other in line(cell, 1) else 0 for other in given_counts}
        below = s * sqrt((n * sum(v * v for v in w.values()) - sum(w.values()) ** 2) / (n - 1))
        z = (sum(w[o] * given_counts[o] for o in w) - mean * sum(w.values())) / below if below > 1e-9 else 0.0
        assert found[cell].z == pytest.approx(z, abs=1e-6)


def test_a_hot_corner_is_found_and_nothing_where_all_is_chance():
    """One street of 200 cells, by hand: 3 a cell, and 12 in three neighbours."""
    rng = np.random.default_rng(5)
    counts = {str(100 + n): int(x) for n, x in enumerate(rng.poisson(3, 200))}
    assert not [each for each in spots.hot_spots(counts, line, seed=2) if each.q <= 0.05]
    counts |= {"150": 12, "151": 13, "152": 12}
    hot = [each.cell for each in spots.hot_spots(counts, line, seed=2) if each.q <= 0.05]
    assert hot[0] == "151"
    assert set(hot) <= {"149", "150", "151", "152", "153"}


def test_few_worlds_of_chance_have_a_hot_spot():
    """False discovery rate at 5 %: of forty worlds without any, hardly more than two claim one."""
    claims = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        counts = {str(100 + n): int(x) for n, x in enumerate(rng.negative_binomial(2, 0.3, 120))}
        claims += any(each.q <= 0.05 for each in spots.hot_spots(counts, line, seed=seed))
    assert claims <= 6


def slow_strength(cells, periods, inside, first, last) -> float:
    """Kulldorff's ratio of one cylinder, counted case by case."""
    whole = len(cells)
    c = sum(1 for cell, at in zip(cells, periods, strict=True) if cell in inside and first <= at <= last)
    place = sum(cell in inside for cell in cells)
    time = sum(first <= at <= last for at in periods)
    e = place * time / whole
    if c <= e or c < spots.ENOUGH:
        return 0.0
    rest = (whole - c) * log((whole - c) / (whole - e)) if whole > c else 0.0
    return c * log(c / e) + rest


def test_the_strongest_cluster_is_the_one_that_counting_every_cylinder_finds():
    rng = np.random.default_rng(3)
    cells = [str(10 + n) for n in rng.integers(12, size=150)] + ["15"] * 9 + ["16"] * 7
    periods = np.array([*rng.integers(10, size=150), *[4] * 9, *[5] * 7])
    found = spots.clusters(cells, periods, 10, line, longest=3, seed=1, shuffles=99)
    best = max(
        (slow_strength(cells, periods, line(cell, ring), first, first + length - 1), cell, ring, first, length)
        for cell in sorted(set(cells)) for ring in range(3) for length in (1, 2, 3) for first in range(11 - length)
    )  # fmt: skip
    assert found[0].strength == pytest.approx(best[0])
    assert found[0].cell in ("15", "16")
    assert found[0].p == 0.01


def test_clusters_of_chance_are_told_as_chance():
    worlds = 0
    for seed in range(30):
        rng = np.random.default_rng(seed)
        cells = [str(10 + n) for n in rng.choice(20, 300, p=np.arange(1, 21) / 210)]
        found = spots.clusters(cells, rng.integers(12, size=300), 12, line, longest=3, seed=seed, shuffles=99)
        worlds += any(each.p <= 0.05 for each in found)
    assert worlds <= 5


def test_what_lies_close_together_is_not_said_to_come_back():
    """A class of five hundred cases in one square of 600 metres: it is where it was before by chance alone."""
    rows, _ = rows_planted(5, plant=False)
    lon, lat = rows.lon.copy(), rows.lat.copy()
    rng, there = np.random.default_rng(1), rows.class_key == "made/event/0103"
    lon[there], lat[there] = 110.05 + rng.uniform(0, 0.006, there.sum()), 30.05 + rng.uniform(0, 0.0055, there.sum())
    dense = type(rows)(**{name: getattr(rows, name) for name in rows.__struct_fields__} | {"lon": lon, "lat": lat})
    assert again.back_within(dense, 7)[0][there].mean() > 0.1
    assert not [each for each in together.goes_together(dense) if each.what is together.What.back]


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([3, 7]))
def test_what_is_back_is_what_looking_at_every_pair_finds(seed, days):
    rows, _ = rows_planted(seed, cases=150, days=40, streets=2, classes=3)
    back, known = again.back_within(rows, days)
    xy = again.metres(rows.lon, rows.lat)
    for i in range(len(rows)):
        slow = any(
            rows.class_key[i] == rows.class_key[j] and i != j and np.hypot(*(xy[i] - xy[j])) <= again.NEAR_M
            and 0 < rows.opened[j] - rows.closed[i] <= days * again.DAY
            for j in range(len(rows))
        )  # fmt: skip
        assert known[i] == (rows.closed[i] + days * again.DAY <= rows.until)
        assert back[i] == (slow and known[i])


def test_a_step_is_worked_out_by_hand():
    """Before 10, 12, 8, 10 (mean 10); lately 20, 24, 16 (mean 20): twice as many.

    Pearson: (0+4+4+0)/10 + (0+16+16)/20 = 2.4 over 5 degrees: below 1, so 1. Error: sqrt(1/60 + 1/40).
    """
    counts, lately = np.array([10.0, 12, 8, 10, 20, 24, 16]), np.arange(7) >= 4
    ratio, low, high, p, dispersion = again.rate_ratio(counts, lately)
    far = 2.5705818 * sqrt(1 / 60 + 1 / 40)
    assert (ratio, dispersion) == (pytest.approx(2.0), 1.0)
    assert (low, high) == pytest.approx((2 * exp(-far), 2 * exp(far)), rel=1e-6)
    assert p == pytest.approx(0.0183, abs=2e-3)


def test_periods_that_differ_by_themselves_make_no_rising_class():
    """Weeks with far more spread than counts have: of forty worlds of ten classes hardly any claims a rise."""
    claims = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        classes, period = [], []
        for key in range(10):
            for week, count in enumerate(rng.negative_binomial(4, 0.25, 20)):
                classes += [f"k{key}"] * count
                period += [week] * count
        rises = again.rising(np.array(classes), np.array(period), 20, 6)
        claims += any(each.q <= 0.05 for each in rises)
    assert claims <= 6


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 30), st.integers(1, 30), st.integers(1, 60), st.integers(1, 200))
def test_the_chance_of_a_condition_is_fishers(a, b, c, d):
    had = np.array([True] * a + [False] * b + [True] * c + [False] * d)
    claim = together.Claim(
        what=together.What.late, class_key=None, condition=(), under=np.arange(a + b), had=had, asked=np.ones(len(had), bool)
    )  # fmt: skip
    slow = fisher_exact([[a, b], [c, d]], alternative="greater").pvalue
    assert together._chances([claim])[0] == pytest.approx(slow, rel=1e-6)


def test_the_interval_of_a_lift_covers_nineteen_times_of_twenty():
    rng = np.random.default_rng(1)
    truth, inside = (0.06 / (0.2 * 0.15)), 0
    for n11, n10, n01, n00 in rng.multinomial(800, [0.06, 0.14, 0.09, 0.71], 2_000):
        _, low, high = together.lift_of(n11, n11 + n10, n11 + n01, n11 + n10 + n01 + n00)
        inside += low <= truth <= high
    assert 0.93 <= inside / 2_000 <= 0.97


def test_a_confounder_is_named_where_nothing_is_left_within_it():
    """By hand: unit u has only class x, half of which is late for everybody; of class y a tenth is late for everybody."""
    had = np.array([True, False] * 100 + [True] + [False] * 9 + ([True] + [False] * 9) * 19)
    classes = np.array(["x"] * 200 + ["y"] * 200)
    inside = np.zeros(400, bool)
    inside[:120], inside[200:220] = True, True  # u: 120 of x, 20 of y
    asked = np.ones(400, bool)
    raw = together.risk_ratio(had, inside, np.full(400, ""), asked)
    assert raw == pytest.approx((62 / 140) / (58 / 260))
    assert together.risk_ratio(had, inside, classes, asked) == pytest.approx(1.0)
    claim = together.Claim(
        what=together.What.late, class_key=None, condition=(("unit", "u"),), under=np.flatnonzero(inside), had=had, asked=asked
    )  # fmt: skip
    (seen,) = together._confounders(claim, {"class": classes})
    assert (seen.factor, seen.explains) == ("class", True)


def test_what_follows_is_found_and_counted_as_pair_by_pair():
    """Two hundred burst pipes; half are followed at their place, two days later, by a sunken road."""
    rng = np.random.default_rng(7)
    rows, _ = rows_planted(11, plant=False, cases=1_200)
    pipe, road = "made/event/0101", "made/event/0102"
    keys, opened, lon, lat = rows.class_key.copy(), rows.opened.copy(), rows.lon.copy(), rows.lat.copy()
    pipes, roads = np.flatnonzero(keys == pipe), np.flatnonzero(keys == road)
    for one, other in zip(rng.permutation(pipes)[:40], roads, strict=False):
        opened[other], lon[other], lat[other] = opened[one] + 2 * again.DAY, lon[one] + 1e-5, lat[one]
    changed = type(rows)(**{name: getattr(rows, name) for name in rows.__struct_fields__} | {"opened": opened, "lon": lon, "lat": lat})
    found = follows(changed, seed=3, shuffles=199)
    assert [(each.first, each.then) for each in found] == [(pipe, road)]
    xy = again.metres(lon, lat)
    slow = sum(
        np.hypot(*(xy[i] - xy[j])) <= 150 and 0 < opened[j] - opened[i] <= 7 * again.DAY for i in pipes for j in roads
    )  # fmt: skip
    assert found[0].pairs == slow >= 40


def test_there_and_back_is_counted_by_hand():
    rows, _ = rows_planted(1, cases=20, days=30, plant=False)
    walks = (("a", "b", "a"), ("a", "b"), ("b", "a"), ("a", "a", "b"), ("c",), ("a", "c"), *[()] * 14)
    changed = type(rows)(**{name: getattr(rows, name) for name in rows.__struct_fields__} | {"walks": walks})
    (pair,) = wanderings(changed)
    assert (pair.a, pair.b, pair.moves, pair.there_and_back, len(pair.cases)) == ("a", "b", 5, 1, 4)
