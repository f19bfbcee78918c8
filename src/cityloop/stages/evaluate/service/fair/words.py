"""What people write about fairness: kept in the vault, read back for those who may."""

import msgspec

from cityloop.cases.notes import KEEP_DAYS, NOTE, Note, note_plain
from cityloop.db import Tx
from cityloop.domain.facts import VaultRef
from cityloop.domain.ids import VaultId
from cityloop.domain.policy import Policy
from cityloop.journal import vault_keep, vault_open
from cityloop.journal.vault import Gone


def words_kept(tx: Tx, subject: str, words: str, policy: Policy) -> VaultRef | None:
    """Keep what somebody wrote, in the vault of a subject; None where nothing is said.

    Refuses with `NoteTooLong`.
    """
    plain = note_plain(words, policy.settings.text_chars_max)
    if not plain:
        return None
    return vault_keep(tx, NOTE, subject, msgspec.json.encode(Note(text=plain)), keep_days=KEEP_DAYS)


def words_of(tx: Tx, id: str | None) -> str | None:
    """What somebody wrote; None where there is nothing, or nothing any more."""
    if id is None:
        return None
    try:
        return msgspec.json.decode(vault_open(tx, VaultId(id)).bytes, type=Note).text
    except Gone:
        return None
