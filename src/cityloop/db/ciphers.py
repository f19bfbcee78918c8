"""How what must stay secret is sealed before it lies on a disk: by AES-256-GCM, or by SM4-GCM where a city must use the national cipher.

What is sealed says by which, so that a city which chooses another opens all that it has. Sources: NIST SP 800-38D; GB/T 32907-2016
(SM4), RFC 8998 (SM4-GCM: a key of 128 bits, a nonce of 96, a tag of 128).
"""

import os
from enum import StrEnum
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher as Ciphering
from cryptography.hazmat.primitives.ciphers import algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES, NONCE_BYTES, TAG_BYTES = 32, 12, 16
SM4_MARK = b"\x00sm4gcm\x00"  # before what SM4 sealed; what AES sealed begins with its nonce, as it always did


class Cipher(StrEnum):
    """What an installation chooses (`CITYLOOP_AT_REST`)."""

    aes = "aes"
    sm4 = "sm4"


class _Aead(Protocol):
    def encrypt(self, nonce: bytes, data: bytes, bound: bytes) -> bytes: ...
    def decrypt(self, nonce: bytes, data: bytes, bound: bytes) -> bytes: ...


class Safe:
    """Seals and opens by one key. Shape: a key of 32 bytes, of which SM4 takes the first half; another raises `ValueError`, or opens nothing."""

    def __init__(self, key: bytes, cipher: Cipher = Cipher.aes):
        self._by: dict[Cipher, _Aead] = {Cipher.aes: AESGCM(key), Cipher.sm4: _Sm4Gcm(key[: KEY_BYTES // 2])}
        self._cipher = cipher

    def seal(self, raw: bytes, bound: bytes) -> bytes:
        """Bytes that only the key opens, and only together with what they are bound to."""
        nonce = os.urandom(NONCE_BYTES)
        mark = SM4_MARK if self._cipher is Cipher.sm4 else b""
        return mark + nonce + self._by[self._cipher].encrypt(nonce, raw, bound)

    def open(self, kept: bytes, bound: bytes) -> bytes:
        """What was sealed, by whichever cipher.

        Raises `cryptography.exceptions.InvalidTag` where it is not what was sealed.
        """
        cipher = Cipher.sm4 if kept.startswith(SM4_MARK) else Cipher.aes
        start = len(SM4_MARK) if cipher is Cipher.sm4 else 0
        if len(kept) < start + NONCE_BYTES + TAG_BYTES:
            raise InvalidTag
        return self._by[cipher].decrypt(kept[start : start + NONCE_BYTES], kept[start + NONCE_BYTES :], bound)


class _Sm4Gcm:
    """SM4-GCM with the face of `AESGCM`: the tag behind the ciphertext."""

    def __init__(self, key: bytes):
        self._key = algorithms.SM4(key)

    def encrypt(self, nonce: bytes, data: bytes, bound: bytes) -> bytes:
        """Ciphertext and tag."""
        working = Ciphering(self._key, modes.GCM(nonce)).encryptor()
        working.authenticate_additional_data(bound)
        return working.update(data) + working.finalize() + working.tag

    def decrypt(self, nonce: bytes, data: bytes, bound: bytes) -> bytes:
        """The bytes; raises `InvalidTag`."""
        working = Ciphering(self._key, modes.GCM(nonce, data[-TAG_BYTES:])).decryptor()
        working.authenticate_additional_data(bound)
        return working.update(data[:-TAG_BYTES]) + working.finalize()
