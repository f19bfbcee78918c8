"""What notices speaks of: a target that is told of facts, a parcel on its way, the answer to it."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from msgspec import Struct

from cityloop.db import Tx
from cityloop.domain.errors import NotFound
from cityloop.domain.facts import Told


class NoSuchParcel(NotFound):
    """Nothing of that number waits for that target."""

    code = "outbox.not_found"


class Parcel(Struct, frozen=True, kw_only=True):
    """One message, ready to be sent. `key` is the fact's id: whoever gets it twice knows it by this."""

    key: str
    subject: str
    seq: int


class HttpParcel(Parcel, frozen=True, kw_only=True):
    """A message that goes as one POST."""

    url: str
    headers: Mapping[str, str]
    body: bytes


class Answer(Struct, frozen=True, kw_only=True):
    """What came back. Status 0: nothing did, and `error` says why."""

    status: int
    error: str | None = None
    after_s: int | None = None  # Retry-After


class Verdict(StrEnum):
    """What an answer means for what comes next."""

    sent = "sent"
    refused = "refused"  # this message is not taken; others may be
    down = "down"  # nothing is taken now
    gone = "gone"  # nothing will be taken ever again


class Target(Protocol):
    """Whoever is told. Its name stays the same for ever; a target without `ends` is told for as long as it takes."""

    name: str
    types: tuple[str, ...]  # of facts
    begins_after: int  # seq: what was told before is not its business
    ends: bool  # whether it may be given up

    def parcel(self, tx: Tx, told: Told) -> Parcel | None:
        """What is sent of a fact, as things are now; None where it is not for this target. Reads only."""
        ...

    def send(self, parcel: Any) -> Answer:
        """Send it, outside any transaction. Slow, and never raises."""
        ...

    def gave_up(self, tx: Tx, why: str) -> None:
        """It was down for too long, is gone, or takes nothing. Called in the transaction that notes it."""
        ...


class Place(Struct, frozen=True, kw_only=True):
    """How far a target has been told, and how it answers."""

    target: str
    seq: int
    tries: int = 0
    next_at: datetime | None = None
    failing_since: datetime | None = None
    status: int | None = None
    error: str | None = None
    sent: int = 0
    sent_at: datetime | None = None
    refused: int = 0  # messages in a row since it took one


class HeldParcel(Struct, frozen=True, kw_only=True):
    """A fact that a target would not take, or one that waits behind it."""

    target: str
    seq: int
    subject: str
    fact_id: str
    tries: int = 0
    next_at: datetime | None = None
    parked: int = 0
    status: int | None = None
    error: str | None = None
