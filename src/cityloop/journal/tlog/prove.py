"""Roots and proofs for any size, from stored tiles."""

from collections.abc import Callable
from functools import lru_cache

from cityloop.journal.tlog.alg import HASH_BYTES, SHA256_ED25519, Alg, empty_root, node_hash
from cityloop.journal.tlog.errors import EvidenceMalformed, TileShort
from cityloop.journal.tlog.paths import TILE_WIDTH, width_at
from cityloop.journal.tlog.rows import rows_above

ReadTile = Callable[[int, int], bytes | None]  # (level, index) -> its hashes, more than needed or None if absent


def tile_prefix(read_tile: ReadTile, level: int, index: int, width: int) -> bytes:
    """The first `width` hashes of a stored tile.

    Refuses with `TileShort`.
    """
    hashes = read_tile(level, index) or b""
    if len(hashes) < width * HASH_BYTES:
        raise TileShort(
            f"Tile {level}/{index} holds {len(hashes) // HASH_BYTES} hashes and the tree needs {width}; "
            "rebuild the tiles from the journal, then ask again."
        )
    return hashes[: width * HASH_BYTES]


class Prover:
    """Proofs over one append-only log. Keeps `tiles_kept` tiles with their inner rows (16 kB each); thread-safe."""

    def __init__(self, read_tile: ReadTile, *, tiles_kept: int = 4096, alg: Alg = SHA256_ED25519) -> None:
        def rows(level: int, index: int, width: int) -> tuple[bytes, ...]:
            return rows_above(tile_prefix(read_tile, level, index, width), alg=alg)

        self._alg = alg
        self._rows = lru_cache(maxsize=tiles_kept)(rows)

    def root(self, size: int) -> bytes:
        """The root of the first `size` leaves.

        Refuses with `TileShort` where the tiles do not reach so far.
        """
        if size < 0:
            raise EvidenceMalformed(f"Tree size {size} is negative; give the number of leaves.")
        return self._span(0, size, size) if size else empty_root(alg=self._alg)

    def inclusion(self, index: int, size: int) -> list[bytes]:
        """The audit path from leaf `index` to the root of the first `size` leaves, leaf's sibling first.

        Source: RFC 6962 §2.1.1.
        """
        if not 0 <= index < size:
            raise EvidenceMalformed(f"Leaf {index} is not in a tree of {size} leaves; wait for a later checkpoint.")
        path, height, last = [], 0, size - 1
        while last:
            sibling = index ^ 1
            if sibling < last:
                path.append(self._node(height, sibling, size))
            elif sibling == last:
                path.append(self._span(sibling << height, size, size))
            index, last, height = index >> 1, last >> 1, height + 1
        return path

    def consistency(self, old: int, new: int) -> list[bytes]:
        """The proof that the first `old` leaves of the tree of `new` leaves are the tree of `old` leaves.

        Shape:  empty where `old` is 0 or `new`.
        Source: RFC 6962 §2.1.2.
        """
        if not 0 <= old <= new:
            raise EvidenceMalformed(f"A tree of {new} leaves cannot follow one of {old}; give the smaller size first.")
        path: list[bytes] = []
        low, high = 0, new
        while 0 < old < high:
            middle = low + (1 << ((high - low - 1).bit_length() - 1))
            if old <= middle:
                path.append(self._span(middle, high, new))
                high = middle
            else:
                path.append(self._span(low, middle, new))
                low = middle
        if low:  # the old root is not one node of the new tree
            path.append(self._span(low, high, new))
        path.reverse()
        return path

    def _node(self, height: int, index: int, size: int) -> bytes:
        """The root of the whole subtree of 2**height leaves, number `index`, in a tree of `size` leaves."""
        level, row = divmod(height, 8)
        tile = index << row >> 8
        at = (index & ((TILE_WIDTH >> row) - 1)) * HASH_BYTES
        return self._rows(level, tile, width_at(size, level, tile))[row][at : at + HASH_BYTES]

    def _span(self, low: int, high: int, size: int) -> bytes:
        """MTH(D[low:high]) for a span of the tree: its whole subtrees, folded from the right."""
        root = b""
        count = high - low
        while count:
            bit = count & -count
            height = bit.bit_length() - 1
            count -= bit
            peak = self._node(height, (low + count) >> height, size)
            root = node_hash(peak, root, alg=self._alg) if root else peak
        return root
