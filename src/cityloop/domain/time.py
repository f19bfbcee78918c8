"""Moments: how they are written, read from outside, and when a limit that starts at one is over."""

import re
from datetime import UTC, datetime, timedelta
from typing import assert_never

from msgspec import to_builtins

from cityloop.domain.calendar import (
    DAY_US,
    EPOCH,
    HOUR_US,
    MINUTE_US,
    SECOND_US,
    BadWeek,
    BeyondCalendar,
    WorkCalendar,
    ZoneUnknown,
    calendar_of,
    epoch_us,
    zone_of,
)
from cityloop.domain.errors import Invalid
from cityloop.domain.policy import Limit, LimitUnit, WorkDayReading

__all__ = [
    "BadLimit",
    "BadWeek",
    "BeyondCalendar",
    "TimeInFuture",
    "TimeTooOld",
    "TimeUnreadable",
    "WorkCalendar",
    "ZoneUnknown",
    "calendar_of",
    "due_after",
    "due_at",
    "due_extended",
    "epoch_us",
    "moment",
    "parse_given",
    "utc_text",
    "worked_s",
    "worked_us",
    "zone_of",
]

LIMIT_VALUE_MAX = 10_000  # in any unit
SKEW_MAX = timedelta(minutes=5)  # how far a caller's clock may run before ours
GIVEN_CHARS_MAX = 40

_DATE_AND_TIME = re.compile(r"[0-9]{4}[0-9W-]{4,6}[T ][0-9]{2}")


class TimeUnreadable(Invalid):
    """The text is not a moment."""

    code = "time.unreadable"


class TimeInFuture(Invalid):
    """The moment has not come yet."""

    code = "time.in_future"


class TimeTooOld(Invalid):
    """The moment is older than the city takes up."""

    code = "time.too_old"


class BadLimit(Invalid):
    """The limit is less than nothing, or beyond all measure."""

    code = "time.bad_limit"


def utc_text(at: datetime) -> str:
    """The one way a moment is stored: UTC, 27 characters, so that the order of texts is the order of time.

    >>> utc_text(datetime(2026, 3, 6, 16, 0, tzinfo=zone_of("Asia/Shanghai")))
    '2026-03-06T08:00:00.000000Z'
    """
    if at.tzinfo is not UTC:
        assert at.tzinfo is not None, "a moment has a zone"
        at = at.astimezone(UTC)
    text = to_builtins(at)
    return text if len(text) == 27 else f"{text[:19]}.000000Z"


def moment(text: str) -> datetime:
    """The moment that `utc_text` wrote, in UTC. Refuses with `TimeUnreadable`."""
    try:
        if len(text) == 27 and text[10] == "T" and text[26] == "Z":
            return datetime.fromisoformat(text)
    except ValueError:
        pass
    raise TimeUnreadable(f"{text[:GIVEN_CHARS_MAX]!r} is not a stored moment; write it 2026-03-06T08:00:00.000000Z.")


def parse_given(text: str, zone: str, *, now: datetime, age_days_max: int) -> datetime:
    """The moment that somebody outside meant, in UTC; the caller keeps the raw text.

    ISO 8601 with date and time. Without an offset it is read in `zone`; a wall time that comes twice is its first
    coming, one that never comes is read with the offset before the jump.
    Refuses with `TimeUnreadable`, `ZoneUnknown`, `TimeInFuture` (by more than 5 minutes), `TimeTooOld`.

    >>> now = moment("2026-03-07T00:00:00.000000Z")
    >>> utc_text(parse_given("2026-03-06 16:00", "Asia/Shanghai", now=now, age_days_max=30))
    '2026-03-06T08:00:00.000000Z'
    """
    given = text.strip()
    try:
        if len(given) > GIVEN_CHARS_MAX or not _DATE_AND_TIME.match(given):
            raise ValueError
        at = datetime.fromisoformat(given)
    except ValueError:
        raise TimeUnreadable(
            f"{given[:GIVEN_CHARS_MAX]!r} is not a date with a time; write it like 2026-03-06T16:00:00+08:00."
        ) from None
    if at.tzinfo is None:
        at = at.replace(tzinfo=zone_of(zone))
    if at > now + SKEW_MAX:
        raise TimeInFuture(f"{given!r} lies after now, {utc_text(now)}; give the moment at which it happened.")
    if at < EPOCH or now - at > timedelta(days=age_days_max):
        raise TimeTooOld(
            f"{given!r} is more than {age_days_max} days before now, {utc_text(now)}; check the year, or report "
            "what can be seen today."
        )
    return at.astimezone(UTC)


