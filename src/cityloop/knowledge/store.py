"""The only SQL of the knowledge base."""

from collections.abc import Sequence
from datetime import date, datetime

from msgspec import Struct

from cityloop.db import Tx
from cityloop.db.tx import row_to
from cityloop.knowledge.model import Entry, EntryUnknown, Flag, Inquiry, Revision

_REVISION = ", ".join(Revision.__struct_fields__)
_FLAG = ", ".join(Flag.__struct_fields__)
_INQUIRY = ", ".join(Inquiry.__struct_fields__)
_ENTRY_READ = "JOIN knowledge_revision r ON r.city = k.city AND r.entry = k.id AND r.revision = k.published"
SHOWN = {
    "read": "k.published > 0 AND k.retired_at IS NULL AND r.valid_until >= :day",
    "waiting": "k.retired_at IS NULL AND r.state = 'waiting'",
    "flagged": "k.retired_at IS NULL AND k.flags > 0",
    "expired": "k.published > 0 AND k.retired_at IS NULL AND r.valid_until < :day",
    "retired": "k.retired_at IS NOT NULL",
}


class Found(Struct, frozen=True, kw_only=True):
    """An entry that was found, and by how much."""

    id: str
    score: float


class Tally(Struct, frozen=True, kw_only=True):
    """So many inquiries of one kind."""

    key: str
    inquiries: int


def entry_get(tx: Tx, id: str) -> Entry:
    """The entry as it is.

    Refuses with `EntryUnknown`.
    """
    entry = tx.get("knowledge", Entry, id)
    if entry is None:
        raise EntryUnknown(f"There is no entry {id[:60]}; search for it.")
    return entry


def revision_get(tx: Tx, entry: str, revision: int) -> Revision | None:
    """A revision; None where there is none of this number."""
    return tx.get("knowledge_revision", Revision, entry, revision)


def revision_list(tx: Tx, entry: str) -> list[Revision]:
    """All revisions, the newest first."""
    rows = tx.all(
        f"SELECT {_REVISION} FROM knowledge_revision WHERE city = :city AND entry = :entry ORDER BY revision DESC",
        entry=entry,
    )
    return [row_to(Revision, row) for row in rows]


def flag_list(tx: Tx, entry: str) -> list[Flag]:
    """The flags that were raised, the newest first."""
    rows = tx.all(f"SELECT {_FLAG} FROM knowledge_flag WHERE city = :city AND entry = :entry ORDER BY id DESC", entry=entry)
    return [row_to(Flag, row) for row in rows]


def entry_list(
    tx: Tx, shown: str, day: date, *, public: bool = False, after: str | None, limit: int
) -> list[tuple[str, int]]:
    """Entries by how they stand, the newest first, each with the revision that is shown of it."""
    newest = shown in ("waiting", "retired")
    join = _ENTRY_READ if not newest else _ENTRY_READ.replace("k.published", "k.newest")
    conditions = [SHOWN[shown]] + (["r.is_public = 1"] if public else []) + (["k.id < :after"] if after else [])
    given = {"limit": limit} | ({"after": after} if after else {}) | ({"day": day} if ":day" in SHOWN[shown] else {})
    rows = tx.all(
        f"SELECT k.id, r.revision FROM knowledge k {join} WHERE k.city = :city AND {' AND '.join(conditions)} "
        "ORDER BY k.id DESC LIMIT :limit",
        **given,
    )
    return [(row.id, row.revision) for row in rows]


def entry_find(tx: Tx, grams: Sequence[str], day: date, *, public: bool, limit: int) -> list[Found]:
    """The entries that are read and hold pieces of what is asked, best first. A piece that few hold counts more."""
    marks = ", ".join(f":g{place}" for place in range(len(grams)))
    only = " AND r.is_public = 1" if public else ""
    rows = tx.all(
        f"SELECT k.id, SUM(g.weight * 1.0 / d.entries) AS score FROM knowledge_gram g "
        f"JOIN (SELECT gram, COUNT(*) AS entries FROM knowledge_gram WHERE city = :city AND gram IN ({marks}) GROUP BY gram) d "
        "ON d.gram = g.gram JOIN knowledge k ON k.city = g.city AND k.id = g.entry AND k.published = g.revision "
        f"{_ENTRY_READ} WHERE g.city = :city AND g.gram IN ({marks}) AND {SHOWN['read']}{only} "
        "GROUP BY k.id ORDER BY score DESC, k.id DESC LIMIT :limit",
        day=day, limit=limit, **{f"g{place}": gram for place, gram in enumerate(grams)},
    )  # fmt: skip
    return [Found(id=row.id, score=float(row.score)) for row in rows]


