"""The score of the Numenta Anomaly Benchmark, standard profile, as its sweeper and its normalisation define it.

Source: numenta/NAB (MIT): nab/sweeper.py, nab/util.py, nab/runner.py, config/profiles.json.
"""

import csv
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from math import exp
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

A_TP, A_FP, A_FN = 1.0, 0.11, 1.0  # the standard profile
PROBATION, PROBATION_ROWS = 0.15, 5000


class Series(NamedTuple):
    """A series with its labelled windows, as places of the first and the last row. Units: microseconds since 1970."""

    name: str
    at: NDArray[np.int64]
    value: NDArray[np.float64]
    windows: list[tuple[int, int]]


class Scored(NamedTuple):
    """The best threshold over all series together, and what it gives."""

    threshold: float
    raw: float
    normalised: float  # null detector 0, perfect detector 100
    found: int  # windows with a detection
    windows: int
    false: int  # rows flagged outside of windows


def series_in(folder: Path) -> list[Series]:
    """The series under a folder of the benchmark, with the labels beside them."""
    windows = json.loads((folder / "labels/combined_windows.json").read_text())
    found = []
    for path in sorted((folder / "data").glob("*/*.csv")):
        name = f"{path.parent.name}/{path.name}"
        with path.open() as file:
            rows = [(_moment(row["timestamp"]), float(row["value"])) for row in csv.DictReader(file)]
        at = np.array([each for each, _ in rows], np.int64)
        spans = [(_moment(begins), _moment(ends)) for begins, ends in windows[name]]
        inside = [np.flatnonzero((at >= begins) & (at <= ends)) for begins, ends in spans]
        found.append(Series(name, at, np.array([value for _, value in rows]), [(int(each[0]), int(each[-1])) for each in inside]))
    return found


def _moment(text: str) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1_000_000)


def probation(rows: int) -> int:
    """How many rows at the beginning are not scored."""
    return int(PROBATION * min(rows, PROBATION_ROWS))


def scaled_sigmoid(position: float) -> float:
    """1 far before the end of a window, 0 at its end, -1 far beyond."""
    return -1.0 if position > 3.0 else 2.0 / (1.0 + exp(5.0 * position)) - 1.0


def weights(series: Series) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """What a detection at each row is worth, and the window in which it lies; -1: none, -2: it is not scored."""
    rows = len(series.at)
    worth, window = np.zeros(rows), np.full(rows, -1)
    for row in range(rows):
        here = next((place for place, (begins, ends) in enumerate(series.windows) if begins <= row <= ends), None)
        past = [(begins, ends) for begins, ends in series.windows if ends < row]
        if here is not None:
            begins, ends = series.windows[here]
            worth[row] = scaled_sigmoid(-(ends - row + 1) / (ends - begins + 1)) * A_TP / scaled_sigmoid(-1.0)
            window[row] = here
        elif past:
            begins, ends = past[-1]
            worth[row] = scaled_sigmoid((row - ends) / (ends - begins)) * A_FP
        else:
            worth[row] = -A_FP
    window[: probation(rows)] = -2
    return worth, window


def best(all_series: Sequence[Series], scores: Sequence[NDArray[np.float64]]) -> Scored:
    """One threshold for all series, chosen as the benchmark's optimizer does: the one that gives the greatest sum."""
    lines = []
    for place, (series, score) in enumerate(zip(all_series, scores, strict=True)):
        worth, window = weights(series)
        lines += [(score[row], worth[row], place, int(window[row])) for row in range(len(score)) if window[row] > -2]
    lines.sort(key=lambda line: -line[0])
    count = sum(len(series.windows) for series in all_series)
    total, parts, false = -A_FN * count, {}, 0
    found = Scored(float("inf"), total, 0.0, 0, count, 0)
    for place, (score, worth, of, window) in enumerate(lines):
        if window < 0:
            total, false = total + worth, false + 1
        else:
            before = parts.get((of, window), -A_FN)
            parts[of, window] = max(before, worth)
            total += parts[of, window] - before
        if (place + 1 == len(lines) or lines[place + 1][0] != score) and total > found.raw:
            found = Scored(float(score), total, 0.0, len(parts), count, false)
    null, perfect = -A_FN * count, A_TP * count
    return found._replace(normalised=100.0 * (found.raw - null) / (perfect - null))
