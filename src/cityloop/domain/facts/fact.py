"""What a fact is, and what a told fact is: the fact with where, when, by whom and why it was told."""

from datetime import datetime
from typing import ClassVar, Generic, TypeVar

from msgspec import Struct

from cityloop.domain.ids import CityId, VaultId


class Fact(Struct, frozen=True, kw_only=True):
    """Something that happened: past tense, typed, immutable. Personal data never enters it.

    A subclass names its subject by `SUBJECT` (the word) and `KEY` (the field that holds the id).
    """

    SUBJECT: ClassVar[str]
    KEY: ClassVar[str]
    VERSION: ClassVar[int] = 1

    at: datetime  # when it happened; when it was recorded stands beside it, in Told

    @property
    def subject(self) -> str:
        return f"{self.SUBJECT}/{getattr(self, self.KEY)}"


F = TypeVar("F", bound=Fact)


class Told(Struct, Generic[F], frozen=True, kw_only=True):
    """A fact as the journal tells it. `apply` and handlers get this, and nothing else.

    Shape: `no` counts from 1 within the subject; `seq` from 1 within the city, 0 before the commit.
    """

    city: CityId
    subject: str
    no: int
    fact: F
    recorded_at: datetime
    actor: str
    pack: str | None
    cause: str | None
    seq: int = 0

    @property
    def id(self) -> str:
        """The fact's own id, e.g. `case/0198…#3`; stable, and the key for what must not be done twice."""
        return f"{self.subject}#{self.no}"


class VaultRef(Struct, frozen=True, kw_only=True):
    """Names personal data that lies in the vault: its id, and digest(32-byte salt ‖ bytes) in hex."""

    id: VaultId
    digest: str
