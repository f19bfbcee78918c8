"""The keys of a city as one encrypted file: signing keys and their guards, the list of erased ids, the backup's own secret."""

import io
import secrets
import tarfile
from pathlib import Path

from cityloop.db.ciphers import Cipher
from cityloop.db.durable import write_durable
from cityloop.keeping.chest import locked, unlocked

SECRET = "backup.secret"


def secret_of(home: Path) -> bytes:
    """The secret of this city's backups, drawn when it is first asked for. It lies with the keys, never with a backup."""
    path = home / "keys" / SECRET
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_durable(path, secrets.token_urlsafe(32).encode() + b"\n", replace=False)
    return path.read_bytes()


def keys_locked(home: Path, passphrase: bytes, cipher: Cipher = Cipher.aes) -> bytes:
    """The folder of keys as bytes that only the passphrase opens."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        for path in sorted((home / "keys").iterdir()):
            if path.is_file() and not path.name.endswith(".lock"):
                tar.add(path, path.name, recursive=False)
    return locked(passphrase, packed.getvalue(), cipher)


def keys_unlocked(content: bytes, passphrase: bytes, home: Path) -> list[str]:
    """Put keys into an empty folder of keys; gives their names.

    Refuses with `SecretWrong`.
    """
    folder = home / "keys"
    with tarfile.open(fileobj=io.BytesIO(unlocked(passphrase, content))) as tar:
        members = [each for each in tar.getmembers() if each.isfile() and "/" not in each.name]
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for each in members:
            file = tar.extractfile(each)
            assert file
            write_durable(folder / each.name, file.read(), replace=True)
    return [each.name for each in members]


def keys_saved(home: Path, to: Path, passphrase: bytes, cipher: Cipher = Cipher.aes) -> Path:
    """Write the keys into a file, or into a folder as keys.locked."""
    path = to / "keys.locked" if to.is_dir() else to
    path.parent.mkdir(parents=True, exist_ok=True)
    write_durable(path, keys_locked(home, passphrase, cipher), replace=True)
    return path
