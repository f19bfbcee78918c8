"""Times as SensorThings writes them, read and written. Source: ISO 8601."""

import re
from datetime import UTC, datetime

from cityloop.domain.calendar import epoch_us
from cityloop.doors.sensorthings.language.tree import Clock, Day, Lasting, Moment, Span
from cityloop.telemetry.model import moment_of

DAY_US = 86_400_000_000
_MOMENT = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,12}))?)?\s*(Z|z|[+\- ]\d\d(?::?\d\d)?)?\Z", re.ASCII
)
_CLOCK = re.compile(r"(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,12}))?)?\Z", re.ASCII)
_LASTING = re.compile(
    r"(-)?P(?:(\d{1,9})D)?(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})(?:\.(\d{1,6}))?S)?)?\Z", re.ASCII
)


def moment_us(text: str) -> int:
    """A moment in microseconds since 1970; without an offset it is UTC. Raises `ValueError` where it is none.

    >>> moment_us("1970-01-01T08:00:01+08:00")
    1000000
    """
    found = _MOMENT.match(text.strip())
    if not found:
        raise ValueError(text)
    year, month, day, hour, minute, second, part, offset = found.groups()
    at = datetime(int(year), int(month), int(day), int(hour), int(minute), int(second or 0), tzinfo=UTC)
    us = epoch_us(at) + _part_us(part)
    if offset and offset not in "Zz":
        digits = offset[1:].replace(":", "").ljust(4, "0")
        minutes = int(digits[:2]) * 60 + int(digits[2:])
        if minutes > 14 * 60:
            raise ValueError(text)
        us -= (-1 if offset[0] == "-" else 1) * minutes * 60_000_000
    return us


def time_of(text: str) -> Moment | Span:
    """A moment, or two with a stroke between them. Raises `ValueError`."""
    first, stroke, last = text.partition("/")
    if not stroke:
        return Moment(moment_us(first))
    span = Span(moment_us(first), moment_us(last))
    if span.end < span.start:
        raise ValueError(text)
    return span


def clock_of(text: str) -> Clock:
    """A time of day. Raises `ValueError`."""
    found = _CLOCK.match(text)
    if not found:
        raise ValueError(text)
    hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
    if hour > 23 or minute > 59 or second > 59:
        raise ValueError(text)
    return Clock((hour * 3600 + minute * 60 + second) * 1_000_000 + _part_us(found[4]))


def day_of(text: str) -> Day:
    """A day. Raises `ValueError`."""
    return Day(moment_us(f"{text}T00:00:00Z") // DAY_US)


def lasting_of(text: str) -> Lasting:
    """A duration of days and less. Raises `ValueError`."""
    found = _LASTING.match(text)
    if not found or not any(found.groups()[1:]):
        raise ValueError(text)
    days, hours, minutes, seconds = (int(found[i] or 0) for i in range(2, 6))
    us = ((days * 24 + hours) * 60 + minutes) * 60_000_000 + seconds * 1_000_000 + _part_us(found[6])
    return Lasting(-us if found[1] else us)


def said_us(us: int) -> str:
    """A moment as it is written: milliseconds, or microseconds where there are any.

    >>> said_us(1_000_000)
    '1970-01-01T00:00:01.000Z'
    """
    at = moment_of(us)
    return at.isoformat(timespec="microseconds" if us % 1000 else "milliseconds").replace("+00:00", "Z")


def said(value: Moment | Span | Day | Clock | Lasting) -> str:
    """A time as it is written."""
    if isinstance(value, Moment):
        return said_us(value.us)
    if isinstance(value, Span):
        return f"{said_us(value.start)}/{said_us(value.end)}"
    if isinstance(value, Day):
        return said_us(value.days * DAY_US)[:10]
    if isinstance(value, Clock):
        return said_us(value.us)[11:-1]
    sign, us = ("-", -value.us) if value.us < 0 else ("", value.us)
    return f"{sign}PT{us // 1_000_000}.{us % 1_000_000:06d}S"


def _part_us(part: str | None) -> int:
    return int((part or "0")[:6].ljust(6, "0"))
