"""Which backups stay: the newest of each day, week and month, so many of each, what was shipped after each, and what was shipped last."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from msgspec import Struct

from cityloop.keeping.chest import Chest
from cityloop.keeping.forgetting import sweep
from cityloop.keeping.model import Point


class Stay(Struct, frozen=True, kw_only=True):
    """How many stay of each kind."""

    daily: int = 7
    weekly: int = 5
    monthly: int = 12


def staying(moments: Sequence[date], stay: Stay) -> set[int]:
    """The places of those that stay, of moments in their order: the last of a day, week or month stands for it.

    >>> days = [date(2026, 3, day) for day in (1, 2, 2, 3)]
    >>> sorted(staying(days, Stay(daily=2, weekly=0, monthly=1)))
    [2, 3]
    """
    found = {len(moments) - 1} if moments else set()
    for many, part in ((stay.daily, date.isoformat), (stay.weekly, _week), (stay.monthly, _month)):
        last = {part(each): no for no, each in enumerate(moments)}
        found |= set(sorted(last.values())[-many:] if many else ())
    return found


def _week(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-{week:02d}"


def _month(day: date) -> str:
    return f"{day:%Y-%m}"


def thin(chest: Chest, stay: Stay) -> tuple[int, int]:
    """Let go what need not stay, with what was shipped after it; gives how many points and pieces went."""
    with chest.alone():
        points = [chest.point(name) for name in chest.point_names()]
        fulls = [each for each in points if not each.base]
        kept = {fulls[no].name for no in staying([_day(each) for each in fulls], stay)} | {each.base or each.name for each in points[-1:]}
        gone = [each for each in points if not _stays(each, kept)]
        for each in gone:
            chest.drop(each.name)
        return len(gone), sweep(chest) if gone else 0


def _stays(point: Point, kept: Collection[str]) -> bool:
    return (point.base or point.name) in kept


def _day(point: Point) -> date:
    return datetime.fromisoformat(point.at).date()
