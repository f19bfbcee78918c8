"""Cosignatures: a witness says that it saw a log's head, when, and that the log only grew until then.

Source: https://c2sp.org/tlog-cosignature, Ed25519 "cosignature/v1".
"""

import base64
import re
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from cityloop.journal.tlog.errors import EvidenceBroken, EvidenceMalformed
from cityloop.journal.tlog.note import SigningKey, is_key_name, signatures_of, strict_base64

TYPE = b"\x04"
AT_BYTES, SIGNATURE_BYTES = 8, 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Cosigner:
    """A witness by its name and public key."""

    name: str
    public: bytes

    @property
    def id(self) -> bytes:
        """The first 4 bytes of sha256(name ‖ "\\n" ‖ type ‖ public key)."""
        return sha256(self.name.encode() + b"\n" + TYPE + self.public).digest()[:4]

    def __str__(self) -> str:
        """The verifier key as one word: name+hex+base64."""
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(TYPE + self.public).decode()}"


def cosigner_of(key: SigningKey) -> Cosigner:
    """What others need to check the cosignatures of a key."""
    return Cosigner(name=key.name, public=key.private.public())


def parse_cosigner(text: str) -> Cosigner:
    """The witness whose verifier key is written as name+hex+base64.

    Refuses with `EvidenceMalformed`.
    """
    name, _, rest = text.partition("+")
    key_id, _, encoded = rest.partition("+")
    raw = strict_base64(encoded)
    if raw is None or len(raw) != 33 or raw[:1] != TYPE or not is_key_name(name) or not re.fullmatch(r"[0-9a-f]{8}", key_id):
        raise EvidenceMalformed(f"{text[:80]!r} is not the verifier key of a witness; copy the line that `cityloop witness key` prints.")
    found = Cosigner(name=name, public=raw[1:])
    if found.id.hex() != key_id:
        raise EvidenceMalformed(f"The key of {name} does not match its id {key_id}; copy the line from the witness again.")
    return found


def cosign(text: str, key: SigningKey, at_s: int) -> str:
    """The signature line of a witness for a checkpoint's text. Units: `at_s` seconds since 1970."""
    signed = at_s.to_bytes(AT_BYTES, "big") + key.private.sign(_said(text, at_s))
    return f"— {key.name} {base64.b64encode(cosigner_of(key).id + signed).decode()}\n"


def cosigned_at(note: str, cosigner: Cosigner) -> int | None:
    """When a witness cosigned a note; None where it did not. Units: seconds since 1970.

    Refuses with `EvidenceMalformed`, and with `EvidenceBroken` where its line is for other words.
    """
    text, signatures = signatures_of(note)
    for name, raw in signatures:
        if (name, raw[:4]) != (cosigner.name, cosigner.id):
            continue
        at_s, signature = int.from_bytes(raw[4 : 4 + AT_BYTES], "big"), raw[4 + AT_BYTES :]
        try:
            Ed25519PublicKey.from_public_bytes(cosigner.public).verify(signature, _said(text, at_s))
        except (InvalidSignature, ValueError) as fault:
            raise EvidenceBroken(f"The cosignature of {name} is not for this checkpoint; do not rely on it, fetch it again.") from fault
        return at_s
    return None


def _said(text: str, at_s: int) -> bytes:
    return f"cosignature/v1\ntime {at_s}\n{text}".encode()
