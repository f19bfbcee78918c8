"""Other cities' requests, copied as they were told, and what others told us of a case. Words lie in the vault."""

from datetime import datetime
from typing import ClassVar

from msgspec import Struct

from cityloop.domain.facts.fact import Fact, VaultRef
from cityloop.domain.ids import AccountId, CaseId


class ForeignAttribute(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A question of another city's service, as that city tells it."""

    code: str
    datatype: str
    required: bool = False
    variable: bool = True
    order: int = 0
    description: str = ""
    datatype_description: str = ""
    values: tuple[tuple[str, str], ...] = ()  # key, name


class ForeignService(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A line of another city's catalogue, as that city tells it."""

    code: str
    name: str = ""
    description: str = ""
    metadata: bool = False
    type: str = ""
    keywords: str = ""
    group: str = ""
    attributes: tuple[ForeignAttribute, ...] = ()


class ForeignServicesCopied(Fact, frozen=True, kw_only=True):
    """The catalogue of another city was read whole; what it no longer holds is gone."""

    SUBJECT: ClassVar[str] = "foreign_city"
    KEY: ClassVar[str] = "jurisdiction"

    jurisdiction: str
    services: tuple[ForeignService, ...]


class ForeignRequestCopied(Fact, frozen=True, kw_only=True):
    """A request of another city was read, for the first time or changed. It is no case of ours: nobody here must act."""

    SUBJECT: ClassVar[str] = "foreign"
    KEY: ClassVar[str] = "foreign_id"

    foreign_id: str  # jurisdiction/request_id
    jurisdiction: str
    request_id: str
    status: str
    service_code: str
    requested_at: datetime
    updated_at: datetime | None = None
    expected_at: datetime | None = None
    lon: float | None = None
    lat: float | None = None
    words: VaultRef  # the request as it was told, word for word


class UpdateReceived(Fact, frozen=True, kw_only=True):
    """Another system told something new of a request: of a case of ours, or of a foreign request."""

    SUBJECT: ClassVar[str] = "update"
    KEY: ClassVar[str] = "update_id"

    update_id: str
    jurisdiction: str
    request_id: str
    case_id: CaseId | None = None
    their_id: str  # how the other system calls it
    status: str  # what they say of it; changes nothing here
    updated_at: datetime
    words: VaultRef | None = None
    by: AccountId | None = None
