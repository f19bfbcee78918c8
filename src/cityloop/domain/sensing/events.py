"""An event of a rule: it began to hold for a stream, or it holds no more."""

from enum import StrEnum
from hashlib import sha256

from msgspec import Struct


class EventKind(StrEnum):
    """What happened."""

    raised = "raised"
    cleared = "cleared"


class Event(Struct, frozen=True, kw_only=True):
    """What the kernel says. Units: moments in microseconds since 1970, UTC."""

    id: str  # of the alarm: the same for raised and cleared, and the same whenever the same observations are judged again
    kind: EventKind
    rule: str
    stream: int  # its number
    began_at: int  # the first observation for which the rule held
    at: int  # the observation, or the tick, at which it was raised or cleared
    value: float
    limit: float
    track: int = 0  # of a detection


def event_id(rule: str, stream: int, began_at: int, track: int = 0) -> str:
    """The id of an alarm: follows from what it is about, so that a replay cannot raise it twice.

    >>> event_id("noise.night", 7, 1_772_000_000_000_000)
    '1d2b7965ff3bfaa6112ee7e8ec359004'
    """
    return sha256(f"{rule}\n{stream}\n{began_at}\n{track}".encode()).hexdigest()[:32]
