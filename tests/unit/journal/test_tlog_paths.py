"""Tile paths and entry bundles: one text for one tile, all else refused."""

import pytest

from cityloop.journal.tlog import (
    EvidenceMalformed,
    TilePath,
    pack_entries,
    parse_path,
    path_text,
    unpack_entries,
    width_at,
)

GOOD = {
    "tile/0/000": TilePath(level=0, index=0),
    "tile/0/000.p/1": TilePath(level=0, index=0, width=1),
    "tile/0/255.p/255": TilePath(level=0, index=255, width=255),
    "tile/1/999": TilePath(level=1, index=999),
    "tile/1/x001/000": TilePath(level=1, index=1000),
    "tile/63/x001/x234/067": TilePath(level=63, index=1234067),
    "tile/entries/x123/x456/789.p/8": TilePath(level=None, index=123456789, width=8),
    "tile/0/x009/x223/x372/x036/x854/x775/807": TilePath(level=0, index=2**63 - 1),
}


@pytest.mark.parametrize(("text", "path"), GOOD.items())
def test_a_path_and_its_tile(text, path):
    assert parse_path(text) == path
    assert path_text(path) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tile/0/0",
        "tile/0/00",
        "tile/0/0000",
        "tile/00/000",
        "tile/01/000",
        "tile/64/000",
        "tile/-1/000",
        "tile/8/0/000",  # Go's own layout has the height in it
        "tile/data/000",
        "tile/0/x000/001",
        "tile/0/001/067",
        "tile/0/x001/x067",
        "tile/0/X001/067",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/0/000.p/",
        "tile/0/000.p",
        "tile/0/000/",
        "/tile/0/000",
        "tile//0/000",
        "tile/0/000\n",
        "tile/0/../000",
        "tile/0/٠٠٠",  # digits, but not ASCII
        "tile/0/x009/x223/x372/x036/x854/x775/808",
        "tile/0/" + "x001/" * 200 + "000",
    ],
)
def test_what_is_not_a_path(text):
    with pytest.raises(EvidenceMalformed):
        parse_path(text)


@pytest.mark.parametrize(
    ("level", "index", "width"), [(-1, 0, 1), (64, 0, 1), (0, -1, 1), (0, 2**63, 1), (0, 0, 0), (0, 0, 257)]
)
def test_what_is_not_a_tile(level, index, width):
    with pytest.raises(EvidenceMalformed):
        TilePath(level=level, index=index, width=width)


@pytest.mark.parametrize(
    ("size", "level", "index", "width"),
    [
        (0, 0, 0, 0),
        (1, 0, 0, 1),
        (255, 0, 0, 255),
        (255, 1, 0, 0),
        (256, 0, 0, 256),
        (256, 0, 1, 0),
        (256, 1, 0, 1),
        (65536, 0, 255, 256),
        (65536, 1, 0, 256),
        (65536, 1, 1, 0),
        (65536, 2, 0, 1),
        # the example of c2sp.org/tlog-tiles, "Partial Tiles"
        (70_000, 0, 272, 256),
        (70_000, 0, 273, 112),
        (70_000, 1, 0, 256),
        (70_000, 1, 1, 17),
        (70_000, 2, 0, 1),
        (70_000, 3, 0, 0),
    ],
)
def test_how_wide_a_tile_is(size, level, index, width):
    assert width_at(size, level, index) == width


def test_a_bundle_and_its_entries():
    entries = [b"", b"a", b"b" * 0xFFFF, bytes(32)]
    packed = pack_entries(entries)
    assert packed[:5] == b"\x00\x00\x00\x01a"
    assert packed[5:7] == b"\xff\xff"
    assert unpack_entries(packed) == entries
    assert unpack_entries(pack_entries([b""] * 256)) == [b""] * 256


@pytest.mark.parametrize("entries", [[], [b""] * 257, [bytes(0x10000)]])
def test_what_is_too_much_for_a_bundle(entries):
    with pytest.raises(EvidenceMalformed):
        pack_entries(entries)


@pytest.mark.parametrize("packed", [b"", b"\x00", b"\x00\x01", b"\x00\x02a", b"\x00\x01ab", b"\x00\x00" * 257])
def test_what_is_not_a_bundle(packed):
    with pytest.raises(EvidenceMalformed):
        unpack_entries(packed)
