"""Use cases of partners: another system is let in by keys, each with its scopes, its pace and its term."""

import secrets
from collections.abc import Sequence
from datetime import timedelta

import msgspec

from cityloop.db import Tx
from cityloop.domain.facts import AccountOpened, KeyMade, KeyRevoked
from cityloop.domain.ids import AccountId
from cityloop.domain.permission import Permission
from cityloop.http.limits import Pace
from cityloop.journal import vault_keep
from cityloop.people import store
from cityloop.people.model import (
    AccountKind,
    BadPace,
    KeyDigest,
    KeyIsOver,
    KeyUnknown,
    NotAPartner,
    Person,
    ReasonUnknown,
    ScopeUnknown,
    TooManyKeys,
)
from cityloop.people.service import PERSON_OPEN_DAYS, account_open

PREFIX = "ck_"  # so that a key is known as one wherever it turns up, also by those who look for leaked secrets
KEYS_MAX = 20  # of one partner, good at once
DAYS_MAX = 1095
PER_MIN_MAX, BURST_MAX = 600_000, 20_000  # a gateway of sensors may send ten thousand messages a second
FOR_PEOPLE = frozenset({Permission.account_manage, Permission.account_open, Permission.operate, Permission.pack_adopt})
REVOKE_REASONS = frozenset({"lost", "replaced", "contract_ended", "misused", "made_by_mistake"})


def key_drawn() -> str:
    """A fresh key of 256 bits. Draw it before the transaction, and show it once."""
    return PREFIX + secrets.token_urlsafe(32)


def scopes_checked(scopes: Sequence[str]) -> tuple[str, ...]:
    """The scopes, each a permission that a machine may hold.

    Refuses with `ScopeUnknown`.

    >>> scopes_checked(["facts.read", "case.read", "case.read"])
    ('case.read', 'facts.read')
    """
    able = {each.value for each in Permission if each not in FOR_PEOPLE}
    wrong = [each for each in scopes if each not in able]
    if wrong or not scopes:
        said = wrong[0][:40] if wrong else "nothing"
        raise ScopeUnknown(f"A key cannot carry {said}; choose from {', '.join(sorted(able))}.")
    return tuple(sorted(set(scopes)))


def open_partner(tx: Tx, *, person: Person, simulated: bool = False) -> AccountId:
    """Let another system in. It can do something once it sits in a post and has a key.

    Emits `AccountOpened`.
    """
    account_id = AccountId(tx.new_id())
    kept = vault_keep(tx, "person", f"account/{account_id}", msgspec.json.encode(person), keep_days=PERSON_OPEN_DAYS)
    opened = AccountOpened(
        account_id=account_id, person=kept, kind=AccountKind.partner.value, simulated=simulated, at=tx.now
    )
    tx.emit(opened, first=True)
    return account_id


def make_key(tx: Tx, account_id: AccountId, *, digest: str, scopes: Sequence[str], pace: Pace, days: int) -> str:
    """Make a key good; `digest` is that of a key drawn before. Gives the key's id.

    Refuses with `AccountUnknown`, `AlreadyClosed`, `OwnAccount`, `NotAPartner`, `ScopeUnknown`, `BadPace` or
    `TooManyKeys`. Emits `KeyMade`.
    """
    account = account_open(tx, account_id)
    if account.kind is not AccountKind.partner:
        raise NotAPartner(f"Account {account_id} is a person's, who signs in; open a partner for another system.")
    carried = scopes_checked(scopes)
    if not (1 <= pace.per_min <= PER_MIN_MAX and 1 <= pace.burst <= BURST_MAX and 1 <= days <= DAYS_MAX):
        raise BadPace(
            f"A key comes 1 to {PER_MIN_MAX} times a minute, 1 to {BURST_MAX} at once, for 1 to {DAYS_MAX} days."
        )
    good = [row for row in store.key_rows(tx, account_id) if row.seen_at is not None]
    if len(good) >= KEYS_MAX:
        raise TooManyKeys(f"The partner has {len(good)} keys; revoke those that nobody uses.")
    key_id = tx.new_id()
    tx.add("key_digest", KeyDigest(digest=digest, key_id=key_id, account=account_id, seen_at=tx.now))
    tx.emit(
        KeyMade(
            account_id=account_id, key_id=key_id, scopes=carried, per_min=pace.per_min, burst=pace.burst,
            expires_at=tx.now + timedelta(days=days), at=tx.now,
        )
    )  # fmt: skip
    return key_id


def revoke_key(tx: Tx, account_id: AccountId, key_id: str, *, reason: str) -> str:
    """Let a key open nothing any more, in every process within a second.

    Refuses with `AccountUnknown`, `AlreadyClosed`, `OwnAccount`, `KeyUnknown`, `KeyIsOver` or `ReasonUnknown`.
    Emits `KeyRevoked`.
    """
    account_open(tx, account_id)
    if reason not in REVOKE_REASONS:
        raise ReasonUnknown(f"{reason[:40]} is no reason; choose one of {', '.join(sorted(REVOKE_REASONS))}.")
    key = store.key_get(tx, key_id)
    if key is None or key.account != account_id:
        raise KeyUnknown(f"The account has no key {key_id[:60]}; look at its keys.")
    if key.revoked_at:
        raise KeyIsOver(f"Key {key_id} was revoked before; nothing needs be done.")
    store.key_shut(tx, key_id, account_id)
    tx.emit(KeyRevoked(account_id=account_id, key_id=key_id, reason=reason, at=tx.now))
    store.version_raise(tx)
    return key_id
