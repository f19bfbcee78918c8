"""How sure a score is, that is a sum of what several uncertain numbers give."""

from collections.abc import Callable, Sequence

from msgspec import Struct

from cityloop.stages.evaluate.rules.fair.intervals import CONFIDENCE, Interval, exact_rate, poisson
from cityloop.stages.evaluate.rules.fair.ranks import apart

LOOKS = 64  # between the ends of an interval, for what is given in steps, or rises and falls


class Part(Struct, frozen=True, kw_only=True):
    """One number of a score, and what it gives: weighted points of a value. A count has no denominator."""

    numerator: float
    denominator: float | None
    gives: Callable[[float], float]


def sum_of(parts: Sequence[Part], sure: float = 0.0, confidence: float = CONFIDENCE) -> Interval:
    """Between which numbers the sum lies, with what is `sure` (site visits, bonus, deduction) added.

    The numbers of one score count the same cases, so nothing is taken to be independent: each interval is as wide as
    all of them need to hold together, and their ends are added. It is rather too wide than too narrow.
    """
    each_needs = apart(len(parts), confidence)
    ends = [_given(each, each_needs) for each in parts]
    return Interval(sure + sum(each.low for each in ends), sure + sum(each.high for each in ends))


def _given(part: Part, confidence: float) -> Interval:
    """The least and the most that a number gives within its interval."""
    if part.denominator is None:
        within = poisson(part.numerator, confidence)
    elif part.denominator < part.numerator or part.numerator < 0:  # a mean or a ratio: no share, so nobody knows how sure
        value = part.gives(part.numerator / part.denominator)
        return Interval(value, value)
    else:
        within = exact_rate(part.numerator, part.denominator, confidence)
    step = (within.high - within.low) / LOOKS
    points = [part.gives(within.low + step * each) for each in range(LOOKS)] + [part.gives(within.high)]
    return Interval(min(points), max(points))
