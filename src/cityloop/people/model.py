"""What people speaks of, and how it says no."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from msgspec import Struct

from cityloop.domain.errors import Invalid, NeedsSignIn, NotAllowed, NotFound, Refused, Unavailable
from cityloop.domain.ids import AccountId, PostId, VaultId
from cityloop.domain.personal import ACCOUNT, Personal

NAMES = "to name who acted"


class Person(Struct, frozen=True, kw_only=True):
    """Who holds an account. Lies in the vault only."""

    name: Annotated[str, Personal(NAMES, keep_days=365)]
    phone: Annotated[str, Personal("to reach who is on duty", keep_days=365)] | None = None


class AccountState(StrEnum):
    """Whether anybody may sign in with it."""

    open = "open"
    closed = "closed"


class AccountKind(StrEnum):
    """Who stands behind it."""

    person = "person"
    partner = "partner"  # another system: it has keys, and neither a name to sign in with nor a password


class Account(Struct, frozen=True, kw_only=True):
    """One person's, or one machine's, way in."""

    id: AccountId
    no: int
    state: AccountState
    kind: AccountKind = AccountKind.person
    person: VaultId
    simulated: bool
    opened_at: datetime
    closed_at: datetime | None = None
    closed_for: str | None = None


class SeatTaken(Struct, frozen=True, kw_only=True):
    """An account sits in a post."""

    account: AccountId
    post: PostId
    since: datetime


class SignInName(Struct, frozen=True, kw_only=True):
    """The name under which an account signs in."""

    name: Annotated[str, Personal("to sign in", keep_days=0, eraser=ACCOUNT)]
    account: AccountId


class Credential(Struct, frozen=True, kw_only=True):
    """The argon2id hash of an account's password."""

    account: AccountId
    hash: str
    must_change: bool  # set by somebody else: good for nothing but choosing another
    changed_at: datetime


class SignInFailure(Struct, frozen=True, kw_only=True):
    """Wrong passwords for a name, since the last right one."""

    name_digest: str
    failures: int
    last_at: datetime
    locked_until: datetime | None = None


class SessionKind(StrEnum):
    """Who holds the token."""

    session = "session"  # a person, for some hours
    token = "token"  # a machine or a partner, for some days


class Session(Struct, frozen=True, kw_only=True):
    """A right to act as an account for a while. The digest names it; the token itself is kept nowhere."""

    digest: str
    account: AccountId
    kind: SessionKind
    made_at: datetime
    seen_at: datetime
    expires_at: datetime
    agent: str


class PartnerKey(Struct, frozen=True, kw_only=True):
    """A key of a partner. `scopes` are permissions, divided by a space; its digest lies apart."""

    id: str
    account: AccountId
    scopes: str
    per_min: int
    burst: int
    made_at: datetime
    made_by: str
    expires_at: datetime
    revoked_at: datetime | None = None
    revoked_by: str | None = None
    revoked_for: str | None = None


class KeyDigest(Struct, frozen=True, kw_only=True):
    """By what a key is known again, and when it was last used."""

    digest: str
    key_id: str
    account: AccountId
    seen_at: datetime


class AccountUnknown(NotFound):
    """No such account."""

    code = "people.account_unknown"


class PostUnknown(Invalid):
    """No such post in the pack."""

    code = "people.post_unknown"


class PostHeld(Refused):
    """The account sits in this post already."""

    code = "people.post_held"


class PostNotHeld(NotFound):
    """The account does not sit in this post."""

    code = "people.post_not_held"


class BothAxes(Refused):
    """监督与指挥分离: nobody supervises what they command or handle."""

    code = "people.both_axes"


class AlreadyClosed(Refused):
    """A closed account stays closed."""

    code = "people.already_closed"


class OwnAccount(Refused):
    """Nobody gives rights to, or takes them from, themselves."""

    code = "people.own_account"


class NameTaken(Refused):
    """Another account signs in under this name."""

    code = "people.name_taken"


class BadName(Invalid):
    """A name under which nobody can sign in."""

    code = "people.bad_name"


class WeakPassword(Invalid):
    """A password that is guessed too soon."""

    code = "people.weak_password"


class WrongPassword(NeedsSignIn):
    """The name or the password is wrong; which, we do not say."""

    code = "people.wrong_password"


class SignInLocked(NeedsSignIn):
    """Too many wrong passwords for this name, whether anybody has it or not."""

    code = "people.locked"


class BadToken(NeedsSignIn):
    """A token that was never given, has expired or was revoked."""

    code = "people.bad_token"


class CrossSite(NotAllowed):
    """A browser sent the request from another site's page."""

    code = "people.cross_site"


class Crowded(Unavailable):
    """Too many are signing in at this moment."""

    code = "people.crowded"


class SessionUnknown(NotFound):
    """No such session of yours."""

    code = "people.session_unknown"


class ReasonUnknown(Invalid):
    """A reason that is none of the codes."""

    code = "people.reason_unknown"


class NothingToErase(NotFound):
    """The vault keeps nothing of what was named."""

    code = "people.nothing_to_erase"


class StillNeeded(Refused):
    """The person of an open account is needed as long as it is open."""

    code = "people.still_needed"


class NotSimulated(Refused):
    """Made-up accounts belong in a made-up city."""

    code = "people.not_simulated"


class BadKey(NeedsSignIn):
    """A partner's key that was never made, has expired or was revoked."""

    code = "people.bad_key"


class NotAPartner(Refused):
    """Keys are for other systems; people sign in."""

    code = "people.not_a_partner"


class IsAPartner(Refused):
    """A partner has keys and no password."""

    code = "people.is_a_partner"


class ScopeUnknown(Invalid):
    """No permission that a key may carry."""

    code = "people.scope_unknown"


class BadPace(Invalid):
    """A rate, or a term, that no key may have."""

    code = "people.bad_pace"


class TooManyKeys(Refused):
    """A partner has as many keys as one can look after."""

    code = "people.too_many_keys"


class KeyUnknown(NotFound):
    """The account has no such key."""

    code = "people.key_unknown"


class KeyIsOver(Refused):
    """The key was revoked before."""

    code = "people.key_is_over"
