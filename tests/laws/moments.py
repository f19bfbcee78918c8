"""Weeks and moments at which something is unusual, and deadlines told by a walk over every minute."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import settings
from hypothesis import strategies as st

from cityloop.domain.policy import CalendarDay, DayKind, WorkDayReading, WorkWeek
from cityloop.domain.time import calendar_of, moment, worked_s

DAY, QUARTER, MINUTE = timedelta(days=1), timedelta(minutes=15), timedelta(minutes=1)
MICROSECOND = timedelta(microseconds=1)
FEW, MANY = settings(max_examples=40, deadline=None), settings(max_examples=70, deadline=None)
USUAL = ((time(9), time(12)), (time(13, 30), time(18)))

# no change of clocks; one of an hour in the night; one at midnight; one of half an hour
STILL = [("Asia/Shanghai", (2026, 2, 16)), ("Asia/Shanghai", (2024, 12, 31))]
CHANGES = [
    ("Europe/Zurich", (2026, 3, 29)),
    ("America/New_York", (2026, 11, 1)),
    ("America/Havana", (2026, 3, 8)),
    ("America/Havana", (2026, 11, 1)),
    ("Australia/Lord_Howe", (2026, 4, 5)),
    ("Australia/Lord_Howe", (2026, 10, 4)),
]


def windows_of(quarters):
    edges = [time(each // 4 % 24, each % 4 * 15) for each in sorted(quarters)]  # 96 is 24:00, written 00:00
    return tuple(zip(edges[::2], edges[1::2], strict=False))


def scene_of(where, weekdays, windows, reading, day_min, days, past):
    """A working week, and a moment near a date on which something is unusual."""
    zone, around = where
    listed = [CalendarDay(date=date(*around) + n * DAY, kind=kind, name="") for n, kind in sorted(days.items())]
    by_weekday = {each: windows[each % len(windows)] for each in sorted(weekdays)}
    week = WorkWeek(zone=zone, windows=by_weekday, day_min=day_min, work_day=reading, days=tuple(listed))
    return week, datetime(*around, tzinfo=ZoneInfo(zone)).astimezone(UTC) + past


def scenes_at(places):
    anytime, nights = st.integers(0, 96), st.sampled_from([0, 4, 6, 8, 9, 10, 12, 16, 92, 94, 96])
    edges = st.sets(nights, min_size=2, max_size=6) | st.sets(anytime, min_size=2, max_size=6)
    quarters, minutes = st.integers(-150, 110), st.integers(-2_200, 1_600)
    return st.builds(
        scene_of,
        st.sampled_from(places),
        st.sampled_from([range(7), range(5), {0, 2, 5}, {6}]),
        st.lists(st.just(USUAL) | edges.map(windows_of), min_size=1, max_size=2),
        st.sampled_from(WorkDayReading),
        st.sampled_from([60, 450, 480]),
        st.dictionaries(st.integers(-3, 4), st.sampled_from(DayKind), max_size=3),
        quarters.map(QUARTER.__mul__) | minutes.map(MINUTE.__mul__) | st.sampled_from([-DAY, 0 * DAY, DAY]),
    )


SCENES, STILL_SCENES = scenes_at(STILL + CHANGES), scenes_at(STILL)
FRACTIONS = st.just(0 * MICROSECOND) | st.integers(0, 59_999_999).map(MICROSECOND.__mul__)
AMOUNTS = st.integers(0, 40).map((15).__mul__) | st.integers(0, 600)


def some_min(amount, week):
    """An amount of working minutes that does not take the slow oracle months to find."""
    a_week = worked_s(moment("2026-06-01T00:00:00.000000Z"), moment("2026-06-08T00:00:00.000000Z"), calendar_of(week))
    return amount % (a_week // 60 + 1)


ALWAYS = WorkWeek(
    zone="UTC", windows={each: ((time(0), time(0)),) for each in range(7)}, day_min=1440, work_day="working_hours"
)


def walk(start, week):
    """Every minute from `start`: the moment, what the city's clock has come to, and whether it is working time.

    A clock that is put back has still come as far as it had: work that began does not begin again.
    """
    usual = next(week.windows[each] for each in sorted(week.windows))
    special = {each.date: () if each.kind == "holiday" else usual for each in week.days}
    zone, read = ZoneInfo(week.zone), datetime.min
    at = start.astimezone(UTC) - 180 * MINUTE
    while True:
        read = max(read, at.astimezone(zone).replace(tzinfo=None))
        if at >= start:
            now, today = read.time(), special.get(read.date(), week.windows.get(read.weekday(), ()))
            yield at, read, any(opens <= now and (now < closes or closes == time(0)) for opens, closes in today)
        at += MINUTE


def plain_due_after(start, working_min, week, pauses=()):
    for at, _, works in walk(start, week):
        if working_min == 0:
            return at
        working_min -= works and not any(each.since <= at < each.until for each in pauses)


def plain_due_dates(start, n, week):
    fraction = timedelta(seconds=start.second, microseconds=start.microsecond)
    steps = walk(start - fraction, week)
    at, read, works = next(steps)
    while not works:
        at, read, works = next(steps)
        fraction = 0 * MINUTE
    wall = at.astimezone(ZoneInfo(week.zone)).time()
    day, kinds = read.date(), {each.date: each.kind for each in week.days}
    while n:
        day += DAY
        n -= kinds.get(day, "workday" if week.windows.get(day.weekday()) else "holiday") == "workday"
    while read < datetime.combine(day, wall):
        at, read, _ = next(steps)
    return at + fraction if read == datetime.combine(day, wall) else at  # else the clock jumped over that time


def plain_due_natural(start, n, week):
    day = start.astimezone(ZoneInfo(week.zone)).date() + n * DAY
    return next(at for at, read, _ in walk(start, week) if read.date() > day)
