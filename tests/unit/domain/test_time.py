"""When a limit is over."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from cityloop.domain.policy import CalendarDay, DayKind, Limit, LimitUnit, WorkDayReading, WorkWeek
from cityloop.domain.time import (
    BadLimit,
    BadWeek,
    BeyondCalendar,
    ZoneUnknown,
    calendar_of,
    due_after,
    due_at,
    due_extended,
    worked_s,
    worked_us,
)

DAY_WINDOWS = ((time(9), time(12)), (time(14), time(18)))
# Spring Festival of a made-up city: holidays from Tuesday 17 to Monday 23 February; Saturday 28 is worked instead
DAYS = (
    *(CalendarDay(date=date(2026, 2, day), kind=DayKind.holiday, name="Spring Festival") for day in range(17, 24)),
    CalendarDay(date=date(2026, 2, 28), kind=DayKind.workday, name="make-up"),
)


def week(
    zone="Asia/Shanghai", work_day="working_hours", windows=DAY_WINDOWS, weekdays=range(5), days=DAYS, day_min=420
):
    by_weekday = dict.fromkeys(weekdays, windows)
    return WorkWeek(zone=zone, windows=by_weekday, day_min=day_min, work_day=WorkDayReading(work_day), days=days)


HOURS, DATES = calendar_of(week()), calendar_of(week(work_day="working_dates"))
NIGHTS = calendar_of(week(windows=((time(0), time(6)), (time(22), time(0))), weekdays=range(7), days=(), day_min=480))


def at(text, calendar=HOURS):
    return datetime.fromisoformat(text).replace(tzinfo=calendar.zone)


def due(start, limit, calendar):
    value, unit = limit.split()
    found = due_at(at(start, calendar), Limit(value=int(value), unit=LimitUnit(unit)), calendar)
    assert found.tzinfo is calendar.zone
    return found.strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("start", "limit", "expected"),
    [
        # Friday 6 March 2026
        ("2026-03-06 16:00", "2 urgent_hour", "2026-03-06 18:00"),
        ("2026-03-06 23:00", "2 urgent_hour", "2026-03-07 01:00"),
        ("2026-03-06 16:00", "2 urgent_day", "2026-03-08 16:00"),
        ("2026-02-16 16:00", "2 urgent_day", "2026-02-18 16:00"),  # holidays too
        ("2026-03-06 16:00", "15 work_minute", "2026-03-06 16:15"),
        ("2026-03-06 17:50", "15 work_minute", "2026-03-09 09:05"),  # over the weekend
        ("2026-03-06 16:00", "2 work_hour", "2026-03-06 18:00"),  # just fits: done at closing time is in time
        ("2026-03-06 16:00", "4 work_hour", "2026-03-09 11:00"),
        ("2026-03-06 11:30", "1 work_hour", "2026-03-06 14:30"),  # over lunch
        ("2026-03-06 12:30", "1 work_hour", "2026-03-06 15:00"),  # from lunch
        ("2026-03-06 03:00", "1 work_hour", "2026-03-06 10:00"),  # from the night before
        ("2026-03-06 22:00", "1 work_hour", "2026-03-09 10:00"),  # from the night after
        ("2026-03-07 10:00", "1 work_hour", "2026-03-09 10:00"),  # from Saturday
        ("2026-03-06 16:00", "0 work_hour", "2026-03-06 16:00"),
        ("2026-03-07 10:00", "0 work_hour", "2026-03-07 10:00"),
        ("2026-02-16 17:00", "4 work_hour", "2026-02-24 12:00"),  # over Spring Festival
        ("2026-02-27 17:00", "4 work_hour", "2026-02-28 12:00"),  # the make-up Saturday counts
        ("2026-02-28 17:00", "4 work_hour", "2026-03-02 12:00"),
        ("2024-12-31 17:00", "2 work_hour", "2025-01-01 10:00"),
        ("2026-12-31 17:00", "1 work_hour", "2026-12-31 18:00"),  # the very end of a year's work
        ("2026-12-31 17:00", "2 work_hour", "2027-01-01 10:00"),  # over the end of the year
        ("2026-03-06 16:00", "1 work_day", "2026-03-09 16:00"),
        ("2026-03-06 16:00", "5 work_day", "2026-03-13 16:00"),
        ("2026-02-13 09:00", "2 work_day", "2026-02-16 18:00"),  # a whole day ends at its closing
        ("2026-03-06 16:00", "1 natural_day", "2026-03-08 00:00"),
        ("2026-03-06 16:00", "0 natural_day", "2026-03-07 00:00"),
        ("2026-03-06 00:00", "3 natural_day", "2026-03-10 00:00"),
        ("2026-12-30 10:00", "1 natural_day", "2027-01-01 00:00"),
    ],
)
def test_a_limit_is_over(start, limit, expected):
    assert due(start, limit, HOURS) == expected


@pytest.mark.parametrize(
    ("start", "limit", "expected"),
    [
        ("2026-03-06 16:00", "1 work_day", "2026-03-09 16:00"),
        ("2026-03-06 17:59", "2 work_day", "2026-03-10 17:59"),
        ("2026-03-06 18:00", "1 work_day", "2026-03-10 09:00"),  # closed: it starts on Monday at 9
        ("2026-03-06 12:30", "1 work_day", "2026-03-09 14:00"),  # lunch: it starts at 14
        ("2026-03-07 10:00", "1 work_day", "2026-03-10 09:00"),  # Saturday
        ("2026-02-16 10:00", "1 work_day", "2026-02-24 10:00"),  # over Spring Festival
        ("2026-02-27 10:00", "1 work_day", "2026-02-28 10:00"),  # the make-up Saturday
        ("2026-02-27 10:00", "2 work_day", "2026-03-02 10:00"),
        ("2026-03-06 16:00", "0 work_day", "2026-03-06 16:00"),
        ("2026-12-31 16:00", "1 work_day", "2027-01-01 16:00"),
        ("2026-03-06 16:00", "300 work_day", "2027-04-30 16:00"),
    ],
)
def test_a_limit_in_working_dates_is_over(start, limit, expected):
    assert due(start, limit, DATES) == expected


def test_the_time_of_day_stays_where_the_date_closes_earlier():
    short_friday = dict.fromkeys(range(4), DAY_WINDOWS) | {4: ((time(9), time(12)),)}
    given = WorkWeek(zone="Asia/Shanghai", windows=short_friday, day_min=420, work_day=WorkDayReading.working_dates)

    assert due("2026-03-05 17:00", "1 work_day", calendar_of(given)) == "2026-03-06 17:00"


@pytest.mark.parametrize(
    ("start", "limit", "expected"),
    [
        ("2026-03-06 23:00", "2 work_hour", "2026-03-07 01:00"),  # a night shift is two windows
        ("2026-03-06 05:30", "1 work_hour", "2026-03-06 22:30"),
        ("2026-03-06 12:00", "2 work_hour", "2026-03-07 00:00"),  # closing at 24:00
        ("2026-03-06 23:00", "1 work_day", "2026-03-07 23:00"),
    ],
)
def test_a_city_that_works_at_night(start, limit, expected):
    assert due(start, limit, NIGHTS) == expected


@pytest.mark.parametrize(
    ("zone", "start", "limit", "expected"),
    [
        # Zurich: 29 March 02:00 -> 03:00, 25 October 03:00 -> 02:00. New York: 8 March, 1 November
        ("Europe/Zurich", "2026-03-28 12:00", "1 urgent_day", "2026-03-29 13:00"),
        ("Europe/Zurich", "2026-10-24 12:00", "1 urgent_day", "2026-10-25 11:00"),
        ("Europe/Zurich", "2026-03-29 01:30", "1 work_hour", "2026-03-29 03:30"),
        ("Europe/Zurich", "2026-10-25 01:30", "2 work_hour", "2026-10-25 02:30"),  # the second 02:30
        ("Europe/Zurich", "2026-03-28 02:30", "1 work_day", "2026-03-29 03:30"),  # 8 hours of work
        ("Europe/Zurich", "2026-03-28 22:30", "1 natural_day", "2026-03-30 00:00"),
        ("America/New_York", "2026-03-08 01:00", "2 work_hour", "2026-03-08 04:00"),
        ("America/New_York", "2026-11-01 00:30", "2 work_hour", "2026-11-01 01:30"),  # the second 01:30
        ("America/New_York", "2026-11-01 00:00", "1 urgent_day", "2026-11-01 23:00"),
        ("America/Havana", "2026-03-07 12:00", "0 natural_day", "2026-03-08 01:00"),  # 00:00 never comes
    ],
)
def test_where_the_clocks_change(zone, start, limit, expected):
    nights = week(zone, windows=((time(0), time(6)), (time(22), time(0))), weekdays=range(7), days=(), day_min=480)

    assert due(start, limit, calendar_of(nights)) == expected


def test_a_working_date_without_that_time_of_day_takes_the_first_moment_after_it():
    nights = week("Europe/Zurich", "working_dates", ((time(0), time(6)),), range(7), (), 360)

    assert due("2026-03-28 02:30", "1 work_day", calendar_of(nights)) == "2026-03-29 03:00"


def test_seconds_and_microseconds_are_kept():
    start = at("2026-03-06 17:59:59.999999")

    day = Limit(value=1, unit=LimitUnit.work_day)

    assert due_at(start, day, DATES).isoformat() == "2026-03-09T17:59:59.999999+08:00"
    assert due_after(start, 1, HOURS).isoformat() == "2026-03-09T09:00:59.999999+08:00"
    assert due_at(start, Limit(value=1, unit=LimitUnit.urgent_hour), HOURS) == start + timedelta(hours=1)


def test_the_start_may_be_in_any_zone():
    start = datetime(2026, 3, 6, 8, 0, tzinfo=UTC)

    assert due_after(start, 60, HOURS).isoformat() == "2026-03-06T17:00:00+08:00"


@pytest.mark.parametrize(
    ("calendar", "old", "by", "expected"),
    [
        (HOURS, "2026-03-06 18:00", "1 work_hour", "2026-03-09 10:00"),
        (HOURS, "2026-03-06 18:00", "0 work_hour", "2026-03-06 18:00"),
        (HOURS, "2026-03-06 18:00", "1 work_day", "2026-03-09 18:00"),
        (HOURS, "2026-03-07 00:00", "1 natural_day", "2026-03-08 00:00"),  # from one 24:00 to the next
        (HOURS, "2026-03-06 15:00", "1 natural_day", "2026-03-08 00:00"),
        (DATES, "2026-03-06 18:00", "1 work_day", "2026-03-09 18:00"),  # closing time stays closing time
        (DATES, "2026-03-07 10:00", "1 work_day", "2026-03-09 10:00"),
        (DATES, "2026-03-06 00:00", "1 work_day", "2026-03-07 00:00"),
        (DATES, "2026-03-07 00:00", "1 work_day", "2026-03-10 00:00"),  # 24:00 of a working date too
        (DATES, "2026-03-06 18:00", "2 urgent_hour", "2026-03-06 20:00"),
    ],
)
def test_an_extension_counts_from_the_old_deadline(calendar, old, by, expected):
    value, unit = by.split()
    moved = due_extended(at(old), Limit(value=int(value), unit=LimitUnit(unit)), calendar)

    assert moved.strftime("%Y-%m-%d %H:%M") == expected


@pytest.mark.parametrize(
    ("start", "end", "expected_s"),
    [
        ("2026-03-06 09:00", "2026-03-06 18:00", 7 * 3600),
        ("2026-03-06 12:00", "2026-03-06 14:00", 0),
        ("2026-03-06 18:00", "2026-03-09 09:00", 0),
        ("2026-02-13 09:00", "2026-03-02 09:00", (2 + 4 + 1) * 7 * 3600),
        ("2025-12-31 09:00", "2027-01-01 09:00", (262 - 5 + 1) * 7 * 3600),  # five weekdays off, one Saturday on
        ("2026-03-06 18:00", "2026-03-06 09:00", -7 * 3600),
    ],
)
def test_working_time_between_two_moments(start, end, expected_s):
    assert worked_s(at(start), at(end), HOURS) == expected_s


def test_working_time_over_a_change_of_clocks_is_real_time():
    calendar = calendar_of(week("Europe/Zurich", windows=((time(0), time(0)),), weekdays=range(7), days=()))

    assert worked_s(at("2026-03-29 00:00", calendar), at("2026-03-30 00:00", calendar), calendar) == 23 * 3600
    assert worked_us(at("2026-10-25 00:00", calendar), at("2026-10-26 00:00", calendar), calendar) == 25 * 3_600_000_000


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"windows": ()}, BadWeek),
        ({"weekdays": ()}, BadWeek),
        ({"weekdays": (7,)}, BadWeek),
        ({"day_min": 0}, BadWeek),
        ({"windows": ((time(9), time(9)),)}, BadWeek),
        ({"windows": ((time(22), time(6)),)}, BadWeek),  # a night shift is written as two windows
        ({"windows": ((time(14), time(18)), (time(9), time(12)))}, BadWeek),
        ({"windows": ((time(9), time(12)), (time(11), time(18)))}, BadWeek),
        ({"windows": ((time(9), time(0)), (time(11), time(18)))}, BadWeek),
        ({"days": DAYS + DAYS[:1]}, BadWeek),
        ({"zone": "Asia/Nowhere"}, ZoneUnknown),
        ({"zone": "../../etc/passwd"}, ZoneUnknown),
        ({"zone": ""}, ZoneUnknown),
    ],
)
def test_a_week_that_cannot_be_counted_by_is_refused(change, error):
    with pytest.raises(error):
        calendar_of(week(**change))


@pytest.mark.parametrize("value", [-1, 10_001])
@pytest.mark.parametrize("unit", LimitUnit)
def test_a_limit_below_nothing_or_beyond_measure_is_refused(unit, value):
    with pytest.raises(BadLimit, match=rf"A limit of {value} {unit} cannot be kept; give one of 0 to 10000\."):
        due_at(at("2026-03-06 16:00"), Limit(value=value, unit=unit), HOURS)


def test_a_limit_that_ends_beyond_the_calendar_is_refused():
    one_minute_a_week = calendar_of(week(windows=((time(9), time(9, 1)),), weekdays=(0,), days=()))

    with pytest.raises(BeyondCalendar):
        due_at(at("2026-03-06 16:00"), Limit(value=10_000, unit=LimitUnit.work_day), one_minute_a_week)
