"""The vault: personal data, apart from facts, which name it by id and salted digest. It can be erased."""

import hmac
import os
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from msgspec import Struct

from cityloop.db import Kind, Tx, once_found
from cityloop.db.durable import make_folder, sync_folder
from cityloop.db.tables import tables_of
from cityloop.db.tx import id_from
from cityloop.domain.errors import NotFound
from cityloop.domain.facts import Erased, VaultRef
from cityloop.domain.ids import VaultId

_ALIKE = (  # walks the newest of one digest: a flood of copies costs no more than a few
    "SELECT subject FROM vault_mark WHERE city = :city AND digest = (SELECT digest FROM vault_mark WHERE city = :city AND id = :item) "
    "AND id < :item AND id >= :least ORDER BY id DESC"
)


class VaultRow(Struct, frozen=True):
    """One piece of personal data. `file` names sealed bytes on disk whose key is in `bytes`."""

    id: str
    kind: str
    subject: str
    salt: bytes
    bytes: bytes
    file: str | None
    keep_until: datetime


class VaultMark(Struct, frozen=True):
    """By what a piece is found: a keyed digest of something in it."""

    digest: str
    id: str
    subject: str


class VaultKey(Struct, frozen=True):
    """The key of the digests of one kind of piece."""

    purpose: str
    secret: bytes


class Gone(NotFound):
    """The data were erased, or never lay here."""

    code = "vault.gone"


def commitment(salt: bytes, content: bytes) -> str:
    """digest(salt ‖ bytes) in hex: what a fact says of vault data.

    Shape: `salt` 32 bytes.
    """
    return sha256(salt + content).hexdigest()


def vault_keep(
    tx: Tx, kind: str, subject: str, content: bytes, *, keep_days: int, marks: Sequence[str] = ()
) -> VaultRef:
    """Keep personal data and give the reference that a fact may carry. By any of its `marks` it is found again."""
    salt = os.urandom(32)
    row = VaultRow(tx.new_id(), kind, subject, salt, content, None, tx.now + timedelta(days=keep_days))
    tx.add("vault", row)
    _mark(tx, row, marks)
    return VaultRef(id=VaultId(row.id), digest=commitment(salt, content))


def vault_find(tx: Tx, kind: str, mark: str, *, many: int) -> list[str]:
    """The subjects of which the vault keeps a piece with this mark, the newest first; none of what was erased.

    The mark itself is stored nowhere: its digest is made with a key that lies in the vault too.
    """
    key = tx.get("vault_key", VaultKey, kind)
    if key is None:
        return []
    rows = tx.all(
        "SELECT subject, max(id) AS last FROM vault_mark WHERE city = :city AND digest = :digest "
        "GROUP BY subject ORDER BY last DESC LIMIT :many",
        digest=_mark_digest(key, mark), many=many,
    )  # fmt: skip
    return [row.subject for row in rows]


def marked_alike(tx: Tx, items: Sequence[VaultId], *, since: Sequence[datetime], many: int) -> list[list[str]]:
    """For each item the subjects of earlier items that bear the same mark, the newest first, kept since a moment of each; in one
    statement where the engine can. The mark itself need not be known. An item has one mark, or none.
    """
    asked = [{"item": item, "least": tx.id_unseen(begin)} for item, begin in zip(items, since, strict=True)]
    return [list(dict.fromkeys(row.subject for row in rows)) for rows in tx.each(f"{_ALIKE} LIMIT {many}", asked)]


def _mark(tx: Tx, row: VaultRow, marks: Sequence[str]) -> None:
    for mark in dict.fromkeys(each for each in marks if each):
        tx.add("vault_mark", VaultMark(_mark_digest(_mark_key(tx, row.kind), mark), row.id, row.subject))


def _mark_digest(key: VaultKey, mark: str) -> str:
    return hmac.new(key.secret, mark.encode(), "sha256").hexdigest()


def _mark_key(tx: Tx, kind: str) -> VaultKey:
    """The key of this kind of piece, drawn when the first mark is kept."""
    key = tx.get("vault_key", VaultKey, kind)
    if key is None:
        tx.run(
            "INSERT INTO vault_key (city, purpose, secret) VALUES (:city, :purpose, :secret) ON CONFLICT DO NOTHING",
            purpose=kind, secret=os.urandom(32),
        )  # fmt: skip
        key = tx.get("vault_key", VaultKey, kind)
    assert key, "a key was just drawn, by us or by another process"
    return key


