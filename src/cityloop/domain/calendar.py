"""The working calendar: a `WorkWeek` made ready, so that working time is a difference of two sums."""

from bisect import bisect_left, bisect_right
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from msgspec import Struct

from cityloop.domain.errors import Invalid
from cityloop.domain.policy import DayKind, Policy, WorkWeek

Window = tuple[time, time]  # opens, closes; closes 00:00 is 24:00

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SECOND_US, MINUTE_US, HOUR_US, DAY_US = 1_000_000, 60_000_000, 3_600_000_000, 86_400_000_000
YEAR_US = 31_556_952_000_000  # on the average
EPOCH_ORDINAL = EPOCH.toordinal()


YEARS = range(1969, 2200)  # the epoch in every zone, to beyond any promise of a city


class BeyondCalendar(Invalid):
    """Working time is not counted so early or so late."""

    code = "time.beyond_calendar"


class ZoneUnknown(Invalid):
    """The declared zone is not in the IANA list."""

    code = "time.unknown_zone"


class BadWeek(Invalid):
    """The pack's working week leaves no working time, or counts some twice."""

    code = "time.bad_week"


def zone_of(name: str) -> ZoneInfo:
    """The zone of that IANA name. Refuses with `ZoneUnknown`."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ZoneUnknown(f"There is no zone {name[:40]!r}; give an IANA name such as Asia/Shanghai.") from None


def span_us(span: timedelta) -> int:
    """A span, exactly. Units: µs."""
    return (span.days * 86_400 + span.seconds) * SECOND_US + span.microseconds


def epoch_us(at: datetime) -> int:
    """A moment, exactly. Units: µs since 1970.

    Compare moments by this, or in UTC: two datetimes of one zone compare by the wall, and one in an hour that comes
    twice is equal to none of another zone (PEP 495).
    """
    return span_us(at - EPOCH)


class WorkYear(Struct, frozen=True, kw_only=True):
    """The working spans of one local year, in order, half-open. Units: µs, µs since 1970."""

    number: int
    first: int  # 1 January, as an ordinal
    midnights: tuple[int, ...]  # of each date, and the next 1 January
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    before: tuple[int, ...]  # working time of the year before each span
    total: int
    dates: tuple[int, ...]  # the working dates, as ordinals

    def worked(self, at: int) -> int:
        """Working time of this year up to `at`."""
        i = bisect_right(self.starts, at) - 1
        if i < 0:
            return 0
        end = self.ends[i]
        return self.before[i] + (at if at < end else end) - self.starts[i]


class WorkCalendar(Struct, frozen=True, kw_only=True, dict=True, eq=False):
    """The windows of any date, and the working spans of any year, counted when first asked for."""

    week: WorkWeek
    zone: ZoneInfo
    normal: tuple[Window, ...]  # what a make-up working day 调休 has
    kinds: dict[date, DayKind]

    @cached_property
    def _years(self) -> dict[int, WorkYear]:
        return {}  # a year is put in whole: two threads may do the same work, never half of it

    def windows(self, day: date) -> tuple[Window, ...]:
        """The working windows of a date: what the calendar says of it, else its weekday's."""
        kind = self.kinds.get(day)
        if kind is None:
            return self.week.windows.get(day.weekday(), ())
        return self.normal if kind is DayKind.workday else ()

    def year(self, number: int) -> WorkYear:
        """The working spans whose local date lies in that year. Refuses with `BeyondCalendar`."""
        found = self._years.get(number)
        if found is None:
            if number not in YEARS:
                raise BeyondCalendar(f"Working time is not counted in the year {number}; give a shorter limit.")
            found = self._years[number] = _work_year(self, number)
        return found

    def year_at(self, at: int) -> WorkYear:
        """The local year in which a moment lies. Units: µs since 1970."""
        number = 1970 + at // YEAR_US
        year = self._years.get(number) or self.year(number)
        if at < year.midnights[0]:
            return self.year(number - 1)
        return year if at < year.midnights[-1] else self.year(number + 1)

    def worked(self, start: int, end: int) -> int:
        """Working time between two moments; negative if they come in the other order. Units: µs, µs since 1970."""
        year = self.year_at(start)
        if year.midnights[0] <= end < year.midnights[-1]:
            return year.worked(end) - year.worked(start)
        last = self.year_at(end)
        if start > end:
            return -self.worked(end, start)
        whole = sum(self.year(each).total for each in range(year.number, last.number))
        return whole - year.worked(start) + last.worked(end)

    def after(self, start: int, need: int) -> int:
        """The first moment with `need` working time after `start`; with 0, the start. Units: µs, µs since 1970."""
        if need <= 0:
            return start
        year = self.year_at(start)
        need += year.worked(start)
        while need > year.total:
            need -= year.total
            year = self.year(year.number + 1)
        i = bisect_left(year.before, need) - 1
        return year.starts[i] + need - year.before[i]

    def working(self, at: int) -> int:
        """The moment, if it is working time, else the next that is. Units: µs since 1970."""
        year = self.year_at(at)
        i = bisect_right(year.ends, at)
        while i == len(year.ends):
            year, i = self.year(year.number + 1), 0
        return max(at, year.starts[i])

    def working_date(self, ordinal: int, n: int) -> int:
        """The `n`-th working date after a date; with 0, the last one up to it. Units: ordinals."""
        year = self.year(date.fromordinal(ordinal).year)
        i = bisect_right(year.dates, ordinal) + n - 1
        while i >= len(year.dates):
            i -= len(year.dates)
            year = self.year(year.number + 1)
        return year.dates[i]

    def local(self, at: int) -> datetime:
        """The moment as the city writes it. Units: µs since 1970."""
        return (EPOCH + timedelta(0, at // SECOND_US, at % SECOND_US)).astimezone(self.zone)

    def moment(self, ordinal: int, since_midnight: int) -> int:
        """The first moment at which the city's clock has come to that time of that date. Units: µs since 1970."""
        year = self.year(date.fromordinal(ordinal).year)
        midnight, tomorrow = year.midnights[ordinal - year.first : ordinal - year.first + 2]
        if tomorrow - midnight == DAY_US:
            return midnight + since_midnight
        return _first(datetime.fromordinal(ordinal) + timedelta(microseconds=since_midnight), self.zone)


def calendar_of(week: WorkWeek) -> WorkCalendar:
    """The calendar that counts by this week. Refuses with `BadWeek`, `ZoneUnknown`.

    A make-up working day 调休 has Monday's windows, or those of the first weekday that has any.
    """
    for weekday, windows in week.windows.items():
        edges = [edge for window in windows for edge in _edges(window)]
        empty = any(opens >= closes for opens, closes in map(_edges, windows))
        if empty or edges != sorted(edges) or not 0 <= weekday <= 6:
            raise BadWeek(
                f"The windows of weekday {weekday} do not follow one another; write each as opens, closes within the "
                "date (closes 00:00 is midnight), earliest first, and a night shift as two."
            )
    normal = next((week.windows[each] for each in sorted(week.windows) if week.windows[each]), ())
    if not normal or week.day_min <= 0:
        raise BadWeek("The week has no working time, so nothing would ever be due; give it windows and day_min.")
    kinds = {each.date: each.kind for each in week.days}
    if len(kinds) != len(week.days):
        raise BadWeek("The calendar names a date twice; keep one line for each date.")
    return WorkCalendar(week=week, zone=zone_of(week.zone), normal=normal, kinds=kinds)


def calendar_in(policy: Policy) -> WorkCalendar:
    """The calendar of the city's week, made once for a policy and kept with it."""
    kept = vars(policy)
    found = kept.get("_calendar")
    if found is None:
        found = kept["_calendar"] = calendar_of(policy.week)
    return found


def _edges(window: Window) -> tuple[int, int]:
    """Opening and closing, from the date's 00:00. Units: µs."""
    opens, closes = (span_us(datetime.combine(date.min, edge) - datetime.min) for edge in window)
    return opens, closes or DAY_US


def _first(wall: datetime, zone: ZoneInfo) -> int:
    """The first moment at which the clock reads `wall` or later. Units: µs since 1970."""
    at = wall.replace(tzinfo=zone)
    before, after = at.utcoffset(), at.replace(fold=1).utcoffset()
    high = epoch_us(wall.replace(tzinfo=UTC) - before)
    if after <= before:
        return high
    low = high - span_us(after - before)  # the clock jumps over `wall`: find the jump
    while high - low > 1:
        middle = (low + high) // 2
        moment = (EPOCH + timedelta(microseconds=middle)).astimezone(zone)
        low, high = (middle, high) if moment.utcoffset() == before else (low, middle)
    return high


def _midnights(first: int, last: int, zone: ZoneInfo) -> tuple[int, ...]:
    """The beginning of each date from one ordinal to another. Units: µs since 1970.

    Where clocks jump over a midnight they do so from it, never from before it (all zones, 1970 to 2037), so that the
    offset before the jump gives the jump itself.
    """
    return tuple(
        (ordinal - EPOCH_ORDINAL) * DAY_US - span_us(datetime.fromordinal(ordinal).replace(tzinfo=zone).utcoffset())
        for ordinal in range(first, last + 1)
    )


def _work_year(calendar: WorkCalendar, number: int) -> WorkYear:
    first, last = date(number, 1, 1).toordinal(), date(number + 1, 1, 1).toordinal()
    midnights = _midnights(first, last, calendar.zone)
    edges = {windows: tuple(map(_edges, windows)) for windows in (calendar.normal, *calendar.week.windows.values())}
    starts, ends, before, dates = [], [], [], []
    total = 0
    for n in range(last - first):
        day = date.fromordinal(first + n)
        if not (windows := calendar.windows(day)):
            continue
        dates.append(first + n)
        for edge in edges[windows]:
            if midnights[n + 1] - midnights[n] == DAY_US:
                start, end = midnights[n] + edge[0], midnights[n] + edge[1]
            else:  # the clocks change on this date
                wall = datetime.fromordinal(first + n)
                start, end = (_first(wall + timedelta(microseconds=each), calendar.zone) for each in edge)
            if start < end:
                starts.append(start)
                ends.append(end)
                before.append(total)
                total += end - start
    spans = {"starts": tuple(starts), "ends": tuple(ends), "before": tuple(before), "dates": tuple(dates)}
    return WorkYear(number=number, first=first, midnights=midnights, total=total, **spans)
