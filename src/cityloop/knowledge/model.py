"""What the knowledge base speaks of, and how it says no."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from msgspec import Struct

from cityloop.domain.errors import Invalid, NotFound, Refused
from cityloop.domain.ids import AccountId, UnitId
from cityloop.domain.personal import Personal

KNOWLEDGE = "knowledge"  # kind of vault items
KNOWLEDGE_DAYS = 3650  # an entry that was not revised for so long is no answer
QUESTION_DAYS = 1095
CONTACT_DAYS = 365
ANSWER = "to answer what people ask"


class RevisionState(StrEnum):
    """Where a revision stands. Words: `knowledge.state.*`."""

    waiting = "waiting"  # for approval
    published = "published"
    rejected = "rejected"
    replaced = "replaced"  # by a later one, or by retiring


class RejectReason(StrEnum):
    """Why a revision is not approved. Words: `knowledge.rejection.*`."""

    wrong = "wrong"
    unclear = "unclear"
    no_source = "no_source"
    not_ours = "not_ours"


class FlagReason(StrEnum):
    """What is amiss with an entry. Words: `knowledge.flag.*`."""

    outdated = "outdated"
    wrong = "wrong"
    unclear = "unclear"


class RetireReason(StrEnum):
    """Why an entry is read no more. Words: `knowledge.retirement.*`."""

    no_longer_true = "no_longer_true"
    told_elsewhere = "told_elsewhere"
    nobody_asks = "nobody_asks"


class Words(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an entry says. Lies in the vault only: people type names and numbers into anything."""

    title: Annotated[str, Personal(ANSWER, keep_days=KNOWLEDGE_DAYS)]
    text: Annotated[str, Personal(ANSWER, keep_days=KNOWLEDGE_DAYS)]


class Entry(Struct, frozen=True, kw_only=True):
    """An entry as its facts have made it. `published` is the revision that is read; 0: none was yet."""

    id: str
    no: int
    newest: int
    published: int
    flags: int  # that stand
    made_at: datetime
    retired_at: datetime | None = None
    retired_for: str | None = None
    simulated: bool = False


class Revision(Struct, frozen=True, kw_only=True):
    """One text of an entry. `classes` and `areas` are JSON, `said` is a vault id."""

    entry: str
    revision: int
    said: str
    classes: str
    areas: str
    owner: UnitId
    valid_until: date
    is_public: bool
    state: RevisionState
    drafted_at: datetime
    drafted_by: AccountId
    decided_at: datetime | None = None
    decided_by: AccountId | None = None
    reason: str | None = None


class Flag(Struct, frozen=True, kw_only=True):
    """Somebody says that an entry is amiss."""

    id: str
    entry: str
    revision: int
    reason: str
    note: str | None
    raised_at: datetime
    raised_by: AccountId
    settled_at: datetime | None = None


class Gram(Struct, frozen=True, kw_only=True):
    """A piece of a revision's text, and how much it counts."""

    gram: str
    entry: str
    revision: int
    weight: int


class Inquiry(Struct, frozen=True, kw_only=True):
    """A question that was answered on the spot."""

    id: str
    entry: str
    revision: int
    channel: str
    class_key: str | None
    question: str | None
    contact: str | None
    answered_at: datetime
    answered_by: AccountId
    simulated: bool = False


class EntryUnknown(NotFound):
    """No such entry, or not for this caller."""

    code = "knowledge.unknown"


class EntryUnsound(Invalid):
    """An entry that cannot be kept: no title, too long, an unknown class, area or unit, a day that is past."""

    code = "knowledge.unsound"


class ReasonUnknown(Invalid):
    """A reason that is none of the codes."""

    code = "knowledge.reason_unknown"


class NothingWaits(Refused):
    """The revision is decided, or is not the newest."""

    code = "knowledge.nothing_waits"


class OwnWork(Refused):
    """Who wrote a revision does not approve it."""

    code = "knowledge.own_work"


class NotRead(Refused):
    """The entry is not published, is retired, or is past its last day."""

    code = "knowledge.not_read"


class NotOwner(Refused):
    """Another unit answers for the entry."""

    code = "knowledge.not_owner"


class PhoneUnsound(Invalid):
    """A number that cannot be dialled."""

    code = "knowledge.phone_unsound"
