"""The fast tree over tiles is the slow tree of RFC 6962, for every size, however it grew."""

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.laws.rfc6962 import DATA, SIZE_MAX, audit_path, consistency, mth, near, sizes

from cityloop.journal.tlog import (
    EvidenceMalformed,
    Peaks,
    Prover,
    entry,
    grow,
    leaf_hash,
    leaves_of,
    parse_path,
    path_text,
    root_of,
    verify_consistency,
    verify_inclusion,
    width_at,
)

LEAVES = [leaf_hash(data) for data in DATA]


def stored(growth, tiles):
    """The tiles as a table would hold them after the growth."""
    return tiles | {(tile.level, tile.index): tile.hashes for tile in growth.tiles}


def reader(tiles):
    return lambda level, index: tiles.get((level, index))


@cache
def whole() -> tuple[dict, Prover]:
    """The largest tree, grown at once."""
    tiles = stored(grow(0, reader({}), LEAVES), {})
    return tiles, Prover(reader(tiles))


def tiles_at(size):
    """What a table holds at an earlier size: the largest tree's tiles, cut."""
    widths = {place: width_at(size, *place) for place in whole()[0]}
    return {place: whole()[0][place][: 32 * width] for place, width in widths.items() if width}


class Table:
    """Tiles that count how often they are read."""

    def __init__(self, tiles):
        self.tiles, self.reads = tiles, 0

    def read(self, level, index):
        self.reads += 1
        return self.tiles.get((level, index))


def expected_tiles(size):
    """Every tile of a tree by the definition of c2sp.org/tlog-tiles: its i-th hash is one MTH."""
    tiles, level = {}, 0
    while size >> (8 * level):
        span = 256**level
        for index in range(((size >> (8 * level)) + 255) // 256):
            hashes = [
                mth((index * 256 + i) * span, (index * 256 + i + 1) * span) for i in range(width_at(size, level, index))
            ]
            tiles[level, index] = b"".join(hashes)
        level += 1
    return tiles


@given(sizes)
@settings(deadline=None)
def test_a_root_is_that_of_the_rfc(size):
    _, prover = whole()
    assert prover.root(size) == mth(0, size)


@given(sizes, st.data())
@settings(deadline=None)
def test_an_inclusion_proof_is_that_of_the_rfc_and_is_accepted(size, data):
    index = data.draw(st.one_of(st.integers(0, size - 1), st.just(size - 1), st.just((size - 1) // 256 * 256)))
    path = whole()[1].inclusion(index, size)
    assert path == audit_path(index, 0, size)
    verify_inclusion(LEAVES[index], index, size, path, mth(0, size))


@given(sizes, sizes)
@settings(deadline=None)
def test_a_consistency_proof_is_that_of_the_rfc_and_is_accepted(one, other):
    old, new = sorted((one, other))
    path = whole()[1].consistency(old, new)
    assert path == consistency(old, new)
    verify_consistency(old, mth(0, old), new, mth(0, new), path)


def test_every_small_tree_whole():
    prover = whole()[1]
    for size in range(1, 70):
        for index in range(size):
            assert prover.inclusion(index, size) == audit_path(index, 0, size)
            assert prover.consistency(index + 1, size) == consistency(index + 1, size)


@pytest.mark.parametrize("size", [1, 255, 256, 257, 512, 65_535, 65_536, SIZE_MAX])
def test_tiles_are_those_of_the_specification(size):
    tiles = {}
    kept = {}
    growth = grow(0, reader({}), LEAVES[:size])
    root = root_of(
        iter(LEAVES[:size]), size, keep_tile=lambda tile: kept.update({(tile.level, tile.index): tile.hashes})
    )
    tiles = stored(growth, tiles)
    assert tiles == kept == expected_tiles(size)
    assert growth.root == root == mth(0, size)


steps = st.lists(st.one_of(st.integers(0, 5), near(256), st.integers(0, 700)), min_size=1, max_size=6)


@given(st.sampled_from([0, 0, 1, 200, 65_000, 65_279, 65_536]), steps)
@settings(max_examples=40, deadline=None)
def test_growing_in_steps_is_growing_at_once(start, steps):
    """From any place, in any steps: the same tiles, the same roots, and few tiles read."""
    tiles = tiles_at(start)
    size = start
    for step in steps:
        leaves = LEAVES[size : min(SIZE_MAX, size + step)]
        table = Table(tiles)
        growth = grow(size, table.read, leaves)
        for tile in growth.tiles:
            assert tile.hashes.startswith(tiles.get((tile.level, tile.index), b""))  # a hash once stored stays
        tiles = stored(growth, tiles)
        size += len(leaves)
        assert growth.size == size
        assert growth.root == mth(0, size)
        assert table.reads <= 2 * 3  # levels, once to grow and once for the root
    assert tiles == tiles_at(size)


@given(steps)
@settings(max_examples=40, deadline=None)
def test_peaks_alone_know_the_root(steps):
    """Leaves put in any steps; and each leaf as facts are hashed in bulk."""
    peaks = Peaks()
    for step in steps:
        peaks.add(LEAVES[peaks.size : peaks.size + step])
        assert peaks.root == mth(0, peaks.size)
    salts = [bytes([n]) * 32 for n in range(9)]
    assert leaves_of([salt + b"body" for salt in salts]) == [leaf_hash(entry(salt, b"body")) for salt in salts]


@given(sizes)
@settings(max_examples=8, deadline=None)
def test_a_stream_of_leaves_has_the_same_root(size):
    assert root_of(iter(LEAVES[:size]), size) == mth(0, size)


@given(st.text(alphabet="tile/0123456789x.pentries", max_size=30).map("tile/".__add__))
@settings(deadline=None)
def test_a_path_that_is_read_is_written_so(text):
    try:
        path = parse_path(text)
    except EvidenceMalformed:
        return
    assert path_text(path) == text
