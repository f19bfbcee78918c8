"""The city's own secret: what the edge signs with, and seals what only it may read again."""

import contextlib
import os
from pathlib import Path

from cryptography.exceptions import InvalidTag

from cityloop.db.ciphers import KEY_BYTES, Cipher, Safe
from cityloop.db.durable import make_folder, write_durable


def secret_in(path: Path) -> bytes:
    """The city's own secret, drawn once; lies outside the database. Whole and on the disk before anything is signed with it."""
    if not path.exists():
        make_folder(path.parent)
        with contextlib.suppress(FileExistsError):
            write_durable(path, os.urandom(KEY_BYTES), replace=False)
    return path.read_bytes()


class Tampered(ValueError):
    """What was sealed was changed, belongs to something else, or was sealed by another secret."""


def sealed(secret: bytes, purpose: str, raw: bytes, *, of: str = "", cipher: Cipher = Cipher.aes) -> bytes:
    """Bytes that only this city opens again, only for the same purpose and the same thing.

    Source: db/ciphers.py, the key by HKDF-SHA256 from the city's secret.
    """
    return Safe(_key(secret, purpose), cipher).seal(raw, of.encode())


def opened(secret: bytes, purpose: str, kept: bytes, *, of: str = "") -> bytes:
    """What `sealed` was given.

    Raises `Tampered`.
    """
    try:
        return Safe(_key(secret, purpose)).open(kept, of.encode())
    except (InvalidTag, ValueError) as error:
        raise Tampered(f"what was sealed for {purpose} does not open") from error


def _key(secret: bytes, purpose: str) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=b"cityloop " + purpose.encode()).derive(secret)
