"""How long things stay: what a city asks for, shown before it is done; done in small batches by one process of the city."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, Protocol

from msgspec import Struct

from cityloop.db import Database, Tx
from cityloop.db.tx import id_from
from cityloop.domain.ids import VaultId
from cityloop.journal import ErasedList, Writer, vault_older
from cityloop.people import forget_words, sweep_some
from cityloop.people.erasure import Bin

KINDS = {  # pack setting -> the kinds of vault items that it shortens
    "keep_words_days": ("said", "note", "order_words", "order_note", "order_reply", "told", "survey_said", "survey_note"),
    "keep_contact_days": ("contact", "order_caller"),
    "keep_photo_days": ("photo",),
}
KEYS_DAYS = 30  # of Idempotency-Key
BATCH = 500
DAY = timedelta(days=1)
NIGHT = range(1, 5)  # hours


class Terms(Protocol):
    """What a pack says of how long things stay; `policy.settings` is one. Units: days, 0 is none of its own."""

    keep_words_days: int
    keep_contact_days: int
    keep_photo_days: int
    audit_days: int
    track_days: int
    telemetry_keep_days: int


class Went(NamedTuple):
    """How much was taken: pieces of the vault, of which an index may hold something, and rows of what is counted and logged."""

    pieces: int
    rows: int


class Held(Struct, frozen=True, kw_only=True):
    """What is kept of one kind, and what a sweep would take now."""

    what: str
    rule: str
    count: int
    oldest: str  # when the oldest was kept; empty where none is
    due: int


def shorter(tx: Tx, many: int, terms: Terms) -> Sequence[VaultId]:
    """Some of what the city keeps no longer, though the term of its kind would let it."""
    for setting, kinds in KINDS.items():
        days = getattr(terms, setting)
        for kind in kinds if days else ():
            if ids := vault_older(tx, kind, tx.now - timedelta(days=days), many):
                return ids
    return ()


def retain_some(writer: Writer, terms: Terms, *, erased: ErasedList, files: Bin) -> Went:
    """One batch of what need not stay any longer; nothing when nothing is left.

    Emits `Erased`.
    """
    if pieces := sweep_some(writer, erased=erased, files=files, also=lambda tx, many: shorter(tx, many, terms)):
        return Went(pieces, 0)
    return Went(0, writer.whole(lambda tx: _old_rows(tx, terms)))


def may_forget(now: datetime, last: datetime) -> bool:
    """Whether an index may be written anew now, which takes seconds in a large city: once a day, at night; if the nights go by,
    e.g. as the server is off then, after two days. Shape: `now` in the city's own time."""
    since = now - last
    return (since >= DAY * 0.5 and now.hour in NIGHT) or since >= DAY * 2


def retain(writer: Writer, terms: Terms, *, erased: ErasedList, files: Bin) -> int:
    """All that need not stay any longer; gives how much went."""
    went = Went(0, 0)
    while any(done := retain_some(writer, terms, erased=erased, files=files)):
        went = Went(went.pieces + done.pieces, went.rows + done.rows)
    if went.pieces:
        forget_words(writer)
    return sum(went)


def _old_rows(tx: Tx, terms: Terms) -> int:
    """Some records of what was sent, and some keys of requests."""
    sent = tx.tuples(f"SELECT key FROM outbox WHERE city = :city AND ended_at < :before LIMIT {BATCH}", before=tx.now - timedelta(days=terms.audit_days))
    for (key,) in sent:
        tx.run("DELETE FROM outbox WHERE city = :city AND key = :key", key=key)
    old = tx.now - timedelta(days=KEYS_DAYS)
    asked = tx.tuples(f"SELECT caller, key FROM idempotency WHERE city = :city AND at < :before LIMIT {BATCH}", before=old)
    for caller, key in asked:
        tx.run("DELETE FROM idempotency WHERE city = :city AND caller = :caller AND key = :key", caller=caller, key=key)
    return len(sent) + len(asked)


def held(database: Database, terms: Terms, now: datetime) -> Iterator[Held]:
    """What is kept, kind by kind, with the rule and what is due."""
    setting_of = {kind: setting for setting, kinds in KINDS.items() for kind in kinds}
    with database.reading() as tx:
        for row in tx.all("SELECT kind, count(*) AS n, min(id) AS first FROM vault WHERE city = :city GROUP BY kind ORDER BY kind"):
            setting = setting_of.get(row.kind, "")
            days = getattr(terms, setting) if setting else 0
            least = id_from(now - timedelta(days=days)) if days else ""
            due = tx.value(
                "SELECT count(*) FROM vault WHERE city = :city AND kind = :kind AND (keep_until <= :now OR id < :least)", kind=row.kind, now=now, least=least
            )
            rule = f"{setting} = {days}" if days else "the term of its kind"
            yield Held(what=row.kind, rule=rule, count=row.n, oldest=made_at(row.first), due=due)
        yield from _rows(tx, terms, now)


def _rows(tx: Tx, terms: Terms, now: datetime) -> Iterator[Held]:
    for what, column, days, rule in (
        ("outbox", "ended_at", terms.audit_days, f"audit_days = {terms.audit_days}"),
        ("idempotency", "at", KEYS_DAYS, f"{KEYS_DAYS} days"),
    ):
        before = now - timedelta(days=days)
        count, oldest = tx.tuples(f"SELECT count(*), min({column}) FROM {what} WHERE city = :city")[0]
        due = tx.value(f"SELECT count(*) FROM {what} WHERE city = :city AND {column} < :before", before=before)
        yield Held(what=what, rule=rule, count=count, oldest=oldest or "", due=due)
    facts, first = tx.tuples("SELECT count(*), min(recorded_at) FROM fact WHERE city = :city")[0]
    yield Held(what="the journal", rule="for ever", count=facts, oldest=first or "", due=0)
    observed, first_us = tx.tuples("SELECT COALESCE(sum(observations), 0), min(first_us) FROM segment WHERE city = :city")[0]
    keep = terms.telemetry_keep_days
    oldest = datetime.fromtimestamp(first_us / 1e6, now.tzinfo).isoformat() if first_us else ""
    yield Held(what="observations", rule=f"telemetry_keep_days = {keep}" if keep else "for ever", count=int(observed), oldest=oldest, due=0)


def made_at(id: str) -> str:
    """When an id was drawn, to the second.

    >>> made_at("019cac0f-2680-7000-8000-000000000000")
    '2026-03-02T01:00:00+00:00'
    """
    return datetime.fromtimestamp(int(id.replace("-", "")[:12], 16) / 1000, UTC).isoformat(timespec="seconds")
