"""What duty speaks of, and how it says no."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from cityloop.domain.errors import Invalid, NotAllowed, NotFound, Refused
from cityloop.domain.ids import AccountId, AreaCode, PostId, ShiftId, UnitId
from cityloop.domain.personal import Personal

TRACK = "track"  # the kind of vault data
TRACK_DAYS_MAX = 90  # the longest that a city may keep it
WHERE = "to show where who is on duty is, and to themselves where they were"


class EndReason(StrEnum):
    """Why a shift is over. Words: `duty.reason.*`."""

    signed_off = "signed_off"
    forgotten = "forgotten"  # nobody signed off for longer than a shift may last
    post_left = "post_left"


class Position(Struct, frozen=True, kw_only=True):
    """Where a phone was. Units: degrees (WGS 84), metres."""

    at: datetime
    lon: Annotated[float, Personal(WHERE, keep_days=TRACK_DAYS_MAX), Meta(ge=-180, le=180)]
    lat: Annotated[float, Personal(WHERE, keep_days=TRACK_DAYS_MAX), Meta(ge=-90, le=90)]
    error_m: float | None = None


class TrackPart(Struct, frozen=True, kw_only=True):
    """Positions of a shift as the vault keeps them. `outside_from`: since when outside, as of the last one."""

    positions: tuple[Position, ...]
    outside_from: datetime | None = None


class Shift(Struct, frozen=True, kw_only=True):
    """One person on duty in one post. `segments` is JSON."""

    id: ShiftId
    no: int
    account: AccountId
    post: PostId
    unit: UnitId
    area: AreaCode | None
    grid: str | None
    day: str
    started_at: datetime
    planned_from: datetime | None
    planned_to: datetime | None
    is_open: bool = True
    ended_at: datetime | None = None
    ended_for: str | None = None
    outside_since: datetime | None = None
    outside_times: int = 0
    segments: str = "[]"
    positions: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None
    erasure_asked_at: datetime | None = None
    simulated: bool = False


class RosterDay(Struct, frozen=True, kw_only=True):
    """What the city itself set for a post on a day. No hours: it is off."""

    id: str
    no: int
    post: PostId
    day: str
    begins: str | None
    ends: str | None
    grid: str | None
    changed_at: datetime
    changed_by: str


class Plan(Struct, frozen=True, kw_only=True):
    """The hours of a post on a day. None of them: off, or nobody planned (`planned`)."""

    post: PostId
    day: str
    begins: datetime | None
    ends: datetime | None
    grid: str | None
    planned: bool
    by_city: bool  # set in the city, over the pack


class Look(Struct, frozen=True, kw_only=True):
    """When somebody in a post last looked at where who is on duty is."""

    post: PostId
    last_at: datetime


class Gap(Struct, frozen=True, kw_only=True):
    """A plan that runs now and that nobody fills."""

    post: PostId
    grid: str | None
    begins: datetime
    ends: datetime


class ShiftUnknown(NotFound):
    """No such shift, or not the caller's."""

    code = "duty.shift_unknown"


class PostNotYours(NotAllowed):
    """Nobody signs on in a post in which they do not sit."""

    code = "duty.post_not_yours"


class OnDuty(Refused):
    """Nobody is on duty twice."""

    code = "duty.on_duty"


class ShiftOver(Refused):
    """The shift is over; what was noted after it is not taken."""

    code = "duty.shift_over"


class MomentWrong(Invalid):
    """A moment before the shift, after it, or that has not come."""

    code = "duty.moment_wrong"


class TooManyPositions(Invalid):
    """More positions than one part may hold."""

    code = "duty.too_many_positions"


class TrackNotClosed(Refused):
    """A track that is still written cannot be erased."""

    code = "duty.track_not_closed"


class RosterWrong(Invalid):
    """Hours, a day, a post or a grid that cannot be."""

    code = "duty.roster_wrong"
