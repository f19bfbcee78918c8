"""Rates over call-backs and verdicts. Pure: from counts and the city's own weights."""

from collections.abc import Mapping

from msgspec import Struct

PPM = 1_000_000


class Rate(Struct, frozen=True, kw_only=True):
    """A rate with what it was made of. Units: `numerator_ppm` in millionths of a row, `value_ppm` parts per million.

    `value_ppm` None: nothing stands below the line.
    """

    numerator_ppm: int
    denominator: int
    value_ppm: int | None


def rate(numerator_ppm: int, denominator: int) -> Rate:
    """A rate; its value is rounded down.

    >>> rate(1_500_000, 2).value_ppm, rate(0, 0).value_ppm
    (750000, None)
    """
    value = numerator_ppm // denominator if denominator else None
    return Rate(numerator_ppm=numerator_ppm, denominator=denominator, value_ppm=value)


def called_back(in_time: int, owed: int) -> Rate:
    """回访率: call-backs answered in time ÷ those that were owed."""
    return rate(in_time * PPM, owed)


def solved(counts: Mapping[str, int], partly_ppm: int) -> Rate:
    """解决率: (solved + k · partly) ÷ all that gave a verdict.

    Source: standards.md 3.4 (from memory there); k is the city's.

    >>> solved({"solved": 1, "partly": 1, "not": 2}, 500_000).value_ppm
    375000
    """
    said = sum(counts.get(each, 0) for each in ("solved", "partly", "not"))
    return rate(counts.get("solved", 0) * PPM + counts.get("partly", 0) * partly_ppm, said)


def satisfied(counts: Mapping[str, int], mostly_ppm: int) -> Rate:
    """满意率: (satisfied + k · mostly) ÷ those that said so; 未评价 is not among them.

    >>> satisfied({"satisfied": 1, "mostly": 1, "none": 8}, 800_000).value_ppm
    900000
    """
    said = sum(counts.get(each, 0) for each in ("satisfied", "mostly", "not"))
    return rate(counts.get("satisfied", 0) * PPM + counts.get("mostly", 0) * mostly_ppm, said)


def redone(redos: int, closed: int) -> Rate:
    """重办率: cases taken up again in the period ÷ cases closed in it for the first time."""
    return rate(redos * PPM, closed)
