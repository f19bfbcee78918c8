"""Moments as senders write them: text of RFC 3339, or numbers since 1970. Units: microseconds since 1970, UTC."""

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from cityloop.domain.calendar import EPOCH, epoch_us

NO_MOMENT = np.iinfo(np.int64).min  # of what is none

_SECONDS_MOST, _MS_MOST = 1e11, 1e14  # numbers up to the year 5138 are seconds; beyond, milliseconds; beyond, microseconds
_FRACTION_AT = 20  # of 2026-03-06T08:00:00.123456Z
_MARKS = ((4, "-"), (7, "-"), (10, "T"), (13, ":"), (16, ":"))
_DAY_TEN = slice(0, 10)


def moment(said: str | int | float | None, now: int) -> int:
    """One moment, however it is written; nothing is now; `NO_MOMENT` where it is none. Text without a zone is UTC.

    >>> moment("1970-01-01T08:00:01+08:00", 0), moment(1_772_000_000, 0), moment(1_772_000_000_123, 0)
    (1000000, 1772000000000000, 1772000000123000)
    """
    if said is None:
        return now
    if isinstance(said, str):
        try:
            at = datetime.fromisoformat(said.partition("/")[0])  # of a span, its beginning
            return epoch_us(at if at.tzinfo else at.replace(tzinfo=UTC))
        except (ValueError, OverflowError):
            return NO_MOMENT
    size = abs(said)
    if not size < 1e18:  # neither infinite, nor no number
        return NO_MOMENT
    if isinstance(said, int):
        return said * (1_000_000 if size < _SECONDS_MOST else 1_000 if size < _MS_MOST else 1)
    return round(said * (1_000_000 if size < _SECONDS_MOST else 1_000 if size < _MS_MOST else 1))


def moments(said: Sequence[str | int | float | None], now: int) -> NDArray[np.int64]:
    """Many moments. Text in UTC of one length, as most senders write it, is read as columns of digits."""
    try:
        text = "".join(said).encode("ascii")  # type: ignore[arg-type]
    except (TypeError, UnicodeEncodeError):
        return np.array([moment(each, now) for each in said], np.int64)
    length = len(said[0]) if said else 0  # type: ignore[arg-type]
    found = _read(text, len(said), length) if length in (20, 24, 27) and len(text) == length * len(said) else None
    return np.array([moment(each, now) for each in said], np.int64) if found is None else found


def _read(text: bytes, count: int, length: int) -> NDArray[np.int64] | None:
    """Moments of one length, ending in Z; None where one of them is written otherwise."""
    table = np.frombuffer(text, np.uint8).reshape(count, length)
    marks = [*_MARKS, (length - 1, "Z")] + ([(19, ".")] if length > _FRACTION_AT else [])
    if any((table[:, place] != ord(mark)).any() for place, mark in marks):
        return None
    digits = table - np.uint8(48)
    places = [place for place in range(length) if place not in {place for place, _ in marks}]
    if digits[:, places].max() > 9:
        return None
    hour, minute, second = (_number(digits, place, 2) for place in (11, 14, 17))
    if hour.max() > 23 or minute.max() > 59 or second.max() > 59:
        return None
    day = _days(text, table, length)
    if day is None:
        return None
    found = ((day * 24 + hour) * 60 + minute) * 60_000_000 + second * 1_000_000
    parts = length - 1 - _FRACTION_AT
    return found + _number(digits, _FRACTION_AT, parts) * 10 ** (6 - parts) if parts > 0 else found


def _days(text: bytes, table: NDArray[np.uint8], length: int) -> NDArray[np.int64] | None:
    """Days since 1970: nearly always the same in all rows."""
    first = table[0, _DAY_TEN]
    if (table[:, _DAY_TEN] == first).all():
        day = _day(text[:10])
        return None if day is None else np.int64(day)  # type: ignore[return-value]
    days, places = np.unique(np.ascontiguousarray(table[:, _DAY_TEN]).view("S10").ravel(), return_inverse=True)
    numbers = [_day(each) for each in days]
    return None if None in numbers else np.array(numbers, np.int64)[places]


def _day(text: bytes) -> int | None:
    try:
        return (datetime.fromisoformat(text.decode()).replace(tzinfo=UTC) - EPOCH).days
    except ValueError:
        return None


def _number(digits: NDArray[np.uint8], first: int, count: int) -> NDArray[np.int64]:
    found = digits[:, first].astype(np.int64)
    for place in range(first + 1, first + count):
        found = found * 10 + digits[:, place]
    return found
