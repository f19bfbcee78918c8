"""The knowledge base: what the city answers with; and inquiries 咨询 that were answered with it, without a case."""

from datetime import date
from typing import ClassVar

from cityloop.domain.facts.fact import Fact, VaultRef
from cityloop.domain.facts.intake import Channel
from cityloop.domain.ids import AccountId, AreaCode, ClassKey, UnitId


class KnowledgeFact(Fact, frozen=True, kw_only=True):
    """A fact whose subject is an entry of the knowledge base."""

    SUBJECT: ClassVar[str] = "knowledge"
    KEY: ClassVar[str] = "entry_id"

    entry_id: str


class KnowledgeDrafted(KnowledgeFact, frozen=True, kw_only=True):
    """An entry, or another revision of it, waits for approval. Its title and words lie in the vault."""

    revision: int  # from 1
    said: VaultRef
    classes: tuple[ClassKey, ...]  # none: not about a class
    areas: tuple[AreaCode, ...]  # none: the whole city
    owner: UnitId  # who is answerable for what it says
    valid_until: date  # its last day
    is_public: bool  # residents may read it
    by: AccountId
    simulated: bool = False


class KnowledgePublished(KnowledgeFact, frozen=True, kw_only=True):
    """A revision was approved, by somebody else than who wrote it; it is read from now on."""

    revision: int
    by: AccountId


class KnowledgeRejected(KnowledgeFact, frozen=True, kw_only=True):
    """A revision was not approved; the one before stays."""

    revision: int
    reason: str  # a code with words: knowledge.rejection.*
    by: AccountId


class KnowledgeFlagged(KnowledgeFact, frozen=True, kw_only=True):
    """Somebody of the staff says that the entry is outdated or wrong. It is still read, with the flag."""

    flag_id: str
    revision: int
    reason: str  # a code with words: knowledge.flag.*
    note: VaultRef | None
    by: AccountId


class KnowledgeConfirmed(KnowledgeFact, frozen=True, kw_only=True):
    """Who answers for the entry has looked at it again: it holds, until another day; its flags are settled."""

    revision: int
    valid_until: date
    by: AccountId


class KnowledgeRetired(KnowledgeFact, frozen=True, kw_only=True):
    """The entry is read no more."""

    reason: str  # a code with words: knowledge.retirement.*
    by: AccountId


class InquiryAnswered(Fact, frozen=True, kw_only=True):
    """Somebody asked, and was answered on the spot from the knowledge base. No report, no case."""

    SUBJECT: ClassVar[str] = "inquiry"
    KEY: ClassVar[str] = "inquiry_id"

    inquiry_id: str
    entry_id: str
    revision: int  # what was read out
    channel: Channel
    class_key: ClassKey | None
    question: VaultRef | None
    contact: VaultRef | None
    by: AccountId
    simulated: bool = False


class CallerHistoryOpened(Fact, frozen=True, kw_only=True):
    """A seat looked up what somebody had reported, by the number that they call from. The number stands nowhere."""

    SUBJECT: ClassVar[str] = "lookup"
    KEY: ClassVar[str] = "lookup_id"

    lookup_id: str
    found: int  # reports and inquiries
    by: AccountId