def grams_clear(tx: Tx) -> None:
    """Drop all pieces, before they are made anew."""
    tx.run("DELETE FROM knowledge_gram WHERE city = :city")


def entry_ids_after(tx: Tx, after: str, many: int) -> list[str]:
    """The next entries in the order of their ids."""
    rows = tx.all("SELECT id FROM knowledge WHERE city = :city AND id > :after ORDER BY id LIMIT :many", after=after, many=many)
    return [row.id for row in rows]


def grams_forget(tx: Tx, entry: str, *, before: int) -> None:
    """Drop the pieces of revisions that nobody reads any more."""
    tx.run(
        "DELETE FROM knowledge_gram WHERE city = :city AND entry = :entry AND revision < :before", entry=entry, before=before
    )


def grams_forget_said(tx: Tx, said: str) -> None:
    """Drop the pieces of a text that was erased."""
    for row in tx.all("SELECT entry, revision FROM knowledge_revision WHERE city = :city AND said = :said", said=said):
        tx.run(
            "DELETE FROM knowledge_gram WHERE city = :city AND entry = :entry AND revision = :revision",
            entry=row.entry, revision=row.revision,
        )  # fmt: skip


def inquiry_get(tx: Tx, id: str) -> Inquiry | None:
    """The inquiry as it is."""
    return tx.get("inquiry", Inquiry, id)


def inquiry_list(tx: Tx, *, entry: str | None, after: str | None, limit: int) -> list[Inquiry]:
    """Inquiries, the newest first."""
    conditions = (" AND entry = :entry" if entry else "") + (" AND id < :after" if after else "")
    given = {name: value for name, value in (("entry", entry), ("after", after)) if value}
    rows = tx.all(
        f"SELECT {_INQUIRY} FROM inquiry WHERE city = :city{conditions} ORDER BY id DESC LIMIT :limit", limit=limit, **given
    )
    return [row_to(Inquiry, row) for row in rows]


def inquiry_list_between(
    tx: Tx, since: datetime, until: datetime, *, entry: str | None, channel: str | None, limit: int
) -> list[Inquiry]:
    """The inquiries of a span, of one entry and channel or of all, the newest first."""
    conditions = (" AND entry = :entry" if entry else "") + (" AND channel = :channel" if channel else "")
    given = {name: value for name, value in (("entry", entry), ("channel", channel)) if value}
    rows = tx.all(
        f"SELECT {_INQUIRY} FROM inquiry WHERE city = :city AND answered_at >= :since AND answered_at < :until{conditions} "
        "ORDER BY answered_at DESC, id DESC LIMIT :limit",
        since=since, until=until, limit=limit, **given,
    )  # fmt: skip
    return [row_to(Inquiry, row) for row in rows]


def inquiry_count(tx: Tx, since: datetime, until: datetime, by: str) -> list[Tally]:
    """How many inquiries were answered in a span, by channel, entry or class; the most first."""
    column = {"channel": "channel", "entry": "entry", "class": "COALESCE(class_key, '')"}[by]
    rows = tx.all(
        f"SELECT {column} AS found, COUNT(*) AS inquiries FROM inquiry WHERE city = :city "
        f"AND answered_at >= :since AND answered_at < :until GROUP BY {column} ORDER BY inquiries DESC, found",
        since=since, until=until,
    )  # fmt: skip
    return [Tally(key=row.found, inquiries=row.inquiries) for row in rows]


def inquiry_count_of(tx: Tx, entry: str) -> int:
    """How many inquiries were answered with an entry."""
    return tx.value("SELECT COUNT(*) FROM inquiry WHERE city = :city AND entry = :entry", entry=entry)
