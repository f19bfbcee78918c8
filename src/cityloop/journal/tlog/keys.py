"""Signing keys: drawn, kept in a file for one pair of eyes, read back."""

import base64
import os
from pathlib import Path

from cityloop.db.durable import write_durable
from cityloop.journal.tlog.alg import ALGS, SHA256_ED25519, Alg
from cityloop.journal.tlog.errors import EvidenceMalformed, KeyFileMissing, KeyFileUnsafe
from cityloop.journal.tlog.note import SigningKey, is_key_name, strict_base64
from cityloop.journal.tlog.signing import KINDS

_PREFIX = "PRIVATE+KEY+"


def new_key(name: str, *, alg: Alg = SHA256_ED25519) -> SigningKey:
    """A new key for the log called `name`."""
    if not is_key_name(name):
        raise EvidenceMalformed(f"{name[:80]!r} cannot name a log; use words without spaces and without '+'.")
    return SigningKey(name=name, private=KINDS[alg.name]())


def save_key(path: Path, key: SigningKey) -> None:
    """Write the key as Go's note.NewSigner reads it, mode 0600, whole or not at all.

    Refuses with `KeyFileUnsafe` where a file stands there already.
    """
    encoded = base64.b64encode(key.private.alg.signature_type + key.private.secret()).decode()
    text = f"{_PREFIX}{key.name}+{key.verifier.id.hex()}+{encoded}\n"
    try:
        write_durable(path, text.encode(), replace=False)
    except FileExistsError as fault:
        raise KeyFileUnsafe(
            f"{path} exists and will not be written over; move it away or choose another name."
        ) from fault


def load_key(path: Path) -> SigningKey:
    """The key in the file.

    Refuses with `KeyFileMissing`, `KeyFileUnsafe` where others may read it, `EvidenceMalformed`.
    """
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            content = file.read(4096)
    except FileNotFoundError as fault:
        raise KeyFileMissing(f"No signing key at {path}; create one, or restore it from its own backup.") from fault
    if os.name == "posix" and mode & 0o077:
        raise KeyFileUnsafe(f"Others may read or write {path} (mode {mode & 0o777:03o}); run: chmod 600 {path}")
    wrong = EvidenceMalformed(f"{path} does not hold a signing key; restore it from its own backup.")
    try:
        text = content.decode()
    except UnicodeDecodeError:
        raise wrong from None
    name, _, rest = text.removeprefix(_PREFIX).partition("+")
    key_id, _, encoded = rest.partition("+")
    raw = strict_base64(encoded.removesuffix("\n"))
    alg = next((each for each in ALGS.values() if raw and raw.startswith(each.signature_type)), None)
    if not text.startswith(_PREFIX) or raw is None or alg is None or not is_key_name(name):
        raise wrong
    try:
        key = SigningKey(name=name, private=KINDS[alg.name](raw[len(alg.signature_type) :]))
    except ValueError:
        raise wrong from None
    if key.verifier.id.hex() != key_id:
        raise wrong
    return key
