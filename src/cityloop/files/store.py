"""Files by their hash on one disk: durable when put, never half there, swept when nobody knows them."""

import errno
import os
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from cryptography.exceptions import InvalidTag

from cityloop.db.ciphers import KEY_BYTES, Cipher, Safe
from cityloop.db.durable import make_folder, sync_folder
from cityloop.domain.ids import FileDigest
from cityloop.files.model import DiskFull, FileDamaged, FileMissing, FilesOfOthers, SealBroken, Sealed, Swept

try:
    import fcntl
except ImportError:  # Windows: one process only
    fcntl = None

FULL = (errno.ENOSPC, errno.EDQUOT)
SEAL = b"cityloop sealed file 1\n"  # also bound into the seal
SALT_BYTES = 32
UNKNOWN_MANY = 100  # files: so many are no crash's leavings where they are most of all
DIGEST = re.compile(r"[0-9a-f]{64}")


def commitment(salt: bytes, content: bytes) -> str:
    """What a fact may carry of vault data: the digest of salt ‖ bytes, hex. Without the salt it tells nothing."""
    assert len(salt) == SALT_BYTES, "a salt has 32 bytes"
    return sha256(salt + content).hexdigest()


class FileStore:
    """A folder of files, each named by the sha256 of its bytes: `ab/cd/abcd…`. Threads and processes may share it.

    `cipher` seals what is sealed from now on.
    """

    def __init__(self, root: Path, cipher: Cipher = Cipher.aes) -> None:
        self.root, self._cipher = root, cipher
        self._fresh = root / "fresh"  # half-written files; the same disk, so that a rename is one step
        make_folder(self._fresh, 0o700)
        self._lock_path = root / "lock"
        self._lock_path.touch(mode=0o600)
        self._inner = threading.Lock()
        self._settled: set[Path] = set()  # folders whose own names are known to be on the disk

    def put(self, raw: bytes) -> FileDigest:
        """Keep the bytes; on return they survive a power cut. The same bytes again are one file, and count as new.

        Refuses with `DiskFull`.
        """
        digest = FileDigest(sha256(raw).hexdigest())
        path = self._path(digest)
        self._settle(path.parent)
        if not self._renewed(path, digest):
            fresh = self._written(raw)
            try:
                with self._turn(alone=False):
                    os.replace(fresh, path)
            except BaseException:
                fresh.unlink(missing_ok=True)
                raise
        sync_folder(path.parent)
        return digest

    def get(self, digest: FileDigest) -> bytes:
        """The bytes. Refuses with `FileMissing`, and with `FileDamaged` if the disk changed them."""
        with self.open_path(digest).open("rb") as file:
            raw = file.read()
        if sha256(raw).hexdigest() != digest:
            raise FileDamaged(
                "This file is damaged on the disk; an operator must restore it from a backup.", log=digest
            )
        return raw

    def open_path(self, digest: FileDigest) -> Path:
        """Where the file lies, to be sent as it is. Refuses with `FileMissing`."""
        path = self._path(digest)
        if not path.is_file():
            raise FileMissing("There is no such file; it may have been erased.", log=digest)
        return path

    def exists(self, digest: FileDigest) -> bool:
        """Whether the file is here."""
        return self._path(digest).is_file()

    def delete(self, digest: FileDigest) -> bool:
        """Remove the file for good; whether it was here. One file may serve several photos: ask the vault first."""
        path = self._path(digest)
        with self._turn(alone=True):
            try:
                path.unlink()
            except FileNotFoundError:
                return False
        sync_folder(path.parent)
        return True

    def put_sealed(self, raw: bytes) -> Sealed:
        """Keep the bytes encrypted under a key of their own, which goes to the vault. Without it nobody reads them."""
        key = os.urandom(KEY_BYTES)
        file_digest = self.put(SEAL + Safe(key, self._cipher).seal(raw, SEAL))
        return Sealed(FileDigest(sha256(raw).hexdigest()), file_digest, key)

    def open_sealed(self, file_digest: FileDigest, key: bytes) -> bytes:
        """The bytes as they were sealed. Refuses with `FileMissing`, `FileDamaged`, `SealBroken`."""
        sealed = self.get(file_digest)
        try:
            return Safe(key).open(sealed[len(SEAL) :], SEAL)
        except (InvalidTag, ValueError) as fault:
            raise SealBroken("This file cannot be opened with the key that the vault has.", log=file_digest) from fault

    def sweep(self, known: Callable[[FileDigest], bool], older_than_s: float, now: datetime) -> Swept:
        """Remove the files that nobody knows, and what a crash left half-written, if older than `older_than_s`.

        Refuses with `FilesOfOthers` where most files are unknown, and removes none of them.
        """
        before = now.timestamp() - older_than_s
        gone = [self._swept(path, before) for path in self._fresh.iterdir()]
        seen, unknown = 0, []
        for path in self._files():
            seen += 1
            if _older(path, before) and not known(FileDigest(path.name)):
                unknown.append(path)
        if len(unknown) > max(UNKNOWN_MANY, seen // 2):
            raise FilesOfOthers(f"Of {seen} files in {self.root} nobody knows {len(unknown)}: is this the folder of this city's database? None was removed.")
        gone += [self._swept(path, before) for path in unknown]
        sizes = [size for size in gone if size is not None]
        return Swept(len(sizes), sum(sizes))

    def _path(self, digest: str) -> Path:
        if not DIGEST.fullmatch(digest):
            raise FileMissing("There is no such file; a file's name has 64 hexadecimal digits.")
        return self.root / digest[:2] / digest[2:4] / digest

    def _written(self, raw: bytes) -> Path:
        fresh = self._fresh / uuid4().hex
        try:
            with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(raw)
                file.flush()
                os.fsync(file.fileno())
        except BaseException as error:
            fresh.unlink(missing_ok=True)
            if isinstance(error, OSError) and error.errno in FULL:
                raise DiskFull("The disk has no room for this file; send it again later, and tell the operator.", log=repr(error)) from error
            raise
        return fresh

    def _renewed(self, path: Path, digest: str) -> bool:
        """Whether the file is here and whole; if so it is as young as a new one, and no sweep takes it."""
        with self._turn(alone=False):
            try:
                if sha256(path.read_bytes()).hexdigest() != digest:
                    return False
                os.utime(path)
            except FileNotFoundError:
                return False
        return True

    def _settle(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if folder not in self._settled:
            sync_folder(folder.parent)
            sync_folder(self.root)
            self._settled.add(folder)

    def _files(self) -> Iterator[Path]:
        for outer in self.root.iterdir():
            if len(outer.name) == 2 and outer.is_dir():
                yield from (path for path in outer.glob("??/*") if DIGEST.fullmatch(path.name))

    def _swept(self, path: Path, before: float) -> int | None:
        """The bytes that went, or None: under the lock the age is asked again, as a `put` may just have renewed it."""
        with self._turn(alone=True), suppress(FileNotFoundError):
            if _older(path, before):
                size_bytes = path.stat().st_size
                path.unlink()
                return size_bytes
        return None

    @contextmanager
    def _turn(self, *, alone: bool) -> Iterator[None]:
        """Shared by those who put, alone for who removes: no file goes between being renewed and being known."""
        if fcntl is None:
            with self._inner:
                yield
            return
        with self._open_lock() as file:
            fcntl.flock(file, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
            yield  # closing gives the turn away

    def _open_lock(self) -> BinaryIO:
        return self._lock_path.open("rb")


def _older(path: Path, before: float) -> bool:
    with suppress(FileNotFoundError):
        return path.stat().st_mtime < before
    return False
