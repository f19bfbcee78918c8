"""Signatures: Ed25519, and SM2 with SM3 (GB/T 32918) where a city chooses it. SM2 is the extra `sm`, loaded when it is needed."""

from typing import Any, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from cityloop.journal.tlog.alg import SHA256_ED25519, SM3_SM2, Alg
from cityloop.journal.tlog.errors import EvidenceMalformed

SIGNER = b"1234567812345678"  # who signs, where nobody says otherwise: GM/T 0009-2012, 10
SECRET_BYTES = 32


class Private(Protocol):
    """A private key of some algorithm."""

    alg: Alg

    def public(self) -> bytes: ...

    def secret(self) -> bytes: ...

    def sign(self, data: bytes) -> bytes: ...


class Ed25519:
    """A private key of RFC 8032."""

    alg = SHA256_ED25519

    def __init__(self, secret: bytes | None = None):
        self._key = Ed25519PrivateKey.generate() if secret is None else Ed25519PrivateKey.from_private_bytes(secret)

    def public(self) -> bytes:
        return self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    def secret(self) -> bytes:
        return self._key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())

    def sign(self, data: bytes) -> bytes:
        return self._key.sign(data)


class Sm2:
    """A private key of GB/T 32918. Signatures are DER, as GM/T 0009 and OpenSSL have them; the public key is x \u2016 y, and is kept
    beside the secret."""

    alg = SM3_SM2

    def __init__(self, secret: bytes | None = None):
        if secret is None:
            self._public, self._secret = sm2().sm2_key_generate()
            return
        self._secret, self._public = secret[:SECRET_BYTES], secret[SECRET_BYTES:]
        if not verify(self.alg, self._public, self.sign(b"ours"), b"ours"):
            raise ValueError("the public key is another's")

    def public(self) -> bytes:
        return self._public

    def secret(self) -> bytes:
        return self._secret + self._public

    def sign(self, data: bytes) -> bytes:
        return sm2().sm2_sign(self._secret, self._public, data, signer_id=SIGNER)


KINDS = {SHA256_ED25519.name: Ed25519, SM3_SM2.name: Sm2}


def verify(alg: Alg, public: bytes, signature: bytes, data: bytes) -> bool:
    """Whether the signature is this key's over these bytes."""
    if alg is SM3_SM2:
        library = sm2()
        try:
            return bool(library.sm2_verify(public, data, signature, signer_id=SIGNER))
        except (library.GmsslInnerError, ValueError):
            return False
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True


def sm2() -> Any:
    """The library that signs with SM2.

    Refuses with `EvidenceMalformed` where it is not installed.
    """
    try:
        import gmssl_pyx
    except ImportError as fault:
        raise EvidenceMalformed("SM2 needs the extra `sm`, which is not installed: pip install 'cityloop[sm]'.") from fault
    return gmssl_pyx
