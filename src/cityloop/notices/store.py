"""The SQL of sending."""

from collections.abc import Collection, Sequence

from cityloop.db import Row, Tx
from cityloop.db.tx import row_to
from cityloop.domain.facts import Told
from cityloop.journal import told_from
from cityloop.notices.model import HeldParcel, Place

WINDOW = 5_000  # seqs looked over with one statement
_HELD = ", ".join(HeldParcel.__struct_fields__)


def log_size(tx: Tx) -> int:
    """How many facts the city has."""
    return tx.value("SELECT size FROM log_head WHERE city = :city") or 0


def place_of(tx: Tx, target: str) -> Place | None:
    """How far a target has been told."""
    return tx.get("outbox_place", Place, target)


def place_list(tx: Tx) -> list[Place]:
    """All targets that were ever told anything, by name."""
    fields = ", ".join(Place.__struct_fields__)
    return [row_to(Place, row) for row in tx.all(f"SELECT {fields} FROM outbox_place WHERE city = :city ORDER BY target")]


def facts_between(tx: Tx, after: int, upto: int, types: Sequence[str], limit: int) -> list[Told]:
    """Facts of these types, in the order of the journal."""
    marks = ", ".join(f":type_{n}" for n in range(len(types)))
    rows = tx.all(
        f"SELECT seq, body FROM fact WHERE city = :city AND seq > :after AND seq <= :upto AND type IN ({marks}) "
        f"ORDER BY seq LIMIT {int(limit)}",
        after=after, upto=upto, **{f"type_{n}": each for n, each in enumerate(types)},
    )  # fmt: skip
    return [told_from(tx.city, row.seq, row.body) for row in rows]


def fact_at(tx: Tx, seq: int) -> Told:
    """The fact of a number."""
    body = tx.value("SELECT body FROM fact WHERE city = :city AND seq = :seq", seq=seq)
    assert body is not None, f"there is no fact {seq}"
    return told_from(tx.city, seq, body)


def held_subjects(tx: Tx, target: str, asked: Collection[str]) -> set[str]:
    """Of these subjects those that a target would not take a fact of."""
    if not asked:
        return set()
    marks = ", ".join(f":subject_{n}" for n in range(len(asked)))
    rows = tx.all(
        f"SELECT DISTINCT subject FROM outbox_held WHERE city = :city AND target = :target AND subject IN ({marks})",
        target=target, **{f"subject_{n}": each for n, each in enumerate(asked)},
    )  # fmt: skip
    return {row.subject for row in rows}


def held_due(tx: Tx, target: str, limit: int) -> list[HeldParcel]:
    """The first held fact of each subject, where its pause is over and it is not parked."""
    rows = tx.all(
        f"SELECT {_HELD} FROM outbox_held AS first WHERE city = :city AND target = :target AND parked = 0 "
        "AND (next_at IS NULL OR next_at <= :now) AND NOT EXISTS (SELECT 1 FROM outbox_held AS earlier "
        "WHERE earlier.city = :city AND earlier.target = :target AND earlier.subject = first.subject "
        f"AND earlier.seq < first.seq) ORDER BY seq LIMIT {int(limit)}",
        target=target, now=tx.now,
    )  # fmt: skip
    return [row_to(HeldParcel, row) for row in rows]


def held_list(tx: Tx, limit: int) -> list[Row]:
    """What is held, for an operator."""
    return tx.all(f"SELECT {_HELD} FROM outbox_held WHERE city = :city ORDER BY target, seq LIMIT {int(limit)}")


def held_one(tx: Tx, target: str, seq: int) -> HeldParcel | None:
    """One held fact."""
    return tx.get("outbox_held", HeldParcel, target, seq)


def held_let_go(tx: Tx, target: str, seq: int) -> None:
    """It went, or an operator lets it be."""
    tx.run("DELETE FROM outbox_held WHERE city = :city AND target = :target AND seq = :seq", target=target, seq=seq)


def target_forget(tx: Tx, target: str) -> None:
    """A target that is no more leaves nothing to be sent."""
    tx.run("DELETE FROM outbox_held WHERE city = :city AND target = :target", target=target)
    tx.run("DELETE FROM outbox_place WHERE city = :city AND target = :target", target=target)
