"""A batch as runs of rows of one stream each, without what came late."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cityloop.telemetry import Batch

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


class Rows(NamedTuple):
    """Rows ordered by stream, within a stream as time went; and the segments, one a stream."""

    at: Ints
    value: Floats
    track: Ints
    stream: NDArray[np.int32]  # of each segment
    start: Ints
    length: Ints
    before: Ints  # of each segment: the stream's last moment before the batch
    least: Floats
    most: Floats

    @property
    def end(self) -> Ints:
        """Of each segment: its last row."""
        return self.start + self.length - 1


def ordered(batch: Batch, last: Ints) -> Rows | None:
    """The batch by streams; None if nothing is to be judged. `last`: by stream, when it was last heard.

    A row that is older than the stream's last moment is left out, and so is a stream that the plan does not know.
    """
    known = (batch.stream > 0) & (batch.stream < len(last))
    if not known.all():
        batch = batch.at_rows(known)
    if not batch.size:
        return None
    stream = batch.stream
    if (stream[1:] < stream[:-1]).any():
        small = len(last) <= 65_536
        order = np.argsort(stream.astype(np.uint16) if small else stream, kind="stable")
        batch = Batch(*(column[order] for column in batch))
    first, length = _segments(batch.stream)
    before = last[batch.stream[first]]
    if _goes_back(batch.at, first, before):
        batch = batch.at_rows(_in_time(batch.at, first, length, before))
        if not batch.size:
            return None
        first, length = _segments(batch.stream)
        before = last[batch.stream[first]]
    least, most = np.minimum.reduceat(batch.value, first), np.maximum.reduceat(batch.value, first)
    return Rows(batch.at, batch.value, batch.track, batch.stream[first], first, length, before, least, most)


def _segments(stream: NDArray[np.int32]) -> tuple[Ints, Ints]:
    first = np.flatnonzero(np.concatenate(([True], stream[1:] != stream[:-1])))
    return first, np.diff(np.append(first, len(stream)))


def _goes_back(at: Ints, first: Ints, before: Ints) -> bool:
    back = at[1:] < at[:-1]
    back[first[1:] - 1] = False
    return bool(back.any() or (at[first] < before).any())


def _in_time(at: Ints, first: Ints, length: Ints, before: Ints) -> NDArray[np.bool_]:
    """Which rows are no older than all before them of the stream."""
    start = np.repeat(first, length)
    at_best = np.maximum(at, np.repeat(before, length))
    return at >= scanned(at_best, start, np.maximum)


def scanned(values: NDArray, start: Ints, better: np.ufunc) -> NDArray:
    """A running least or most within segments; `start`: of each row, where its segment begins."""
    found = values.copy()
    place = np.arange(len(values))
    longest = int((place - start).max(initial=0)) + 1
    step = 1
    while step < longest:
        inside = place[step:] - step >= start[step:]
        found[step:] = np.where(inside, better(found[step:], found[:-step]), found[step:])
        step *= 2
    return found


def pairs_at(first: Ints, stream: NDArray[np.int32]) -> tuple[Ints, Ints]:
    """The pairs of some streams: their places, and of each the place of its stream in `stream`."""
    begins, ends = first[stream], first[stream.astype(np.int64) + 1]
    return spread(begins, ends - begins)


def spread(start: Ints, length: Ints) -> tuple[Ints, Ints]:
    """All places of several stretches one after the other, and of each place its stretch.

    >>> [each.tolist() for each in spread(np.array([5, 9]), np.array([2, 1]))]
    [[5, 6, 9], [0, 0, 1]]
    """
    of = np.repeat(np.arange(len(start)), length)
    ahead = np.cumsum(length) - length
    return np.arange(len(of)) + (start - ahead)[of], of
