"""What each fact about an account does to the tables. Sees the fact and these tables, and nothing else."""

from collections.abc import Callable

from msgspec.structs import replace

from cityloop.db import Tx
from cityloop.domain.facts import (
    AccountClosed,
    AccountOpened,
    Fact,
    KeyMade,
    KeyRevoked,
    PostLeft,
    PostTaken,
    Told,
    WayInChanged,
)
from cityloop.people.model import Account, AccountKind, AccountState, PartnerKey, SeatTaken


def account_opened(tx: Tx, told: Told[AccountOpened]) -> None:
    fact = told.fact
    tx.put(
        "account",
        Account(
            id=fact.account_id, no=told.no, state=AccountState.open, kind=AccountKind(fact.kind), person=fact.person.id, simulated=fact.simulated,
            opened_at=fact.at,
        ),
    )  # fmt: skip


def account_closed(tx: Tx, told: Told[AccountClosed]) -> None:
    fact = told.fact
    account = _account(tx, fact.account_id)
    tx.put(
        "account",
        replace(account, no=told.no, state=AccountState.closed, closed_at=fact.at, closed_for=fact.reason),
    )
    tx.run("DELETE FROM seat WHERE city = :city AND account = :id", id=fact.account_id)
    tx.run(
        "UPDATE partner_key SET revoked_at = :at, revoked_by = :by, revoked_for = 'account_closed' "
        "WHERE city = :city AND account = :id AND revoked_at IS NULL",
        at=fact.at, by=told.actor, id=fact.account_id,
    )  # fmt: skip


def post_taken(tx: Tx, told: Told[PostTaken]) -> None:
    fact = told.fact
    tx.put("seat", SeatTaken(account=fact.account_id, post=fact.post, since=fact.at))
    tx.put("account", replace(_account(tx, fact.account_id), no=told.no))


def post_left(tx: Tx, told: Told[PostLeft]) -> None:
    fact = told.fact
    tx.run("DELETE FROM seat WHERE city = :city AND account = :id AND post = :post", id=fact.account_id, post=fact.post)
    tx.put("account", replace(_account(tx, fact.account_id), no=told.no))


def key_made(tx: Tx, told: Told[KeyMade]) -> None:
    fact = told.fact
    tx.put(
        "partner_key",
        PartnerKey(
            id=fact.key_id, account=fact.account_id, scopes=" ".join(fact.scopes), per_min=fact.per_min, burst=fact.burst,
            made_at=fact.at, made_by=told.actor, expires_at=fact.expires_at,
        ),
    )  # fmt: skip
    tx.put("account", replace(_account(tx, fact.account_id), no=told.no))


def key_revoked(tx: Tx, told: Told[KeyRevoked]) -> None:
    fact = told.fact
    key = tx.get("partner_key", PartnerKey, fact.key_id)
    assert key, f"key {fact.key_id} was not made"
    tx.put("partner_key", replace(key, revoked_at=fact.at, revoked_by=told.actor, revoked_for=fact.reason))
    tx.put("account", replace(_account(tx, fact.account_id), no=told.no))


def way_in_changed(tx: Tx, told: Told[WayInChanged]) -> None:
    """Who signs in how lies in the vault; the fact is what an auditor reads."""


def _account(tx: Tx, id: str) -> Account:
    account = tx.get("account", Account, id)
    assert account, f"account {id} was not opened"
    return account


APPLY: dict[type[Fact], Callable[[Tx, Told], None]] = {
    AccountOpened: account_opened,
    AccountClosed: account_closed,
    PostTaken: post_taken,
    PostLeft: post_left,
    WayInChanged: way_in_changed,
    KeyMade: key_made,
    KeyRevoked: key_revoked,
}
