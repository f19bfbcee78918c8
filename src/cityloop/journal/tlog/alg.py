"""What is hashed how: entries, leaves and nodes, by SHA-256 or, where a city chooses it, by SM3."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from cityloop.journal.tlog.errors import EvidenceMalformed

HASH_BYTES: Final = 32
SALT_BYTES: Final = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Alg:
    """A digest and a signature by name; `digest` must give 32 bytes, as SHA-256 and SM3 do."""

    name: str
    digest: Callable[[bytes], Any]  # returns an object with .digest(), as hashlib's
    signature_type: bytes  # as signed-note writes it before the public key
    public_bytes: int

    @property
    def in_facts(self) -> str:
        """The name as facts carry it."""
        return self.name.replace("-", "+")


def sm3(data: bytes) -> Any:
    """The digest of GB/T 32905-2016, by the system's OpenSSL. Whoever runs one without it cannot choose it."""
    return hashlib.new("sm3", data)


SHA256_ED25519: Final = Alg(name="sha256-ed25519", digest=sha256, signature_type=b"\x01", public_bytes=32)
# Signed notes know no number for SM2: 0xff and a name of one's own stand for it, as their text says.
SM3_SM2: Final = Alg(name="sm3-sm2", digest=sm3, signature_type=b"\xffgb-t-32918-sm2-with-sm3\n", public_bytes=64)
ALGS: Final = {each.name: each for each in (SHA256_ED25519, SM3_SM2)}


def alg_in_facts(name: str) -> Alg:
    """The algorithm that facts call so.

    Refuses with `EvidenceMalformed`.
    """
    found = ALGS.get(name.replace("+", "-"))
    if found is None:
        raise EvidenceMalformed(f"{name[:40]!r} names no digest and signature; choose {' or '.join(each.in_facts for each in ALGS.values())}.")
    return found


def entry(salt: bytes, body: bytes, *, alg: Alg = SHA256_ED25519) -> bytes:
    """The salted commitment to one fact, which is the log's entry: tells nothing without the salt.

    Shape:  `salt` is exactly 32 bytes, else bytes could be moved between salt and body unseen.
    Source: docs/design, "Sealing": digest(salt ‖ body).
    """
    if len(salt) != SALT_BYTES:
        raise EvidenceMalformed(f"The salt of a fact has {len(salt)} bytes; give exactly {SALT_BYTES}.")
    return alg.digest(salt + body).digest()


def leaf_hash(data: bytes, *, alg: Alg = SHA256_ED25519) -> bytes:
    """The Merkle hash of one entry.

    Source: RFC 6962 §2.1, MTH({d}) = HASH(0x00 ‖ d).
    """
    return alg.digest(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes, *, alg: Alg = SHA256_ED25519) -> bytes:
    """The Merkle hash of two subtrees.

    Source: RFC 6962 §2.1, HASH(0x01 ‖ left ‖ right).
    """
    return alg.digest(b"\x01" + left + right).digest()


def empty_root(*, alg: Alg = SHA256_ED25519) -> bytes:
    """The root of a tree without leaves.

    Source: RFC 6962 §2.1, MTH({}) = HASH().
    """
    return alg.digest(b"").digest()
