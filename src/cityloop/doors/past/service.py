"""Brings a file in: what is known already comes in no second time, what is bad is listed with what to do."""

import csv
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
from msgspec import Struct

from cityloop.domain.cells import never_run
from cityloop.doors.past.mapping import PastMapping
from cityloop.doors.past.reading import BadCell, read_file
from cityloop.stages.sense.model import Register
from cityloop.telemetry import Batch, batch_of
from cityloop.telemetry.history import History

BAD_HEAD = ("line", "column", "value", "why", "what to do")


class Tally(Struct, kw_only=True):
    """What became of a file's observations."""

    new: int = 0
    same: int = 0
    bad: int = 0
    unknown: dict[str, int] = {}  # stream that nobody registered -> how many
    bad_rows: Path | None = None


def import_past(
    path: Path, mapping: PastMapping, register: Register, history: History, append: Callable[[Batch], object], *,
    bad: Path | None = None, on_progress: Callable[[int, int], None] = lambda done, of: None,
) -> Tally:  # fmt: skip
    """Bring a file in by `append`, which is durable when it returns. A second time nothing is new; after a crash it goes on."""
    tally, of, listed = Tally(unknown={}), path.stat().st_size, []
    for read in read_file(path, mapping):
        numbers = np.fromiter((register.by_key.get(key, 0) for key in read.keys), np.int32, len(read.keys))
        for key, number in zip(read.keys, numbers.tolist(), strict=True):
            if not number:
                tally.unknown[key] = tally.unknown.get(key, 0) + 1
        known = numbers > 0
        batch = batch_of(numbers, read.at, read.value).at_rows(known)
        fresh = batch.at_rows(~known_in(history, batch))
        if fresh.size:
            append(fresh)
        tally.new += fresh.size
        tally.same += batch.size - fresh.size
        tally.bad += len(read.bad)
        listed += read.bad
        on_progress(read.done_bytes, of)
    for key, count in tally.unknown.items():
        tally.bad += count
        listed.append(BadCell(0, "", key, f"nobody registered the stream; {count} values", "register the device with this stream, then import again"))
    if listed:
        tally.bad_rows = bad or path.with_name(f"{path.name}.bad.csv")
        _list(tally.bad_rows, listed)
    return tally


def known_in(history: History, batch: Batch) -> np.ndarray:
    """Which of these the history holds already, with the same value."""
    if not batch.size:
        return np.zeros(0, np.bool_)
    found = history.points(np.unique(batch.stream), int(batch.at.min()), int(batch.at.max()) + 1, 1 << 62)
    single = found.track == 0
    there = (found.stream[single].astype(np.int64), found.at[single], found.value[single])
    order = np.lexsort((there[1], there[0]))
    stream, at, value = (column[order] for column in there)
    key = np.empty(len(stream), [("stream", np.int64), ("at", np.int64)])
    key["stream"], key["at"] = stream, at
    asked = np.empty(batch.size, key.dtype)
    asked["stream"], asked["at"] = batch.stream, batch.at
    place = np.searchsorted(key, asked)
    inside = place < len(key)
    same = np.zeros(batch.size, np.bool_)
    same[inside] = (key[place[inside]] == asked[inside]) & (value[place[inside]] == batch.value[inside])
    return same


def _list(path: Path, cells: Iterable[BadCell]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(BAD_HEAD)
        writer.writerows([never_run(part) if isinstance(part, str) else part for part in cell] for cell in cells)
