"""The SQL of links: who of which provider signs in as which account."""

from cityloop.db import Tx
from cityloop.db.tx import row_to
from cityloop.domain.ids import AccountId
from cityloop.people.elsewhere.model import Link


def link_account(tx: Tx, provider: str, subject: str) -> AccountId | None:
    """The open account that somebody of a provider signs in as."""
    return tx.value(
        "SELECT l.account FROM sign_in_link l JOIN account a ON a.city = l.city AND a.id = l.account "
        "WHERE l.city = :city AND l.provider = :provider AND l.subject = :subject AND a.state = 'open'",
        provider=provider, subject=subject,
    )  # fmt: skip


def link_list(tx: Tx, account: AccountId) -> list[Link]:
    """The links of an account."""
    rows = tx.all(
        "SELECT provider, subject, account, made_at, made_by FROM sign_in_link WHERE city = :city AND account = :account "
        "ORDER BY provider",
        account=account,
    )
    return [row_to(Link, row) for row in rows]


def link_forget(tx: Tx, account: AccountId, provider: str) -> bool:
    """End the link of an account with a provider; whether there was one."""
    return bool(
        tx.run(
            "DELETE FROM sign_in_link WHERE city = :city AND account = :account AND provider = :provider",
            account=account, provider=provider,
        )
    )  # fmt: skip
