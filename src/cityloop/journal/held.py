"""Facts that a handler could not handle: tried again with growing pauses, then parked in sight."""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from cityloop.db import Tx
from cityloop.domain.errors import NotFound
from cityloop.domain.facts import HeldSkipped

TRIES_MAX = 8
FIRST_PAUSE_S = 1
PAUSE_MAX_S = 600


class SkipReason(StrEnum):
    """Why an operator lets a handler pass over a fact. The word is told in a fact, so it is a code."""

    handled_by_hand = "handled_by_hand"
    no_longer_needed = "no_longer_needed"
    faulty_fact = "faulty_fact"


class HeldRow(Struct, frozen=True):
    """A held fact. With `tries` 0 it only waits behind an earlier one of its subject."""

    handler: str
    seq: int
    shard: int
    subject: str
    fact_id: str
    tries: int
    next_at: datetime | None
    parked: int
    error: str


class NotHeld(NotFound):
    """No such fact is held."""

    code = "held.not_found"


def pause_s(tries: int) -> int:
    """How long to wait after the n-th failure.

    >>> [pause_s(n) for n in (1, 2, 3, 12)]
    [1, 2, 4, 600]
    """
    return min(FIRST_PAUSE_S * 2 ** (tries - 1), PAUSE_MAX_S)


def held_add(tx: Tx, row: HeldRow) -> None:
    """Keep a fact that waits."""
    tx.put("held", row)


def held_tried(tx: Tx, row: HeldRow, error: str) -> None:
    """Count a failure: set the next moment, or park it after the last try."""
    tries = row.tries + 1
    tx.put(
        "held",
        HeldRow(
            row.handler, row.seq, row.shard, row.subject, row.fact_id, tries,
            tx.now + timedelta(seconds=pause_s(tries)), int(tries >= TRIES_MAX), error,
        ),
    )  # fmt: skip


_COLUMNS = "handler, seq, shard, subject, fact_id, tries, next_at, parked, error"


def held_list(tx: Tx, handler: str | None = None) -> list[HeldRow]:
    """All held facts, oldest first."""
    rows = tx.all(f"SELECT {_COLUMNS} FROM held WHERE city = :city ORDER BY handler, seq")
    return [HeldRow(*row) for row in rows if handler in (None, row.handler)]


def held_subjects(tx: Tx, handler: str) -> set[str]:
    """Subjects that this handler holds facts of."""
    return {
        row.subject
        for row in tx.all("SELECT DISTINCT subject FROM held WHERE city = :city AND handler = :h", h=handler)
    }


def held_due(tx: Tx, handler: str, shards: Collection[int], limit: int) -> list[HeldRow]:
    """The first held fact of each subject of these shards, where its pause is over and it is not parked; the oldest of them."""
    if not shards:
        return []
    rows = tx.all(
        f"SELECT {_COLUMNS} FROM held AS first WHERE city = :city AND handler = :handler AND parked = 0 "
        f"AND (next_at IS NULL OR next_at <= :now) AND shard IN ({', '.join(map(str, sorted(shards)))}) "
        "AND NOT EXISTS (SELECT 1 FROM held AS earlier WHERE earlier.city = :city AND earlier.handler = :handler "
        f"AND earlier.subject = first.subject AND earlier.seq < first.seq) ORDER BY seq LIMIT {int(limit)}",
        handler=handler,
        now=tx.now,
    )
    return [HeldRow(*row) for row in rows]


def held_retry(tx: Tx, handler: str, seq: int) -> None:
    """An operator wants a parked fact tried again now.

    Refuses with `NotHeld`.
    """
    row = _held(tx, handler, seq)
    tx.put("held", HeldRow(row.handler, row.seq, row.shard, row.subject, row.fact_id, 0, tx.now, 0, row.error))


def held_retry_parked(tx: Tx, handler: str, error: str | None = None) -> int:
    """An operator wants all that a handler has parked tried again, or what failed with this error; gives how many facts that are.

    Refuses with `NotHeld`.
    """
    failed_so = "" if error is None else " AND error = :error"
    count = tx.run(
        f"UPDATE held SET tries = 0, parked = 0, next_at = :now WHERE city = :city AND handler = :handler AND parked = 1{failed_so}",
        handler=handler, error=error, now=tx.now,
    )  # fmt: skip
    if not count:
        raise NotHeld(f"{handler} has parked no such fact; look at the list of held facts.")
    return count


def held_skip(tx: Tx, handler: str, seq: int, reason: str) -> None:
    """An operator lets a handler pass over a fact, and says why.

    Refuses with `NotHeld`. Emits `HeldSkipped`.
    """
    row = _held(tx, handler, seq)
    tx.run("DELETE FROM held WHERE city = :city AND handler = :handler AND seq = :seq", handler=handler, seq=seq)
    tx.emit(HeldSkipped(handler=handler, fact_id=row.fact_id, reason=reason, at=tx.now))


def _held(tx: Tx, handler: str, seq: int) -> HeldRow:
    row = tx.one(
        f"SELECT {_COLUMNS} FROM held WHERE city = :city AND handler = :handler AND seq = :seq",
        handler=handler,
        seq=seq,
    )
    if row is None:
        raise NotHeld(f"{handler} holds no fact {seq}; look at the list of held facts.")
    return HeldRow(*row)
