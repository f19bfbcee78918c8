"""Bulletins: a document of figures was made and kept; who wants which, and when it comes."""

from datetime import date, datetime
from typing import ClassVar

from msgspec import Struct

from cityloop.domain.facts.fact import Fact
from cityloop.domain.ids import AccountId, AreaCode


class BulletinFile(Struct, frozen=True, kw_only=True):
    """A file of a bulletin: its form, and the sha256 of its bytes. It holds figures and names of units, no personal data."""

    form: str  # html, pdf, docx, xlsx
    digest: str
    size_bytes: int


class BulletinMade(Fact, frozen=True, kw_only=True):
    """A bulletin was made of figures and kept. Whoever has the journal until `seq`, and the pack, makes the same bytes."""

    SUBJECT: ClassVar[str] = "bulletin"
    KEY: ClassVar[str] = "bulletin_id"

    bulletin_id: str
    kind: str  # daily, weekly, monthly, assessment, theme
    language: str
    first_day: date
    last_day: date
    area: AreaCode | None  # None: the whole city
    class_key: str | None  # of a theme: a class, or a major one
    as_of: datetime  # the moment of its figures
    seq: int  # the size of the journal that they follow from
    digest: str  # of the pack
    files: tuple[BulletinFile, ...]
    to: tuple[AccountId, ...]  # to whom it was delivered
    by: str  # who asked for it, or the machine
    simulated: bool = False
    scheme: str | None = None  # of an assessment: by which it scores; None: by the city's usual one
    corrects: str | None = None  # the bulletin in whose place it stands: what that one said was put right since


class SubscriptionFact(Fact, frozen=True, kw_only=True):
    """A fact whose subject is a subscription to a kind of bulletin."""

    SUBJECT: ClassVar[str] = "subscription"
    KEY: ClassVar[str] = "subscription_id"

    subscription_id: str


class BulletinSubscribed(SubscriptionFact, frozen=True, kw_only=True):
    """Somebody wants each bulletin of a kind from now on, once its period is over."""

    account: AccountId
    kind: str
    language: str
    area: AreaCode | None
    class_key: str | None
    channel: str  # room: it lies in the room of bulletins; sms: and the phone says so
    scheme: str | None = None  # of an assessment; None: the city's usual one


class SubscriptionEnded(SubscriptionFact, frozen=True, kw_only=True):
    """It is wanted no more."""

    reason: str  # a code with words: bulletin.ended.*
    by: str