def due_at(start: datetime, limit: Limit, calendar: WorkCalendar) -> datetime:
    """The moment at which the limit is over: done at that moment is done in time. Exact to the microsecond.

    urgent_hour, urgent_day: that many hours, or times 24 hours, without a break.
    work_minute, work_hour, work_day by working_hours: the first moment with that much working time; a day is the
    week's day_min.
    work_day by working_dates: the same time of day, that many working dates later; a start outside working time
    counts from the next working moment; the time of day stays even where that date closes earlier.
    natural_day: the end, 24:00, of the n-th date after the start's.

    Units:  result in the city's zone.
    Source: standards.md 1.9; the limit is the rule's, whose row cites its clause. Refuses with `BadLimit`,
            `BeyondCalendar`.
    """
    n, at = _value(limit), epoch_us(start)
    match limit.unit:
        case LimitUnit.urgent_hour:
            return calendar.local(at + n * HOUR_US)
        case LimitUnit.urgent_day:
            return calendar.local(at + n * DAY_US)
        case LimitUnit.work_minute:
            return calendar.local(calendar.after(at, n * MINUTE_US))
        case LimitUnit.work_hour:
            return calendar.local(calendar.after(at, n * HOUR_US))
        case LimitUnit.work_day if calendar.week.work_day is WorkDayReading.working_hours:
            return calendar.local(calendar.after(at, n * calendar.week.day_min * MINUTE_US))
        case LimitUnit.work_day:
            start = calendar.local(calendar.working(at))
            return _same_time(start, calendar.working_date(start.toordinal(), n), calendar)
        case LimitUnit.natural_day:
            return calendar.local(calendar.moment(start.astimezone(calendar.zone).toordinal() + n, DAY_US))
        case other:
            assert_never(other)


def due_after(start: datetime, working_min: int, calendar: WorkCalendar) -> datetime:
    """The moment `working_min` working minutes after `start`; with 0, the start itself.

    >>> from datetime import time
    >>> from cityloop.domain.policy import WorkWeek
    >>> nine_to_five = {day: ((time(9), time(17)),) for day in range(5)}
    >>> week = calendar_of(WorkWeek(zone="Asia/Shanghai", windows=nine_to_five, day_min=480, work_day="working_hours"))
    >>> friday = datetime(2026, 3, 6, 16, 0, tzinfo=week.zone)
    >>> due_after(friday, 120, week).isoformat()
    '2026-03-09T10:00:00+08:00'
    """
    return calendar.local(calendar.after(epoch_us(start), working_min * MINUTE_US))


def due_extended(due: datetime, by: Limit, calendar: WorkCalendar) -> datetime:
    """A deadline moved on by an extension 延期, counted from the old deadline.

    As `due_at`, but a deadline ends what a start would begin: at closing time it moves by one working date to the same
    time of day, at 24:00 by one natural day to the next 24:00.
    """
    n, at = _value(by), epoch_us(due)
    if n and by.unit is LimitUnit.natural_day:
        return calendar.local(calendar.moment(calendar.local(at - 1).toordinal() + n, DAY_US))
    if n and by.unit is LimitUnit.work_day and calendar.week.work_day is WorkDayReading.working_dates:
        last_date = calendar.local(at - 1).toordinal()
        return _same_time(calendar.local(at), calendar.working_date(last_date, n), calendar, midnight=DAY_US)
    return due_at(due, by, calendar) if n else calendar.local(at)


def worked_us(start: datetime, end: datetime, calendar: WorkCalendar) -> int:
    """Working time between two moments, exactly; negative if they come in the other order. Units: µs."""
    return calendar.worked(epoch_us(start), epoch_us(end))


def worked_s(start: datetime, end: datetime, calendar: WorkCalendar) -> int:
    """Working seconds between two moments, one that is not over left out."""
    return worked_us(start, end, calendar) // SECOND_US


def _value(limit: Limit) -> int:
    if not 0 <= limit.value <= LIMIT_VALUE_MAX:
        raise BadLimit(f"A limit of {limit.value} {limit.unit} cannot be kept; give one of 0 to {LIMIT_VALUE_MAX}.")
    return limit.value


def _same_time(wall: datetime, ordinal: int, calendar: WorkCalendar, *, midnight: int = 0) -> datetime:
    """That time of day on that date; for 00:00, `midnight` after its beginning."""
    since = ((wall.hour * 60 + wall.minute) * 60 + wall.second) * SECOND_US + wall.microsecond
    return calendar.local(calendar.moment(ordinal, since or midnight))
