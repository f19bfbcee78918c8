"""The SQL of duty."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from cityloop.db import Row, Tx, once_found
from cityloop.db.tx import row_to
from cityloop.domain.ids import AccountId, PostId, ShiftId, VaultId
from cityloop.field.duty.model import TRACK, Look, RosterDay, Shift, ShiftUnknown, TrackPart
from cityloop.journal.vault import VaultRow

_FIELDS = ", ".join(Shift.__struct_fields__)
_S_FIELDS = ", ".join(f"s.{name}" for name in Shift.__struct_fields__)
_part = msgspec.json.Decoder(TrackPart).decode


def shift_get(tx: Tx, id: ShiftId) -> Shift:
    """The shift as it is.

    Refuses with `ShiftUnknown`.
    """
    shift = tx.get("shift", Shift, id)
    if shift is None:
        raise ShiftUnknown(f"There is no shift {id[:60]} of yours; look at /v1/duty.")
    return shift


def shift_open_of(tx: Tx, account: AccountId) -> Shift | None:
    """The shift in which somebody is on duty now."""
    row = tx.one(
        f"SELECT {_FIELDS} FROM shift WHERE city = :city AND account = :account AND is_open = 1 ORDER BY id DESC",
        account=account,
    )
    return row_to(Shift, row) if row else None


def shift_list_of(tx: Tx, account: AccountId, *, limit: int) -> list[Shift]:
    """Somebody's shifts, the newest first."""
    rows = tx.all(
        f"SELECT {_FIELDS} FROM shift WHERE city = :city AND account = :account ORDER BY id DESC LIMIT :limit",
        account=account, limit=limit,
    )  # fmt: skip
    return [row_to(Shift, row) for row in rows]


def shift_list_to_erase(tx: Tx) -> list[Shift]:
    """Shifts whose workers asked for an erasure; few, and every one of them is looked at."""
    rows = tx.all(f"SELECT {_FIELDS} FROM shift WHERE city = :city AND erasure_asked_at IS NOT NULL ORDER BY id")
    return [row_to(Shift, row) for row in rows]


def shift_list_on_duty(tx: Tx) -> list[tuple[Shift, TrackPart | None]]:
    """Who is on duty, each with the last part of their track."""
    rows: Sequence[Row] = tx.all(
        f"SELECT {_S_FIELDS}, v.bytes FROM shift AS s LEFT JOIN vault AS v ON v.city = :city AND v.id = "
        f"(SELECT max({once_found('w.id')}) FROM vault AS w WHERE w.city = :city AND w.subject = 'shift/' || s.id AND w.kind = :kind) "
        "WHERE s.city = :city AND s.is_open = 1 ORDER BY s.id",
        kind=TRACK,
    )
    found = []
    for row in rows:
        fields = row._asdict()
        raw = fields.pop("bytes")
        found.append((msgspec.convert(fields, Shift, strict=False), _part(raw) if raw else None))
    return found


def part_list_of(tx: Tx, id: ShiftId) -> list[tuple[VaultId, TrackPart]]:
    """The parts of a shift's track that the vault keeps, in the order in which they came."""
    rows = tx.all(
        f"SELECT id, bytes FROM vault WHERE city = :city AND subject = :subject AND kind = :kind ORDER BY {once_found('id')}",
        subject=f"shift/{id}", kind=TRACK,
    )  # fmt: skip
    return [(VaultId(row.id), _part(row.bytes)) for row in rows]


def part_last_of(tx: Tx, id: ShiftId) -> TrackPart | None:
    """The last part of a shift's track."""
    raw = tx.value(
        f"SELECT bytes FROM vault WHERE city = :city AND subject = :subject AND kind = :kind ORDER BY {once_found('id')} DESC LIMIT 1",
        subject=f"shift/{id}", kind=TRACK,
    )  # fmt: skip
    return _part(raw) if raw else None


def part_forget(tx: Tx, ids: Sequence[VaultId]) -> None:
    """Parts that were put together into one; no fact ever named them."""
    for id in ids:
        tx.run("DELETE FROM vault WHERE city = :city AND id = :id", id=id)


def is_kept(tx: Tx, id: VaultId) -> bool:
    """Whether the vault has it still."""
    return tx.get("vault", VaultRow, id) is not None


def roster_get(tx: Tx, id: str) -> RosterDay | None:
    """What the city set for a post's day."""
    return tx.get("roster", RosterDay, id)


def roster_list_of(tx: Tx, day: str) -> dict[PostId, RosterDay]:
    """What the city set for a day."""
    fields = ", ".join(RosterDay.__struct_fields__)
    rows = tx.all(f"SELECT {fields} FROM roster WHERE city = :city AND day = :day", day=day)
    return {row.post: row_to(RosterDay, row) for row in rows}


def roster_list_between(tx: Tx, first: str, last: str) -> dict[tuple[PostId, str], RosterDay]:
    """What the city set for the days from the first to the last, by post and day."""
    fields = ", ".join(RosterDay.__struct_fields__)
    rows = tx.all(
        f"SELECT {fields} FROM roster WHERE city = :city AND day >= :first AND day <= :last", first=first, last=last
    )
    return {(row.post, row.day): row_to(RosterDay, row) for row in rows}


def look_list_of(tx: Tx, id: ShiftId) -> list[Look]:
    """Who looked at where somebody on duty is, the last first."""
    rows = tx.all(
        "SELECT post, last_at FROM duty_look WHERE city = :city AND shift_id = :id ORDER BY last_at DESC, post", id=id
    )
    return [row_to(Look, row) for row in rows]


def look_list_by(tx: Tx, post: PostId, since: datetime) -> set[ShiftId]:
    """The shifts at which a post has looked since a moment."""
    rows = tx.all(
        "SELECT shift_id FROM duty_look WHERE city = :city AND post = :post AND last_at > :since", post=post, since=since
    )
    return {ShiftId(row.shift_id) for row in rows}


def look_note(tx: Tx, id: ShiftId, post: PostId, at: datetime) -> None:
    """A post looks at where somebody on duty is."""
    tx.run(
        "INSERT INTO duty_look (city, shift_id, post, last_at) VALUES (:city, :id, :post, :at) "
        "ON CONFLICT (city, shift_id, post) DO UPDATE SET last_at = excluded.last_at",
        id=id, post=post, at=at,
    )  # fmt: skip


def look_forget(tx: Tx, before: datetime) -> None:
    """Looks of tracks that are kept no more."""
    tx.run("DELETE FROM duty_look WHERE city = :city AND last_at < :before", before=before)
