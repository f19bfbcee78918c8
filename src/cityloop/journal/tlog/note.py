"""Signed notes: a text, and who stands for it; written and read as Go's sumdb/note does, only stricter."""

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from cityloop.journal.tlog.alg import ALGS, SHA256_ED25519, Alg
from cityloop.journal.tlog.errors import EvidenceBroken, EvidenceMalformed
from cityloop.journal.tlog.signing import Private, verify

SIGNATURES_MAX = 100
NOTE_BYTES_MAX = 1_000_000
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_SIGNATURE = "\u2014 "


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifierKey:
    """Who signs, under which id, with which public key."""

    name: str
    id: bytes  # the first 4 bytes of sha256(name ‖ "\n" ‖ type ‖ public key)
    public: bytes
    alg: Alg = SHA256_ED25519

    def __str__(self) -> str:
        """The verifier key as one word: name+hex+base64."""
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(self.alg.signature_type + self.public).decode()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKey:
    """A name and its private key. Its text is a secret; `repr` does not show it."""

    name: str
    private: Private

    @property
    def verifier(self) -> VerifierKey:
        """What others need to check this key's signatures."""
        return verifier_of(self.name, self.private.public(), alg=self.private.alg)


def verifier_of(name: str, public: bytes, *, alg: Alg = SHA256_ED25519) -> VerifierKey:
    """The verifier key of a name and a public key.

    Source: https://c2sp.org/signed-note, "Signatures".
    """
    if not is_key_name(name):
        raise EvidenceMalformed(f"{name[:80]!r} cannot name a key; use words without spaces and without '+'.")
    key_id = sha256(name.encode() + b"\n" + alg.signature_type + public).digest()[:4]
    return VerifierKey(name=name, id=key_id, public=public, alg=alg)


def parse_verifier(text: str) -> VerifierKey:
    """The verifier key written as name+hex+base64.

    Refuses with `EvidenceMalformed`, also where the id is not that of the key.
    """
    name, _, rest = text.partition("+")
    key_id, _, encoded = rest.partition("+")
    raw = strict_base64(encoded)
    if raw is None or not raw or not re.fullmatch(r"[0-9a-f]{8}", key_id) or not is_key_name(name):
        raise EvidenceMalformed(f"{text[:80]!r} is not a verifier key; copy the whole line name+id+key from the city.")
    alg = next((each for each in ALGS.values() if raw.startswith(each.signature_type)), None)
    if alg is None or len(raw) != len(alg.signature_type) + alg.public_bytes:
        raise EvidenceMalformed(
            f"The key of {name} is of type 0x{raw[0]:02x}, neither Ed25519 (0x01) nor SM2 (0xff); update the verifier."
        )
    key = verifier_of(name, raw[len(alg.signature_type) :], alg=alg)
    if key.id.hex() != key_id:
        raise EvidenceMalformed(f"The key of {name} does not match its id {key_id}; copy the line from the city again.")
    return key


def sign_note(text: str, key: SigningKey) -> str:
    """The note: `text`, a blank line, the signature.

    Shape:  `text` ends in a newline.
    Source: https://c2sp.org/signed-note, "Format".
    """
    if not text.endswith("\n") or _CONTROL.search(text):
        raise EvidenceMalformed("A note's text ends in a newline and has no control characters; correct the text.")
    signature = base64.b64encode(key.verifier.id + key.private.sign(text.encode())).decode()
    return f"{text}\n{_SIGNATURE}{key.name} {signature}\n"


def open_note(note: str, known: Sequence[VerifierKey]) -> str:
    """The note's text, once a known key has signed it; signatures of strangers are passed over.

    Refuses with `EvidenceMalformed`; with `EvidenceBroken` where no known key signed it, or one signed other words.
    """
    text, signatures = signatures_of(note)
    keys = {(key.name, key.id): key for key in known}
    verified = 0
    for name, raw in signatures:
        key = keys.get((name, raw[:4]))
        if key is None:
            continue
        if not verify(key.alg, key.public, raw[4:], text.encode()):
            raise EvidenceBroken(
                f"The signature of {name} is not for this text; do not rely on it, fetch the checkpoint again."
            )
        verified += 1
    if not verified:
        names = ", ".join(key.name for key in known) or "nobody"
        raise EvidenceBroken(
            f"The note is not signed by {names}; check the verifier key, or fetch the checkpoint again."
        )
    return text


def is_key_name(name: str) -> bool:
    """Whether a key may be called so. Source: https://c2sp.org/signed-note, "Format"."""
    return bool(name) and "+" not in name and not _CONTROL.search(name) and not any(each.isspace() for each in name)


def strict_base64(text: str) -> bytes | None:
    """The bytes, or None: one text for one value, so that no character of evidence can change unseen."""
    try:
        raw = base64.b64decode(text)
    except (binascii.Error, ValueError):
        return None
    return raw if base64.b64encode(raw).decode() == text else None


def signatures_of(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    """The text with its last newline, and (name, id ‖ signature) of each line below it."""
    wrong = EvidenceMalformed("This is not a signed note; fetch the whole checkpoint, with its last line, again.")
    text, blank, below = note.rpartition("\n\n")
    try:
        size_bytes = len(note.encode())
    except UnicodeEncodeError as fault:
        raise wrong from fault
    if not blank or not below.endswith("\n") or _CONTROL.search(note) or size_bytes > NOTE_BYTES_MAX:
        raise wrong
    lines = below[:-1].split("\n")
    if len(lines) > SIGNATURES_MAX:
        raise wrong
    signatures = []
    for line in lines:
        name, _, encoded = line.removeprefix(_SIGNATURE).partition(" ")
        raw = strict_base64(encoded)
        if not line.startswith(_SIGNATURE) or not is_key_name(name) or raw is None or len(raw) < 5:
            raise wrong
        signatures.append((name, raw))
    return text + "\n", signatures
