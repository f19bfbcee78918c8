"""Which days are like today, and what is unusual on one."""

from datetime import date, time

import pytest

from cityloop.domain.calendar import calendar_of
from cityloop.domain.policy import CalendarDay, DayKind, WorkDayReading, WorkWeek
from cityloop.pages.board.rules import compared, days_like, is_unusual, usual_of

MONDAY = date(2026, 4, 13)


def calendar(*days: CalendarDay):
    windows = {weekday: ((time(9), time(17)),) for weekday in range(5)}
    return calendar_of(
        WorkWeek(zone="Asia/Shanghai", windows=windows, day_min=480, work_day=WorkDayReading.working_hours, days=days)
    )


def test_a_holiday_is_not_like_a_working_monday():
    """And a holiday is like no working day."""
    holiday = CalendarDay(date=date(2026, 4, 6), kind=DayKind.holiday, name="")
    assert days_like(MONDAY, calendar(holiday), 3) == [date(2026, 3, 30), date(2026, 3, 23)]
    assert days_like(date(2026, 4, 6), calendar(holiday), 3) == []


@pytest.mark.parametrize(
    ("today", "before", "said"),
    [
        (10, [10, 12, 9, 11, 10, 8], False),
        (22, [10, 12, 9, 11, 10, 8], False),
        (23, [10, 12, 9, 11, 10, 8], True),
        (4, [0, 0, 0, 0], False),  # four more are not worth a word
        (5, [0, 0, 0, 0], True),
        (0, [40, 41, 39, 40], True),  # too few is unusual, too
        (60, [10, 50, 12, 70], False),  # days that differ much among themselves
    ],
)
def test_what_lies_outside_by_enough(today, before, said):
    assert is_unusual(today, usual_of(before)) is said


def test_too_few_days_say_nothing():
    assert compared({"a": 50}, [{"a": 1}] * 3) == []
    assert [code for code, *_ in compared({"a": 50, "b": 85}, [{"a": 1, "b": 60}] * 4)] == ["a"]
