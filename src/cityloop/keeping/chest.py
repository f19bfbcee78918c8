"""A folder of encrypted pieces, each named by a keyed digest of what it holds: the same bytes are kept once.

    chest.json   how the secret becomes the key that unlocks the folder's own key
    ab/abcd…     a piece: the packed bytes as `db/ciphers.py` seals them, its name bound in
    points/      what makes a moment; written last, so that a backup is whole or not there
"""

import errno
import hashlib
import hmac
import json
import os
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from cityloop.db.ciphers import KEY_BYTES, Cipher, Safe
from cityloop.db.durable import write_durable
from cityloop.keeping.model import (
    FORMAT,
    BackupBusy,
    BackupDamaged,
    BackupFull,
    NoBackup,
    Point,
    SchemaUnknown,
    SecretWrong,
)

try:
    import fcntl
except ImportError:  # not a POSIX system: one process at a time is then up to the operator
    fcntl = None  # type: ignore[assignment]

BOUND = b"cityloop chest 1"
SALT = 16
COST = 1 << 15  # of scrypt: a tenth of a second and 32 MB for each try
_PACKED, _PLAIN = b"z", b"-"
PATIENCE_S = 1800.0  # of a command for others who write here: a full backup of a large city
LOCK_LOOK_S = 0.2
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)


def locked(secret: bytes, content: bytes, cipher: Cipher = Cipher.aes) -> bytes:
    """Bytes that only who has the secret can read: a salt, and what is sealed."""
    salt = os.urandom(SALT)
    return salt + Safe(_stretched(secret, salt), cipher).seal(content, BOUND)


def unlocked(secret: bytes, content: bytes) -> bytes:
    """What was locked. Refuses with `SecretWrong`."""
    salt, kept = content[:SALT], content[SALT:]
    try:
        return Safe(_stretched(secret, salt)).open(kept, BOUND)
    except (InvalidTag, ValueError):
        raise SecretWrong("The secret does not open this; give the one that it was made with.") from None


def _stretched(secret: bytes, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=KEY_BYTES, n=COST, r=8, p=1).derive(secret.strip())


