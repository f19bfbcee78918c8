"""Pure decisions about periods: named ones, those they are compared with, and those inside a span."""

from datetime import UTC, date, datetime, timedelta

import pytest
from tests.laws.figure_world import policy_of

from cityloop.domain.calendar import calendar_in, calendar_of
from cityloop.domain.policy import CalendarDay, DayKind
from cityloop.stages.evaluate import rules
from cityloop.stages.evaluate.model import Against, Known, Period, PeriodWrong, TooMany

CALENDAR = calendar_in(policy_of())
ONE = timedelta(days=1)


@pytest.mark.parametrize(
    ("period", "on", "first", "last"),
    [
        (Period.day, "2026-03-04", "2026-03-04", "2026-03-04"),
        (Period.week, "2026-03-01", "2026-02-23", "2026-03-01"),
        (Period.week, "2026-03-02", "2026-03-02", "2026-03-08"),
        (Period.month, "2026-02-28", "2026-02-01", "2026-02-28"),
        (Period.month, "2026-12-31", "2026-12-01", "2026-12-31"),
        (Period.quarter, "2024-02-29", "2024-01-01", "2024-03-31"),
        (Period.quarter, "2026-12-31", "2026-10-01", "2026-12-31"),
        (Period.year, "2024-02-29", "2024-01-01", "2024-12-31"),
    ],
)
def test_named_periods(period, on, first, last):
    days = rules.days_asked(None, None, period, date.fromisoformat(on), date(2000, 1, 1))
    assert [day.isoformat() for day in days] == [first, last]


def test_a_day_lasts_from_midnight_to_midnight_of_the_city():
    span = rules.span_of(date(2026, 3, 1), date(2026, 3, 1), CALENDAR)
    assert span.since == datetime(2026, 2, 28, 16, tzinfo=UTC)
    assert span.until - span.since == timedelta(days=1)
    assert span.since.tzinfo is UTC


def test_a_day_on_which_the_clock_jumps_is_shorter():
    week = policy_of().week
    berlin = calendar_of(type(week)(zone="Europe/Berlin", windows=week.windows, day_min=480, work_day=week.work_day))
    span = rules.span_of(date(2026, 3, 29), date(2026, 3, 29), berlin)
    assert span.until - span.since == timedelta(hours=23)


DAY = date(2026, 3, 4)


@pytest.mark.parametrize(
    "asked",
    [
        (DAY, None, None, None),
        (None, DAY, None, None),
        (DAY, DAY, Period.week, None),
        (DAY, DAY, None, DAY),
        (None, None, Period.week, date(1, 1, 1)),
        (None, None, Period.week, date(9999, 12, 31)),
    ],
)
def test_a_period_that_is_none_is_refused(asked):
    with pytest.raises(PeriodWrong):
        rules.days_asked(*asked, DAY)


@pytest.mark.parametrize(("first", "last"), [(DAY, date(2026, 3, 3)), (date(1, 1, 1), DAY), (DAY, date(2199, 1, 1))])
def test_a_span_beyond_the_calendar_or_turned_round_is_refused(first, last):
    with pytest.raises(PeriodWrong):
        rules.span_of(first, last, CALENDAR)


# compared with


@pytest.mark.parametrize(
    ("against", "days", "other"),
    [
        (Against.before, "2026-03-01 2026-03-31", "2026-02-01 2026-02-28"),
        (Against.before, "2024-03-01 2024-03-31", "2024-02-01 2024-02-29"),
        (Against.before, "2026-01-01 2026-03-31", "2025-10-01 2025-12-31"),
        (Against.before, "2026-01-01 2026-12-31", "2025-01-01 2025-12-31"),
        (Against.before, "2026-03-02 2026-03-08", "2026-02-23 2026-03-01"),
        (Against.before, "2026-03-01 2026-03-01", "2026-02-28 2026-02-28"),
        (Against.before, "2026-03-01 2026-03-30", "2026-01-30 2026-02-28"),  # no month: thirty days
        (Against.year, "2024-02-01 2024-02-29", "2023-02-01 2023-02-28"),
        (Against.year, "2025-02-01 2025-02-28", "2024-02-01 2024-02-29"),  # the month, whatever its length
        (Against.year, "2024-02-29 2024-02-29", "2023-02-28 2023-02-28"),
        (Against.year, "2025-02-28 2025-02-28", "2024-02-28 2024-02-28"),
        (Against.year, "2024-02-29 2024-03-05", "2023-02-28 2023-03-05"),
        (Against.year, "2026-03-02 2026-03-08", "2025-03-03 2025-03-09"),  # week 10
        (Against.year, "2026-12-28 2027-01-03", "2025-12-22 2025-12-28"),  # week 53: 2025 ends with its 52nd
        (Against.year, "2025-12-29 2026-01-04", "2024-12-30 2025-01-05"),  # week 1 of 2026, begun in 2025
        (Against.year, "2026-01-01 2026-12-31", "2025-01-01 2025-12-31"),
        (Against.year, "2026-10-01 2026-12-31", "2025-10-01 2025-12-31"),
        (Against.year, "2026-03-05 2026-04-20", "2025-03-05 2025-04-20"),
    ],
)
def test_a_period_is_compared_with(against, days, other):
    found = rules.days_against(against, *map(date.fromisoformat, days.split()))
    assert " ".join(map(str, found)) == other


# inside a span


def test_too_many_periods_are_refused():
    with pytest.raises(TooMany):
        rules.buckets_of(Period.day, rules.span_of(date(2024, 1, 1), date(2025, 12, 31), CALENDAR), CALENDAR)


def test_a_city_that_was_not_there_is_told_from_one_that_did_nothing():
    span = rules.span_of(date(2026, 3, 1), date(2026, 3, 31), CALENDAR)
    for first_at, known in ((None, Known.none), (span.until, Known.none), (span.until - ONE, Known.part),
                            (span.since + ONE / 99, Known.part), (span.since, Known.whole)):  # fmt: skip
        assert rules.known_in(span, first_at) is known


def test_working_days_tell_of_a_holiday_that_moved():
    """Seven days of holiday, of which one weekend day is worked instead, in the second of two months."""
    days = [CalendarDay(date=date(2026, 2, 16) + n * ONE, kind=DayKind.holiday, name="春节") for n in range(7)]
    days.append(CalendarDay(date=date(2026, 2, 14), kind=DayKind.workday, name="调休"))
    week = policy_of().week
    calendar = calendar_of(
        type(week)(zone=week.zone, windows=week.windows, day_min=480, work_day=week.work_day, days=tuple(days))
    )
    february = rules.span_of(date(2026, 2, 1), date(2026, 2, 28), calendar)
    assert (rules.day_count(february), rules.working_days(february, calendar)) == (28, 16)
    assert rules.working_days(rules.span_of(date(2025, 2, 1), date(2025, 2, 28), calendar), calendar) == 20
