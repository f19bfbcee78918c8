"""What is hashed how: entries, leaves and nodes, and the name under which another digest may stand beside."""

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
    signature_type: int  # the signed-note type byte


SHA256_ED25519: Final = Alg(name="sha256-ed25519", digest=sha256, signature_type=0x01)
ALGS: Final = {SHA256_ED25519.name: SHA256_ED25519}


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
