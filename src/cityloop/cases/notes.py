"""Words that staff write about a case: personal data until proved otherwise, so they lie in the vault."""

from typing import Annotated

import msgspec
from msgspec import Struct

from cityloop.db import Tx
from cityloop.domain.errors import Invalid
from cityloop.domain.facts import VaultRef
from cityloop.domain.ids import CaseId
from cityloop.domain.personal import Personal
from cityloop.journal import vault_keep

KEEP_DAYS = 1095
PHOTO_KEEP_DAYS = 1095
NOTE = "note"  # the kind of vault data


class Note(Struct, frozen=True, kw_only=True):
    """What somebody wrote. Lies in the vault only."""

    text: Annotated[str, Personal("to show what was seen and done", keep_days=KEEP_DAYS)]


class NoteTooLong(Invalid):
    """More characters than the city takes."""

    code = "case.note_too_long"


def note_plain(text: str, chars_max: int) -> str:
    """The note without control characters and outer blanks.

    Refuses with `NoteTooLong`.
    """
    plain = "".join(char for char in text if char.isprintable() or char == "\n").strip()
    if len(plain) > chars_max:
        raise NoteTooLong(f"The note has {len(plain)} characters; {chars_max} are taken, so shorten it.")
    return plain


def keep_note(tx: Tx, case_id: CaseId, text: str, *, chars_max: int) -> VaultRef | None:
    """Keep a note in the vault of the case; None where nothing is said.

    Refuses with `NoteTooLong`.
    """
    return keep_words(tx, f"case/{case_id}", text, chars_max=chars_max)


def keep_words(tx: Tx, subject: str, text: str, *, chars_max: int) -> VaultRef | None:
    """The same of whatever is not a case, by what the words are about.

    Refuses with `NoteTooLong`.
    """
    plain = note_plain(text, chars_max)
    if not plain:
        return None
    return vault_keep(tx, NOTE, subject, msgspec.json.encode(Note(text=plain)), keep_days=KEEP_DAYS)
