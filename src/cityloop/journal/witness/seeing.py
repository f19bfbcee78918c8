"""The witness itself: the last head of each log that it knows, in a folder of its own, and nothing else.

Source: https://c2sp.org/tlog-witness, "add-checkpoint". It has no part in any city: somebody else runs it.
"""

import json
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from cityloop.db.durable import make_folder, write_durable
from cityloop.domain.errors import CityloopError, Refused
from cityloop.journal.tlog import (
    EvidenceBroken,
    EvidenceMalformed,
    SigningKey,
    VerifierKey,
    load_key,
    new_key,
    open_checkpoint,
    parse_verifier,
    save_key,
)
from cityloop.journal.tlog.alg import HASH_BYTES, empty_root
from cityloop.journal.tlog.checkpoint import parse_checkpoint
from cityloop.journal.tlog.cosign import Cosigner, cosign, cosigner_of
from cityloop.journal.tlog.note import signatures_of, strict_base64
from cityloop.journal.tlog.verify import verify_consistency

BODY_BYTES_MAX = 64 * 1024
PROOF_LINES_MAX = 63
SIZE = "text/x.tlog.size"
TEXT = "text/plain; charset=utf-8"


class WitnessHere(Refused):
    """The folder holds another witness already, or none."""

    code = "journal.witness_here"


@dataclass(frozen=True, slots=True)
class Reply:
    """What is answered."""

    status: int
    body: str
    kind: str = TEXT


class _No(Exception):
    """A refusal with its status."""

    def __init__(self, status: int, words: str, kind: str = TEXT):
        super().__init__(words)
        self.reply = Reply(status, f"{words}\n", kind)


class Witness:
    """A folder with a key, the logs that are known, and the last head of each. One process at a time."""

    def __init__(self, folder: Path):
        self.folder = folder
        if not self._key_path.exists():
            raise WitnessHere(f"There is no witness in {folder}; make one with `cityloop witness begin`.")
        self._key: SigningKey = load_key(self._key_path)
        self._turn = threading.Lock()

    @classmethod
    def begin(cls, folder: Path, name: str) -> "Witness":
        """A new witness with a key of its own.

        Refuses with `WitnessHere`.
        """
        make_folder(folder, 0o700)
        if (folder / "witness.key").exists():
            raise WitnessHere(f"{folder} holds a witness already; choose another folder.")
        save_key(folder / "witness.key", new_key(name))
        return cls(folder)

    @property
    def _key_path(self) -> Path:
        return self.folder / "witness.key"

    @property
    def cosigner(self) -> Cosigner:
        """Its verifier key, which is told to those who rely on it."""
        return cosigner_of(self._key)

    def know(self, key: VerifierKey) -> None:
        """From now on this log's heads are cosigned.

        Refuses with `WitnessHere` where a log of this name has another key.
        """
        known = self.known()
        if key.name in known and known[key.name] != key:
            raise WitnessHere(f"{key.name} is known by another key; a log that changes its key must take a new name.")
        lines = "".join(f"{each}\n" for each in (known | {key.name: key}).values())
        write_durable(self.folder / "logs.txt", lines.encode(), replace=True)

    def known(self) -> dict[str, VerifierKey]:
        """The logs that it knows, by their names."""
        path = self.folder / "logs.txt"
        keys = [parse_verifier(line) for line in path.read_text().split()] if path.exists() else []
        return {key.name: key for key in keys}

    def last(self, origin: str) -> tuple[int, bytes]:
        """Size and root of the last head that was cosigned; an empty tree at first."""
        path = self._seen_path(origin)
        if not path.exists():
            return 0, empty_root(alg=self.known()[origin].alg)
        found = json.loads(path.read_bytes())
        return found["size"], bytes.fromhex(found["root"])

    def add_checkpoint(self, body: bytes, now_s: Callable[[], int]) -> Reply:
        """A cosignature for a head that continues the last one, or a refusal by its status.

        400 not well written; 403 not signed by the log; 404 a log that is not known; 409 another last head, with its size;
        422 a proof that proves nothing.
        """
        try:
            return Reply(200, self._add(body, now_s))
        except _No as no:
            return no.reply
        except EvidenceMalformed as error:
            return Reply(400, f"{error.detail}\n")

    def _add(self, body: bytes, now_s: Callable[[], int]) -> str:
        old, proof, note = _read(body)
        head = parse_checkpoint(signatures_of(note)[0])
        key = self.known().get(head.origin)
        if key is None:
            raise _No(404, f"This witness does not know {head.origin}; its operator adds it by its verifier key.")
        try:
            open_checkpoint(note, key)
        except CityloopError as error:
            raise _No(403, error.detail) from error
        if old > head.size:
            raise _No(400, f"A head of {head.size} facts cannot follow one of {old}.")
        with self._turn:
            size, root = self.last(head.origin)
            if old != size:
                raise _No(409, str(size), SIZE)
            if old == head.size and root != head.root:
                raise _No(409, f"{head.origin} has shown another root for {size} facts: it is forked, or its key was stolen.")
            try:
                verify_consistency(old, root, head.size, head.root, proof, alg=key.alg)
            except (EvidenceBroken, EvidenceMalformed) as error:
                raise _No(422, error.detail) from error
            seen = {"origin": head.origin, "size": head.size, "root": head.root.hex()}
            write_durable(self._seen_path(head.origin), json.dumps(seen).encode() + b"\n", replace=True)
        return cosign(signatures_of(note)[0], self._key, now_s())

    def _seen_path(self, origin: str) -> Path:
        return self.folder / f"{sha256(origin.encode()).hexdigest()}.seen"


def _read(body: bytes) -> tuple[int, list[bytes], str]:
    """The size before, the proof, the note."""
    wrong = _No(400, "A request has the line `old SIZE`, the proof line by line, an empty line, and the checkpoint.")
    if len(body) > BODY_BYTES_MAX:
        raise wrong
    try:
        above, blank, note = body.decode().partition("\n\n")
    except UnicodeDecodeError as error:
        raise wrong from error
    first, *lines = above.split("\n")
    old = re.fullmatch(r"old (0|[1-9][0-9]{0,18})", first)
    proof = [raw for line in lines if (raw := strict_base64(line)) and len(raw) == HASH_BYTES]
    if not (old and blank and len(proof) == len(lines) <= PROOF_LINES_MAX):
        raise wrong
    return int(old[1]), proof, note
