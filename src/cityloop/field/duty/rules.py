"""Pure decisions of duty: the plan of a day, what of a track counts, and when somebody is told to be outside."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from cityloop.domain.calendar import calendar_in
from cityloop.domain.ids import CellCode, PostId
from cityloop.domain.policy import Policy, Post, RosterRow
from cityloop.domain.time import SKEW_MAX
from cityloop.field.duty.model import Gap, MomentWrong, Plan, Position, RosterDay, RosterWrong, Shift, TooManyPositions

POSITIONS_MAX = 2_000  # in one part: a shift of one every 30 s fits
LATE_MAX = timedelta(hours=48)  # how long a phone may be without a network
COARSE_M = 150.0  # a position that may be so far off says nothing about a grid
SILENT = timedelta(minutes=10)  # without a position for longer, a phone on duty is said to be silent
LOOK_AGAIN = timedelta(minutes=10)  # within it a look at the same shift is the same look
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Crossing(Struct, frozen=True, kw_only=True):
    """Somebody went out of the day's grid, or came back."""

    out: bool
    at: datetime


def plan_of(post: Post, day: date, changed: RosterDay | None, policy: Policy) -> Plan:
    """The hours of a post on a local day: what the city set, else the post's row of the pack, else its role's."""
    zone = calendar_in(policy).zone
    if changed is not None:
        begins, ends = _span(day, changed.begins, changed.ends, zone)
        grid = changed.grid or post.duty_grid
        return Plan(
            post=post.id, day=day.isoformat(), begins=begins, ends=ends, grid=grid, planned=True, by_city=True
        )  # fmt: skip
    rows = [row for row in policy.rosters if row.who == post.id] or [row for row in policy.rosters if row.who == post.role]
    row = next((row for row in rows if _falls_on(row, day, policy)), None)
    begins, ends = _span(day, row.begins.isoformat(), row.ends.isoformat(), zone) if row else (None, None)
    return Plan(
        post=post.id, day=day.isoformat(), begins=begins, ends=ends, grid=post.duty_grid, planned=bool(rows), by_city=False
    )  # fmt: skip


def _falls_on(row: RosterRow, day: date, policy: Policy) -> bool:
    if "daily" in row.days or WEEKDAYS[day.weekday()] in row.days:
        return True
    return "workday" in row.days and bool(calendar_in(policy).windows(day))


def _span(
    day: date, begins: str | None, ends: str | None, zone: ZoneInfo
) -> tuple[datetime | None, datetime | None]:  # fmt: skip
    if begins is None or ends is None:
        return None, None
    first, last = time.fromisoformat(begins), time.fromisoformat(ends)
    over = day + timedelta(days=1) if last <= first else day
    return datetime.combine(day, first, zone), datetime.combine(over, last, zone)


def roster_checked(post: Post, day: str, begins: str | None, ends: str | None, grid: str | None, policy: Policy) -> date:
    """The day, if hours and grid can be.

    Refuses with `RosterWrong`.
    """
    try:
        found = date.fromisoformat(day)
        for each in (begins, ends):
            if each is not None and (len(each) != 5 or time.fromisoformat(each).tzinfo):
                raise ValueError
    except ValueError:
        raise RosterWrong("A day is written 2026-03-06, hours are written 08:00; correct them.") from None
    if (begins is None) != (ends is None):
        raise RosterWrong("Give both hours, or neither for a day off.")
    if grid is not None and not cells_of(policy, grid, None):
        raise RosterWrong(f"There is no duty grid {grid[:40]!r}; take one from the pack's cells.geojson.")
    return found


def cells_of(policy: Policy, grid: str | None, area: str | None) -> frozenset[CellCode]:
    """The cells of a duty grid; without one those of the area; of neither, all."""
    known = vars(policy).setdefault("_duty_cells", {})
    found = known.get((grid, area))
    if found is None:
        found = known[grid, area] = frozenset(
            cell.code for cell in policy.cells
            if (cell.duty_grid == grid if grid else area is None or cell.code.startswith(area))
        )  # fmt: skip
    return found


