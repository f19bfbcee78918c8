"""Use cases of the knowledge base: draft, approve, flag, confirm, retire; answer an inquiry."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated

import msgspec
from msgspec import Struct

from cityloop.db import Tx
from cityloop.domain.facts import (
    Channel,
    InquiryAnswered,
    KnowledgeConfirmed,
    KnowledgeDrafted,
    KnowledgeFlagged,
    KnowledgePublished,
    KnowledgeRejected,
    KnowledgeRetired,
    VaultRef,
)
from cityloop.domain.ids import AccountId
from cityloop.domain.permission import Permission
from cityloop.domain.personal import Personal
from cityloop.domain.phone import phone_plain
from cityloop.domain.policy import Policy
from cityloop.http import Caller
from cityloop.journal import Writer, vault_keep
from cityloop.journal.vault import VaultRow
from cityloop.knowledge import rules, store
from cityloop.knowledge.model import (
    CONTACT_DAYS,
    KNOWLEDGE,
    KNOWLEDGE_DAYS,
    QUESTION_DAYS,
    FlagReason,
    Gram,
    Inquiry,
    NothingWaits,
    NotOwner,
    NotRead,
    OwnWork,
    PhoneUnsound,
    RejectReason,
    RetireReason,
    Revision,
    RevisionState,
    Words,
)

INDEXED_AT_ONCE = 200
_encode = msgspec.json.Encoder().encode
MANY = 100


class Draft(Struct, frozen=True, kw_only=True):
    """What somebody wants an entry to say, and of what."""

    title: str
    text: str
    classes: Sequence[str]
    areas: Sequence[str]
    owner: str
    valid_until: date
    is_public: bool


class Asked(Struct, frozen=True, kw_only=True):
    """A question that was answered with an entry."""

    entry: str
    channel: Channel
    class_key: str | None = None
    question: Annotated[str, Personal("to see what people ask", keep_days=QUESTION_DAYS)] = ""
    phone: Annotated[str, Personal("to call back", keep_days=CONTACT_DAYS)] = ""
    simulated: bool = False


def draft_entry(tx: Tx, draft: Draft, *, of: str | None, by: AccountId, policy: Policy) -> str:
    """Write an entry, or another revision `of` one; it waits for approval. Gives the entry's id.

    Refuses with `EntryUnsound`, `EntryUnknown` or `NotRead` once it is retired. Emits `KnowledgeDrafted`.
    """
    words = rules.words_checked(draft.title, draft.text)
    classes, areas = rules.named_checked(draft.classes, draft.areas, draft.owner, policy)
    rules.day_checked(draft.valid_until, tx.now, policy)
    id, revision = of or tx.new_id(), 1
    if of:
        entry = store.entry_get(tx, of)
        if entry.retired_at:
            raise NotRead(f"Entry {of} is retired; write a new one.")
        revision = entry.newest + 1
    said = vault_keep(tx, KNOWLEDGE, f"knowledge/{id}", _encode(words), keep_days=KNOWLEDGE_DAYS)
    _index(tx, id, revision, words)
    tx.emit(
        KnowledgeDrafted(
            entry_id=id, revision=revision, said=said, classes=classes, areas=areas, owner=policy.unit_by_id[draft.owner].id,
            valid_until=draft.valid_until, is_public=draft.is_public, by=by, simulated=policy.simulated, at=tx.now,
        ),
        first=of is None,
    )  # fmt: skip
    return id


def index_knowledge(writer: Writer) -> int:
    """Make the index anew from the entries that can still be read and the vault; gives how many revisions it holds."""
    writer.whole(store.grams_clear)
    return writer.in_turns(_index_some)


def _index_some(tx: Tx, after: str) -> list[str]:
    """The revisions of the next entries: the one that is read, and those that may still be."""
    ids = store.entry_ids_after(tx, after, INDEXED_AT_ONCE)
    for id in ids:
        entry = store.entry_get(tx, id)
        if entry.retired_at:
            continue
        for row in store.revision_list(tx, id):
            kept = tx.get("vault", VaultRow, row.said)
            if kept and row.revision >= entry.published:
                _index(tx, id, row.revision, words_of(kept.bytes))
    return ids


def _index(tx: Tx, id: str, revision: int, words: Words) -> None:
    for gram, weight in rules.weights_of(words).items():
        tx.add("knowledge_gram", Gram(gram=gram, entry=id, revision=revision, weight=weight))


def decide_revision(tx: Tx, id: str, revision: int, *, granted: bool, reason: str | None, by: AccountId) -> str:
    """Publish the newest revision, or reject it. Who wrote it does not decide.

    Refuses with `EntryUnknown`, `NothingWaits`, `OwnWork` or `ReasonUnknown`. Emits `KnowledgePublished` or
    `KnowledgeRejected`.
    """
    entry, row = store.entry_get(tx, id), store.revision_get(tx, id, revision)
    if row is None or entry.newest != revision or row.state is not RevisionState.waiting or entry.retired_at:
        raise NothingWaits(f"Revision {revision} of the entry does not wait for approval; read the entry again.")
    if row.drafted_by == by:
        raise OwnWork("You wrote this revision; somebody else approves it.")
    if not granted:
        why = rules.reason_checked(reason or "", RejectReason)
        tx.emit(KnowledgeRejected(entry_id=id, revision=revision, reason=why.value, by=by, at=tx.now))
        return id
    tx.emit(KnowledgePublished(entry_id=id, revision=revision, by=by, at=tx.now))
    store.grams_forget(tx, id, before=revision)
    return id


def flag_entry(tx: Tx, id: str, *, reason: str, note: str, by: AccountId, policy: Policy) -> str:
    """Say that an entry that is read is outdated, wrong or unclear.

    Refuses with `EntryUnknown`, `NotRead` or `ReasonUnknown`. Emits `KnowledgeFlagged`.
    """
    row = _read(tx, id, policy, also_expired=True)
    why, said = rules.reason_checked(reason, FlagReason), rules.question_checked(note)
    kept = _kept_note(tx, f"knowledge/{id}", said)
    flag = tx.new_id()
    tx.emit(
        KnowledgeFlagged(entry_id=id, flag_id=flag, revision=row.revision, reason=why.value, note=kept, by=by, at=tx.now)
    )  # fmt: skip
    return flag


def confirm_entry(tx: Tx, id: str, *, valid_until: date, caller: Caller, policy: Policy) -> str:
    """Say that a published entry holds until another day; its flags are settled.

    Refuses with `EntryUnknown`, `NotRead`, `NotOwner` or `EntryUnsound`. Emits `KnowledgeConfirmed`.
    """
    row = _read(tx, id, policy, also_expired=True)
    owns = any(seat.unit == row.owner for seat in caller.seats_with(Permission.knowledge_write))
    if not owns and not caller.may(Permission.knowledge_approve):
        raise NotOwner(f"The unit {row.owner} answers for this entry; raise a flag, and they look at it.")
    day = rules.day_checked(valid_until, tx.now, policy)
    assert caller.account, "the guard lets nobody through"
    tx.emit(KnowledgeConfirmed(entry_id=id, revision=row.revision, valid_until=day, by=caller.account, at=tx.now))
    return id


def retire_entry(tx: Tx, id: str, *, reason: str, by: AccountId) -> str:
    """Read an entry no more.

    Refuses with `EntryUnknown`, `NotRead` where it is retired, or `ReasonUnknown`. Emits `KnowledgeRetired`.
    """
    entry = store.entry_get(tx, id)
    if entry.retired_at:
        raise NotRead(f"Entry {id} is retired.")
    why = rules.reason_checked(reason, RetireReason)
    tx.emit(KnowledgeRetired(entry_id=id, reason=why.value, by=by, at=tx.now))
    store.grams_forget(tx, id, before=entry.newest + 1)
    return id


def answer_inquiry(tx: Tx, asked: Asked, *, by: AccountId, policy: Policy) -> str:
    """Note that somebody was answered with an entry, on the spot and without a case.

    Refuses with `EntryUnknown`, `NotRead`, `EntryUnsound` or `PhoneUnsound`. Emits `InquiryAnswered`.
    """
    row = _read(tx, asked.entry, policy)
    classes, _ = rules.named_checked([asked.class_key] if asked.class_key else [], (), row.owner, policy)
    id = tx.new_id()
    subject, said = f"inquiry/{id}", rules.question_checked(asked.question)
    contact = None
    if asked.phone.strip():
        plain = phone_plain(asked.phone)
        if not plain:
            raise PhoneUnsound("The phone number cannot be dialled; write its digits, or leave it out.")
        kept = {"phone": asked.phone.strip()}
        contact = vault_keep(tx, "contact", subject, _encode(kept), keep_days=CONTACT_DAYS, marks=(plain,))
    tx.emit(
        InquiryAnswered(
            inquiry_id=id, entry_id=row.entry, revision=row.revision, channel=asked.channel,
            class_key=classes[0] if classes else None, question=_kept_note(tx, subject, said), contact=contact, by=by,
            simulated=asked.simulated or policy.simulated, at=tx.now,
        ),
        first=True,
    )  # fmt: skip
    return id


def inquiry_list_by(tx: Tx, ids: Sequence[str]) -> list[Inquiry]:
    """The inquiries of these ids that are there, in their order."""
    return [found for id in ids if (found := store.inquiry_get(tx, id))]


def words_of(raw: bytes) -> Words:
    """An entry's words as the vault keeps them."""
    return msgspec.json.decode(raw, type=Words)


def _read(tx: Tx, id: str, policy: Policy, *, also_expired: bool = False) -> Revision:
    """The revision with which people are answered.

    Refuses with `EntryUnknown` or `NotRead`.
    """
    entry = store.entry_get(tx, id)
    row = store.revision_get(tx, id, entry.published) if entry.published else None
    why = rules.why_not_read(entry, row, rules.today(tx.now, policy))
    if row is None or (why and not (also_expired and why == "expired")):
        said = {"waiting": "is not published yet", "retired": "is retired", "expired": "is past its last day"}[why or "waiting"]
        raise NotRead(f"The entry {said}; search for another, or ask its owner.")
    return row


def _kept_note(tx: Tx, subject: str, said: str) -> VaultRef | None:
    return vault_keep(tx, "note", subject, _encode({"text": said}), keep_days=QUESTION_DAYS) if said else None
