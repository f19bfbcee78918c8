"""Erasing personal data: on request, and when its term is over. Data, salts, files; the fact stays, and says nothing."""

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from typing import Protocol

from msgspec import Struct

from cityloop.db import Tx
from cityloop.domain.ids import VaultId
from cityloop.journal import ErasedList, Writer, erase, vault_ids, vault_overdue
from cityloop.people import store
from cityloop.people.model import NothingToErase, ReasonUnknown, StillNeeded
from cityloop.people.service import PERSON_OPEN_DAYS

REASONS = frozenset({"asked_by_person", "sent_by_mistake", "ordered", "not_needed"})
TERM_OVER = "term_over"
SWEEP_MANY = 500  # to a transaction
Also = Callable[[Tx, int], Sequence[VaultId]]  # at most so many pieces whose term the city made shorter


class Bin(Protocol):
    """Port: where files lie. `files.FileStore` is one."""

    def delete(self, digest: str) -> bool:
        """Remove a file for good."""
        ...


class Erasure(Struct, frozen=True, kw_only=True):
    """What was erased, and which files may go once that is durable."""

    id: str
    ids: tuple[VaultId, ...]
    files: tuple[str, ...]


def erase_asked(tx: Tx, *, subjects: Iterable[str], ids: Iterable[VaultId], reason: str, erased: ErasedList) -> Erasure:
    """Erase all that the vault keeps of subjects (e.g. `report/ID`), and single pieces of it.

    Refuses with `ReasonUnknown`, `NothingToErase` or `StillNeeded`. Emits `Erased`.
    """
    if reason not in REASONS:
        raise ReasonUnknown(f"{reason[:40]} is no reason; choose one of {', '.join(sorted(REASONS))}.")
    asked = [*ids, *(id for subject in subjects for id in vault_ids(tx, subject))]
    kept = [VaultId(id) for id in dict.fromkeys(asked) if store.vault_has(tx, id)]
    if not kept:
        raise NothingToErase("The vault keeps nothing of what was named; it was erased, or was never there.")
    if any(store.person_is_needed(tx, id) for id in kept):
        raise StillNeeded("An open account needs its person; close the account first, then erase.")
    return _erase(tx, kept, reason=reason, erased=erased)


def sweep_overdue(writer: Writer, *, erased: ErasedList, files: Bin, also: Also = lambda tx, many: ()) -> int:
    """Erase what has been kept long enough, some at a time; gives how many pieces. People of open accounts stay.

    Emits `Erased`.
    """
    count = 0
    while done := sweep_some(writer, erased=erased, files=files, also=also):
        count += done
    if count:
        forget_words(writer)
    return count


def sweep_some(writer: Writer, *, erased: ErasedList, files: Bin, also: Also = lambda tx, many: ()) -> int:
    """Erase some of what has been kept long enough, and of what `also` names; gives how many pieces.

    Emits `Erased`.
    """
    done = writer.change(lambda tx: _sweep(tx, erased, also), actor="machine:term")
    if done is None:
        return 0
    delete_files(writer, done.files, files=files)
    return len(done.ids)


def forget_words(writer: Writer, *, wait_ms: int = 15_000) -> None:
    """Let nothing be left in an index of what was erased; after the erasing, as it takes seconds in a large city. `wait_ms`: how
    long for those who read meanwhile."""
    writer.whole(lambda tx: tx.engine.forget())
    writer.database.engine.wipe(wait_ms)


def delete_files(writer: Writer, names: Sequence[str], *, files: Bin) -> list[str]:
    """Remove files that nobody names any more; only after the erasing is durable. Gives those that went."""
    if not names:
        return []
    with writer.database.reading() as tx:
        nobodys = [name for name in dict.fromkeys(names) if not store.file_is_named(tx, name)]
    return [name for name in nobodys if files.delete(name)]


def _sweep(tx: Tx, erased: ErasedList, also: Also) -> Erasure | None:
    store.person_keep_open(tx, tx.now + timedelta(days=PERSON_OPEN_DAYS))
    ids = vault_overdue(tx, SWEEP_MANY) or also(tx, SWEEP_MANY)
    return _erase(tx, ids, reason=TERM_OVER, erased=erased) if ids else None


def _erase(tx: Tx, ids: Sequence[VaultId], *, reason: str, erased: ErasedList) -> Erasure:
    shown = [name for id in ids for name in store.shown_files(tx, id)]
    erased.add(ids)  # before the commit; one too many, if that fails, is harmless
    sealed = erase(tx, ids, reason=reason)
    for id in ids:
        store.shown_forget(tx, id)
    return Erasure(id=tx.facts[-1].fact.erasure_id, ids=tuple(ids), files=(*sealed, *shown))