def moment_checked(at: datetime | None, now: datetime, after: datetime | None = None) -> datetime:
    """When it happened by the phone's clock: not to come, not older than a phone may be without a network.

    Refuses with `MomentWrong`.
    """
    if at is None:
        return now
    if at.tzinfo is None or at > now + SKEW_MAX or at < now - LATE_MAX:
        raise MomentWrong("The moment is to come, too old, or without an offset; look at the phone's clock.")
    if after is not None and at < after - SKEW_MAX:
        raise MomentWrong("The shift had not begun at that moment; look at the phone's clock.")
    return min(at, now) if after is None else max(min(at, now), after)


def positions_taken(
    given: Sequence[Position], since: datetime, until: datetime, now: datetime
) -> tuple[Position, ...]:  # fmt: skip
    """The positions that lie on duty, in their order; others are not kept at all.

    Refuses with `TooManyPositions`.
    """
    if len(given) > POSITIONS_MAX:
        raise TooManyPositions(f"{len(given)} positions came at once; send {POSITIONS_MAX} at most in one part.")
    end = min(until, now + SKEW_MAX)
    on_duty = {
        at: replace(each, at=at) for each in given if each.at.tzinfo and since <= (at := each.at.astimezone(UTC)) <= end
    }
    return tuple(on_duty[at] for at in sorted(on_duty))


def crossings(
    seen: Iterable[tuple[Position, bool]], outside_from: datetime | None, told: bool, outside_min: int
) -> tuple[datetime | None, list[Crossing]]:
    """Since when somebody is outside after these positions, and what is to be told: out, once they were there for so
    many minutes; in, at the first position inside after that. A coarse position says nothing.
    """
    found: list[Crossing] = []
    for position, is_inside in seen:
        if position.error_m is not None and position.error_m > COARSE_M:
            continue
        if is_inside:
            if told:
                found.append(Crossing(out=False, at=position.at))
            outside_from, told = None, False
            continue
        outside_from = outside_from or position.at
        if not told and position.at - outside_from >= timedelta(minutes=outside_min):
            found.append(Crossing(out=True, at=outside_from))
            told = True
    return outside_from, found


def runs_at(plan: Plan, now: datetime) -> bool:
    """Whether a plan has begun and is not over."""
    return plan.begins is not None and plan.ends is not None and plan.begins <= now < plan.ends


def gaps_of(running: Iterable[Plan], shifts: Sequence[Shift]) -> list[Gap]:
    """The running plans without anybody: nobody signed on in the post, nor in another post for its grid."""
    posts = {shift.post for shift in shifts}
    grids = {shift.grid for shift in shifts if shift.grid}
    return [
        Gap(post=plan.post, grid=plan.grid, begins=plan.begins, ends=plan.ends)
        for plan in running
        if plan.begins and plan.ends and plan.post not in posts and plan.grid not in grids
    ]


def is_silent(shift: Shift, last: Position | None, now: datetime) -> bool:
    """Whether a phone on duty has said nothing for longer than it may."""
    return now - max(shift.started_at, last.at if last else shift.started_at) > SILENT


def week_of(day: date) -> list[date]:
    """Monday to Sunday of the week in which a day lies.

    >>> [each.isoformat() for each in week_of(date(2026, 3, 4))][:2]
    ['2026-03-02', '2026-03-03']
    """
    monday = day - timedelta(days=day.weekday())
    return [monday + timedelta(days=n) for n in range(7)]


def day_asked(day: str | None, today: date) -> date:
    """The day that is asked for; today where none is said.

    Refuses with `RosterWrong`.
    """
    try:
        return date.fromisoformat(day) if day else today
    except ValueError:
        raise RosterWrong(f"{(day or '')[:20]!r} is no day; write it 2026-03-06.") from None


def roster_id(post: PostId, day: date) -> str:
    """How facts call a post's day."""
    return f"{post}:{day.isoformat()}"
