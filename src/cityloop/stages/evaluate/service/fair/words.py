"""What people wrote about fairness, read back for those who may."""

import msgspec

from cityloop.cases.notes import Note
from cityloop.db import Tx
from cityloop.domain.ids import VaultId
from cityloop.domain.private import for_work
from cityloop.journal import vault_open
from cityloop.journal.vault import Gone


def words_of(tx: Tx, id: str | None) -> str | None:
    """What somebody wrote, without whom it names; None where there is nothing, or nothing any more."""
    if id is None:
        return None
    try:
        return for_work(msgspec.json.decode(vault_open(tx, VaultId(id)).bytes, type=Note).text)
    except Gone:
        return None
