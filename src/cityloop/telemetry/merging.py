"""Sorted files of observations read as one, a bounded number of rows in memory however large they are."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from cityloop.telemetry import columns
from cityloop.telemetry.batch import Batch, batch_of, joined

READ_ROWS = 32_768  # of one file at a time
NOTHING = batch_of([], [], [])


class Source:
    """A file of which some rows are at hand."""

    def __init__(self, path: Path):
        self._parts = columns.read_raw(path, READ_ROWS)
        self.at_hand = NOTHING
        self.is_over = False
        self.more()

    def more(self) -> None:
        """Read on."""
        part = next(self._parts, None)
        if part is None:
            self.is_over = True
        else:
            self.at_hand = joined([self.at_hand, part]) if self.at_hand.size else part

    @property
    def known_to(self) -> tuple[int, int]:
        """The stream and moment before which all of the file was read."""
        return int(self.at_hand.stream[-1]), int(self.at_hand.at[-1])

    def taken(self, end: tuple[int, int] | None) -> Batch:
        """What lies before a stream and moment, and is no more at hand; None takes all."""
        if end is None:
            found, self.at_hand = self.at_hand, NOTHING
            return found
        stream, at = self.at_hand.stream, self.at_hand.at
        from_stream, to_stream = np.searchsorted(stream, end[0], "left"), np.searchsorted(stream, end[0], "right")
        cut = int(from_stream + np.searchsorted(at[from_stream:to_stream], end[1], "left"))
        found = Batch(*(column[:cut] for column in self.at_hand))
        self.at_hand = Batch(*(column[cut:] for column in self.at_hand))
        return found


def merged(paths: Sequence[Path]) -> Iterator[Batch]:
    """The rows of sorted files, sorted, in batches of a row group; of what several say of the same, what the last says.

    Refuses with `SegmentLost`.
    """
    sources, kept, rows = [Source(path) for path in paths], list[Batch](), 0
    while sources:
        end = min((each.known_to for each in sources if not each.is_over), default=None)
        found = columns.last_of_each(joined([each.taken(end) for each in sources]))
        kept.append(found)
        rows += found.size
        if rows >= columns.GROUP_ROWS or end is None:
            whole = joined(kept)
            full = whole.size if end is None else whole.size // columns.GROUP_ROWS * columns.GROUP_ROWS
            if full:
                yield Batch(*(column[:full] for column in whole))
            kept, rows = [Batch(*(column[full:] for column in whole))], whole.size - full
        if end is None:
            return
        for each in sources:
            if not each.is_over and each.known_to == end:
                each.more()
        sources = [each for each in sources if each.at_hand.size or not each.is_over]
