"""The SQL of what was put aside."""

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from cityloop.db import Tx
from cityloop.db.tx import row_to

_KEPT = "key, reason, source, count, first_at, last_at, example"


class Aside(Struct, frozen=True, kw_only=True):
    """What was not kept of a stream for one reason. `reason`: `sense.aside.*` in the words."""

    key: str
    reason: str
    source: str
    count: int
    first_at: datetime
    last_at: datetime
    example: float | None


class AsideValue(Struct, frozen=True):
    """An observation of a stream that nobody registered. Units: `at` in microseconds since 1970, UTC."""

    key: str
    at: int
    track: int
    value: float


def aside_count(tx: Tx, row: Aside) -> None:
    """Count what came anew; the first moment stays."""
    tx.run(
        "INSERT INTO aside (city, key, reason, source, count, first_at, last_at, example) VALUES "
        "(:city, :key, :reason, :source, :count, :first_at, :last_at, :example) "
        "ON CONFLICT (city, key, reason) DO UPDATE SET source = excluded.source, "
        "count = aside.count + excluded.count, last_at = excluded.last_at, "
        "example = COALESCE(excluded.example, aside.example)",
        key=row.key, reason=row.reason, source=row.source, count=row.count, first_at=row.first_at,
        last_at=row.last_at, example=row.example,
    )  # fmt: skip


def aside_kept_count(tx: Tx) -> int:
    """How many rows there are."""
    return tx.value("SELECT count(*) FROM aside WHERE city = :city")


def aside_is_there(tx: Tx, key: str, reason: str) -> bool:
    """Whether there is a row of this stream and reason."""
    sql = "SELECT 1 FROM aside WHERE city = :city AND key = :key AND reason = :reason"
    return tx.value(sql, key=key, reason=reason) is not None


def aside_list(tx: Tx, *, reason: str | None, before: tuple[str, str, str] | None, limit: int) -> list[Aside]:
    """What was put aside, the latest first; `before` is the moment, stream and reason of the row after which it goes on."""
    also = " AND reason = :reason" if reason else ""
    also += " AND (last_at, key, reason) < (:at, :key, :why)" if before else ""
    given = {"reason": reason} if reason else {}
    given |= dict(zip(("at", "key", "why"), before, strict=True)) if before else {}
    sql = f"SELECT {_KEPT} FROM aside WHERE city = :city{also} ORDER BY last_at DESC, key DESC, reason DESC LIMIT :limit"
    return [row_to(Aside, row) for row in tx.all(sql, limit=limit, **given)]


def aside_value_count(tx: Tx, key: str) -> int:
    """How many observations of a stream wait."""
    return tx.value("SELECT count(*) FROM aside_value WHERE city = :city AND key = :key", key=key)


def aside_value_keep(tx: Tx, rows: Iterable[AsideValue]) -> None:
    """Keep observations; of the same moment the last."""
    for row in rows:
        tx.put("aside_value", row)


def aside_unknown_keys(tx: Tx) -> list[str]:
    """The streams that nobody registered: of others no observation waits."""
    return [row.key for row in tx.all("SELECT key FROM aside WHERE city = :city AND reason = 'unknown' ORDER BY key")]


def aside_value_list(tx: Tx, key: str) -> list[AsideValue]:
    """The observations of a stream that wait, in their order."""
    sql = "SELECT key, at, track, value FROM aside_value WHERE city = :city AND key = :key ORDER BY at, track"
    return [AsideValue(row.key, row.at, row.track, row.value) for row in tx.all(sql, key=key)]


def aside_forget(tx: Tx, key: str, values: Iterable[AsideValue]) -> None:
    """A stream is known now, and these are in the log: they wait no more."""
    for row in values:
        tx.run(
            "DELETE FROM aside_value WHERE city = :city AND key = :key AND at = :at AND track = :track",
            key=key, at=row.at, track=row.track,
        )  # fmt: skip
    tx.run("DELETE FROM aside WHERE city = :city AND key = :key AND reason = 'unknown'", key=key)


def aside_is_old(tx: Tx, before: datetime) -> bool:
    """Whether there is a row of which nothing came since then."""
    return tx.value("SELECT 1 FROM aside WHERE city = :city AND last_at < :before LIMIT 1", before=before) is not None


def aside_forget_old(tx: Tx, before: datetime, limit: int) -> None:
    """Forget rows of which nothing came since then, the oldest first, and what waited of their streams."""
    sql = "SELECT key, reason FROM aside WHERE city = :city AND last_at < :before ORDER BY last_at, key, reason LIMIT :limit"
    for row in tx.all(sql, before=before, limit=limit):
        if row.reason == "unknown":
            tx.run("DELETE FROM aside_value WHERE city = :city AND key = :key", key=row.key)
        tx.run("DELETE FROM aside WHERE city = :city AND key = :key AND reason = :reason", key=row.key, reason=row.reason)
