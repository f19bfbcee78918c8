"""The curve of a stream around an alarm, from the history."""

import itertools
from datetime import UTC, datetime

import numpy as np
from msgspec import Struct

from cityloop.domain.calendar import epoch_us
from cityloop.telemetry.history import History

POINTS_MAX = 600
READ_MAX = 50_000  # observations looked at


class Curve(Struct, frozen=True, kw_only=True):
    """Shape: two columns of one length. `of`: how many observations there are; where more than are shown, each stretch gives
    its least and its greatest."""

    at: list[datetime]
    value: list[float]
    of: int


def curve_of(history: History, stream: int, since: datetime, until: datetime) -> Curve:
    """The curve of a stream, thin enough to be drawn; peaks stay."""
    begins, ends = epoch_us(since), epoch_us(until)
    found = history.points([stream], begins, ends + 1, READ_MAX)
    keep = thinned(found.value, POINTS_MAX)
    at = [datetime.fromtimestamp(each / 1_000_000, UTC) for each in found.at[keep].tolist()]
    return Curve(at=at, value=found.value[keep].tolist(), of=len(found.value))


def thinned(value: np.ndarray, most: int) -> np.ndarray:
    """Places of at most so many values: all, or of each stretch its least and its greatest.

    >>> thinned(np.array([0.0, 9, 1, 1, 1, 1, -5, 1]), 4).tolist()
    [0, 1, 4, 6]
    """
    if len(value) <= most:
        return np.arange(len(value))
    edges = np.linspace(0, len(value), most // 2 + 1).astype(int)
    places = [
        begin + place
        for begin, end in itertools.pairwise(edges)
        for place in sorted({int(value[begin:end].argmin()), int(value[begin:end].argmax())})
    ]
    return np.array(places, np.int64)
