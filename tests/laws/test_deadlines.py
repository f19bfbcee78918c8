"""Deadlines against the slow, plain truth: a walk over every minute."""

from datetime import UTC, date, datetime, time
from itertools import combinations, islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.laws.moments import (
    ALWAYS,
    AMOUNTS,
    CHANGES,
    DAY,
    FEW,
    FRACTIONS,
    MANY,
    MICROSECOND,
    MINUTE,
    SCENES,
    STILL_SCENES,
    plain_due_after,
    plain_due_dates,
    plain_due_natural,
    some_min,
    walk,
)

from cityloop.domain.policy import Limit, LimitUnit, WorkDayReading
from cityloop.domain.time import calendar_of, due_after, due_at, due_extended, moment, utc_text, worked_s, worked_us

BY_LENGTH = [LimitUnit.work_minute, LimitUnit.work_hour, LimitUnit.work_day]


@FEW
@given(SCENES, AMOUNTS)
def test_a_deadline_is_the_first_moment_with_enough_working_minutes(scene, amount):
    week, start = scene
    working_min = some_min(amount, week)
    due = due_after(start, working_min, calendar_of(week))

    assert due.astimezone(UTC) == plain_due_after(start, working_min, week)
    assert due.tzinfo.key == week.zone


@FEW
@given(SCENES, st.sampled_from(BY_LENGTH), st.integers(0, 5))
def test_working_limits_by_length_are_working_minutes(scene, unit, n):
    week, start = replace(scene[0], work_day=WorkDayReading.working_hours), scene[1]
    length_min = {"work_minute": 1, "work_hour": 60, "work_day": week.day_min}[unit]
    calendar = calendar_of(week)

    assert due_at(start, Limit(value=n, unit=unit), calendar) == due_after(start, n * length_min, calendar)


@FEW
@given(SCENES, FRACTIONS, st.integers(0, 3))
def test_work_days_by_date_keep_the_time_of_day(scene, fraction, n):
    week, start = replace(scene[0], work_day=WorkDayReading.working_dates), scene[1] + fraction
    due = due_at(start, Limit(value=n, unit=LimitUnit.work_day), calendar_of(week))

    assert due.astimezone(UTC) == plain_due_dates(start, n, week)


@FEW
@given(SCENES, st.integers(0, 3))
def test_a_natural_day_ends_when_the_clock_first_reads_the_next(scene, n):
    week, start = scene
    due = due_at(start, Limit(value=n, unit=LimitUnit.natural_day), calendar_of(week))

    assert due.astimezone(UTC) == plain_due_natural(start, n, week)


@FEW
@given(SCENES, FRACTIONS, st.integers(0, 500))
def test_urgent_limits_run_through_nights_holidays_and_changes_of_clocks(scene, fraction, n):
    start, calendar = scene[1], calendar_of(scene[0])
    for unit, length in ((LimitUnit.urgent_hour, 60), (LimitUnit.urgent_day, 24 * 60)):
        due = due_at(start + fraction, Limit(value=n, unit=unit), calendar)

        assert due.astimezone(UTC) - start - fraction == n * length * MINUTE
        assert due.tzinfo is calendar.zone


@MANY
@given(SCENES, FRACTIONS, st.integers(1, 40_000))
def test_a_deadline_is_exact_to_the_microsecond(scene, fraction, working_min):
    start, calendar = scene[1] + fraction, calendar_of(scene[0])
    due = due_after(start, working_min, calendar).astimezone(UTC)

    assert worked_us(start, due, calendar) == working_min * 60_000_000
    assert worked_us(start, due - MICROSECOND, calendar) == working_min * 60_000_000 - 1


@FEW
@given(SCENES, st.integers(0, 3_000))
def test_working_time_is_the_minutes_that_work(scene, minutes):
    week, start = scene
    plain = sum(works for (_, _, works), _ in zip(walk(start, week), range(minutes), strict=False))

    assert worked_s(start, start + minutes * MINUTE, calendar_of(week)) == plain * 60


@pytest.mark.parametrize(("zone", "around"), CHANGES)
def test_on_a_night_when_the_clocks_change_every_window_is_as_long_as_the_walk_says(zone, around):
    midnight = datetime(*around, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    minutes = [read for _, read, _ in islice(walk(midnight, replace(ALWAYS, zone=zone)), 8 * 60)]
    for first, last in combinations([0, 1, 3, 4, 5, 7, 8, 9, 10, 11, 12, 14], 2):  # quarters of an hour
        opens, closes = time(first // 4, first % 4 * 15), time(last // 4, last % 4 * 15)
        calendar = calendar_of(replace(ALWAYS, zone=zone, windows={6: ((opens, closes),)}))
        plain = sum(opens <= read.time() < closes and read.date() == date(*around) for read in minutes)

        assert worked_s(midnight, midnight + DAY, calendar) == plain * 60


@FEW
@given(SCENES, st.tuples(FRACTIONS, FRACTIONS), st.integers(-600, 600), st.integers(-600, 600))
def test_working_time_adds_up_and_never_passes_plain_time(scene, fractions, days, more_days):
    a, calendar = scene[1], calendar_of(scene[0])
    b, c = a + days * DAY + fractions[0], a + more_days * DAY + fractions[1]

    assert worked_us(a, b, calendar) + worked_us(b, c, calendar) == worked_us(a, c, calendar)
    assert worked_us(a, b, calendar) == -worked_us(b, a, calendar)
    assert abs(worked_us(a, b, calendar)) <= abs(b - a) // MICROSECOND


@FEW
@given(STILL_SCENES, AMOUNTS, st.integers(0, 30), st.integers(0, 30))
def test_who_starts_later_or_has_more_is_not_due_earlier(scene, minutes, value, more):
    start, calendar = scene[1], calendar_of(scene[0])
    for unit in LimitUnit:
        due = due_at(start, Limit(value=value, unit=unit), calendar)

        assert start <= due <= due_at(start + minutes * MINUTE, Limit(value=value, unit=unit), calendar)
        assert due <= due_at(start, Limit(value=value + more, unit=unit), calendar)


@MANY
@given(
    STILL_SCENES,
    st.sampled_from([*LimitUnit, LimitUnit.work_day, LimitUnit.work_day]),
    st.integers(1, 9),
    st.integers(0, 9),
)
def test_an_extension_of_the_same_unit_is_a_longer_limit(scene, unit, n, more):
    (week, start), calendar = scene, calendar_of(scene[0])
    due = due_extended(due_at(start, Limit(value=n, unit=unit), calendar), Limit(value=more, unit=unit), calendar)
    whole = due_at(start, Limit(value=n + more, unit=unit), calendar)

    if unit is LimitUnit.work_day and week.work_day is WorkDayReading.working_dates:
        assert worked_us(due, whole, calendar) == 0
        assert due <= whole  # 24:00 of one working date or 00:00 of the next
    else:
        assert due == whole


@MANY
@given(SCENES, FRACTIONS)
def test_a_moment_comes_back_from_its_text(scene, fraction):
    at = scene[1] + fraction

    assert moment(utc_text(at)) == at
    assert len(utc_text(at)) == 27
