"""What is unusual, and which days are like today. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from math import ceil, floor, sqrt

from cityloop.domain.calendar import WorkCalendar

WEEKS = 8
DAYS_MIN = 4  # fewer days say nothing of what is usual
SURE = 3.29  # 99.9 % of days lie within so many deviations
LEAST = 5  # less than so many more or less is not worth a word


def days_like(day: date, calendar: WorkCalendar, weeks: int = WEEKS) -> list[date]:
    """The same weekday of the weeks before, where it was a working day if and only if this one is.

    Shape: the latest first.
    """
    works = bool(calendar.windows(day))
    before = [day - timedelta(weeks=week) for week in range(1, weeks + 1)]
    return [each for each in before if bool(calendar.windows(each)) == works]


def usual_of(counts: Sequence[int]) -> tuple[float, int, int]:
    """The mean of such days, and the interval in which one more of them is to be expected.

    The counts are taken for as scattered as they are, at least as by chance alone; the mean is itself unsure.

    >>> usual_of([10, 12, 9, 11, 10, 8])
    (10.0, 0, 22)
    >>> usual_of([0, 0, 0, 0])
    (0.0, 0, 0)
    """
    mean = sum(counts) / len(counts)
    spread = sum((each - mean) ** 2 for each in counts) / max(1, len(counts) - 1)
    reach = SURE * sqrt(max(spread, mean) * (1 + 1 / len(counts)))
    return mean, max(0, floor(mean - reach)), ceil(mean + reach)


def is_unusual(today: int, usual: tuple[float, int, int]) -> bool:
    """Whether today lies outside, by enough to be worth a word."""
    mean, low, high = usual
    return not low <= today <= high and abs(today - mean) >= LEAST


def compared(
    today: Mapping[str, int], before: Sequence[Mapping[str, int]]
) -> list[tuple[str, int, tuple[float, int, int]]]:
    """What is unusual today, what lies furthest outside first. Too few days: nothing."""
    if len(before) < DAYS_MIN:
        return []
    found = []
    for code in {*today, *(code for day in before for code in day)}:
        usual = usual_of([day.get(code, 0) for day in before])
        if is_unusual(count := today.get(code, 0), usual):
            found.append((code, count, usual))
    return sorted(found, key=lambda one: (-abs(one[1] - one[2][0]) / sqrt(max(one[2][0], 1)), one[0]))
