"""Between which two numbers the truth lies, of a rate and of a count."""

from msgspec import Struct

from cityloop.domain import shares
from cityloop.domain.shares import CONFIDENCE


class Interval(Struct, frozen=True):
    """From a number to a number, both inside."""

    low: float
    high: float


def wilson(hits: float, of: float, confidence: float = CONFIDENCE) -> Interval:
    """Of a rate: the shares that a score test at this confidence does not refuse. From 0 to 1 where nothing was counted.

    >>> wilson(0, 0)
    Interval(low=0.0, high=1.0)
    """
    _a_rate(hits, of)
    return Interval(*shares.wilson(hits, of, confidence))


def exact_rate(hits: float, of: float, confidence: float = CONFIDENCE) -> Interval:
    """Of a rate: wide enough for the confidence whatever the true share is. For places, where the promise must hold.

    Source: Clopper and Pearson 1934.
    """
    from scipy.special import betaincinv  # takes a quarter of a second, and most of what a city does asks no place

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
    from scipy.special import gammaincinv

    if count < 0:
        raise ValueError(f"A count is not below nothing: {count}.")
    tail = (1 - confidence) / 2
    low = float(gammaincinv(count, tail)) if count > 0 else 0.0
    return Interval(low, float(gammaincinv(count + 1, 1 - tail)))


def _a_rate(hits: float, of: float) -> None:
    if not 0 <= hits <= of:
        raise ValueError(f"{hits} of {of} is no rate: what is above the line is part of what is below it.")
