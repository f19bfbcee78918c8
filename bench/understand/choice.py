"""Which of several it is, or none of them: one score a candidate, learned from past choices, as plain numbers.

The conditional logit (McFadden 1974): the chance of a candidate is its share of the exponents of all, none has score 0.
"""

import numpy as np
from msgspec import Struct

STEPS, RIDGE, STEP_MAX, SMALL = 25, 1.0, 4.0, 1e-3


class Groups(Struct, frozen=True):
    """Candidates of many choices, one choice after another. Shape: `starts` where each begins; `of` whose each row is."""

    starts: np.ndarray
    of: np.ndarray


def groups_of(ids: np.ndarray) -> Groups:
    """Rows with one id that stand together are one choice."""
    starts = np.flatnonzero(np.r_[True, ids[1:] != ids[:-1]])
    return Groups(starts, np.repeat(np.arange(len(starts)), np.diff(np.r_[starts, len(ids)])))


def shares_of(scores: np.ndarray, groups: Groups) -> np.ndarray:
    """The chance of each candidate to be the one."""
    powers = np.exp(np.clip(scores, -40, 40))
    return powers / (1 + np.add.reduceat(powers, groups.starts))[groups.of]


def learned(features: np.ndarray, chosen: np.ndarray, groups: Groups, weights: np.ndarray) -> np.ndarray:
    """One number a feature, the last is the bias; Newton's steps on the likelihood with a ridge.

    Shape: features rows x names; chosen bool a row; weights one a choice.
    """
    middle, spread = features.mean(0), features.std(0) + 1e-9
    inputs = np.c_[(features - middle) / spread, np.ones(len(features))]
    found, weight = np.zeros(inputs.shape[1]), weights[groups.of]
    for _ in range(STEPS):
        share = shares_of(inputs @ found, groups)
        slope = inputs.T @ ((chosen - share) * weight) - RIDGE * found
        mean = np.add.reduceat(inputs * share[:, None], groups.starts)
        bend = (inputs * (share * weight)[:, None]).T @ inputs - (mean * weights[:, None]).T @ mean
        step = np.linalg.solve(bend + RIDGE * np.eye(len(found)), slope)
        found += step * min(1.0, STEP_MAX / np.linalg.norm(step))
        if np.linalg.norm(step) < SMALL:
            break
    scaled = found[:-1] / spread
    return np.r_[scaled, found[-1] - scaled @ middle]
