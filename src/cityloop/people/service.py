"""Use cases of accounts: who may come in, and in which posts they sit."""

from datetime import timedelta

import msgspec

from cityloop.db import Tx
from cityloop.domain.facts import AccountClosed, AccountOpened, PostLeft, PostTaken, WayInChanged
from cityloop.domain.ids import AccountId, PostId
from cityloop.domain.policy import Policy
from cityloop.journal import vault_keep
from cityloop.people import rules, store
from cityloop.people.model import (
    Account,
    AccountKind,
    AccountState,
    AlreadyClosed,
    Credential,
    IsAPartner,
    NameTaken,
    OwnAccount,
    Past,
    Person,
    PostHeld,
    PostNotHeld,
    PostUnknown,
    ReasonUnknown,
    SignInName,
)

CLOSING_REASONS = frozenset({"left", "moved", "contract_ended", "misused", "opened_by_mistake"})
PERSON_OPEN_DAYS = 3650  # `sweep_overdue` gives an open account as much again
PERSON_CLOSED_DAYS = 365  # what was done in a person's name can be asked after for so long


def open_account(tx: Tx, *, sign_in_name: str, person: Person, simulated: bool = False) -> AccountId:
    """Let somebody in. They can sign in once `set_password` has run, and do something once they sit in a post.

    Refuses with `BadName` or `NameTaken`. Emits `AccountOpened`.
    """
    name = rules.name_normal(sign_in_name)
    if store.account_of_name(tx, name):
        raise NameTaken(f"Somebody signs in as {name} already; choose another name.")
    account_id = AccountId(tx.new_id())
    kept = vault_keep(tx, "person", f"account/{account_id}", msgspec.json.encode(person), keep_days=PERSON_OPEN_DAYS)
    tx.add("sign_in_name", SignInName(name=name, account=account_id))
    tx.emit(AccountOpened(account_id=account_id, person=kept, simulated=simulated, at=tx.now), first=True)
    return account_id


def close_account(tx: Tx, account_id: AccountId, *, reason: str) -> AccountId:
    """Let nobody in with it any more: its posts, sessions, sign-in name and password go; its person goes in a year.

    Refuses with `AccountUnknown`, `AlreadyClosed`, `OwnAccount` or `ReasonUnknown`. Emits `AccountClosed`.
    """
    account_open(tx, account_id)
    if reason not in CLOSING_REASONS:
        raise ReasonUnknown(f"{reason[:40]} is no reason; choose one of {', '.join(sorted(CLOSING_REASONS))}.")
    store.ways_in_end(tx, account_id)
    store.person_keep_until(tx, account_id, tx.now + timedelta(days=PERSON_CLOSED_DAYS))
    tx.emit(AccountClosed(account_id=account_id, reason=reason, at=tx.now))
    store.version_raise(tx)
    return account_id


def take_post(tx: Tx, account_id: AccountId, post: PostId, *, policy: Policy) -> AccountId:
    """Sit an account in a post of the pack.

    Refuses with `AccountUnknown`, `AlreadyClosed`, `OwnAccount`, `PostUnknown`, `PostHeld`, `BothAxes` or
    `ThreeApart`.
    Emits `PostTaken`.
    """
    account_open(tx, account_id)
    if post not in policy.post_by_id:
        raise PostUnknown(f"There is no post {post[:60]}; choose one of the pack's posts.csv.")
    held = store.post_list_of(tx, account_id)
    if post in held:
        raise PostHeld(f"The account sits in {post} already; nothing needs be done.")
    known = [policy.post_by_id[each] for each in (*held, post) if each in policy.post_by_id]
    rules.apart(known, policy.role_by_id)
    rules.three_apart(known, policy.role_by_id)
    tx.emit(PostTaken(account_id=account_id, post=post, at=tx.now))
    store.version_raise(tx)
    return account_id


def leave_post(tx: Tx, account_id: AccountId, post: PostId) -> AccountId:
    """Take an account out of a post, also of one that the pack no longer has.

    Refuses with `AccountUnknown`, `AlreadyClosed`, `OwnAccount` or `PostNotHeld`. Emits `PostLeft`.
    """
    account_open(tx, account_id)
    if post not in store.post_list_of(tx, account_id):
        raise PostNotHeld(f"The account does not sit in {post[:60]}; look at its posts first.")
    tx.emit(PostLeft(account_id=account_id, post=post, at=tx.now))
    store.version_raise(tx)
    return account_id


def set_password(
    tx: Tx, account_id: AccountId, hashed: str, *, must_change: bool, keep_session: str | None = None, past: int = 0
) -> AccountId:
    """Change how an account signs in; every session but one ends, and a lock with them.

    `hashed` comes from `passwords.hash_of`, made before the transaction; of the passwords before it the last `past` are
    kept, so that none of them is taken again. With `must_change` (somebody else chose
    it) the account's posts count only once its holder has chosen another.
    Refuses with `AccountUnknown`, `AlreadyClosed`, `IsAPartner`, or `OwnAccount` with `must_change`.
    Emits `WayInChanged`, but for a first password of one's own.
    """
    if must_change:
        _not_own(tx, account_id)
    account = store.account_hold(tx, account_id)
    _still_open(account)
    if account.kind is AccountKind.partner:
        raise IsAPartner(f"Account {account_id} is a partner's; make a key for it instead of a password.")
    before = tx.get("credential", Credential, account_id)
    if before and past:
        tx.put("password_past", Past(account=account_id, hash=before.hash, until=tx.now))
        store.past_keep(tx, account_id, past)
    if before or must_change:
        tx.emit(
            WayInChanged(account_id=account_id, what="password_given" if must_change else "password_changed", at=tx.now)
        )
    tx.put("credential", Credential(account=account_id, hash=hashed, must_change=must_change, changed_at=tx.now))
    store.session_end_all(tx, account_id, but=keep_session, why="password_changed")
    if name := store.name_of_account(tx, account_id):
        store.failure_forget(tx, rules.name_digest(name))
    store.version_raise(tx)
    return account_id


def end_sessions(tx: Tx, account_id: AccountId) -> AccountId:
    """End every session and token of somebody, as an administrator does for a phone that was lost; they may come in again.

    Refuses with `AccountUnknown`, `AlreadyClosed` or `OwnAccount`. Emits `WayInChanged`.
    """
    account_open(tx, account_id)
    store.session_end_all(tx, account_id, why="by_admin")
    store.version_raise(tx)
    tx.emit(WayInChanged(account_id=account_id, what="sessions_ended", at=tx.now))
    return account_id


def account_open(tx: Tx, account_id: AccountId) -> Account:
    """The account, open, held, and not the one that asks."""
    _not_own(tx, account_id)
    account = store.account_hold(tx, account_id)
    _still_open(account)
    return account


def _not_own(tx: Tx, account_id: AccountId) -> None:
    if tx.actor == f"account:{account_id}":
        raise OwnAccount("You may not administer your own account; ask another administrator.")


def _still_open(account: Account) -> None:
    if account.state is AccountState.closed:
        raise AlreadyClosed(f"Account {account.id} is closed; open another for the person.")
