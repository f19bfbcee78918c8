"""Before and after: a measure that did something is told, one that did nothing is not, and where nobody can say it is said."""

import numpy as np
import pytest

from cityloop.stages.evaluate.model.why import Doubt
from cityloop.stages.evaluate.rules.effect import effect_of, measuring


def city(seed: int, *, places: int = 30, periods: int = 30, since: int = 18, factor: float = 1.0) -> np.ndarray:
    """Counts with a common season and levels of their own; the first place has `factor` times as many from `since` on."""
    rng = np.random.default_rng(seed)
    level = rng.uniform(15, 30, places)
    season = 1 + 0.3 * np.sin(np.arange(periods) / 6)
    mean = level[:, None] * season[None, :]
    mean[0, since:] *= factor
    return rng.poisson(mean).astype(float)


def names(many: int) -> list[str]:
    return [f"p{n}" for n in range(many)]


def test_the_difference_of_differences_by_hand():
    """The place falls from 4 to 1, the others rise from 4 to 5 on average: four fewer than would have been."""
    counts = np.array([[4.0, 4, 1, 1], [3, 3, 4, 4], [5, 5, 6, 6]])
    assert measuring.difference(counts, 0, 2, np.array([1, 2])) == -4.0
    assert measuring.pre_trend(np.array([[1.0, 3, 5, 0], [2, 2, 2, 9]]), 0, 3, np.array([1])) == pytest.approx(2.0)


def test_a_mixture_is_at_least_as_close_as_any_on_a_grid():
    counts = city(4, places=4, periods=20, since=12)
    counts[0] = 0.3 * counts[1] + 0.7 * counts[2]
    weights = measuring.mixture(counts, 0, 12, np.array([1, 2, 3]))
    assert weights.sum() == pytest.approx(1)
    assert (weights >= 0).all()
    grid = np.linspace(0, 1, 21)
    slow = min(
        ((counts[0, :12] - (a * counts[1] + b * counts[2] + (1 - a - b) * counts[3])[:12]) ** 2).sum()
        for a in grid for b in grid if a + b <= 1
    )  # fmt: skip
    assert ((counts[0, :12] - (weights @ counts)[:12]) ** 2).sum() <= slow + 1e-3


def test_a_measure_that_halves_the_cases_is_told():
    told = 0
    for seed in range(12):
        effect = effect_of(city(seed, factor=0.5), names(30), 0, 18)
        told += effect.told
        truth = -0.5 * city(seed)[0, 18:].mean()
        assert effect.difference.low <= truth * 0.6
        assert effect.difference.high >= truth * 1.5
    assert told >= 8


def test_a_measure_that_did_nothing_is_hardly_ever_told():
    told = [effect_of(city(seed), names(30), 0, 18).told for seed in range(100, 130)]
    assert sum(told) <= 4, "both ways must agree, each at 5 %"


def test_the_interval_covers_what_is_true():
    inside = 0
    for seed in range(200, 230):
        effect = effect_of(city(seed, places=41), names(41), 0, 18).difference
        inside += effect.low <= 0 <= effect.high
    assert inside >= 26, "95 % of 30; fewer than 26 come once in sixty"


def test_where_nobody_can_say_it_is_said():
    few = effect_of(city(1, places=8, factor=0.2), names(8), 0, 18)
    assert Doubt.few_places in few.doubts
    assert not few.told
    assert few.difference.p >= 1 / 8
    short = effect_of(city(1, factor=0.2)[:, 13:22], names(30), 0, 5)
    assert {Doubt.few_before} <= set(short.doubts)
    assert not short.told
    drifting = city(2)
    drifting[0] += np.arange(30) * 3
    assert Doubt.went_apart in effect_of(drifting, names(30), 0, 18).doubts
    with pytest.raises(ValueError, match="two other places"):
        effect_of(np.ones((2, 10)), names(2), 0, 5)
