"""What each fact about an account does to the tables. Sees the fact and these tables, and nothing else."""

from collections.abc import Callable

from msgspec.structs import replace

from cityloop.db import Tx
from cityloop.domain.facts import AccountClosed, AccountOpened, Fact, PostLeft, PostTaken, Told
from cityloop.people.model import Account, AccountState, SeatTaken


def account_opened(tx: Tx, told: Told[AccountOpened]) -> None:
    fact = told.fact
    tx.put(
        "account",
        Account(
            id=fact.account_id, no=told.no, state=AccountState.open, person=fact.person.id, simulated=fact.simulated,
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


def post_taken(tx: Tx, told: Told[PostTaken]) -> None:
    fact = told.fact
    tx.put("seat", SeatTaken(account=fact.account_id, post=fact.post, since=fact.at))
    tx.put("account", replace(_account(tx, fact.account_id), no=told.no))


def post_left(tx: Tx, told: Told[PostLeft]) -> None:
    fact = told.fact
    tx.run("DELETE FROM seat WHERE city = :city AND account = :id AND post = :post", id=fact.account_id, post=fact.post)
    tx.put("account", replace(_account(tx, fact.account_id), no=told.no))


def _account(tx: Tx, id: str) -> Account:
    account = tx.get("account", Account, id)
    assert account, f"account {id} was not opened"
    return account


APPLY: dict[type[Fact], Callable[[Tx, Told], None]] = {
    AccountOpened: account_opened,
    AccountClosed: account_closed,
    PostTaken: post_taken,
    PostLeft: post_left,
}
