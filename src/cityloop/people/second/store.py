"""The SQL of second factors."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from cityloop.db import Tx
from cityloop.domain.ids import AccountId


class SecondFactor(Struct, frozen=True, kw_only=True):
    """The sealed secret of an account's codes. Without `confirmed_at` it counts for nothing yet."""

    account: AccountId
    sealed: bytes
    made_at: datetime
    confirmed_at: datetime | None = None
    last_step: int = 0  # of the last code taken: no code is taken twice


def second_get(tx: Tx, account: AccountId) -> SecondFactor | None:
    """An account's second factor, confirmed or not."""
    return tx.get("second_factor", SecondFactor, account)


def step_take(tx: Tx, account: AccountId, step: int) -> bool:
    """Use a step up; False if it, or a later one, was used meanwhile."""
    return bool(
        tx.run(
            "UPDATE second_factor SET last_step = :step WHERE city = :city AND account = :account AND last_step < :step",
            account=account, step=step,
        )
    )  # fmt: skip


def second_forget(tx: Tx, account: AccountId) -> None:
    """Leave an account no second factor and no code on paper."""
    for table in ("second_factor", "recovery_code"):
        tx.run(f"DELETE FROM {table} WHERE city = :city AND account = :account", account=account)


def recovery_put(tx: Tx, account: AccountId, digests: Sequence[str]) -> None:
    """Let these codes on paper be good, and no others."""
    tx.run("DELETE FROM recovery_code WHERE city = :city AND account = :account", account=account)
    for digest in digests:
        tx.run(
            "INSERT INTO recovery_code (city, account, digest) VALUES (:city, :account, :digest)",
            account=account, digest=digest,
        )  # fmt: skip


def recovery_take(tx: Tx, account: AccountId, digest: str) -> bool:
    """Use a code on paper up; False if there is none such."""
    return bool(
        tx.run(
            "DELETE FROM recovery_code WHERE city = :city AND account = :account AND digest = :digest",
            account=account, digest=digest,
        )
    )  # fmt: skip


def recovery_count(tx: Tx, account: AccountId) -> int:
    """How many codes on paper are left."""
    return tx.value("SELECT count(*) FROM recovery_code WHERE city = :city AND account = :account", account=account)
