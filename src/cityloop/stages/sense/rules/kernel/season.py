"""A stream's own season by the hours of working days and weekends, and how surprising a value is against it, online."""

from math import exp
from typing import Any

import numpy as np

from cityloop.stages.sense.rules.kernel.runs import Columns
from cityloop.stages.sense.rules.kernel.sorting import Floats, Ints

HOURS = 24
HOUR_US = 3_600_000_000
MONDAY = 3  # 1970 began on a Thursday
LEARNS = 40  # points before anything is said
BLIND = 50  # points whose size is taken as it comes; later ones count for no more than so many times the usual
CLIP = 4.0
SEASON_RATE, SPREAD_RATE, LEVEL_RATE, HOUR_RATE = 0.05, 0.002, 0.002, 0.02  # how fast each is learned anew
HOUR_KNOWN, HOUR_BLIND = 5, 10  # times an hour was seen, after which its own spread counts, and is guarded
LEAP_WEIGHT = 0.7  # a leap counts for so much of what a value far from its season does
HOLD = exp(-1 / 400)  # what was told is told again only where it is greater: it fades over some four hundred points
TINY = 1e-9
COLUMNS: dict[str, tuple[tuple[int, ...], Any, Any]] = {
    "mean": ((2 * HOURS,), np.float64, 0.0), "times": ((2 * HOURS,), np.float64, 0.0), "away": ((), np.float64, 0.0),
    "own": ((2 * HOURS,), np.float64, 0.0), "level": ((), np.float64, 0.0), "leap": ((), np.float64, 0.0), "before": ((), np.float64, 0.0), "points": ((), np.float64, 0.0), "peak": ((), np.float64, 0.0),
}  # fmt: skip


def hour_of(at: Ints) -> Ints:
    """The hour of the day, those of Saturday and Sunday apart: 0 to 47. By UTC: a season does not mind where its day begins."""
    return at // HOUR_US % HOURS + HOURS * ((at // (HOUR_US * HOURS) + MONDAY) % 7 >= 5)


def surprise(kept: Columns, pair: Ints, at: Ints, value: Floats) -> Floats:
    """How surprising each value is, in times of what is usual; the model learns it afterwards. Each pair stands there once."""
    hour = hour_of(at)
    mean, times = kept["mean"][pair, hour], kept["times"][pair, hour]
    points, away, leap = kept["points"][pair], kept["away"][pair], kept["leap"][pair]
    own, level = kept["own"][pair, hour], kept["level"][pair]
    apart = np.where(times > 0, value - mean, 0.0)
    differs = np.where(times > 0, apart - level, 0.0)
    leapt = np.where(points > 0, np.abs(value - kept["before"][pair]), 0.0)
    size = np.abs(differs)
    usual = np.where(times > HOUR_KNOWN, (away + own) / 2, away)
    said = np.maximum(size / (usual + TINY), LEAP_WEIGHT * leapt / (leap + TINY))
    said[points <= LEARNS] = 0.0
    blind, rate = points <= BLIND, np.maximum(SPREAD_RATE, 1 / (points + 1))
    kept["away"][pair] = away + (np.where(blind, size, np.minimum(size, CLIP * away)) - away) * rate
    kept["leap"][pair] = leap + (np.where(blind, leapt, np.minimum(leapt, CLIP * leap)) - leap) * rate
    guarded = np.where(times < HOUR_BLIND, size, np.minimum(size, CLIP * np.maximum(own, TINY)))
    kept["own"][pair, hour] = own + (guarded - own) * np.maximum(HOUR_RATE, 1 / (times + 1))
    kept["level"][pair] = level + (apart - level) * LEVEL_RATE
    kept["mean"][pair, hour] = np.where(times > 0, mean + apart * np.maximum(SEASON_RATE, 1 / (times + 1)), value)
    kept["times"][pair, hour] = times + 1
    kept["before"][pair], kept["points"][pair] = value, points + 1
    return said


def held(kept: Columns, pair: Ints, said: Floats) -> Floats:
    """The surprise, where it is greater than what was told of late; else less than nothing."""
    peak = kept["peak"][pair]
    kept["peak"][pair] = np.maximum(said, peak * HOLD)
    return np.where(said > peak, said, said - peak - 1.0)


def tail_of(said: Floats) -> Floats:
    """The share of points that surprise at least so much, where what is usual is spread as a Laplace distribution."""
    return np.exp(-np.maximum(said, 0.0))
