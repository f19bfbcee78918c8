"""One fact with all that proves it: to be handed to whoever may see the fact, and checked without us."""

import base64
from dataclasses import dataclass
from typing import Any

from cityloop.journal.tlog.alg import ALGS, HASH_BYTES, SALT_BYTES, SHA256_ED25519, entry, leaf_hash
from cityloop.journal.tlog.checkpoint import Checkpoint, open_checkpoint
from cityloop.journal.tlog.errors import EvidenceBroken, EvidenceMalformed
from cityloop.journal.tlog.note import parse_verifier, strict_base64
from cityloop.journal.tlog.verify import verify_inclusion

FORMAT = "cityloop.fact-proof.v1"
PATH_HASHES_MAX = 63
_MEMBERS = {"format": str, "alg": str, "origin": str, "index": int, "size": int, "salt": str, "body": str}
_MEMBERS |= {"path": list, "checkpoint": str}


@dataclass(frozen=True, slots=True, kw_only=True)
class SaltedFactProof:
    """The bytes of a fact, its salt, its place in the log, the way to the root, the signed root."""

    origin: str
    index: int
    size: int
    salt: bytes
    body: bytes
    path: tuple[bytes, ...]
    checkpoint: str  # the signed note
    alg: str = SHA256_ED25519.name

    def to_json(self) -> dict[str, Any]:
        """The bundle as plain JSON members; bytes as base64."""
        return {
            "format": FORMAT,
            "alg": self.alg,
            "origin": self.origin,
            "index": self.index,
            "size": self.size,
            "salt": _text(self.salt),
            "body": _text(self.body),
            "path": [_text(each) for each in self.path],
            "checkpoint": self.checkpoint,
        }

    def to_tlog_proof(self) -> str:
        """The bundle as a text that other log tools read; the log's entry is the digest of the extra data.

        Source: https://c2sp.org/tlog-proof; `extra` is salt ‖ body.
        """
        path = "".join(f"{_text(each)}\n" for each in self.path)
        extra = _text(self.salt + self.body)
        return f"c2sp.org/tlog-proof@v1\nextra {extra}\nindex {self.index}\n{path}\n{self.checkpoint}"


def bundle_from_json(members: object) -> SaltedFactProof:
    """The bundle in decoded JSON, checked for form only.

    Refuses with `EvidenceMalformed` and names the member.
    """
    if not isinstance(members, dict) or members.get("format") != FORMAT:
        raise EvidenceMalformed(f"This is not a proof of a fact; give the whole JSON with format {FORMAT}.")
    for name, kind in _MEMBERS.items():
        if type(members.get(name)) is not kind:
            raise EvidenceMalformed(
                f"Member {name!r} of the proof is missing or not a {kind.__name__}; ask for it again."
            )
    if unknown := sorted(str(name) for name in members.keys() - _MEMBERS.keys()):
        raise EvidenceMalformed(f"Member {unknown[0][:80]!r} does not belong in a proof; remove it.")
    if len(members["path"]) > PATH_HASHES_MAX:
        raise EvidenceMalformed(f"Member 'path' of the proof has more than {PATH_HASHES_MAX} hashes; ask for it again.")
    return SaltedFactProof(
        alg=members["alg"],
        origin=members["origin"],
        index=members["index"],
        size=members["size"],
        salt=_bytes("salt", members["salt"], SALT_BYTES),
        body=_bytes("body", members["body"], None),
        path=tuple(_bytes("path", each, HASH_BYTES) for each in members["path"]),
        checkpoint=members["checkpoint"],
    )


def verify_bundle(bundle: SaltedFactProof, vkey: str) -> Checkpoint:
    """The checkpoint under which the fact stands, once every link from its bytes to the signature holds.

    Shape: `vkey` is the city's verifier key, name+id+key, got on another way than the bundle.
    Refuses with `EvidenceBroken` or `EvidenceMalformed`.
    """
    alg = ALGS.get(bundle.alg)
    if alg is None:
        raise EvidenceMalformed(f"The proof uses {bundle.alg[:40]!r}, which this verifier does not know; update it.")
    key = parse_verifier(vkey)
    if key.name != bundle.origin:
        raise EvidenceBroken(f"The proof is of {bundle.origin[:80]}, the key of {key.name}; use the key of that log.")
    if key.alg is not alg:
        raise EvidenceBroken(f"The proof uses {alg.name}, the key of {key.name} {key.alg.name}; use the key of that log.")
    checkpoint = open_checkpoint(bundle.checkpoint, key)
    if checkpoint.size != bundle.size:
        raise EvidenceBroken(
            f"The proof is for {bundle.size} leaves, its checkpoint for {checkpoint.size}; ask for a new proof."
        )
    leaf = leaf_hash(entry(bundle.salt, bundle.body, alg=alg), alg=alg)
    verify_inclusion(leaf, bundle.index, bundle.size, bundle.path, checkpoint.root, alg=alg)
    return checkpoint


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _bytes(name: str, text: object, size_bytes: int | None) -> bytes:
    raw = strict_base64(text) if isinstance(text, str) else None
    if raw is None or (size_bytes is not None and len(raw) != size_bytes):
        raise EvidenceMalformed(f"Member {name!r} of the proof is not well-written base64; copy it again.")
    return raw
