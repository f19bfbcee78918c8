"""The city's own secret: what the edge signs with, and seals what only it may read again."""

import contextlib
import os
from pathlib import Path

from cityloop.db.durable import make_folder, write_durable

NONCE_BYTES = 12


def secret_in(path: Path) -> bytes:
    """The city's own secret, drawn once; lies outside the database. Whole and on the disk before anything is signed with it."""
    if not path.exists():
        make_folder(path.parent)
        with contextlib.suppress(FileExistsError):
            write_durable(path, os.urandom(32), replace=False)
    return path.read_bytes()


class Tampered(ValueError):
    """What was sealed was changed, belongs to something else, or was sealed by another secret."""


def sealed(secret: bytes, purpose: str, raw: bytes, *, of: str = "") -> bytes:
    """Bytes that only this city opens again, only for the same purpose and the same thing.

    Source: AES-256-GCM, its key by HKDF-SHA256 from the city's secret.
    """
    nonce = os.urandom(NONCE_BYTES)
    return nonce + _cipher(secret, purpose).encrypt(nonce, raw, of.encode())


def opened(secret: bytes, purpose: str, kept: bytes, *, of: str = "") -> bytes:
    """What `sealed` was given.

    Raises `Tampered`.
    """
    from cryptography.exceptions import InvalidTag

    try:
        return _cipher(secret, purpose).decrypt(kept[:NONCE_BYTES], kept[NONCE_BYTES:], of.encode())
    except (InvalidTag, ValueError) as error:
        raise Tampered(f"what was sealed for {purpose} does not open") from error


def _cipher(secret: bytes, purpose: str):
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return AESGCM(HKDF(algorithm=SHA256(), length=32, salt=None, info=b"cityloop " + purpose.encode()).derive(secret))