class Chest:
    """The pieces and points in a folder. `cipher` seals what is written from now on; what lies there says by which it was."""

    def __init__(self, folder: Path, key: bytes, cipher: Cipher = Cipher.aes, patience_s: float = 0.0):
        self.folder = folder
        self._patience_s = patience_s  # how long it waits for others who write here
        self._safe = Safe(hmac.digest(key, b"pieces", "sha256"), cipher)
        self._naming = hmac.digest(key, b"names", "sha256")
        self._seen: set[str] = set()
        self._folders: set[Path] = set()

    @classmethod
    def at(cls, folder: Path, secret: bytes, *, begin: bool = False, cipher: Cipher = Cipher.aes, patience_s: float = 0.0) -> "Chest":
        """The chest in a folder; with `begin` an empty folder becomes one.

        Refuses with `NoBackup` or `SecretWrong`.
        """
        head = folder / "chest.json"
        if not head.exists():
            if not begin:
                raise NoBackup(f"There is no backup in {folder}; make one: cityloop backup make --to {folder}")
            (folder / "points").mkdir(mode=0o700, parents=True, exist_ok=True)
            said = {"format": FORMAT, "key": locked(secret, os.urandom(KEY_BYTES), cipher).hex()}
            with _room():
                write_durable(head, json.dumps(said).encode() + b"\n", replace=False)
        said = json.loads(head.read_bytes())
        if said["format"] != FORMAT:
            raise SchemaUnknown(f"{folder} has the format {said['format']}, and this program reads {FORMAT}; use a newer one.")
        return cls(folder, unlocked(secret, bytes.fromhex(said["key"])), cipher, patience_s)

    # pieces

    def put(self, content: bytes, *, pack: bool = True) -> tuple[str, int]:
        """Keep bytes; gives their name, and how many were written: none where they lie here already."""
        name = hmac.digest(self._naming, content, "sha256").hex()
        path = self._path(name)
        if name in self._seen or path.exists():
            self._seen.add(name)
            return name, 0
        packed = zlib.compress(content, 1) if pack else content
        kind, packed = (_PACKED, packed) if pack and len(packed) < len(content) else (_PLAIN, content)
        sealed = self._safe.seal(kind + packed, BOUND + name.encode())
        if path.parent not in self._folders:
            path.parent.mkdir(mode=0o700, exist_ok=True)
            self._folders.add(path.parent)
        with _room():
            write_durable(path, sealed, replace=True)
        self._seen.add(name)
        return name, len(sealed)

    def get(self, name: str) -> bytes:
        """The bytes of a piece. Refuses with `BackupDamaged` where it is gone or is not what was written."""
        try:
            sealed = self._path(name).read_bytes()
        except FileNotFoundError:
            raise BackupDamaged(f"The piece {name[:16]}… of the backup is gone; use another backup.") from None
        try:
            opened = self._safe.open(sealed, BOUND + name.encode())
        except (InvalidTag, ValueError):
            raise BackupDamaged(f"The piece {name[:16]}… of the backup is not what was written; use another backup.") from None
        return zlib.decompress(opened[1:]) if opened[:1] == _PACKED else opened[1:]

    def remove(self, names: set[str]) -> int:
        """Let pieces go for good; gives how many bytes."""
        gone = 0
        for name in names:
            path = self._path(name)
            if path.exists():
                gone += path.stat().st_size
                path.unlink()
        self._seen -= names
        return gone

    def names(self) -> set[str]:
        """Every piece that lies here."""
        return {path.name for path in self.folder.glob("??/*") if len(path.name) == 64}

    def _path(self, name: str) -> Path:
        return self.folder / name[:2] / name

    # points

    def add(self, point: Point) -> None:
        """Keep a point: from now on the backup is there."""
        with _room():
            write_durable(self._point_path(point.name), self._boxed(point.name, msgspec.msgpack.encode(point)), replace=True)

    def point(self, name: str) -> Point:
        """A point by its name. Refuses with `BackupDamaged`."""
        try:
            raw = self._unboxed(name, self._point_path(name).read_bytes())
        except (InvalidTag, ValueError, FileNotFoundError):
            raise BackupDamaged(f"The point {name} is gone, or is not what was written; use an earlier one.") from None
        return msgspec.msgpack.decode(raw, type=Point)

    def point_names(self) -> list[str]:
        """The names of all points, the oldest first."""
        return sorted(path.stem for path in (self.folder / "points").glob("*.point"))

    def drop(self, name: str) -> None:
        """Let a point go; its pieces stay until they are swept."""
        self._point_path(name).unlink(missing_ok=True)

    def note(self, name: str, content: bytes | None = None) -> bytes | None:
        """A small thing that the folder remembers: written where `content` is given, else read."""
        path = self.folder / f"{name}.note"
        if content is not None:
            with _room():
                write_durable(path, self._boxed(name, content), replace=True)
            return content
        return self._unboxed(name, path.read_bytes()) if path.exists() else None

    def _boxed(self, name: str, content: bytes) -> bytes:
        return self._safe.seal(zlib.compress(content), BOUND + name.encode())

    def _unboxed(self, name: str, raw: bytes) -> bytes:
        return zlib.decompress(self._safe.open(raw, BOUND + name.encode()))

    def _point_path(self, name: str) -> Path:
        return self.folder / "points" / f"{name}.point"

    @contextmanager
    def alone(self) -> Iterator[None]:
        """The only one who writes here. Refuses with `BackupBusy`."""
        lock = self._lock()
        self._seen.clear()  # others may have removed pieces meanwhile
        try:
            yield
        finally:
            if lock is not None:
                os.close(lock)

    def _lock(self) -> int | None:
        if fcntl is None:
            return None
        lock = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        until = time.monotonic() + self._patience_s
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                if time.monotonic() >= until:
                    os.close(lock)
                    raise BackupBusy(f"Another backup is under way in {self.folder}; wait for it, or use another folder.") from None
                time.sleep(LOCK_LOOK_S)
            else:
                return lock


@contextmanager
def _room() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise BackupFull("The disk of the backup is full; what was made before is whole. Make room, then make it again.") from error
        raise


def digest_of(rows: bytes, so_far: bytes) -> bytes:
    """The digest of a table after one more chunk of its rows."""
    return hashlib.sha256(so_far + hashlib.sha256(rows).digest()).digest()
