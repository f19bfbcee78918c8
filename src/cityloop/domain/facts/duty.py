"""Duty in the field 外勤: shifts, rosters, and what is said of a track. Where anybody was stands in no fact."""

from datetime import datetime
from typing import ClassVar

from cityloop.domain.facts.fact import Fact, VaultRef
from cityloop.domain.ids import AccountId, AreaCode, PostId, ShiftId, UnitId


class ShiftFact(Fact, frozen=True, kw_only=True):
    """A fact whose subject is a shift: one person, in one post, from signing on to signing off."""

    SUBJECT: ClassVar[str] = "shift"
    KEY: ClassVar[str] = "shift_id"

    shift_id: ShiftId


class ShiftStarted(ShiftFact, frozen=True, kw_only=True):
    """打卡: somebody signed on. The grid is that of the day; none is the post's area."""

    account_id: AccountId
    post: PostId
    unit: UnitId
    area: AreaCode | None
    grid: str | None
    day: str  # local date of the shift
    planned_from: datetime | None = None  # by the roster of the day; none: nobody planned it
    planned_to: datetime | None = None
    simulated: bool = False


class ShiftEnded(ShiftFact, frozen=True, kw_only=True):
    """Somebody signed off, or was signed off. From here on no position is taken."""

    reason: str  # a code with words: duty.reason.*


class AreaLeft(ShiftFact, frozen=True, kw_only=True):
    """越界: outside the day's grid for longer than the city allows; `at` is since when. Where to, nobody is told here."""


class AreaEntered(ShiftFact, frozen=True, kw_only=True):
    """Back in the day's grid."""


class TrackKept(ShiftFact, frozen=True, kw_only=True):
    """A part of the shift's track is closed: its digest, how many positions, from when to when. It lies in the vault."""

    segment: VaultRef
    positions: int
    first_at: datetime
    last_at: datetime


class TrackErasureAsked(ShiftFact, frozen=True, kw_only=True):
    """The worker asks that the track of a shift be erased."""


class RosterChanged(Fact, frozen=True, kw_only=True):
    """排班: somebody set the hours of a post on a day, over what the pack says; without hours it is off."""

    SUBJECT: ClassVar[str] = "roster"
    KEY: ClassVar[str] = "roster_id"

    roster_id: str  # post:day
    post: PostId
    day: str
    begins: str | None  # local, HH:MM
    ends: str | None  # not later than it begins: on the next day
    grid: str | None = None  # another's grid on that day 代岗
