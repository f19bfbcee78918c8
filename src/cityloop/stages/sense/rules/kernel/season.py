"""A stream's season by the hours of the day, and how surprising a value is against it."""

from typing import Any

import numpy as np

from cityloop.stages.sense.rules.kernel.runs import Columns
from cityloop.stages.sense.rules.kernel.sorting import Floats, Ints

HOURS = 24
HOUR_US = 3_600_000_000
LEARNS = 48  # points before anything is said
COLUMNS: dict[str, tuple[tuple[int, ...], Any, Any]] = {
    "mean": ((HOURS,), np.float64, 0.0), "times": ((HOURS,), np.float64, 0.0),
    "spread": ((), np.float64, 0.0), "points": ((), np.float64, 0.0),
}  # fmt: skip


def surprise(kept: Columns, pair: Ints, at: Ints, value: Floats) -> Floats:
    """How likely a value so far from its season is, from 0 to 1; the model learns it afterwards. Each pair stands there once."""
    hour = at // HOUR_US % HOURS
    mean, times = kept["mean"][pair, hour], kept["times"][pair, hour]
    away = np.where(times > 0, value - mean, 0.0)
    wide = kept["spread"][pair]
    points = kept["points"][pair]
    z = np.abs(away) / np.maximum(wide, 1e-9)
    tail = np.where((points < LEARNS) | (times < 1), 1.0, np.exp(-z))
    kept["mean"][pair, hour] = mean + np.where(times > 0, away * np.maximum(0.05, 1 / (times + 1)), value)
    kept["times"][pair, hour] = times + 1
    kept["spread"][pair] = wide + (np.minimum(np.abs(away), 6 * np.maximum(wide, 1e-9) + (points < LEARNS) * 1e9) - wide) * np.maximum(0.01, 1 / (points + 1))
    kept["points"][pair] = points + 1
    return tail
