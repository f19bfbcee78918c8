"""Use cases of signing in: a name, a password and perhaps a code become a session, five wrong ones a pause."""

from datetime import datetime, timedelta
from hashlib import sha256

from msgspec import Struct

from cityloop.db import Tx
from cityloop.domain.ids import AccountId
from cityloop.domain.policy import Settings
from cityloop.people import arrivals, rules, store
from cityloop.people.arrivals import Arrival
from cityloop.people.model import (
    Credential,
    NeedsCode,
    Session,
    SessionKind,
    SessionUnknown,
    SignInFailure,
    SignInLocked,
    WrongPassword,
)
from cityloop.people.second import SecondFactor, second_get, use_code

SESSIONS_MAX = 10  # of one person at once where the pack says nothing; the oldest goes
TOKEN_DAYS_MAX = 365


class Knock(Struct, frozen=True, kw_only=True):
    """Somebody at the door: the name they gave, the credential that it has, if any, and its second factor.

    `counted_as`: where wrong tries are counted. A browser that the account was signed in with before has a count of its
    own, so that a stranger who knows the name cannot shut its owner out (OWASP, device cookies).
    """

    name_digest: str
    counted_as: str
    credential: Credential | None
    second: SecondFactor | None = None

    @property
    def hash(self) -> str | None:
        return self.credential.hash if self.credential else None


class DoorRules(Struct, frozen=True, kw_only=True):
    """What the pack says of coming in."""

    hours: int
    sessions_max: int = SESSIONS_MAX
    failures_max: int = rules.FAILURES_MAX
    lock_min: int = rules.LOCK_MIN


def door_rules(settings: Settings) -> DoorRules:
    """What the pack says of coming in."""
    return DoorRules(
        hours=settings.session_hours, sessions_max=settings.sessions_max, failures_max=settings.failures_max,
        lock_min=settings.lock_min,
    )  # fmt: skip


class Shown(Struct, frozen=True, kw_only=True):
    """What somebody showed beside their name: whether the password was right, and a code with the secret to check it."""

    right: bool
    code: str | None = None
    secret: bytes | None = None


def token_digest(token: str) -> str:
    """What is kept of a token. It has 256 bits of chance, so a plain hash tells nothing."""
    return sha256(token.encode()).hexdigest()


def knock(tx: Tx, name: str, device: str = "") -> Knock:
    """What is needed to check a password for a name; an unknown name looks the same.

    Refuses with `SignInLocked`.
    """
    digest = rules.name_digest(name)
    credential = store.sign_in_get(tx, name)
    is_known = credential is not None and arrivals.is_known(tx, credential.account, device)
    counted_as = rules.name_digest(f"{digest} {device}") if is_known else digest
    not_locked(store.failure_get(tx, counted_as), tx.now)
    second = second_get(tx, credential.account) if credential else None
    return Knock(
        name_digest=digest, counted_as=counted_as, credential=credential,
        second=second if second and second.confirmed_at else None,
    )  # fmt: skip


def sign_in(
    tx: Tx, name: str, known: Knock, *, shown: Shown, digest: str, door: DoorRules, arrival: Arrival = Arrival()
) -> Session | None:
    """A session for whoever showed what is asked for; None for who did not, which is counted.

    What was shown was found before the transaction, for `known`; `digest` is that of a token drawn there too.
    Refuses with `SignInLocked`, `NeedsCode`, or `WrongPassword` if the password was changed meanwhile.
    """
    failure = store.failure_get(tx, known.counted_as)
    not_locked(failure, tx.now)
    if not shown.right or known.credential is None:
        return _wrong(tx, known, failure, door, arrival, "wrong_password")
    if store.sign_in_get(tx, name) != known.credential:
        raise WrongPassword("The password was changed a moment ago; sign in with the new one.")
    account = known.credential.account
    second = second_get(tx, account)
    if second and second.confirmed_at:
        if shown.code is None:
            raise NeedsCode("Type the code that your application shows now, or one of your codes on paper.")
        if not use_code(tx, second, shown.secret, shown.code):
            return _wrong(tx, known, failure, door, arrival, "wrong_code")
    how = "password+code" if second and second.confirmed_at else "password"
    if failure:
        store.failure_forget(tx, known.counted_as)
    return let_in(tx, account, digest=digest, door=door, arrival=arrival, how=how)


def let_in(
    tx: Tx, account: AccountId, *, digest: str, door: DoorRules, arrival: Arrival, how: str, since: datetime | None = None
) -> Session:
    """A session for an account that has shown who it is; its hours run from when that was. The oldest end where it would have too many."""
    store.session_forget_over(tx)
    mine = [each for each in store.session_list_of(tx, account) if each.kind is SessionKind.session]
    for old in mine[door.sessions_max - 1 :]:
        store.session_end(tx, account, old.digest, why="elsewhere")
    if len(mine) >= door.sessions_max:
        store.version_raise(tx)
    began = min(since or tx.now, tx.now)
    session = _session(
        tx, account, digest, SessionKind.session, began + timedelta(hours=door.hours), arrival.agent, how=how
    )
    tx.put("session", session)
    arrivals.came_in(tx, account, arrival, how)
    return session


