"""What few cases say is drawn to the group: empirical Bayes, a beta distribution behind the shares of a group."""

from collections.abc import Sequence

import numpy as np
from msgspec import Struct

from cityloop.stages.evaluate.rules.fair.intervals import CONFIDENCE, Interval

LEAST = 3  # objects with cases: of fewer nobody knows how they differ
WEIGHTS = np.exp(np.linspace(np.log(0.5), np.log(1e6), 241))  # cases that the group's share weighs as much as
STEPS = 60


class Prior(Struct, frozen=True):
    """What the group says of one of its own before its cases are looked at: a share, and as many cases as it weighs."""

    share: float
    weight: float


class Drawn(Struct, frozen=True):
    """A share drawn to its group, and between which numbers it lies."""

    share: float
    within: Interval


def prior_of(counts: Sequence[tuple[float, float]]) -> Prior | None:
    """What a group says, from (hits, of) of each in it: the pooled share, and the weight that makes the counts most likely.

    None where fewer than three have cases. Where they differ by chance only, the weight is as great as it can be.
    """
    some = np.array([(hits, of) for hits, of in counts if of > 0], dtype=float).reshape(-1, 2)
    if len(some) < LEAST:
        return None
    hits, of = some[:, 0], some[:, 1]
    share = float(hits.sum() / of.sum())
    if share in (0.0, 1.0):
        return Prior(share, float(WEIGHTS[-1]))
    likely = np.array([_likelihood(hits, of, share, weight) for weight in WEIGHTS])
    best = int(np.argmax(likely))
    low, high = np.log(WEIGHTS[max(best - 1, 0)]), np.log(WEIGHTS[min(best + 1, len(WEIGHTS) - 1)])
    for _ in range(STEPS):  # by thirds, between the neighbours of the best
        third = (high - low) / 3
        left, right = (_likelihood(hits, of, share, np.exp(each)) for each in (low + third, high - third))
        low, high = (low + third, high) if left < right else (low, high - third)
    return Prior(share, float(np.exp((low + high) / 2)))


def drawn(hits: float, of: float, prior: Prior, confidence: float = CONFIDENCE) -> Drawn:
    """The share of one in the group, as its own cases and the group's say together."""
    from scipy.special import betaincinv

    above, below = prior.share * prior.weight + hits, (1 - prior.share) * prior.weight + of - hits
    tail = (1 - confidence) / 2
    low = float(betaincinv(above, below, tail)) if above > 0 and below > 0 else float(above > 0)
    high = float(betaincinv(above, below, 1 - tail)) if above > 0 and below > 0 else float(above > 0)
    return Drawn(above / (above + below), Interval(low, high))


def _likelihood(hits: np.ndarray, of: np.ndarray, share: float, weight: float) -> float:
    """Of the counts, but for what does not depend on the weight."""
    from scipy.special import betaln

    above, below = share * weight, (1 - share) * weight
    return float((betaln(above + hits, below + of - hits) - betaln(above, below)).sum())
