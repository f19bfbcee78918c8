"""Clocks that are paused, resumed and extended, and their lamps."""

from datetime import date, datetime, time

import pytest
from msgspec.structs import replace

from cityloop.domain.calendar import calendar_of
from cityloop.domain.clock import (
    ClockPaused,
    ClockRunning,
    Lamp,
    Pause,
    clock_of,
    extended,
    lamp,
    left_s,
    paused,
    recomputed,
    resumed,
    used_ppm,
)
from cityloop.domain.policy import CalendarDay, DayKind, Limit, LimitUnit, WorkDayReading, WorkWeek

WEEK = WorkWeek(
    zone="Asia/Shanghai",
    windows=dict.fromkeys(range(5), ((time(9), time(12)), (time(14), time(18)))),
    day_min=420,
    work_day=WorkDayReading.working_hours,
)
HOURS = calendar_of(WEEK)
YELLOW_PPM = 800_000


def at(text):
    """A moment of Friday 6 March 2026 and the days after: "06 16:00"."""
    return datetime.strptime(f"2026-03-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=HOURS.zone)


def limit(text):
    value, unit = text.split()
    return Limit(value=int(value), unit=LimitUnit(unit))


def clock(start, given, *pauses):
    found = clock_of(at(start), limit(given), HOURS)
    for since, until in pauses:
        found = paused(found, at(since))
        if until:
            found = resumed(found, at(until), HOURS)
    return found


@pytest.mark.parametrize(
    ("start", "given", "pauses", "due"),
    [
        ("06 09:00", "4 work_hour", [], "06 15:00"),
        ("06 09:00", "4 work_hour", [("06 10:00", "06 11:00")], "06 16:00"),
        ("06 09:00", "4 work_hour", [("06 11:00", "06 15:00")], "06 17:00"),  # lunch was no pause of work
        ("06 09:00", "4 work_hour", [("06 14:00", "09 10:00")], "09 11:00"),  # nor was the weekend
        ("06 09:00", "4 work_hour", [("06 19:00", "09 10:00")], "06 15:00"),  # late stays late
        ("06 09:00", "4 work_hour", [("06 15:00", "06 16:00")], "06 16:00"),  # the last moment is in time
        ("06 09:00", "4 work_hour", [("06 10:00", "06 11:00"), ("06 15:30", "06 17:00")], "06 17:30"),
        ("06 09:00", "4 work_hour", [("06 10:00", None)], "06 15:00"),  # stays until the clock goes on
        ("06 09:00", "1 work_day", [("06 10:00", "06 11:00")], "09 10:00"),
        ("06 09:00", "2 urgent_hour", [("06 10:00", "07 10:00")], "07 11:00"),
        ("06 09:00", "1 natural_day", [("06 10:00", "06 15:00")], "08 05:00"),
        ("06 09:00", "4 work_hour", [("06 08:00", "06 10:00")], "06 16:00"),  # nothing stands before it starts
        ("06 09:00", "4 work_hour", [("06 11:00", "06 10:00")], "06 15:00"),  # resumed by a clock that is slow
    ],
)
def test_a_pause_moves_the_deadline_by_what_it_took(start, given, pauses, due):
    assert clock(start, given, *pauses).due == at(due)


def test_a_pause_of_working_dates_takes_working_time():
    dates = calendar_of(replace(WEEK, work_day=WorkDayReading.working_dates))
    found = clock_of(at("06 17:00"), limit("1 work_day"), dates)
    assert found.due == at("09 17:00")

    found = resumed(paused(found, at("09 10:00")), at("09 15:00"), dates)
    assert found.due == at("10 11:00")  # 3 working hours after Monday 17:00


def test_a_clock_is_paused_once_and_resumed_once():
    found = clock("06 09:00", "4 work_hour", ("06 10:00", None))

    assert found.is_paused
    with pytest.raises(ClockPaused, match="already stands; resume it"):
        paused(found, at("06 11:00"))
    with pytest.raises(ClockRunning, match="is running; there is no pause to end"):
        resumed(resumed(found, at("06 11:00"), HOURS), at("06 11:00"), HOURS)


@pytest.mark.parametrize(
    ("given", "more", "due"),
    [
        ("4 work_hour", ["1 work_hour"], "06 16:00"),
        ("4 work_hour", ["1 work_hour", "2 work_hour"], "06 18:00"),
        ("4 work_hour", ["1 work_day"], "09 15:00"),
        ("4 work_hour", ["1 natural_day"], "08 00:00"),
        ("1 natural_day", ["1 natural_day"], "09 00:00"),
        ("2 urgent_hour", ["1 urgent_day"], "07 11:00"),
    ],
)
def test_an_extension_gives_more_time(given, more, due):
    found = clock("06 09:00", given)
    for each in more:
        found = extended(found, limit(each), HOURS)

    assert found.due == at(due)
    assert found.extensions == tuple(limit(each) for each in more)


def test_an_extension_and_a_pause_add_up_in_either_order():
    pause_first = extended(clock("06 09:00", "4 work_hour", ("06 10:00", "06 11:00")), limit("1 work_hour"), HOURS)
    extension_first = resumed(
        paused(extended(clock("06 09:00", "4 work_hour"), limit("1 work_hour"), HOURS), at("06 10:00")),
        at("06 11:00"),
        HOURS,
    )

    assert pause_first == extension_first
    assert pause_first.due == at("06 17:00")


def test_a_corrected_calendar_moves_the_deadline():
    holiday = CalendarDay(date=date(2026, 3, 9), kind=DayKind.holiday, name="declared late")
    found = clock("06 17:00", "4 work_hour", ("06 17:30", "09 09:30"))

    assert found.due == at("09 15:00")
    assert recomputed(found, calendar_of(replace(WEEK, days=(holiday,)))).due == at("10 14:30")


@pytest.mark.parametrize(
    ("now", "used", "light", "left"),
    [
        ("06 08:00", 0, "green", 4 * 3600),
        ("06 09:00", 0, "green", 4 * 3600),
        ("06 12:00", 750_000, "green", 3600),
        ("06 13:59", 750_000, "green", 3600),  # lunch
        ("06 14:12", 800_000, "green", 2880),
        ("06 14:13", 804_167, "yellow", 2820),  # rounded up
        ("06 15:00", 1_000_000, "yellow", 0),  # the last moment
        ("06 15:01", 1_004_167, "red", -60),
        ("06 18:00", 1_750_000, "red", -3 * 3600),
        ("08 10:00", 1_750_000, "red", -3 * 3600),  # Sunday
    ],
)
def test_the_lamp_follows_the_share_that_is_used(now, used, light, left):
    found = clock("06 09:00", "4 work_hour")

    assert used_ppm(found, at(now), HOURS) == used
    assert lamp(found, at(now), HOURS, yellow_ppm=YELLOW_PPM) is Lamp(light)
    assert left_s(found, at(now), HOURS) == left


@pytest.mark.parametrize(
    ("pauses", "now", "used", "light"),
    [
        ([("06 10:00", None)], "06 09:30", 125_000, "green"),  # seen before the pause
        ([("06 10:00", None)], "06 10:00", 250_000, "grey"),
        ([("06 10:00", None)], "20 10:00", 250_000, "grey"),  # a clock that stands is never late
        ([("06 10:00", "06 11:00")], "06 10:30", 250_000, "green"),
        ([("06 10:00", "06 11:00")], "06 12:00", 500_000, "green"),
        ([("06 10:00", "06 11:00")], "06 16:00", 1_000_000, "yellow"),
        ([("06 10:00", "06 11:00")], "06 16:01", 1_004_167, "red"),
        ([("06 17:00", None)], "06 18:00", 1_500_000, "grey"),  # late before it was paused: stays late
        ([("06 17:00", "06 18:00")], "09 10:00", 1_750_000, "red"),
    ],
)
def test_a_pause_is_taken_out(pauses, now, used, light):
    found = clock("06 09:00", "4 work_hour", *pauses)

    assert used_ppm(found, at(now), HOURS) == used
    assert lamp(found, at(now), HOURS, yellow_ppm=YELLOW_PPM) is Lamp(light)


@pytest.mark.parametrize(
    ("given", "now", "used"),
    [
        ("2 work_hour", "06 18:00", 1_000_000),
        ("2 work_hour", "07 10:00", 1_000_001),  # late, though no work was done since
        ("0 work_hour", "06 16:00", 0),
        ("0 work_hour", "06 16:01", 1_000_001),
        ("2 urgent_hour", "06 17:00", 500_000),
        ("2 urgent_hour", "06 22:00", 3_000_000),
        ("1 natural_day", "07 08:00", 500_000),
    ],
)
def test_the_share_is_of_the_unit_s_own_time(given, now, used):
    assert used_ppm(clock("06 16:00", given), at(now), HOURS) == used


def test_a_stored_deadline_of_an_older_calendar_is_not_late_before_it_is_due():
    stored = replace(clock("06 09:00", "4 work_hour", ("06 10:00", "06 11:00")), due=at("06 14:30"))

    assert used_ppm(stored, at("06 14:30"), HOURS) == 1_000_000
    assert stored.pauses == (Pause(since=at("06 10:00"), until=at("06 11:00")),)
