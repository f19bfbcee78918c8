"""A running limit: paused, resumed and extended, always recomputable from its facts; and the lamp it shows."""

from datetime import datetime
from enum import StrEnum

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from cityloop.domain.calendar import SECOND_US, WorkCalendar, epoch_us
from cityloop.domain.errors import Refused
from cityloop.domain.policy import Limit, LimitUnit
from cityloop.domain.time import due_at, due_extended

WHOLE_PPM = 1_000_000
WORKING = frozenset({LimitUnit.work_minute, LimitUnit.work_hour, LimitUnit.work_day})


class ClockPaused(Refused):
    """The clock stands already."""

    code = "clock.paused"


class ClockRunning(Refused):
    """The clock runs; there is no pause to end."""

    code = "clock.running"


class Pause(Struct, frozen=True, kw_only=True):
    """A time that does not count: 挂账, 回退."""

    since: datetime
    until: datetime | None = None  # None: it lasts


_pauses = msgspec.json.Decoder(tuple[Pause, ...]).decode


def pauses_in(kept: str | None) -> tuple[Pause, ...]:
    """When a clock stood, from the JSON that a row keeps; nothing where it never did."""
    return _pauses(kept) if kept else ()


_limits = msgspec.json.Decoder(tuple[Limit, ...]).decode


def extensions_in(kept: str | None) -> tuple[Limit, ...]:
    """By what a limit was extended, from the JSON that a row keeps."""
    return _limits(kept) if kept else ()


class Clock(Struct, frozen=True, kw_only=True):
    """A limit from its start to its due moment. `due` follows from the other four fields and the calendar."""

    start: datetime
    limit: Limit
    due: datetime
    pauses: tuple[Pause, ...] = ()  # in order, apart; only the last may last
    extensions: tuple[Limit, ...] = ()  # 延期

    @property
    def is_paused(self) -> bool:
        return bool(self.pauses) and self.pauses[-1].until is None


class Lamp(StrEnum):
    """The light on a task 亮灯. Source: standards.md 1.9."""

    green = "green"
    yellow = "yellow"
    red = "red"
    grey = "grey"  # the clock stands


class Reading(Struct, frozen=True, kw_only=True):
    """What a clock shows. Units: seconds of the unit's measure, below zero when late; parts per million."""

    lamp: Lamp
    left_s: int
    used_ppm: int


class Dial(Struct, frozen=True, kw_only=True):
    """A clock that never stood, made ready to be read often. Units: µs since 1970; `whole` in µs of its measure."""

    start: int
    due: int
    whole: int
    is_work: bool


def clock_of(start: datetime, limit: Limit, calendar: WorkCalendar) -> Clock:
    """The clock of a limit that starts now. A task given to another unit gets a new one."""
    return Clock(start=start, limit=limit, due=due_at(start, limit, calendar))


def paused(clock: Clock, at: datetime) -> Clock:
    """The clock, standing from `at`; its due moment stays until it goes on. Refuses with `ClockPaused`.

    A pause before the start, or before the end of the last one, begins there.
    """
    if clock.is_paused:
        raise ClockPaused("The clock of this task already stands; resume it before it is paused again.")
    earliest = clock.pauses[-1].until if clock.pauses else clock.start
    return replace(clock, pauses=(*clock.pauses, Pause(since=_later(at, earliest))))


def resumed(clock: Clock, at: datetime, calendar: WorkCalendar) -> Clock:
    """The clock, going on at `at`, due later by what the pause took. Refuses with `ClockRunning`."""
    if not clock.is_paused:
        raise ClockRunning("The clock of this task is running; there is no pause to end.")
    return recomputed(replace(clock, pauses=ended(clock.pauses, at)), calendar)


def ended(pauses: tuple[Pause, ...], at: datetime) -> tuple[Pause, ...]:
    """The pauses, of which none lasts any longer."""
    if not pauses or pauses[-1].until is not None:
        return pauses
    *before, last = pauses
    return (*before, Pause(since=last.since, until=_later(at, last.since)))


def standing(clock: Clock, at: datetime) -> Clock:
    """The clock, standing at least from `at`: one that stands already goes on standing."""
    return clock if clock.is_paused else paused(clock, at)


def going(clock: Clock, at: datetime, calendar: WorkCalendar) -> Clock:
    """The clock, running from `at` at the latest."""
    return resumed(clock, at, calendar) if clock.is_paused else clock


def extended(clock: Clock, by: Limit, calendar: WorkCalendar) -> Clock:
    """The clock with more time, counted from its deadline; running, standing or already late."""
    return recomputed(replace(clock, extensions=(*clock.extensions, by)), calendar)


def recomputed(clock: Clock, calendar: WorkCalendar) -> Clock:
    """The clock as this calendar counts it: after a correction of the calendar, or to check what is stored."""
    return replace(clock, due=due_of(clock.start, clock.limit, clock.pauses, clock.extensions, calendar))


