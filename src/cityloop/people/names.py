"""What accounts are called, for those who may see them act."""

from collections.abc import Sequence

import msgspec

from cityloop.db import Tx
from cityloop.people.model import Person

_person = msgspec.json.Decoder(Person).decode


def names_of(tx: Tx, accounts: Sequence[str]) -> dict[str, str]:
    """The names of accounts, as far as they are kept."""
    if not accounts:
        return {}
    marks = ", ".join(f":id_{place}" for place in range(len(accounts)))
    rows = tx.all(
        "SELECT account.id, vault.bytes FROM account JOIN vault ON vault.city = account.city AND vault.id = account.person "
        f"WHERE account.city = :city AND account.id IN ({marks})",
        **{f"id_{place}": id for place, id in enumerate(accounts)},
    )
    return {row.id: name for row in rows if (name := _name_in(row.bytes))}


def _name_in(raw: bytes) -> str | None:
    try:
        return _person(raw).name
    except msgspec.MsgspecError:
        return None


def phone_of(tx: Tx, account: str) -> str | None:
    """The number of who holds an open account, as far as it is kept."""
    raw = tx.value(
        "SELECT vault.bytes FROM account JOIN vault ON vault.city = account.city AND vault.id = account.person "
        "WHERE account.city = :city AND account.id = :id AND account.state = 'open'",
        id=account,
    )
    try:
        return _person(raw).phone if raw else None
    except msgspec.MsgspecError:
        return None
