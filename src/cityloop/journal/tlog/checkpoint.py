"""Checkpoints: one size, one root, one origin, signed."""

import base64
import re
from dataclasses import dataclass

from cityloop.journal.tlog.alg import HASH_BYTES
from cityloop.journal.tlog.errors import EvidenceBroken, EvidenceMalformed
from cityloop.journal.tlog.note import SigningKey, VerifierKey, is_key_name, open_note, sign_note, strict_base64

SIZE_MAX = 2**63 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """The head of a log. `origin` is the name of its key too, so that no key speaks for another log."""

    origin: str
    size: int
    root: bytes

    def __post_init__(self) -> None:
        """Refuses with `EvidenceMalformed` what cannot be written as a note."""
        if not is_key_name(self.origin):
            raise EvidenceMalformed(
                f"{self.origin[:80]!r} cannot be an origin; use words without spaces and without '+'."
            )
        if not 0 <= self.size <= SIZE_MAX or len(self.root) != HASH_BYTES:
            raise EvidenceMalformed(
                f"A checkpoint of {self.origin} has a size or root out of bounds; seal the log again."
            )


def checkpoint_text(checkpoint: Checkpoint) -> str:
    """The note text: origin, size, root, a line each.

    Source: https://c2sp.org/tlog-checkpoint, "Note text".
    """
    return f"{checkpoint.origin}\n{checkpoint.size}\n{base64.b64encode(checkpoint.root).decode()}\n"


def parse_checkpoint(text: str) -> Checkpoint:
    """The checkpoint of a note's text; extension lines are read over, as clients must.

    Refuses with `EvidenceMalformed`.
    """
    lines = text.split("\n")
    if len(lines) < 4 or lines.pop() != "" or not all(lines):
        raise EvidenceMalformed("A checkpoint has the lines origin, size and root, none empty; fetch it again.")
    root = strict_base64(lines[2])
    if not re.fullmatch(r"0|[1-9][0-9]{0,18}", lines[1]) or root is None:
        raise EvidenceMalformed(
            f"The size or root of {lines[0][:80]}'s checkpoint is not well written; fetch it again."
        )
    return Checkpoint(origin=lines[0], size=int(lines[1]), root=root)


def sign_checkpoint(checkpoint: Checkpoint, key: SigningKey) -> str:
    """The signed note of a checkpoint. Let `Guard.admit` pass first: this function knows no yesterday."""
    if key.name != checkpoint.origin:
        raise EvidenceMalformed(f"The key of {key.name} cannot sign for {checkpoint.origin}; use the log's own key.")
    return sign_note(checkpoint_text(checkpoint), key)


def open_checkpoint(note: str, key: VerifierKey) -> Checkpoint:
    """The checkpoint, once the log's own key is found to have signed it.

    Refuses with `EvidenceMalformed` or `EvidenceBroken`.
    """
    checkpoint = parse_checkpoint(open_note(note, [key]))
    if checkpoint.origin != key.name:
        raise EvidenceBroken(
            f"The key of {key.name} signed for {checkpoint.origin[:80]}; do not rely on it, tell the city."
        )
    return checkpoint
