"""A photo is kept: its files first, outside any transaction; then its key in the vault, with the change that names it."""

import os
from collections.abc import Sequence

from msgspec import Struct

from cityloop.db import Tx
from cityloop.domain.facts import PhotoRef
from cityloop.domain.ids import FileDigest, VaultId
from cityloop.files.model import Photo, PhotoLimits
from cityloop.files.photo import take_in
from cityloop.files.store import SALT_BYTES, FileStore, commitment
from cityloop.journal import vault_keep_file

PHOTO = "photo"  # the kind of vault data


class FileShown(Struct, frozen=True):
    """A file that shows a photo of a subject, e.g. `case/ID`: who may read the subject may see it."""

    digest: FileDigest
    photo: VaultId
    subject: str


class StoredPhoto(Struct, frozen=True, kw_only=True):
    """A photo whose files are on the disk, and which no fact names yet. A sweep takes it if none ever does."""

    shown: FileDigest
    thumb: FileDigest
    sealed: FileDigest
    key: bytes
    salt: bytes
    digest: str  # the commitment over the bytes as sent

    def __repr__(self) -> str:
        return f"StoredPhoto({self.shown[:12]})"  # a log must not learn the key


def store_photo(store: FileStore, raw: bytes, limits: PhotoLimits) -> StoredPhoto:
    """Make a photo safe to show and put its files on the disk. Slow: run it aside, before the transaction.

    Refuses with `PhotoTooLarge`, `NotAPhoto`, `PhotoBomb` or `PhotoUnsupported`.
    """
    return put_photo(store, raw, take_in(raw, limits))


def put_photo(store: FileStore, raw: bytes, photo: Photo) -> StoredPhoto:
    """Put the files of a photo that was taken in on the disk, and draw what its commitment needs."""
    sealed = store.put_sealed(raw)
    salt = os.urandom(SALT_BYTES)
    return StoredPhoto(
        shown=store.put(photo.shown.raw),
        thumb=store.put(photo.thumb.raw),
        sealed=sealed.file_digest,
        key=sealed.key,
        salt=salt,
        digest=commitment(salt, raw),
    )


def keep_photo(tx: Tx, photo: StoredPhoto, subject: str, *, keep_days: int, marks: Sequence[str] = ()) -> PhotoRef:
    """Keep the photo's key in the vault of a subject, and give what a fact may carry of it. By its `marks` it is found again."""
    sent = vault_keep_file(
        tx, PHOTO, subject, digest=photo.digest, salt=photo.salt, key=photo.key, file=photo.sealed, keep_days=keep_days,
        marks=marks,
    )  # fmt: skip
    for digest in {photo.shown, photo.thumb}:
        tx.add("file_shown", FileShown(digest, sent.id, subject))
    return PhotoRef(sent=sent, shown=photo.shown, thumb=photo.thumb)
