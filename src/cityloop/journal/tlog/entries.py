"""Entry bundles: up to 256 entries, each with its length before it."""

from collections.abc import Sequence

from cityloop.journal.tlog.errors import EvidenceMalformed
from cityloop.journal.tlog.paths import TILE_WIDTH


def pack_entries(entries: Sequence[bytes]) -> bytes:
    """The bytes of one entry bundle.

    Shape:  each entry after its length as a big-endian uint16.
    Source: https://c2sp.org/tlog-tiles, "Log entries".
    """
    if not 1 <= len(entries) <= TILE_WIDTH:
        raise EvidenceMalformed(f"A bundle of {len(entries)} entries; give 1 to {TILE_WIDTH}.")
    if any(len(data) > 0xFFFF for data in entries):
        raise EvidenceMalformed("An entry is longer than 65535 bytes; log its digest instead.")
    return b"".join([len(data).to_bytes(2, "big") + data for data in entries])


def unpack_entries(packed: bytes) -> list[bytes]:
    """The entries of one bundle, in order.

    Refuses with `EvidenceMalformed` bytes that end early, or more than 256 entries.
    """
    entries, at = [], 0
    while at < len(packed):
        start = at + 2
        at = start + int.from_bytes(packed[at:start], "big")
        if at > len(packed) or start > len(packed):
            raise EvidenceMalformed(f"Entry {len(entries)} of the bundle ends early; fetch the bundle again.")
        entries.append(packed[start:at])
    if not 1 <= len(entries) <= TILE_WIDTH:
        raise EvidenceMalformed(f"A bundle of {len(entries)} entries; expected 1 to {TILE_WIDTH}.")
    return entries
