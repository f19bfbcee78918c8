"""Evidence that stands without us: a Merkle tree, its tiles, signed checkpoints, proofs. No database, no clock."""

from cityloop.journal.tlog.alg import (
    ALGS,
    SHA256_ED25519,
    SM3_SM2,
    Alg,
    alg_in_facts,
    empty_root,
    entry,
    leaf_hash,
    node_hash,
)
from cityloop.journal.tlog.bundle import SaltedFactProof, bundle_from_json, verify_bundle
from cityloop.journal.tlog.checkpoint import (
    Checkpoint,
    checkpoint_text,
    open_checkpoint,
    parse_checkpoint,
    sign_checkpoint,
)
from cityloop.journal.tlog.entries import pack_entries, unpack_entries
from cityloop.journal.tlog.errors import (
    EvidenceBroken,
    EvidenceMalformed,
    GuardMissing,
    KeyFileMissing,
    KeyFileUnsafe,
    LogBehind,
    LogForked,
    TileShort,
)
from cityloop.journal.tlog.grow import Growth, Peaks, Tile, grow, root_of
from cityloop.journal.tlog.guard import Guard, Published, begin_log, guard_path
from cityloop.journal.tlog.keys import load_key, new_key, save_key
from cityloop.journal.tlog.note import SigningKey, VerifierKey, open_note, parse_verifier, sign_note, verifier_of
from cityloop.journal.tlog.paths import TILE_WIDTH, TilePath, parse_path, path_text, width_at
from cityloop.journal.tlog.prove import Prover, ReadTile
from cityloop.journal.tlog.rows import leaves_of
from cityloop.journal.tlog.verify import verify_consistency, verify_inclusion

__all__ = [
    "ALGS",
    "SHA256_ED25519",
    "SM3_SM2",
    "TILE_WIDTH",
    "Alg",
    "Checkpoint",
    "EvidenceBroken",
    "EvidenceMalformed",
    "Growth",
    "Guard",
    "GuardMissing",
    "KeyFileMissing",
    "KeyFileUnsafe",
    "LogBehind",
    "LogForked",
    "Peaks",
    "Prover",
    "Published",
    "ReadTile",
    "SaltedFactProof",
    "SigningKey",
    "Tile",
    "TilePath",
    "TileShort",
    "VerifierKey",
    "begin_log",
    "bundle_from_json",
    "checkpoint_text",
    "empty_root",
    "entry",
    "grow",
    "guard_path",
    "leaf_hash",
    "leaves_of",
    "load_key",
    "new_key",
    "node_hash",
    "open_checkpoint",
    "open_note",
    "pack_entries",
    "parse_checkpoint",
    "parse_path",
    "parse_verifier",
    "path_text",
    "root_of",
    "save_key",
    "sign_checkpoint",
    "sign_note",
    "unpack_entries",
    "verifier_of",
    "verify_bundle",
    "verify_consistency",
    "verify_inclusion",
    "width_at",
]
