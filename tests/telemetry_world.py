"""A town's telemetry without its devices: a log in memory, segments on the disk, and the plain truth of what was said."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cityloop.app import apply_of_all
from cityloop.db import Database
from cityloop.journal import Journal, Writer
from cityloop.telemetry import Batch, batch_of
from cityloop.telemetry.history import History
from cityloop.telemetry.segments import Segments

NOW = datetime(2026, 3, 20, 9, tzinfo=UTC)


class ListLog:
    """What is written ahead, in files of three batches."""

    PER_FILE = 3

    def __init__(self) -> None:
        self.batches: list[Batch] = []
        self.forgotten = (0, 0)

    def append(self, batch: Batch) -> tuple[int, int]:
        self.batches.append(batch)
        return divmod(len(self.batches), self.PER_FILE)

    def follow(self, position: Any) -> Iterator[tuple[tuple[int, int], Batch]]:
        after = 0 if position is None else position[0] * self.PER_FILE + position[1]
        first = self.forgotten[0] * self.PER_FILE
        for number in range(max(after, first), len(self.batches)):
            yield divmod(number + 1, self.PER_FILE), self.batches[number]

    def forget(self, before: Any) -> None:
        self.forgotten = max(self.forgotten, tuple(before))


class Telemetry:
    """The segments, the history and, beside them, a dictionary that holds the truth."""

    def __init__(self, database: Database, folder: Path):
        self.database = database
        self.writer = Writer(database, Journal(apply_of_all()))
        self.logs = {"a": ListLog(), "b": ListLog()}
        self.segments = Segments(folder, self.writer, lambda: self.logs)
        self.history = History(database, self.segments.path, lambda: self.logs)
        self.truth: dict[tuple[int, int, int], float] = {}

    def say(self, rows: list[tuple], log: str = "a") -> None:
        """Observations arrive: (stream, at, value) or (stream, at, value, track)."""
        if not rows:
            return
        full = [(*row, 0)[:4] for row in rows]
        self.logs[log].append(batch_of(*zip(*full, strict=True)))
        self.truth |= {(stream, at, track): value for stream, at, value, track in full}

    def points(self, streams: Any = None, since: int = -(2**60), until: int = 2**60) -> dict[tuple[int, int, int], float]:
        """What the history tells, as the truth is kept."""
        asked = sorted({key[0] for key in self.truth}) if streams is None else streams
        found = self.history.points(asked, since, until, 1_000_000)
        rows = list(zip(found.stream.tolist(), found.at.tolist(), found.track.tolist(), strict=True))
        assert rows == sorted(set(rows)), "not in order, or one moment twice"
        return dict(zip(rows, found.value.tolist(), strict=True))