def due_of(
    start: datetime, limit: Limit, pauses: tuple[Pause, ...], extensions: tuple[Limit, ...], calendar: WorkCalendar
) -> datetime:
    """The due moment, from the facts alone: the limit, then its extensions, then its pauses in order.

    A pause moves it by the time that it took, in the unit's measure: working time for work_*, plain time for
    urgent_* and natural_day (which then no longer ends at 24:00). A pause that lasts, and one that began after the due
    moment, move nothing: what was late stays late.
    """
    due = due_at(start, limit, calendar)
    for each in extensions:
        due = due_extended(due, each, calendar)
    at = epoch_us(due)
    for each in pauses:
        if each.until is None or epoch_us(each.since) > at:
            break
        stood = _measured(epoch_us(each.since), epoch_us(each.until), limit.unit, calendar)
        at = calendar.after(at, stood) if limit.unit in WORKING else at + stood
    return calendar.local(at)


def used_ppm(clock: Clock, now: datetime, calendar: WorkCalendar) -> int:
    """The share of the limit that is used, pauses taken out, rounded up; above a million exactly when it is late.

    Units:  parts per million of the time from start to due, in working time for work_*, else in plain time. The night
            after a missed work limit adds nothing but the one part that makes it late.
    """
    at, due = epoch_us(now), epoch_us(clock.due)
    return _share(*_used_and_whole(clock, at, due, calendar), late=_is_late(clock, at, due))


def left_s(clock: Clock, now: datetime, calendar: WorkCalendar) -> int:
    """What is left of the limit, pauses taken out; below zero when it is late. Units: seconds of the unit's measure."""
    used, whole = _used_and_whole(clock, epoch_us(now), epoch_us(clock.due), calendar)
    return (whole - used) // SECOND_US


def lamp(clock: Clock, now: datetime, calendar: WorkCalendar, *, yellow_ppm: int) -> Lamp:
    """The lamp of a task: up to `yellow_ppm` green, up to the whole yellow, then red; grey while the clock stands."""
    return reading(clock, now, calendar, yellow_ppm=yellow_ppm).lamp


def reading(clock: Clock, now: datetime, calendar: WorkCalendar, *, yellow_ppm: int) -> Reading:
    """The lamp, what is left and the share that is used, all at once: for lists."""
    at, due = epoch_us(now), epoch_us(clock.due)
    used, whole = _used_and_whole(clock, at, due, calendar)
    stands = clock.is_paused and epoch_us(clock.pauses[-1].since) <= at
    return _reading(used, whole, late=_is_late(clock, at, due), stands=stands, yellow_ppm=yellow_ppm)


def dial_of(clock: Clock, calendar: WorkCalendar) -> Dial:
    """What of a clock without pauses never changes."""
    start, due, unit = epoch_us(clock.start), epoch_us(clock.due), clock.limit.unit
    return Dial(start=start, due=due, whole=_measured(start, due, unit, calendar), is_work=unit in WORKING)


def reading_of(dial: Dial, at: int, calendar: WorkCalendar, *, yellow_ppm: int) -> Reading:
    """As `reading`, from a dial. Units: `at` in µs since 1970."""
    used = 0
    if at > dial.start:
        used = calendar.worked(dial.start, at) if dial.is_work else at - dial.start
    return _reading(used, dial.whole, late=at > dial.due, stands=False, yellow_ppm=yellow_ppm)


def _reading(used: int, whole: int, *, late: bool, stands: bool, yellow_ppm: int) -> Reading:
    share = _share(used, whole, late=late)
    if stands:
        shown = Lamp.grey
    elif share > WHOLE_PPM:
        shown = Lamp.red
    else:
        shown = Lamp.yellow if share > yellow_ppm else Lamp.green
    return Reading(lamp=shown, left_s=(whole - used) // SECOND_US, used_ppm=share)


def _share(used: int, whole: int, *, late: bool) -> int:
    if late:
        return max(-(-used * WHOLE_PPM // whole), WHOLE_PPM + 1) if whole else WHOLE_PPM + 1
    return min(-(-used * WHOLE_PPM // whole), WHOLE_PPM) if whole else 0


def _used_and_whole(clock: Clock, at: int, due: int, calendar: WorkCalendar) -> tuple[int, int]:
    """Used up to `at`, and allowed in all, pauses taken out of both. Units: µs since 1970; µs of the unit's measure."""
    unit, start = clock.limit.unit, epoch_us(clock.start)
    whole = _measured(start, due, unit, calendar)
    used = _measured(start, at, unit, calendar) if at > start else 0
    for each in clock.pauses:
        since, until = epoch_us(each.since), None if each.until is None else epoch_us(each.until)
        stood = 0 if until is None else _measured(since, until, unit, calendar)
        if since <= due:
            whole -= stood
        if since < at:
            used -= stood if until is not None and until <= at else _measured(since, at, unit, calendar)
    return used, whole


def _is_late(clock: Clock, at: int, due: int) -> bool:
    return at > due and not (clock.is_paused and epoch_us(clock.pauses[-1].since) <= due)


def _measured(start: int, end: int, unit: LimitUnit, calendar: WorkCalendar) -> int:
    return calendar.worked(start, end) if unit in WORKING else end - start


def _later(at: datetime, other: datetime) -> datetime:
    return at if epoch_us(at) >= epoch_us(other) else other
