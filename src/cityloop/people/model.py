"""What people speaks of, and how it says no."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from msgspec import Struct

from cityloop.domain.errors import Invalid, NeedsSignIn, NotAllowed, NotFound, Refused, Unavailable
from cityloop.domain.ids import AccountId, PostId, VaultId
from cityloop.domain.personal import ACCOUNT, Personal

NAMES = "to name who acted"
SEEN = "to see who signed in from where"


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
    how: str = "password"  # with what they came in, see `rules.is_strong`
    stepped_at: datetime | None = None  # when they last proved that it is them
    ended_for: str | None = None  # a code of `people.ended.*`; the row stays until it would have expired


class Owed(StrEnum):
    """What a person must do before their posts count."""

    password = "password"  # choose one of their own
    old_password = "old_password"  # choose another: this one is older than the pack lets it be
    second = "second"  # set a second factor


class Past(Struct, frozen=True, kw_only=True):
    """A password that was good until a moment."""

    account: AccountId
    hash: str
    until: datetime


class KnownDevice(Struct, frozen=True, kw_only=True):
    """A browser that an account was signed in with, known by the digest of its cookie."""

    account: AccountId
    digest: str
    agent: Annotated[str, Personal(SEEN, keep_days=0, eraser=ACCOUNT)]
    first_at: datetime
    seen_at: datetime


class SignInSeen(Struct, frozen=True, kw_only=True):
    """A try to come in as an account, as its owner sees it. `network`: the address without its end."""

    id: str
    account: AccountId
    at: datetime
    outcome: str  # a code of `people.outcome.*`
    how: str
    agent: Annotated[str, Personal(SEEN, keep_days=0, eraser=ACCOUNT)]
    network: Annotated[str, Personal(SEEN, keep_days=0, eraser=ACCOUNT)]
    new_device: bool
    noticed_at: datetime | None = None


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


class ThreeApart(Refused):
    """三权分立: nobody administers more than one of system, security and audit."""

    code = "people.three_apart"


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


class NeedsCode(NeedsSignIn):
    """Name and password are right; the code of the second factor is missing."""

    code = "people.needs_code"


class WrongCode(NeedsSignIn):
    """The code is wrong, was used before, or its half minute is over."""

    code = "people.wrong_code"


class HasSecond(Refused):
    """The account has a second factor that counts."""

    code = "people.has_second"


class NoSecond(Refused):
    """The account has no second factor."""

    code = "people.no_second"


class SecondNeeded(Refused):
    """A role of theirs asks for a second factor."""

    code = "people.second_needed"


class PasswordAgain(Refused):
    """One of the last passwords."""

    code = "people.password_again"


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


class DeviceUnknown(NotFound):
    """No such device of yours."""

    code = "people.device_unknown"


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
