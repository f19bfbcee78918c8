"""An entry and an inquiry as others see them."""

from datetime import date, datetime
from typing import Annotated

import msgspec
from msgspec import Struct

from cityloop.db import Tx
from cityloop.domain.personal import Personal
from cityloop.domain.private import for_all
from cityloop.journal.vault import VaultRow
from cityloop.knowledge import rules, store
from cityloop.knowledge.model import ANSWER, KNOWLEDGE_DAYS, QUESTION_DAYS, Entry, Flag, Inquiry, Revision
from cityloop.knowledge.service import words_of


class EntryLine(Struct, kw_only=True):
    """An entry in a list: `text` is the part in which what was asked stands. `why_not`: why nobody is answered with it."""

    id: str
    no: int
    revision: int
    title: Annotated[str, Personal(ANSWER, keep_days=KNOWLEDGE_DAYS)] | None  # None: it was erased
    text: Annotated[str, Personal(ANSWER, keep_days=KNOWLEDGE_DAYS)] | None
    classes: list[str]
    areas: list[str]
    owner: str
    valid_until: date
    is_public: bool
    state: str
    flags: int
    why_not: str | None
    asked: int  # inquiries answered with it so far; 0 in lists for residents
    simulated: bool


class RevisionView(Struct, kw_only=True):
    """One text of an entry, with who wrote and who decided."""

    revision: int
    title: str | None
    text: str | None
    classes: list[str]
    areas: list[str]
    owner: str
    valid_until: date
    is_public: bool
    state: str
    drafted_at: datetime
    drafted_by: str
    decided_at: datetime | None
    decided_by: str | None
    reason: str | None


class FlagView(Struct, kw_only=True):
    """Somebody says that it is amiss."""

    id: str
    revision: int
    reason: str
    note: str | None
    raised_at: datetime
    raised_by: str
    settled_at: datetime | None


class EntryView(Struct, kw_only=True):
    """An entry whole: `published` is the revision that is read, 0 before any was."""

    id: str
    no: int
    newest: int
    published: int
    flags_standing: int
    why_not: str | None
    retired_at: datetime | None
    retired_for: str | None
    revisions: list[RevisionView]
    flags: list[FlagView]
    simulated: bool


class AnswerView(Struct, kw_only=True):
    """A public entry, as residents read it."""

    id: str
    title: str
    text: str
    classes: list[str]
    areas: list[str]
    owner: str
    valid_until: date
    simulated: bool


class InquiryView(Struct, kw_only=True):
    """A question that was answered on the spot. The number of who asked is not here."""

    id: str
    entry: str
    revision: int
    title: str | None
    channel: str
    class_key: str | None
    question: Annotated[str, Personal("to see what people ask", keep_days=QUESTION_DAYS)] | None
    has_contact: bool
    answered_at: datetime
    answered_by: str
    simulated: bool


def line_of(tx: Tx, id: str, revision: int, day: date, grams: list[str]) -> EntryLine:
    """An entry in a list."""
    entry, row = store.entry_get(tx, id), store.revision_get(tx, id, revision)
    assert row, f"entry {id} has no revision {revision}"
    words = _words(tx, row.said)
    return EntryLine(
        id=id, no=entry.no, revision=revision, title=words[0], text=rules.excerpt(words[1], grams) if words[1] else None,
        classes=_list(row.classes), areas=_list(row.areas), owner=row.owner, valid_until=row.valid_until,
        is_public=row.is_public, state=row.state.value, flags=entry.flags, why_not=rules.why_not_read(entry, row, day),
        asked=store.inquiry_count_of(tx, id), simulated=entry.simulated,
    )  # fmt: skip


def entry_view(tx: Tx, entry: Entry, day: date) -> EntryView:
    """An entry with every revision and flag."""
    rows = store.revision_list(tx, entry.id)
    read = next((each for each in rows if each.revision == entry.published), None)
    return EntryView(
        id=entry.id, no=entry.no, newest=entry.newest, published=entry.published, flags_standing=entry.flags,
        why_not=rules.why_not_read(entry, read, day), retired_at=entry.retired_at, retired_for=entry.retired_for,
        revisions=[_revision(tx, each) for each in rows], flags=[_flag(tx, each) for each in store.flag_list(tx, entry.id)],
        simulated=entry.simulated,
    )  # fmt: skip


def answer_view(tx: Tx, entry: Entry, row: Revision) -> AnswerView | None:
    """A public entry; None where its words were erased."""
    title, text = _words(tx, row.said)
    if title is None or text is None:
        return None
    return AnswerView(
        id=entry.id, title=title, text=text, classes=_list(row.classes), areas=_list(row.areas), owner=row.owner,
        valid_until=row.valid_until, simulated=entry.simulated,
    )  # fmt: skip


def inquiry_view(tx: Tx, inquiry: Inquiry) -> InquiryView:
    """An inquiry with what was asked, as far as that is kept."""
    row = store.revision_get(tx, inquiry.entry, inquiry.revision)
    return InquiryView(
        id=inquiry.id, entry=inquiry.entry, revision=inquiry.revision, title=_words(tx, row.said)[0] if row else None,
        channel=inquiry.channel, class_key=inquiry.class_key, question=for_all(_note(tx, inquiry.question) or "") or None,
        has_contact=inquiry.contact is not None, answered_at=inquiry.answered_at, answered_by=inquiry.answered_by,
        simulated=inquiry.simulated,
    )  # fmt: skip


def title_of(tx: Tx, entry: str) -> str | None:
    """What the newest revision of an entry is called, as far as its words are kept."""
    found = store.entry_get(tx, entry)
    row = store.revision_get(tx, entry, found.published or found.newest)
    return _words(tx, row.said)[0] if row else None


def _revision(tx: Tx, row: Revision) -> RevisionView:
    title, text = _words(tx, row.said)
    return RevisionView(
        revision=row.revision, title=title, text=text, classes=_list(row.classes), areas=_list(row.areas), owner=row.owner,
        valid_until=row.valid_until, is_public=row.is_public, state=row.state.value, drafted_at=row.drafted_at,
        drafted_by=row.drafted_by, decided_at=row.decided_at, decided_by=row.decided_by, reason=row.reason,
    )  # fmt: skip


def _flag(tx: Tx, flag: Flag) -> FlagView:
    return FlagView(
        id=flag.id, revision=flag.revision, reason=flag.reason, note=_note(tx, flag.note), raised_at=flag.raised_at,
        raised_by=flag.raised_by, settled_at=flag.settled_at,
    )  # fmt: skip


def _words(tx: Tx, said: str) -> tuple[str | None, str | None]:
    row = tx.get("vault", VaultRow, said)
    if row is None:
        return None, None
    words = words_of(row.bytes)
    return words.title, words.text


def _note(tx: Tx, id: str | None) -> str | None:
    row = tx.get("vault", VaultRow, id) if id else None
    return msgspec.json.decode(row.bytes, type=dict[str, str]).get("text") if row else None


def _list(given: str) -> list[str]:
    return msgspec.json.decode(given, type=list[str])
