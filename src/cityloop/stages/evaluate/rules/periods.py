"""Which days: named periods, the periods that they are compared with, and calendar periods inside a span."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from cityloop.domain.calendar import WorkCalendar
from cityloop.stages.evaluate.model import Against, Bucket, Known, Period, PeriodWrong, Span, TooMany

YEARS = range(1970, 2199)
BUCKETS_MAX = 400
DAY = timedelta(days=1)


def days_of(period: Period, on: date) -> tuple[date, date]:
    """The first and last day of the period that holds a day.

    >>> days_of(Period.week, date(2026, 3, 4))
    (datetime.date(2026, 3, 2), datetime.date(2026, 3, 8))
    >>> days_of(Period.month, date(2024, 2, 10))[1], days_of(Period.quarter, date(2024, 2, 10))[1]
    (datetime.date(2024, 2, 29), datetime.date(2024, 3, 31))
    """
    match period:
        case Period.day:
            return on, on
        case Period.week:
            monday = on - on.weekday() * DAY
            return monday, monday + 6 * DAY
        case Period.month:
            first = on.replace(day=1)
            return first, (first + 31 * DAY).replace(day=1) - DAY
        case Period.quarter:
            first = date(on.year, on.month - (on.month - 1) % 3, 1)
            return first, (first + 93 * DAY).replace(day=1) - DAY
        case Period.year:
            return date(on.year, 1, 1), date(on.year, 12, 31)


def kind_of(first_day: date, last_day: date) -> Period | None:
    """What calendar period the days are, if they are one; None is any run of days.

    >>> kind_of(date(2026, 4, 1), date(2026, 6, 30)), kind_of(date(2026, 4, 1), date(2026, 6, 29))
    (<Period.quarter: 'quarter'>, None)
    """
    return next((each for each in Period if days_of(each, first_day) == (first_day, last_day)), None)


def days_against(against: Against, first_day: date, last_day: date) -> tuple[date, date]:
    """The days that a period is compared with.

    环比: the calendar period of the same kind that ends the day before; of any other run, as many days just before.
    同比: the same day, month, quarter or year of the year before; a week by its ISO number, the 53rd where there was
    none with the last; of any other run, the same dates. 29 February stands against 28 February.

    >>> [str(day) for day in days_against(Against.before, date(2026, 3, 1), date(2026, 3, 31))]
    ['2026-02-01', '2026-02-28']
    >>> [str(day) for day in days_against(Against.year, date(2024, 2, 1), date(2024, 2, 29))]
    ['2023-02-01', '2023-02-28']
    """
    kind = kind_of(first_day, last_day)
    if against is Against.before:
        eve = first_day - DAY
        return days_of(kind, eve) if kind else (first_day - (last_day - first_day + DAY), eve)
    if kind is Period.week:
        year, week, _ = first_day.isocalendar()
        weeks = date(year - 1, 12, 28).isocalendar().week  # 28 December lies in the last week of its ISO year
        return days_of(kind, date.fromisocalendar(year - 1, min(week, weeks), 1))
    if kind in (None, Period.day):
        return _year_before(first_day), _year_before(last_day)
    return days_of(kind, _year_before(first_day))


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def span_of(first_day: date, last_day: date, calendar: WorkCalendar) -> Span:
    """The period from one local day to another, both inside.

    Refuses with `PeriodWrong`.
    """
    for day in (first_day, last_day):
        if day.year not in YEARS:
            raise PeriodWrong(f"{day} is beyond the calendar; ask for days from {YEARS[0]} to {YEARS[-1]}.")
    if first_day > last_day:
        raise PeriodWrong(f"The period begins on {first_day} and ends before, on {last_day}; swap from= and to=.")
    return Span(
        first_day=first_day, last_day=last_day, since=_midnight(first_day, calendar),
        until=_midnight(last_day + DAY, calendar), zone=calendar.week.zone, kind=kind_of(first_day, last_day),
    )  # fmt: skip


def days_asked(
    first_day: date | None, last_day: date | None, period: Period | None, on: date | None, today: date
) -> tuple[date, date]:
    """The days of a question: from and to, or a named period around a day; else this month.

    Refuses with `PeriodWrong`.
    """
    by_days = first_day is not None or last_day is not None
    if by_days and (period is not None or on is not None):
        raise PeriodWrong("Both days and a named period are asked for; give from= and to=, or period= and on=.")
    if by_days:
        if first_day is None or last_day is None:
            raise PeriodWrong("A period has two ends, both inside; give from= and to=.")
        return first_day, last_day
    day = on or today
    if day.year not in YEARS:
        raise PeriodWrong(f"{day} is beyond the calendar; ask for a day from {YEARS[0]} to {YEARS[-1]}.")
    return days_of(period or Period.month, day)


def buckets_of(period: Period, span: Span, calendar: WorkCalendar) -> tuple[Bucket, ...]:
    """The calendar periods of a kind that lie in a span or reach into it, cut at its ends; in order, without a gap.

    Refuses with `TooMany`.
    """
    firsts = [span.first_day]
    while (after := days_of(period, firsts[-1])[1] + DAY) <= span.last_day:
        if len(firsts) == BUCKETS_MAX:
            raise TooMany(f"The days hold more than {BUCKETS_MAX} of a {period}; ask for fewer, or for longer periods.")
        firsts.append(after)
    moments = [span.since, *(_midnight(day, calendar) for day in firsts[1:]), span.until]
    return tuple(
        Bucket(key=name_of_period(period, day), since=since, until=until)
        for day, (since, until) in zip(firsts, pairwise(moments), strict=True)
    )


def name_of_period(period: Period, day: date) -> str:
    """What the calendar period that holds a day is called.

    >>> [name_of_period(each, date(2026, 1, 1)) for each in Period]
    ['2026-01-01', '2026-W01', '2026-01', '2026-Q1', '2026']
    """
    match period:
        case Period.day:
            return day.isoformat()
        case Period.week:
            year, week, _ = day.isocalendar()
            return f"{year:04d}-W{week:02d}"
        case Period.month:
            return f"{day:%Y-%m}"
        case Period.quarter:
            return f"{day.year:04d}-Q{(day.month + 2) // 3}"
        case Period.year:
            return f"{day.year:04d}"


def known_in(span: Span, first_at: datetime | None) -> Known:
    """Whether the city was there: its first report had come."""
    if first_at is None or span.until <= first_at:
        return Known.none
    return Known.part if span.since < first_at else Known.whole


def working_days(span: Span, calendar: WorkCalendar) -> int:
    """How many of the days have working time: what a holiday that moved takes from one period and gives to another."""
    return sum(1 for day in _each_day(span) if calendar.windows(day))


def day_count(span: Span) -> int:
    """How many days it has."""
    return (span.last_day - span.first_day).days + 1


def _each_day(span: Span) -> Iterator[date]:
    for n in range(day_count(span)):
        yield span.first_day + n * DAY


def _midnight(day: date, calendar: WorkCalendar) -> datetime:
    return calendar.local(calendar.moment(day.toordinal(), 0)).astimezone(UTC)
