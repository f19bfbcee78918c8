"""Proofs checked with nothing but hashes: no tiles, no log, no trust in who sent them."""

from collections.abc import Sequence

from cityloop.journal.tlog.alg import HASH_BYTES, SHA256_ED25519, Alg, empty_root, node_hash
from cityloop.journal.tlog.errors import EvidenceBroken, EvidenceMalformed


def verify_inclusion(
    leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes, *, alg: Alg = SHA256_ED25519
) -> None:
    """Nothing, if the leaf hash stands at `index` in the tree of `size` leaves with this root.

    Refuses with `EvidenceBroken`, or `EvidenceMalformed` where a number or a hash is impossible.
    Source: RFC 9162 §2.1.3.2 (the verification of RFC 6962's audit path).
    """
    _must_be_hashes(leaf, root, *path)
    if not 0 <= index < size:
        raise EvidenceMalformed(f"Leaf {index} cannot be in a tree of {size} leaves; check both numbers of the proof.")
    here, last, at = leaf, size - 1, index
    for each in path:
        if last == 0:
            raise _broken_path(index, size, "has too many hashes")
        if at & 1 or at == last:
            here = node_hash(each, here, alg=alg)
            while not at & 1 and at:  # the right edge: levels without a sibling
                at, last = at >> 1, last >> 1
        else:
            here = node_hash(here, each, alg=alg)
        at, last = at >> 1, last >> 1
    if last:
        raise _broken_path(index, size, "has too few hashes")
    if here != root:
        raise _broken_path(index, size, "leads to another root")


def verify_consistency(
    old: int, old_root: bytes, new: int, new_root: bytes, path: Sequence[bytes], *, alg: Alg = SHA256_ED25519
) -> None:
    """Nothing, if the tree of `new` leaves begins with the whole tree of `old` leaves.

    Refuses with `EvidenceBroken`, or `EvidenceMalformed` where a number or a hash is impossible.
    Source: RFC 9162 §2.1.4.2. A tree of 0 leaves is the start of every tree, by an empty proof.
    """
    _must_be_hashes(old_root, new_root, *path)
    if not 0 <= old <= new:
        raise EvidenceMalformed(f"A tree of {new} leaves cannot follow one of {old}; give the smaller size first.")
    if old in (0, new):
        if path or (new_root if old else empty_root(alg=alg)) != old_root:
            raise _broken_growth(old, new, "has hashes it should not have" if path else "shows two roots for one size")
        return
    hashes = list(path)
    if old & (old - 1) == 0:  # the old tree is one node of the new one
        hashes.insert(0, old_root)
    if not hashes:
        raise _broken_growth(old, new, "is empty")
    at, last = old - 1, new - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    was = now = hashes[0]
    for each in hashes[1:]:
        if last == 0:
            raise _broken_growth(old, new, "has too many hashes")
        if at & 1 or at == last:
            was, now = node_hash(each, was, alg=alg), node_hash(each, now, alg=alg)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            now = node_hash(now, each, alg=alg)
        at, last = at >> 1, last >> 1
    if last:
        raise _broken_growth(old, new, "has too few hashes")
    if was != old_root or now != new_root:
        raise _broken_growth(old, new, "leads to another root")


def _must_be_hashes(*hashes: bytes) -> None:
    for each in hashes:
        if len(each) != HASH_BYTES:
            raise EvidenceMalformed(f"A hash of {len(each)} bytes in a proof; each must have {HASH_BYTES}.")


def _broken_path(index: int, size: int, why: str) -> EvidenceBroken:
    return EvidenceBroken(
        f"The proof for leaf {index} in the tree of {size} leaves {why}; do not rely on it, ask for a new proof."
    )


def _broken_growth(old: int, new: int, why: str) -> EvidenceBroken:
    return EvidenceBroken(
        f"The proof that the tree of {new} leaves continues that of {old} {why}; "
        "keep both checkpoints, they may show that history was rewritten."
    )
