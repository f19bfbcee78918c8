"""Whether one has more of something than its peers at the same work, by more than chance and more than a stated factor.

Exact: given how many there are of each kind of work, and how many did it, the hits of one follow Fisher's noncentral
hypergeometric distribution; those of several kinds of work are added.
"""

from collections.abc import Sequence

import numpy as np
from msgspec import Struct


class Excess(Struct, frozen=True):
    """Hits beside those that the peers' rate would give; `p`: how likely so many are where the odds are at most the factor."""

    observed: int
    of: int
    expected: float
    p: float


def excess(kinds: Sequence[tuple[int, int, int, int]], odds: float) -> Excess:
    """One against its peers, at each kind of work (hits, of, peers' hits, peers' of).

    `p` is the chance of as many hits or more, where the odds of a hit are `odds` times those of the peers; where they
    are less, it is less still.
    """
    sums, shift = np.ones(1), 0
    for hits, of, peers_hits, peers_of in kinds:
        first, chances = _chances(of, peers_of, hits + peers_hits, odds)
        sums, shift = np.convolve(sums, chances), shift + first
    observed = sum(each[0] for each in kinds)
    known = [each for each in kinds if each[3]]
    return Excess(
        observed=observed, of=sum(each[1] for each in kinds),
        expected=sum(of * peers_hits / peers_of for _, of, peers_hits, peers_of in known),
        p=float(min(1.0, sums[max(observed - shift, 0):].sum())),
    )  # fmt: skip


def _chances(of: int, peers_of: int, hits: int, odds: float) -> tuple[int, np.ndarray]:
    """How likely each number of hits is for one, of all hits that there are; from the least that there can be."""
    least, most = max(0, hits - peers_of), min(of, hits)
    own = np.arange(least, most + 1)
    logs = _log_choose(of, own) + _log_choose(peers_of, hits - own) + own * np.log(odds)
    chances = np.exp(logs - logs.max())
    return least, chances / chances.sum()


def _log_choose(of: int, some: np.ndarray) -> np.ndarray:
    from scipy.special import gammaln

    return gammaln(of + 1) - gammaln(some + 1) - gammaln(of - some + 1)
