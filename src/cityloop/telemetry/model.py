"""What the room speaks of: a segment as its row says it, the period and shelf it is of, and what may be wrong with it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Protocol

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from cityloop.domain.calendar import EPOCH, epoch_us
from cityloop.domain.errors import Unavailable
from cityloop.domain.facts.telemetry import SegmentHeld, SegmentsThinned
from cityloop.telemetry.batch import Batch

SHELF = 4096  # streams whose numbers follow each other
DAYS_APART = 31  # days that are older are sealed month by month
DAY_US, HOUR_US = 86_400_000_000, 3_600_000_000


class SegmentLost(Unavailable):
    """A file of observations is missing or damaged."""

    code = "telemetry.segment_lost"


class Segment(Struct, frozen=True, kw_only=True):
    """A sealed file of observations: a row of the table `segment`."""

    id: str
    period: str
    shelf: int
    place: int
    thinned: bool
    digest: str
    size_bytes: int
    row_count: int
    observations: int
    stream_count: int
    first_us: int
    last_us: int
    sealed_at: datetime

    @property
    def period_us(self) -> tuple[int, int]:
        """Its period's beginning and end."""
        return span_of(self.period)


class Written(Protocol):
    """A log that is written ahead: what the sealer wants of it. A position is after the batch that it comes with."""

    def follow(self, position: Any) -> Iterator[tuple[Any, Batch]]: ...
    def behind_bytes(self, position: Any) -> int: ...
    def forget(self, before: Any) -> None: ...


def moment_of(us: int) -> datetime:
    """The moment so many microseconds after 1970."""
    return EPOCH + timedelta(microseconds=int(us))


def shelf_of(stream: Any) -> Any:
    """The shelf of a stream, or of an array of them."""
    return stream // SHELF


def period_of(day: int, today: int) -> str:
    """The period of a day: itself, or its month where it is long past. Units: days since 1970.

    >>> period_of(20_000, 20_010), period_of(20_000, 20_100)
    ('2024-10-04', '2024-10')
    """
    text = str(np.datetime64(int(day), "D"))
    return text if day > today - DAYS_APART else text[:7]


def span_of(period: str) -> tuple[int, int]:
    """A period's beginning and end. Units: microseconds since 1970."""
    unit = "D" if len(period) == 10 else "M"
    first, after = np.datetime64(period, unit), np.datetime64(period, unit) + 1
    return tuple(int(each.astype("datetime64[D]").astype(int)) * DAY_US for each in (first, after))  # type: ignore[return-value]


def is_over(period: str, day: int) -> bool:
    """Whether a period ended before a day. Units: days since 1970."""
    return span_of(period)[1] <= day * DAY_US


def parts_of(batch: Batch, today: int) -> Iterator[tuple[str, int, NDArray[np.intp]]]:
    """The periods and shelves of a batch, each with its rows in the order in which they came."""
    days, of_day = _told_apart(batch.at // DAY_US)
    shelves, of_shelf = _told_apart(shelf_of(batch.stream.astype(np.int64)))
    cell = of_day * len(shelves) + of_shelf
    named, numbers = {}, np.zeros(len(days) * len(shelves), np.int64)
    for each in np.flatnonzero(np.bincount(cell)).tolist():
        name = period_of(days[each // len(shelves)], today), int(shelves[each % len(shelves)])
        numbers[each] = named.setdefault(name, len(named))
    which = numbers[cell].astype(np.uint16 if len(named) < 1 << 16 else np.int64)  # so short they are sorted without comparing
    ends = np.cumsum(np.bincount(which, minlength=len(named)))
    for (period, shelf), rows in zip(named, np.split(np.argsort(which, kind="stable"), ends[:-1]), strict=True):
        yield period, shelf, rows


def _told_apart(numbers: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The numbers that occur, in their order, and of each row the place among them. Those that lie close are counted, not sorted."""
    least = int(numbers.min())
    away = numbers - least
    if int(away.max()) > 4 * len(numbers) + 1024:
        return np.unique(numbers, return_inverse=True)
    found = np.flatnonzero(np.bincount(away))
    places = np.zeros(int(found[-1]) + 1, np.int64)
    places[found] = np.arange(len(found))
    return found + least, places[away]


def segment_of(fact: SegmentHeld) -> Segment:
    """The row of a segment, from the fact that tells of it."""
    thinned = isinstance(fact, SegmentsThinned)
    return Segment(
        id=fact.segment, period=fact.period, shelf=fact.shelf, place=fact.place, thinned=thinned, digest=fact.digest,
        size_bytes=fact.size_bytes, row_count=fact.rows, observations=fact.observations if thinned else fact.rows,
        stream_count=fact.streams, first_us=epoch_us(fact.first_at), last_us=epoch_us(fact.last_at), sealed_at=fact.at,
    )  # fmt: skip