def vault_keep_file(
    tx: Tx, kind: str, subject: str, *, digest: str, salt: bytes, key: bytes, file: str, keep_days: int, marks: Sequence[str] = ()
) -> VaultRef:  # fmt: skip
    """Keep the key of sealed bytes on disk; `digest` is the commitment over the bytes as sent. By any of its `marks` it is found again."""
    row = VaultRow(tx.new_id(), kind, subject, salt, key, file, tx.now + timedelta(days=keep_days))
    tx.add("vault", row)
    _mark(tx, row, marks)
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
        for row in tx.all(f"SELECT id FROM vault WHERE city = :city AND subject = :subject ORDER BY {once_found('id')}", subject=subject)
    ]


def vault_overdue(tx: Tx, many: int) -> list[VaultId]:
    """Some of what has been kept long enough."""
    sql = "SELECT id FROM vault WHERE city = :city AND keep_until <= :now ORDER BY keep_until LIMIT :many"
    return [row.id for row in tx.all(sql, now=tx.now, many=many)]


def vault_older(tx: Tx, kind: str, made_before: datetime, many: int) -> list[VaultId]:
    """Some of what was kept before a moment, of this kind; ids grow with time."""
    sql = "SELECT id FROM vault WHERE city = :city AND kind = :kind AND id < :least ORDER BY id LIMIT :many"
    return [row.id for row in tx.all(sql, kind=kind, least=id_from(made_before), many=many)]


def erase(tx: Tx, ids: Iterable[VaultId], *, reason: str) -> list[str]:
    """Remove data and salts, and say so. Gives the files that nobody names any more.

    Emits `Erased`.
    """
    wanted = list(ids)
    files = erase_rows(tx, wanted)
    tx.emit(Erased(erasure_id=tx.new_id(), ids=tuple(wanted), reason=reason, at=tx.now), first=True)
    return files


# What names the item that it was made from, or goes with, is erased with it: rows of indexes, tracking codes, what shows a photo.
NAMES_ITEM = ("source", "said", "photo")
MADE_FROM = tuple(
    (table.name, name) for kind in (Kind.index, Kind.vault) for table in tables_of(kind) for name in NAMES_ITEM if name in table.columns
)


def erase_rows(tx: Tx, ids: Iterable[VaultId]) -> list[str]:
    """Remove data, salts and what indexes hold of them without a word: for erasures that were told before a restore."""
    files = []
    for id in ids:
        for table, column in MADE_FROM:
            tx.run(f"DELETE FROM {table} WHERE city = :city AND {column} = :id", id=id)
        if file := tx.value("SELECT file FROM vault WHERE city = :city AND id = :id", id=id):
            files.append(file)
        tx.run("DELETE FROM vault WHERE city = :city AND id = :id", id=id)
        tx.run("DELETE FROM vault_mark WHERE city = :city AND id = :id", id=id)
        tx.put("erased", _Erased(id, tx.now))
    return files


class _Erased(Struct, frozen=True):
    id: str
    at: datetime


class _Seen(Struct, frozen=True):
    """How much of the list was gone through in this database."""

    id: str
    size: int  # bytes
    digest: str


class ErasedList:
    """The ids erased so far, in a file apart from backups; run again after every restore, before the door opens."""

    def __init__(self, path: Path):
        self.path = path

    def add(self, ids: Iterable[VaultId]) -> None:
        """Write ids down for good. Do it before the erasing commits: one too many is harmless, one too few is not."""
        make_folder(self.path.parent)
        with self.path.open("ab+") as out:
            if out.tell():
                out.seek(-1, os.SEEK_END)
                out.write(b"" if out.read() == b"\n" else b"\n")  # what was cut off there is no beginning of these
            out.writelines(f"{id}\n".encode() for id in ids)
            out.flush()
            os.fsync(out.fileno())
        sync_folder(self.path.parent)

    def ids(self) -> list[str]:
        """All that was ever erased."""
        return self.path.read_text().split() if self.path.exists() else []

    def again(self, tx: Tx) -> list[str]:
        """Erase whatever a restore has brought back; gives the files that nobody names any more.

        How far the list was gone through is written down in the database, and no backup has that: a start has little to look for.
        """
        listed = self.path.read_bytes() if self.path.exists() else b""
        listed = listed[: listed.rfind(b"\n") + 1]
        seen = tx.get("erased_list", _Seen, "all")
        is_same = seen is not None and sha256(listed[: seen.size]).hexdigest() == seen.digest
        rest = listed[seen.size :] if seen and is_same else listed
        if not rest:
            return []
        back = tx.among("vault", "id", ("id",), rest.decode().split())
        tx.put("erased_list", _Seen("all", len(listed), sha256(listed).hexdigest()))
        return erase_rows(tx, [row.id for row in back])
