"""Where observations are read from: a port, and what stands beside a number that a column has no place for."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

import numpy as np
from msgspec import Struct

from cityloop.doors.sensorthings.model import EntityUnknown
from cityloop.telemetry import Batch
from cityloop.telemetry.history import History

FAR = 2**62
ASKED = 4  # questions to the history at once
FIRST, MOST = 4_096, 4_194_304  # rows that are read at once, at first and at most
Key = tuple[int, int, int]  # stream, moment, track


class Records(Protocol):
    """What the columns can be asked. Units: moments in microseconds since 1970, UTC; both ends are in."""

    def rows(self, streams: Sequence[int], since: int, until: int, *, newest_first: bool, limit: int) -> Batch:
        """So many observations of these streams at most: by stream and moment, or the newest of all of them."""
        ...

    def spans(self, streams: Sequence[int]) -> Mapping[int, tuple[int, int]]:
        """The first and the last moment of each of these streams that has spoken."""
        ...


class Beside(Struct, frozen=True, kw_only=True):
    """What is told of one observation besides its number."""

    members: dict[str, Any]  # resultTime, resultQuality, validTime, parameters, FeatureOfInterest, until, result
    is_gone: bool = False


class Row(Struct, frozen=True):
    """One observation."""

    stream: int
    at: int
    value: float
    track: int
    beside: dict[str, Any]

    @property
    def id(self) -> str:
        return id_of(self.stream, self.at, self.track)


def id_of(stream: int, at: int, track: int) -> str:
    """The id of an observation: its stream, its moment, and whom it follows.

    >>> id_of(7, 1000, 0)
    '7-1000'
    """
    return f"{stream}-{at}-{track}" if track else f"{stream}-{at}"


def key_of(id: str) -> Key:
    """What an observation's id stands for. Refuses with `EntityUnknown`."""
    parts = id.replace("--", "-~").split("-")
    try:
        numbers = [int(part.replace("~", "-")) for part in parts if part.lstrip("~").isascii()]
        if len(numbers) not in (2, 3) or len(numbers) != len(parts) or max(map(abs, numbers)) >= FAR:
            raise ValueError(id)
    except ValueError:
        raise EntityUnknown(f"There is no observation {id[:60]!r}; take its id from a list.") from None
    return numbers[0], numbers[1], numbers[2] if len(numbers) == 3 else 0


def walked(
    records: Records, streams: Sequence[int], since: int, until: int, *, newest_first: bool, wants_all: bool = False
) -> Iterator[Batch]:
    """Observations, in pieces that grow: the newest first, or stream by stream by their moments. Those of one stream and
    moment (the newest first: of one moment) are never in two pieces. Each once: the last word. `wants_all`: as few as may be.
    """
    limit = MOST if wants_all else FIRST
    left = [(list(streams), since, until)]
    while left:
        some, first, last = left.pop()
        if not some or first > last:
            continue
        batch = records.rows(some, first, last, newest_first=newest_first, limit=limit)
        if batch.size < limit:
            yield _once(batch, newest_first)
            continue
        edge, at = int(batch.stream[-1]), int(batch.at[-1])
        kept = batch.at != at if newest_first else (batch.at != at) | (batch.stream != edge)
        if not kept.any():  # more there than are read at once
            left.append((some, first, last))
            limit *= 4
            continue
        yield _once(batch.at_rows(kept), newest_first)
        if newest_first:
            left.append((some, first, at))
        else:
            left += [([no for no in some if no > edge], first, last), ([edge], at, last)]
        limit = min(limit * 4, MOST)


def _once(batch: Batch, newest_first: bool) -> Batch:
    """In their order; what was sent twice once, as it was sent last."""
    if newest_first:
        order = np.lexsort((batch.track, batch.stream, -batch.at))
    else:
        order = np.lexsort((batch.track, batch.at, batch.stream))
    batch = batch.at_rows(order)
    if batch.size < 2:
        return batch
    same = (
        (batch.at[1:] == batch.at[:-1]) & (batch.stream[1:] == batch.stream[:-1]) & (batch.track[1:] == batch.track[:-1])
    )
    return batch.at_rows(~np.append(same, False)) if same.any() else batch


class Spans:
    """From when to when streams have spoken, asked for when it is wanted: of some, or of all at once."""

    def __init__(self, records: Records, streams: Sequence[int]) -> None:
        self._records, self._streams = records, streams
        self._known: dict[int, tuple[int, int] | None] = {}

    def load(self, streams: Sequence[int]) -> None:
        """Ask for some in one go."""
        wanted = [no for no in streams if no not in self._known]
        if wanted:
            self._known |= dict.fromkeys(wanted) | dict(self._records.spans(wanted))

    def get(self, no: int) -> tuple[int, int] | None:
        """The first and the last moment of a stream. Units: microseconds since 1970, UTC."""
        if no not in self._known:
            self.load(self._streams)
        return self._known.get(no)


class HistoryRecords:
    """Observations as the city's history holds them. The history looks at the database as it is at its own moment, so it is
    asked in a thread of its own: that of the question holds one moment already.
    """

    def __init__(self, history: History) -> None:
        self.history = history
        self._asked = ThreadPoolExecutor(ASKED, "sta-history")

    def rows(self, streams: Sequence[int], since: int, until: int, *, newest_first: bool, limit: int) -> Batch:
        """See `Records`."""
        found = self._asked.submit(self.history.points, streams, since, until + 1, limit, newest=newest_first).result()
        batch = Batch(found.stream, found.at, found.value, found.track)
        return batch.at_rows(np.argsort(-batch.at, kind="stable")) if newest_first else batch

    def spans(self, streams: Sequence[int]) -> Mapping[int, tuple[int, int]]:
        """See `Records`."""
        found = self._asked.submit(self.history.spans, streams).result()
        moments = zip(found.first.tolist(), found.last.tolist(), strict=True)
        return dict(zip(found.stream.tolist(), moments, strict=True))
