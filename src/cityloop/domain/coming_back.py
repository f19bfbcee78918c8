"""未诉先办: what came back at one place before, and when it will again, before anybody complains."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from msgspec import Struct

TIMES_MIN = 3
DAYS_MIN = 3.0  # what comes back within days was never done
REGULAR_FROM, REGULAR_TO, REGULAR_SHARE = 0.5, 2.0, 2 / 3  # so many pauses lie within half and twice the usual one
AHEAD, BEHIND = timedelta(days=14), timedelta(days=7)
YEAR, SEASON_MIN = timedelta(days=365), 2


class Coming(Struct, frozen=True, kw_only=True):
    """When it is expected, and by what: its usual pause, or the season of a year ago."""

    due: datetime
    why: str  # pause, season
    times: int  # how often it was there
    pause_days: int | None


def coming_back(opened: Sequence[datetime], now: datetime) -> Coming | None:
    """When a problem of a class at a place is expected again, if that is within two weeks, or was within the last one.

    Shape: the moments at which its cases were opened, in their order.

    >>> month = [datetime(2026, 1, 1) + timedelta(days=30 * n) for n in range(4)]
    >>> coming_back(month, datetime(2026, 4, 25)).due
    datetime.datetime(2026, 5, 1, 0, 0)
    """
    if len(opened) >= TIMES_MIN and (due := _after_usual_pause(opened)) and now - BEHIND <= due <= now + AHEAD:
        return Coming(due=due, why="pause", times=len(opened), pause_days=round((due - opened[-1]).total_seconds() / 86_400))
    begin, end = season_of(now)
    season = [at for at in opened if begin <= at <= end]
    if len(season) >= SEASON_MIN:
        return Coming(due=season[0] + YEAR, why="season", times=len(opened), pause_days=None)
    return None


def season_of(now: datetime) -> tuple[datetime, datetime]:
    """The weeks of a year ago that tell of the next."""
    return now - YEAR, now - YEAR + AHEAD


def may_come_back(times: int, first: datetime, last: datetime, in_season: int, now: datetime) -> bool:
    """Whether `coming_back` may say something, as far as a few figures of the moments tell; where they say no, it says nothing.

    Enough pauses are half the usual one and more: together they are not short, and the usual one is not longer than they allow.
    """
    if in_season >= SEASON_MIN:
        return True
    pauses, whole, least = times - 1, last - first, REGULAR_SHARE * REGULAR_FROM
    if times < TIMES_MIN or whole < pauses * timedelta(days=least * DAYS_MIN):
        return False
    return last + whole / (pauses * least) >= now - BEHIND


def _after_usual_pause(opened: Sequence[datetime]) -> datetime | None:
    """The last one and the usual pause after it; None where the pauses are too unlike, or too short."""
    pauses = [(after - before).total_seconds() / 86_400 for before, after in pairwise(opened)]
    usual = median(pauses)
    if usual < DAYS_MIN or sum(REGULAR_FROM * usual <= each <= REGULAR_TO * usual for each in pauses) < REGULAR_SHARE * len(pauses):
        return None
    return opened[-1] + timedelta(days=usual)
