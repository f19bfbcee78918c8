"""What happens to the city itself: packs, people, the journal, the vault."""

from typing import ClassVar

from cityloop.domain.facts.fact import Fact, VaultRef
from cityloop.domain.ids import AccountId, PostId, ReportId, VaultId


class PackAdopted(Fact, frozen=True, kw_only=True):
    """A version of the pack is in force from now on."""

    SUBJECT: ClassVar[str] = "pack"
    KEY: ClassVar[str] = "pack_id"

    pack_id: str
    digest: str
    layers: tuple[str, ...]
    before: str | None = None


class PackProposed(Fact, frozen=True, kw_only=True):
    """Somebody put a changed pack up for approval; its bytes are kept from now on."""

    SUBJECT: ClassVar[str] = "pack"
    KEY: ClassVar[str] = "pack_id"

    pack_id: str
    proposal_id: str
    digest: str
    base: str  # the version that it changes
    by: AccountId


class PackDecided(Fact, frozen=True, kw_only=True):
    """What became of a proposal: a fact whose subject is the pack."""

    SUBJECT: ClassVar[str] = "pack"
    KEY: ClassVar[str] = "pack_id"

    pack_id: str
    proposal_id: str
    digest: str
    by: AccountId


class PackApproved(PackDecided, frozen=True, kw_only=True):
    """Another than who proposed it let the changed pack come into force."""


class PackRejected(PackDecided, frozen=True, kw_only=True):
    """The changed pack shall not come into force."""

    reason: str  # a code with words: proposal.reason.*


class PackProposalWithdrawn(PackDecided, frozen=True, kw_only=True):
    """Who proposed it took it back."""


class AccountFact(Fact, frozen=True, kw_only=True):
    """A fact whose subject is an account."""

    SUBJECT: ClassVar[str] = "account"
    KEY: ClassVar[str] = "account_id"

    account_id: AccountId


class AccountOpened(AccountFact, frozen=True, kw_only=True):
    """Somebody may sign in. Name and secrets lie in the vault."""

    person: VaultRef
    kind: str = "person"  # or partner: another system, which comes in by a key
    simulated: bool = False


class AccountClosed(AccountFact, frozen=True, kw_only=True):
    """Nobody may sign in with it any more."""

    reason: str


class PostTaken(AccountFact, frozen=True, kw_only=True):
    """An account sits in a post of the pack: its role, unit and area."""

    post: PostId


class PostLeft(AccountFact, frozen=True, kw_only=True):
    """An account no longer sits in a post."""

    post: PostId


class WayInChanged(Fact, frozen=True, kw_only=True):
    """How somebody comes in was changed: by themself, or by an administrator. It tells no secret."""

    SUBJECT: ClassVar[str] = "way_in"
    KEY: ClassVar[str] = "account_id"

    account_id: AccountId
    what: str  # a code with words: people.way_in.*
    provider: str | None = None  # of a link


class PersonRevealed(Fact, frozen=True, kw_only=True):
    """Somebody looked at a reporter's contact, and said why."""

    SUBJECT: ClassVar[str] = "report"
    KEY: ClassVar[str] = "report_id"

    report_id: ReportId
    by: AccountId
    reason: str  # a code with words: people.reason.*


class Erased(Fact, frozen=True, kw_only=True):
    """Personal data are gone: data, salts, files, index rows."""

    SUBJECT: ClassVar[str] = "erasure"
    KEY: ClassVar[str] = "erasure_id"

    erasure_id: str
    ids: tuple[VaultId, ...]
    reason: str


class LogContinued(Fact, frozen=True, kw_only=True):
    """A restored log was behind its last published checkpoint: a new origin begins here, and says so."""

    SUBJECT: ClassVar[str] = "log"
    KEY: ClassVar[str] = "origin"

    origin: str
    old_origin: str
    old_size: int
    old_root: str


class HeldSkipped(Fact, frozen=True, kw_only=True):
    """An operator let a handler pass over a fact that it could not handle."""

    SUBJECT: ClassVar[str] = "handler"
    KEY: ClassVar[str] = "handler"

    handler: str
    fact_id: str
    reason: str
