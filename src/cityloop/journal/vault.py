"""The vault: personal data, apart from facts, which name it by id and salted digest. It can be erased."""

import os
from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from msgspec import Struct

from cityloop.db import Tx
from cityloop.domain.errors import NotFound
from cityloop.domain.facts import Erased, VaultRef
from cityloop.domain.ids import VaultId


class VaultRow(Struct, frozen=True):
    """One piece of personal data. `file` names sealed bytes on disk whose key is in `bytes`."""

    id: str
    kind: str
    subject: str
    salt: bytes
    bytes: bytes
    file: str | None
    keep_until: datetime


class Gone(NotFound):
    """The data were erased, or never lay here."""

    code = "vault.gone"


def commitment(salt: bytes, content: bytes) -> str:
    """digest(salt ‖ bytes) in hex: what a fact says of vault data.

    Shape: `salt` 32 bytes.
    """
    return sha256(salt + content).hexdigest()


def vault_keep(tx: Tx, kind: str, subject: str, content: bytes, *, keep_days: int) -> VaultRef:
    """Keep personal data and give the reference that a fact may carry."""
    salt = os.urandom(32)
    row = VaultRow(tx.new_id(), kind, subject, salt, content, None, tx.now + timedelta(days=keep_days))
    tx.add("vault", row)
    return VaultRef(id=VaultId(row.id), digest=commitment(salt, content))


def vault_keep_file(
    tx: Tx, kind: str, subject: str, *, digest: str, salt: bytes, key: bytes, file: str, keep_days: int
) -> VaultRef:
    """Keep the key of sealed bytes on disk; `digest` is the commitment over the bytes as sent."""
    row = VaultRow(tx.new_id(), kind, subject, salt, key, file, tx.now + timedelta(days=keep_days))
    tx.add("vault", row)
    return VaultRef(id=VaultId(row.id), digest=digest)


def vault_open(tx: Tx, id: VaultId) -> VaultRow:
    """What lies there.

    Refuses with `Gone`.
    """
    row = tx.one(
        "SELECT id, kind, subject, salt, bytes, file, keep_until FROM vault WHERE city = :city AND id = :id", id=id
    )
    if row is None:
        raise Gone(f"{id} is not in the vault; it was erased, or belongs to another city.")
    return VaultRow(*row)


def vault_ids(tx: Tx, subject: str) -> list[VaultId]:
    """Everything that the vault keeps of a subject."""
    return [
        row.id
        for row in tx.all("SELECT id FROM vault WHERE city = :city AND subject = :subject ORDER BY id", subject=subject)
    ]


def vault_overdue(tx: Tx) -> list[VaultId]:
    """What has been kept long enough."""
    return [
        row.id
        for row in tx.all("SELECT id FROM vault WHERE city = :city AND keep_until <= :now ORDER BY id", now=tx.now)
    ]


def erase(tx: Tx, ids: Iterable[VaultId], *, reason: str) -> list[str]:
    """Remove data and salts, and say so. Gives the files that nobody names any more.

    Emits `Erased`.
    """
    wanted = list(ids)
    files = erase_rows(tx, wanted)
    tx.emit(Erased(erasure_id=tx.new_id(), ids=tuple(wanted), reason=reason, at=tx.now), first=True)
    return files


def erase_rows(tx: Tx, ids: Iterable[VaultId]) -> list[str]:
    """Remove data and salts without a word: for erasures that were told before a restore."""
    files = []
    for id in ids:
        if file := tx.value("SELECT file FROM vault WHERE city = :city AND id = :id", id=id):
            files.append(file)
        tx.run("DELETE FROM vault WHERE city = :city AND id = :id", id=id)
        tx.put("erased", _Erased(id, tx.now))
    return files


class _Erased(Struct, frozen=True):
    id: str
    at: datetime


class ErasedList:
    """The ids erased so far, in a file apart from backups; run again after every restore, before the door opens."""

    def __init__(self, path: Path):
        self.path = path

    def add(self, ids: Iterable[VaultId]) -> None:
        """Write ids down for good. Do it before the erasing commits: one too many is harmless, one too few is not."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a") as out:
            out.writelines(f"{id}\n" for id in ids)
            out.flush()
            os.fsync(out.fileno())

    def again(self, tx: Tx) -> list[str]:
        """Erase whatever a restore has brought back; gives the files that nobody names any more."""
        ids = self.path.read_text().split() if self.path.exists() else []
        back = [id for id in ids if tx.value("SELECT 1 FROM vault WHERE city = :city AND id = :id", id=id)]
        return erase_rows(tx, back)
