"""Use cases of signing in: a name and a password become a session, five wrong ones a pause."""

from datetime import datetime, timedelta
from hashlib import sha256

from msgspec import Struct

from cityloop.db import Tx
from cityloop.domain.ids import AccountId
from cityloop.people import rules, store
from cityloop.people.model import (
    Credential,
    Session,
    SessionKind,
    SessionUnknown,
    SignInFailure,
    SignInLocked,
    WrongPassword,
)

SESSIONS_MAX = 10  # of one person at once; the oldest goes
TOKEN_DAYS_MAX = 365
AGENT_CHARS = 120


class Knock(Struct, frozen=True, kw_only=True):
    """Somebody at the door: the name they gave, and the credential that it has, if any."""

    name_digest: str
    credential: Credential | None

    @property
    def hash(self) -> str | None:
        return self.credential.hash if self.credential else None


def token_digest(token: str) -> str:
    """What is kept of a token. It has 256 bits of chance, so a plain hash tells nothing."""
    return sha256(token.encode()).hexdigest()


def knock(tx: Tx, name: str) -> Knock:
    """What is needed to check a password for a name; an unknown name looks the same.

    Refuses with `SignInLocked`.
    """
    digest = rules.name_digest(name)
    _not_locked(store.failure_get(tx, digest), tx.now)
    return Knock(name_digest=digest, credential=store.sign_in_get(tx, name))


def sign_in(tx: Tx, name: str, known: Knock, *, right: bool, digest: str, hours: int, agent: str) -> Session | None:
    """A session for whoever gave the right password; None for a wrong one, which is counted.

    `right` was found before the transaction, for `known`; `digest` is that of a token drawn there too.
    Refuses with `SignInLocked`, or `WrongPassword` if the password was changed meanwhile.
    """
    failure = store.failure_get(tx, known.name_digest)
    _not_locked(failure, tx.now)
    if not right or known.credential is None:
        _count(tx, known.name_digest, failure)
        return None
    if store.sign_in_get(tx, name) != known.credential:
        raise WrongPassword("The password was changed a moment ago; sign in with the new one.")
    if failure:
        store.failure_forget(tx, known.name_digest)
    store.session_forget_over(tx)
    account = known.credential.account
    mine = [each for each in store.session_list_of(tx, account) if each.kind is SessionKind.session]
    for old in mine[SESSIONS_MAX - 1 :]:
        store.session_end(tx, account, old.digest)
    if len(mine) >= SESSIONS_MAX:
        store.version_raise(tx)
    session = _session(tx, account, digest, SessionKind.session, tx.now + timedelta(hours=hours), agent)
    tx.put("session", session)
    return session


def count_wrong(tx: Tx, known: Knock) -> None:
    """Count a wrong password that was given elsewhere than at the door."""
    _count(tx, known.name_digest, store.failure_get(tx, known.name_digest))


def make_token(tx: Tx, account_id: AccountId, *, digest: str, label: str, days: int) -> Session:
    """A token under which a machine or a partner acts as an account, for some days.

    Refuses with `AccountUnknown`.
    """
    assert 1 <= days <= TOKEN_DAYS_MAX, "a token lives 1 to 365 days"
    store.account_get(tx, account_id)
    session = _session(tx, account_id, digest, SessionKind.token, tx.now + timedelta(days=days), label)
    tx.put("session", session)
    return session


def sign_out(tx: Tx, account_id: AccountId, digest: str) -> str:
    """End one session of an account, here or elsewhere.

    Refuses with `SessionUnknown`.
    """
    if not store.session_end(tx, account_id, digest):
        raise SessionUnknown("You have no such session; it has ended already.")
    store.version_raise(tx)
    return digest


def _not_locked(failure: SignInFailure | None, now: datetime) -> None:
    if failure and failure.locked_until and failure.locked_until > now:
        minutes = -int(-(failure.locked_until - now).total_seconds() // 60)
        raise SignInLocked(
            f"Signing in under this name is locked after {rules.FAILURES_MAX} wrong passwords; "
            f"try again in {minutes} min, or ask the security administrator for a new password."
        )


def _count(tx: Tx, name_digest: str, failure: SignInFailure | None) -> None:
    store.failure_forget_old(tx, tx.now)
    before = (failure.failures, failure.locked_until) if failure else (0, None)
    failures, locked_until = rules.failed_once_more(*before, tx.now)
    tx.put(
        "sign_in_failure",
        SignInFailure(name_digest=name_digest, failures=failures, last_at=tx.now, locked_until=locked_until),
    )


def _session(tx: Tx, account: AccountId, digest: str, kind: SessionKind, expires_at: datetime, agent: str) -> Session:
    plain = "".join(char for char in agent if char.isprintable())[:AGENT_CHARS]
    return Session(
        digest=digest, account=account, kind=kind, made_at=tx.now, seen_at=tx.now, expires_at=expires_at, agent=plain
    )
