"""Use cases of a second factor: drawn, confirmed by a code before it counts, used, given up."""

from collections.abc import Sequence

from cityloop.db import Tx
from cityloop.domain.facts import WayInChanged
from cityloop.domain.ids import AccountId
from cityloop.people.model import HasSecond, NoSecond, WrongCode
from cityloop.people.second import codes, store
from cityloop.people.second.store import SecondFactor


def enrol(tx: Tx, account: AccountId, sealed: bytes) -> AccountId:
    """Keep a secret that was drawn and sealed before. It counts once a code of it was given.

    Refuses with `HasSecond`.
    """
    known = store.second_get(tx, account)
    if known and known.confirmed_at:
        raise HasSecond("The account has a second factor; give it up first, then set another.")
    tx.put("second_factor", SecondFactor(account=account, sealed=sealed, made_at=tx.now))
    return account


def confirm(tx: Tx, account: AccountId, secret: bytes | None, code: str, recovery: Sequence[str]) -> AccountId:
    """Let a second factor count from now on, as a code of it shows that the application has it.

    Refuses with `NoSecond`, `HasSecond` or `WrongCode`. Emits `WayInChanged`.
    """
    known = store.second_get(tx, account)
    if known is None or secret is None:
        raise NoSecond("No second factor was begun; begin it, and scan its picture.")
    if known.confirmed_at:
        raise HasSecond("The second factor counts already; nothing needs be done.")
    step = codes.matching_step(secret, code, tx.now, after=known.last_step)
    if step is None:
        raise WrongCode("The code is wrong; look at the clock of your phone, and type the code that it shows now.")
    tx.put(
        "second_factor",
        SecondFactor(account=account, sealed=known.sealed, made_at=known.made_at, confirmed_at=tx.now, last_step=step),
    )
    draw_recovery(tx, account, recovery)
    tx.emit(WayInChanged(account_id=account, what="second_set", at=tx.now))
    return account


def draw_recovery(tx: Tx, account: AccountId, recovery: Sequence[str]) -> AccountId:
    """Let fresh codes on paper be good, and the old ones no more."""
    store.recovery_put(tx, account, [codes.recovery_digest(account, each) for each in recovery])
    return account


def use_code(tx: Tx, known: SecondFactor, secret: bytes | None, code: str) -> bool:
    """Whether a code is good; then it is no more. One on paper works though the secret cannot be opened."""
    if codes.is_recovery(code):
        if store.recovery_take(tx, known.account, codes.recovery_digest(known.account, code)):
            tx.emit(WayInChanged(account_id=known.account, what="recovery_used", at=tx.now))
            return True
        return False
    step = codes.matching_step(secret, code, tx.now, after=known.last_step) if secret else None
    return step is not None and store.step_take(tx, known.account, step)


def remove(tx: Tx, account: AccountId, *, what: str) -> AccountId:
    """Give the second factor up.

    Refuses with `NoSecond`. Emits `WayInChanged`.
    """
    if store.second_get(tx, account) is None:
        raise NoSecond("The account has no second factor; nothing needs be done.")
    store.second_forget(tx, account)
    tx.emit(WayInChanged(account_id=account, what=what, at=tx.now))
    return account
