"""Between which two numbers the truth lies, of a rate and of a count."""

import math

from msgspec import Struct
from scipy.special import betaincinv, gammaincinv, ndtri

CONFIDENCE = 0.95


class Interval(Struct, frozen=True):
    """From a number to a number, both inside."""

    low: float
    high: float


def wilson(hits: float, of: float, confidence: float = CONFIDENCE) -> Interval:
    """Of a rate: the shares that a score test at this confidence does not refuse. From 0 to 1 where nothing was counted.

    Source: Wilson 1927; method 3 of Newcombe 1998, whose examples are in the tests.

    >>> wilson(0, 0)
    Interval(low=0.0, high=1.0)
    """
    _a_rate(hits, of)
    if not of:
        return Interval(0.0, 1.0)
    z2 = float(ndtri((1 + confidence) / 2)) ** 2
    middle = hits + z2 / 2
    reach = math.sqrt(z2 * (hits * (of - hits) / of + z2 / 4))
    low = (middle - reach) / (of + z2) if hits > 0 else 0.0
    high = (middle + reach) / (of + z2) if hits < of else 1.0
    return Interval(low, high)


def exact_rate(hits: float, of: float, confidence: float = CONFIDENCE) -> Interval:
    """Of a rate: wide enough for the confidence whatever the true share is. For places, where the promise must hold.

    Source: Clopper and Pearson 1934.
    """
    _a_rate(hits, of)
    if not of:
        return Interval(0.0, 1.0)
    tail = (1 - confidence) / 2
    low = float(betaincinv(hits, of - hits + 1, tail)) if hits > 0 else 0.0
    high = float(betaincinv(hits + 1, of - hits, 1 - tail)) if hits < of else 1.0
    return Interval(low, high)


def poisson(count: float, confidence: float = CONFIDENCE) -> Interval:
    """Of a count of things that happen by themselves: the means that may stand behind it.

    Source: Garwood 1936.
    """
    if count < 0:
        raise ValueError(f"A count is not below nothing: {count}.")
    tail = (1 - confidence) / 2
    low = float(gammaincinv(count, tail)) if count > 0 else 0.0
    return Interval(low, float(gammaincinv(count + 1, 1 - tail)))


def _a_rate(hits: float, of: float) -> None:
    if not 0 <= hits <= of:
        raise ValueError(f"{hits} of {of} is no rate: what is above the line is part of what is below it.")