def prove(tx: Tx, account_id: AccountId, digest: str, known: Knock, shown: Shown, door: DoorRules) -> bool:
    """Whether somebody who is signed in has shown once more that it is them; by a code if they have a second factor,
    else by the password. A wrong one counts as at the door.

    Refuses with `SignInLocked`, `NeedsCode` or `SessionUnknown`.
    """
    failure = store.failure_get(tx, known.counted_as)
    not_locked(failure, tx.now)
    second = second_get(tx, account_id)
    if second and second.confirmed_at:
        if shown.code is None:
            raise NeedsCode("Type the code that your application shows now, or one of your codes on paper.")
        good = use_code(tx, second, shown.secret, shown.code)
    else:
        good = shown.right
    if not good:
        _count(tx, known.counted_as, failure, door)
        return False
    if failure:
        store.failure_forget(tx, known.counted_as)
    step_up(tx, account_id, digest)
    return True


def step_up(tx: Tx, account_id: AccountId, digest: str) -> str:
    """Note that who holds a session has just proved who they are.

    Refuses with `SessionUnknown`.
    """
    if not store.session_step(tx, account_id, digest):
        raise SessionUnknown("You have no such session; it has ended already.")
    store.version_raise(tx)
    return digest


def count_at(tx: Tx, counted_as: str, door: DoorRules) -> None:
    """Count a wrong try that belongs to no name."""
    _count(tx, counted_as, store.failure_get(tx, counted_as), door)


def count_wrong(tx: Tx, known: Knock, door: DoorRules | None = None) -> None:
    """Count a wrong password that was given elsewhere than at the door."""
    _count(tx, known.counted_as, store.failure_get(tx, known.counted_as), door)


def make_token(tx: Tx, account_id: AccountId, *, digest: str, label: str, days: int) -> Session:
    """A token under which a machine or a partner acts as an account, for some days.

    Refuses with `AccountUnknown`.
    """
    assert 1 <= days <= TOKEN_DAYS_MAX, "a token lives 1 to 365 days"
    store.account_get(tx, account_id)
    session = _session(tx, account_id, digest, SessionKind.token, tx.now + timedelta(days=days), label)
    tx.put("session", session)
    return session


def sign_out_others(tx: Tx, account_id: AccountId, digest: str) -> AccountId:
    """End every session and token of an account but one."""
    store.session_end_all(tx, account_id, but=digest)
    store.version_raise(tx)
    return account_id


def sign_out(tx: Tx, account_id: AccountId, digest: str) -> str:
    """End one session of an account, here or elsewhere.

    Refuses with `SessionUnknown`.
    """
    if not store.session_end(tx, account_id, digest):
        raise SessionUnknown("You have no such session; it has ended already.")
    store.version_raise(tx)
    return digest


def not_locked(failure: SignInFailure | None, now: datetime) -> None:
    """Whether tries are still taken.

    Refuses with `SignInLocked`.
    """
    if failure and failure.locked_until and failure.locked_until > now:
        minutes = -int(-(failure.locked_until - now).total_seconds() // 60)
        raise SignInLocked(
            f"Signing in under this name is locked after too many wrong passwords or codes; "
            f"try again in {minutes} min, or ask the security administrator for a new password."
        )


def _wrong(
    tx: Tx, known: Knock, failure: SignInFailure | None, door: DoorRules, arrival: Arrival, outcome: str
) -> None:
    _count(tx, known.counted_as, failure, door)
    if known.credential:
        arrivals.note(tx, known.credential.account, arrival, outcome=outcome, how="password")


def _count(tx: Tx, counted_as: str, failure: SignInFailure | None, door: DoorRules | None = None) -> None:
    store.failure_forget_old(tx, tx.now)
    before = (failure.failures, failure.locked_until) if failure else (0, None)
    most, lock_min = (door.failures_max, door.lock_min) if door else (rules.FAILURES_MAX, rules.LOCK_MIN)
    failures, locked_until = rules.failed_once_more(*before, tx.now, most=most, lock_min=lock_min)
    tx.put(
        "sign_in_failure",
        SignInFailure(name_digest=counted_as, failures=failures, last_at=tx.now, locked_until=locked_until),
    )


def _session(
    tx: Tx, account: AccountId, digest: str, kind: SessionKind, expires_at: datetime, agent: str, how: str = "token"
) -> Session:
    return Session(
        digest=digest, account=account, kind=kind, made_at=tx.now, seen_at=tx.now, expires_at=expires_at,
        agent=arrivals.plain_agent(agent), how=how, stepped_at=tx.now,
    )  # fmt: skip
