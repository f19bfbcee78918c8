"""Observations in memory: the plain stand-in for the city's history, for laws of questions."""

from collections.abc import Mapping, Sequence

import numpy as np

from cityloop.telemetry import Batch, batch_of, joined


class MemoryRecords:
    """See `doors.sensorthings.records.Records`."""

    def __init__(self, batch: Batch | None = None) -> None:
        self.batch = batch if batch is not None else batch_of([], [], [])

    def add(self, batch: Batch) -> None:
        self.batch = joined([self.batch, batch])

    def rows(self, streams: Sequence[int], since: int, until: int, *, newest_first: bool, limit: int) -> Batch:
        wanted = np.isin(self.batch.stream, list(streams)) & (self.batch.at >= since) & (self.batch.at <= until)
        found = self.batch.at_rows(wanted)
        keys = (found.track, found.stream, -found.at) if newest_first else (found.track, found.at, found.stream)
        order = np.lexsort(keys)
        return found.at_rows(order[:limit])

    def spans(self, streams: Sequence[int]) -> Mapping[int, tuple[int, int]]:
        found = {}
        for no in streams:
            at = self.batch.at[self.batch.stream == no]
            if len(at):
                found[no] = int(at.min()), int(at.max())
        return found
