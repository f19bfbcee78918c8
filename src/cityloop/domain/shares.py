"""How sure a share is: the one interval that figures, causes and models tell beside it."""

from functools import lru_cache
from math import sqrt
from statistics import NormalDist

CONFIDENCE = 0.95


def wilson(hits: float, of: float, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Between which two shares the truth lies: those that a score test at this confidence does not refuse; all, of nothing.

    Source: Wilson 1927; method 3 of Newcombe 1998, whose examples are in the tests.

    >>> [round(each, 3) for each in wilson(78, 100)], wilson(0, 0)
    ([0.689, 0.85], (0.0, 1.0))
    """
    if not of:
        return 0.0, 1.0
    z2 = deviations(confidence) ** 2
    middle = hits + z2 / 2
    reach = sqrt(z2 * (hits * (of - hits) / of + z2 / 4))
    low = (middle - reach) / (of + z2) if hits > 0 else 0.0
    high = (middle + reach) / (of + z2) if hits < of else 1.0
    return low, high


@lru_cache(16)
def deviations(confidence: float) -> float:
    """How many standard deviations to either side."""
    return NormalDist().inv_cdf((1 + confidence) / 2)
