"""A batch of observations as columns: what is written, sealed, and given to the kernel."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Batch(NamedTuple):
    """Observations in the order in which they came.

    Shape: four columns of one length. Units: `at` in microseconds since 1970, UTC; `value` in the stream's unit.
    """

    stream: NDArray[np.int32]  # numbers of streams
    at: NDArray[np.int64]
    value: NDArray[np.float64]
    track: NDArray[np.int64]  # of a detection: whom or what it follows; 0: nobody

    @property
    def size(self) -> int:
        return len(self.stream)

    def at_rows(self, rows: NDArray) -> "Batch":
        """Some of the rows: by a mask, or by their places."""
        return Batch(*(column[rows] for column in self))


def batch_of(
    stream: Sequence[int] | NDArray, at: Sequence[int] | NDArray, value: Sequence[float] | NDArray,
    track: Sequence[int] | NDArray | None = None,
) -> Batch:  # fmt: skip
    """A batch of what can be made columns of.

    >>> batch_of([1, 2], [0, 0], [20.5, 21.0]).size
    2
    """
    columns = np.asarray(stream, np.int32), np.asarray(at, np.int64), np.asarray(value, np.float64)
    tracks = np.zeros(len(columns[0]), np.int64) if track is None else np.asarray(track, np.int64)
    return Batch(*columns, tracks)


def joined(batches: Sequence[Batch]) -> Batch:
    """Several as one, in their order."""
    if not batches:
        return batch_of([], [], [])
    return Batch(*(np.concatenate(columns) for columns in zip(*batches, strict=True)))
