"""Rows of hashes: the only place where leaves and nodes are hashed in bulk."""

from collections.abc import Sequence

from cityloop.journal.tlog.alg import HASH_BYTES, SHA256_ED25519, Alg
from cityloop.journal.tlog.errors import EvidenceMalformed

_PAIR = 2 * HASH_BYTES


def pair_up(row: bytes, *, alg: Alg = SHA256_ED25519) -> bytes:
    """The row above: each whole pair of hashes becomes one; a last odd hash has none yet.

    Shape: hashes of 32 bytes, one after another.
    """
    digest = alg.digest
    return b"".join([digest(b"\x01" + row[at : at + _PAIR]).digest() for at in range(0, len(row) - _PAIR + 1, _PAIR)])


def leaves_of(salted: Sequence[bytes], *, alg: Alg = SHA256_ED25519) -> list[bytes]:
    """The leaf hashes of facts, each as its salt of exactly 32 bytes and its body: `leaf_hash(entry(salt, body))`."""
    digest = alg.digest
    return [digest(b"\x00" + digest(each).digest()).digest() for each in salted]


def rows_above(row: bytes, *, alg: Alg = SHA256_ED25519) -> tuple[bytes, ...]:
    """The row of a tile and the seven rows above it, as far as they are whole."""
    rows = [row]
    for _ in range(7):
        rows.append(pair_up(rows[-1], alg=alg))
    return tuple(rows)


def tile_roots(tiles: bytes, *, alg: Alg = SHA256_ED25519) -> bytes:
    """The roots of full tiles lying side by side; they belong to the level above."""
    for _ in range(8):
        tiles = pair_up(tiles, alg=alg)
    return tiles


def joined(hashes: Sequence[bytes]) -> bytes:
    """Hashes as one row. Refuses with `EvidenceMalformed` any that has not 32 bytes."""
    if any(len(each) != HASH_BYTES for each in hashes):
        raise EvidenceMalformed(f"A hash has not {HASH_BYTES} bytes; give leaf hashes, not entries or bodies.")
    return b"".join(hashes)
