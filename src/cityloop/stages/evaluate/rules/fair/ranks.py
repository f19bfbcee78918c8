"""Places told as ranges: from the best to the worst that one can have, all of them right at once with the confidence.

Where each interval is wide enough to hold together with all the others, so are the places that follow from them.
Source: Klein, Wright and Wieczorek 2020, "A joint confidence region for an overall ranking of populations".
"""

from collections.abc import Mapping

from msgspec import Struct

from cityloop.stages.evaluate.rules.fair.intervals import CONFIDENCE, Interval


class Place(Struct, frozen=True):
    """From which place to which; the first is the best."""

    best: int
    worst: int


def apart(count: int, confidence: float = CONFIDENCE) -> float:
    """The confidence that each of so many intervals needs, so that all of them hold together; whatever they share.

    >>> round(apart(10), 4)
    0.995
    """
    return 1 - (1 - confidence) / max(count, 1)


def places(intervals: Mapping[str, Interval]) -> dict[str, Place]:
    """The places of those who are ranked: whoever lies wholly above is before one, whoever lies wholly below is after.

    >>> places({"a": Interval(0.8, 0.9), "b": Interval(0.5, 0.85), "c": Interval(0.1, 0.4)})["b"]
    Place(best=1, worst=2)
    """
    lows = sorted(each.low for each in intervals.values())
    highs = sorted(each.high for each in intervals.values())
    return {
        name: Place(best=1 + _above(lows, each.high), worst=len(intervals) - _below(highs, each.low))
        for name, each in intervals.items()
    }


def _above(ordered: list[float], limit: float) -> int:
    return sum(1 for each in ordered if each > limit)


def _below(ordered: list[float], limit: float) -> int:
    return sum(1 for each in ordered if each < limit)
