"""The tree gives the values that Certificate Transparency's reference code gives, and says no in words."""

import hashlib

import pytest

from cityloop.journal.tlog import (
    Alg,
    EvidenceBroken,
    EvidenceMalformed,
    Prover,
    TileShort,
    empty_root,
    entry,
    grow,
    leaf_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)

# Reference leaves, roots and proofs of the Certificate Transparency project, hashes cut to 8 hex digits
# where a whole root of a larger tree holds them.
LEAVES = [
    leaf_hash(bytes.fromhex(text))
    for text in ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
INCLUSION = {
    (0, 1): [],
    (0, 8): ["96a296d2", "5f083f0a", "6b47aaf2"],
    (5, 8): ["bc1a0643", "ca854ea1", "d37ee418"],
    (2, 3): ["fac54203"],
    (1, 5): ["6e340b9c", "5f083f0a", "bc1a0643"],
}
CONSISTENCY = {
    (1, 1): [],
    (1, 8): ["96a296d2", "5f083f0a", "6b47aaf2"],
    (6, 8): ["0ebc5d34", "ca854ea1", "d37ee418"],
    (2, 5): ["5f083f0a", "bc1a0643"],
    (0, 5): [],
}


@pytest.fixture(scope="module")
def prover():
    """The eight reference leaves as tiles."""
    tiles = {(tile.level, tile.index): tile.hashes for tile in grow(0, lambda *_: None, LEAVES).tiles}
    return Prover(lambda level, index: tiles.get((level, index)))


def test_the_empty_tree():
    assert empty_root().hex() == ROOTS[0]
    assert root_of([], 0) == empty_root() == grow(0, lambda *_: None, []).root
    assert grow(0, lambda *_: None, []).tiles == ()


@pytest.mark.parametrize("size", range(9))
def test_reference_roots(prover, size):
    assert prover.root(size).hex() == ROOTS[size]
    assert grow(0, lambda *_: None, LEAVES[:size]).root.hex() == ROOTS[size]
    assert root_of(LEAVES[:size], size).hex() == ROOTS[size]


@pytest.mark.parametrize(("place", "path"), INCLUSION.items())
def test_reference_inclusion(prover, place, path):
    index, size = place
    found = prover.inclusion(index, size)
    assert [each.hex()[:8] for each in found] == path
    verify_inclusion(LEAVES[index], index, size, found, bytes.fromhex(ROOTS[size]))


@pytest.mark.parametrize(("sizes", "path"), CONSISTENCY.items())
def test_reference_consistency(prover, sizes, path):
    old, new = sizes
    found = prover.consistency(old, new)
    assert [each.hex()[:8] for each in found] == path
    verify_consistency(old, bytes.fromhex(ROOTS[old]), new, bytes.fromhex(ROOTS[new]), found)


def test_an_entry_is_a_salted_digest():
    assert entry(bytes(32), b"fact") == hashlib.sha256(bytes(32) + b"fact").digest()
    with pytest.raises(EvidenceMalformed, match="exactly 32"):  # else a byte could move from body to salt
        entry(bytes(33), b"act")


@pytest.mark.parametrize(("index", "size"), [(-1, 8), (8, 8), (0, 0)])
def test_a_leaf_that_is_not_there(prover, index, size):
    with pytest.raises(EvidenceMalformed):
        prover.inclusion(index, size)
    with pytest.raises(EvidenceMalformed):
        verify_inclusion(LEAVES[0], index, size, [], bytes(32))


@pytest.mark.parametrize(("old", "new"), [(-1, 8), (8, 7)])
def test_a_tree_that_shrinks(prover, old, new):
    with pytest.raises(EvidenceMalformed):
        prover.consistency(old, new)
    with pytest.raises(EvidenceMalformed):
        verify_consistency(old, bytes(32), new, bytes(32), [])


def test_an_old_tree_of_no_leaves_has_one_root_only():
    with pytest.raises(EvidenceBroken):
        verify_consistency(0, bytes(32), 5, bytes.fromhex(ROOTS[5]), [])
    with pytest.raises(EvidenceBroken):
        verify_consistency(0, empty_root(), 5, bytes.fromhex(ROOTS[5]), [bytes(32)])


def test_a_true_proof_under_another_size_is_refused(prover):
    """The hashes and both roots are right; only the number of levels gives the lie away."""
    roots = [bytes.fromhex(root) for root in ROOTS]
    with pytest.raises(EvidenceBroken, match="too few"):
        verify_consistency(2, roots[2], 8, roots[4], prover.consistency(2, 4))
    with pytest.raises(EvidenceBroken, match="too many"):
        verify_consistency(2, roots[2], 4, roots[8], prover.consistency(2, 8))
    with pytest.raises(EvidenceBroken, match="too few"):
        verify_inclusion(LEAVES[1], 1, 8, prover.inclusion(1, 4), roots[4])
    with pytest.raises(EvidenceBroken, match="too many"):
        verify_inclusion(LEAVES[1], 1, 4, prover.inclusion(1, 8), roots[8])


def test_a_stream_gives_each_full_tile_as_soon_as_it_is_full():
    heard, at = [], []
    leaves = (at.append(n) or LEAVES[0] for n in range(40_000))
    root_of(leaves, 40_000, keep_tile=lambda tile: heard.append((tile.level, tile.index, len(at))))
    assert heard[0][:2] == (0, 0)
    assert heard[0][2] < 20_000  # long before the end of the stream
    assert len({place[:2] for place in heard}) == len(heard) == 157 + 1


@pytest.mark.parametrize("wrong", [b"", bytes(31), bytes(33), bytes(64)])
def test_a_hash_of_another_length(prover, wrong):
    with pytest.raises(EvidenceMalformed):
        grow(0, lambda *_: None, [bytes(32), wrong])
    with pytest.raises(EvidenceMalformed):
        verify_inclusion(LEAVES[0], 0, 2, [wrong], bytes.fromhex(ROOTS[2]))
    with pytest.raises(EvidenceMalformed):
        verify_consistency(1, LEAVES[0], 2, bytes.fromhex(ROOTS[2]), [wrong])


def test_two_hashes_that_only_together_have_the_right_length():
    with pytest.raises(EvidenceMalformed):
        grow(0, lambda *_: None, [bytes(31), bytes(33)])


@pytest.mark.parametrize("said", [7, 9])
def test_a_log_that_is_not_as_long_as_said(said):
    with pytest.raises(EvidenceMalformed, match=f"should have {said} leaves"):
        root_of(LEAVES, said)


@pytest.mark.parametrize("stored", [None, b"", bytes(7 * 32), bytes(8 * 32 - 1)])
def test_a_tile_that_is_too_narrow(stored):
    with pytest.raises(TileShort, match="needs 8; rebuild"):
        Prover(lambda *_: stored).root(8)
    with pytest.raises(TileShort):
        grow(8, lambda *_: stored, LEAVES)


def test_a_tile_table_that_is_ahead_gives_the_old_root_still():
    """A crash between tiles and size leaves wider tiles than the size says; they are read up to the size."""
    row = b"".join(LEAVES)
    assert Prover(lambda *_: row).root(5).hex() == ROOTS[5]
    assert grow(5, lambda *_: row, LEAVES[5:]).tiles[0].hashes == row


def test_another_digest_stands_beside():
    """Any digest of 32 bytes, in every place where one is taken."""
    alg = Alg(name="sha3", digest=hashlib.sha3_256, signature_type=b"\xff", public_bytes=32)
    leaves = [leaf_hash(entry(bytes(32), bytes([n]), alg=alg), alg=alg) for n in range(7)]
    growth = grow(0, lambda *_: None, leaves, alg=alg)
    prover = Prover(lambda *_: growth.tiles[0].hashes, alg=alg)
    verify_inclusion(leaves[6], 6, 7, prover.inclusion(6, 7), growth.root, alg=alg)
    verify_consistency(3, prover.root(3), 7, growth.root, prover.consistency(3, 7), alg=alg)
    assert growth.root == root_of(leaves, 7, alg=alg) != root_of(leaves, 7)
    with pytest.raises(EvidenceBroken):
        verify_inclusion(leaves[6], 6, 7, prover.inclusion(6, 7), growth.root)
    assert grow(0, lambda *_: None, [], alg=alg).root == hashlib.sha3_256().digest()
