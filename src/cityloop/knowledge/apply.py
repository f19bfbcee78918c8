"""What each fact of the knowledge base does to its rows."""

from collections.abc import Callable

import msgspec
from msgspec.structs import replace

from cityloop.db import Tx
from cityloop.domain.facts import (
    CallerHistoryOpened,
    Fact,
    InquiryAnswered,
    KnowledgeConfirmed,
    KnowledgeDrafted,
    KnowledgeFlagged,
    KnowledgePublished,
    KnowledgeRejected,
    KnowledgeRetired,
    Told,
)
from cityloop.knowledge.model import Entry, Flag, Inquiry, Revision, RevisionState


def drafted(tx: Tx, told: Told[KnowledgeDrafted]) -> None:
    fact = told.fact
    before = tx.get("knowledge", Entry, fact.entry_id)
    if before:
        tx.put("knowledge", replace(before, no=told.no, newest=fact.revision))
        waiting = tx.get("knowledge_revision", Revision, fact.entry_id, fact.revision - 1)
        if waiting and waiting.state is RevisionState.waiting:
            tx.put("knowledge_revision", replace(waiting, state=RevisionState.replaced))
    else:
        tx.put(
            "knowledge",
            Entry(id=fact.entry_id, no=told.no, newest=fact.revision, published=0, flags=0, made_at=fact.at, simulated=fact.simulated),
        )  # fmt: skip
    tx.put(
        "knowledge_revision",
        Revision(
            entry=fact.entry_id, revision=fact.revision, said=fact.said.id, classes=_json(fact.classes),
            areas=_json(fact.areas), owner=fact.owner, valid_until=fact.valid_until, is_public=fact.is_public,
            state=RevisionState.waiting, drafted_at=fact.at, drafted_by=fact.by,
        ),
    )  # fmt: skip


def published(tx: Tx, told: Told[KnowledgePublished]) -> None:
    fact = told.fact
    entry = _entry(tx, fact.entry_id)
    if entry.published:
        _moved(tx, fact.entry_id, entry.published, state=RevisionState.replaced)
    _moved(tx, fact.entry_id, fact.revision, state=RevisionState.published, decided_at=fact.at, decided_by=fact.by)
    _settle(tx, told)
    tx.put("knowledge", replace(entry, no=told.no, published=fact.revision, flags=0))


def rejected(tx: Tx, told: Told[KnowledgeRejected]) -> None:
    fact = told.fact
    _moved(
        tx, fact.entry_id, fact.revision, state=RevisionState.rejected, decided_at=fact.at, decided_by=fact.by,
        reason=fact.reason,
    )  # fmt: skip
    tx.put("knowledge", replace(_entry(tx, fact.entry_id), no=told.no))


def flagged(tx: Tx, told: Told[KnowledgeFlagged]) -> None:
    fact = told.fact
    entry = _entry(tx, fact.entry_id)
    tx.put(
        "knowledge_flag",
        Flag(
            id=fact.flag_id, entry=fact.entry_id, revision=fact.revision, reason=fact.reason,
            note=fact.note.id if fact.note else None, raised_at=fact.at, raised_by=fact.by,
        ),
    )  # fmt: skip
    tx.put("knowledge", replace(entry, no=told.no, flags=entry.flags + 1))


def confirmed(tx: Tx, told: Told[KnowledgeConfirmed]) -> None:
    fact = told.fact
    _moved(tx, fact.entry_id, fact.revision, valid_until=fact.valid_until)
    _settle(tx, told)
    tx.put("knowledge", replace(_entry(tx, fact.entry_id), no=told.no, flags=0))


def retired(tx: Tx, told: Told[KnowledgeRetired]) -> None:
    fact = told.fact
    entry = _entry(tx, fact.entry_id)
    tx.put("knowledge", replace(entry, no=told.no, retired_at=fact.at, retired_for=fact.reason))


def answered(tx: Tx, told: Told[InquiryAnswered]) -> None:
    fact = told.fact
    tx.put(
        "inquiry",
        Inquiry(
            id=fact.inquiry_id, entry=fact.entry_id, revision=fact.revision, channel=fact.channel.value,
            class_key=fact.class_key, question=fact.question.id if fact.question else None,
            contact=fact.contact.id if fact.contact else None, answered_at=fact.at, answered_by=fact.by,
            simulated=fact.simulated,
        ),
    )  # fmt: skip


def looked_up(tx: Tx, told: Told[CallerHistoryOpened]) -> None:
    """Nothing: the fact is there to be found by who audits."""


def _settle(tx: Tx, told: Told) -> None:
    tx.run(
        "UPDATE knowledge_flag SET settled_at = :at WHERE city = :city AND entry = :entry AND settled_at IS NULL",
        at=told.fact.at, entry=told.fact.entry_id,
    )  # fmt: skip


def _moved(tx: Tx, entry: str, revision: int, **changed: object) -> None:
    row = tx.get("knowledge_revision", Revision, entry, revision)
    assert row, f"revision {revision} of {entry} was not drafted"
    tx.put("knowledge_revision", replace(row, **changed))


def _entry(tx: Tx, id: str) -> Entry:
    entry = tx.get("knowledge", Entry, id)
    assert entry, f"entry {id} was not drafted"
    return entry


def _json(given: tuple) -> str:
    return msgspec.json.encode(given).decode()


APPLY: dict[type[Fact], Callable[[Tx, Told], None]] = {
    KnowledgeDrafted: drafted,
    KnowledgePublished: published,
    KnowledgeRejected: rejected,
    KnowledgeFlagged: flagged,
    KnowledgeConfirmed: confirmed,
    KnowledgeRetired: retired,
    InquiryAnswered: answered,
    CallerHistoryOpened: looked_up,
}
