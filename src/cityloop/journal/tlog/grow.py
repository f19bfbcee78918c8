"""Growing the tree: new leaf hashes in, changed tiles and the new root out."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from cityloop.journal.tlog.alg import HASH_BYTES, SHA256_ED25519, Alg, empty_root, node_hash
from cityloop.journal.tlog.errors import EvidenceMalformed
from cityloop.journal.tlog.paths import TILE_WIDTH
from cityloop.journal.tlog.prove import Prover, ReadTile, tile_prefix
from cityloop.journal.tlog.rows import joined, pair_up, tile_roots

_TILE_BYTES = TILE_WIDTH * HASH_BYTES
_CHUNK_LEAVES = 64 * TILE_WIDTH


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """A hash tile to store, over whatever stood at (level, index); its width is in its bytes."""

    level: int
    index: int
    hashes: bytes

    @property
    def width(self) -> int:
        """How many hashes it holds."""
        return len(self.hashes) // HASH_BYTES


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """What a sealer stores and signs after new leaves."""

    size: int
    root: bytes
    tiles: tuple[Tile, ...]


def grow(size: int, read_tile: ReadTile, leaves: Sequence[bytes], *, alg: Alg = SHA256_ED25519) -> Growth:
    """The tree of `size` leaves with `leaves` after it.

    Shape: `leaves` are leaf hashes. Reads one tile a level; hashes once per new leaf, and up to 255 times
    a level for the root.
    Refuses with `TileShort` where a stored tile is narrower than `size` needs.
    """
    if size < 0:
        raise EvidenceMalformed(f"Tree size {size} is negative; give the number of sealed leaves.")
    tiles = _tiles_after(size, read_tile, leaves, alg)
    changed = {(tile.level, tile.index): tile.hashes for tile in tiles}

    def read_new(level: int, index: int) -> bytes | None:
        return changed.get((level, index)) or read_tile(level, index)

    new_size = size + len(leaves)
    return Growth(size=new_size, root=Prover(read_new, alg=alg).root(new_size), tiles=tiles)


class Peaks:
    """A tree that knows only its peaks, the roots of its whole subtrees: what is needed to read a log from its start."""

    def __init__(self, *, alg: Alg = SHA256_ED25519) -> None:
        self.size = 0
        self._alg = alg
        self._peaks: list[bytes] = []  # by height; empty where the size has no such bit

    def add(self, leaves: Sequence[bytes]) -> None:
        """Put leaf hashes at the end."""
        self.size += len(leaves)
        height, row = 0, joined(leaves)
        while row:
            if height == len(self._peaks):
                self._peaks.append(b"")
            row = self._peaks[height] + row
            self._peaks[height] = row[-HASH_BYTES:] if len(row) % (2 * HASH_BYTES) else b""
            row = pair_up(row, alg=self._alg)
            height += 1

    @property
    def root(self) -> bytes:
        """The root of all leaves so far: the peaks, folded from the right."""
        root = b""
        for peak in self._peaks:
            if peak:
                root = node_hash(peak, root, alg=self._alg) if root else peak
        return root or empty_root(alg=self._alg)


def root_of(
    leaves: Iterable[bytes],
    size: int,
    *,
    keep_tile: Callable[[Tile], None] | None = None,
    alg: Alg = SHA256_ED25519,
) -> bytes:
    """The root over exactly `size` leaf hashes, read once from front to back, in little memory.

    `keep_tile` hears once of every tile of the finished tree: what is needed to rebuild the table of tiles.
    Refuses with `EvidenceMalformed` where there are more or fewer leaves than `size`.
    """
    source = iter(leaves)
    edge: dict[tuple[int, int], bytes] = {}  # tiles that are not full yet: at most one a level
    seen = 0
    while chunk := list(islice(source, _CHUNK_LEAVES)):
        for tile in _tiles_after(seen, lambda level, index: edge.get((level, index)), chunk, alg):
            if tile.width < TILE_WIDTH:
                edge[tile.level, tile.index] = tile.hashes
                continue
            edge.pop((tile.level, tile.index), None)
            if keep_tile is not None:
                keep_tile(tile)
        seen += len(chunk)
        if seen > size:
            break
    if seen != size:
        gave = "more" if seen > size else str(seen)
        raise EvidenceMalformed(f"The log should have {size} leaves and gave {gave}; read it again from the start.")
    if keep_tile is not None:
        for (level, index), hashes in edge.items():
            keep_tile(Tile(level=level, index=index, hashes=hashes))
    return Prover(lambda level, index: edge.get((level, index)), alg=alg).root(size)


def _tiles_after(size: int, read_tile: ReadTile, leaves: Sequence[bytes], alg: Alg) -> tuple[Tile, ...]:
    """Every tile that `leaves` change or add, lowest level first."""
    tiles: list[Tile] = []
    level, row = 0, joined(leaves)
    while row:
        first, held = divmod(size >> (8 * level), TILE_WIDTH)
        if held:
            row = tile_prefix(read_tile, level, first, held) + row
        for nth, at in enumerate(range(0, len(row), _TILE_BYTES)):
            tiles.append(Tile(level=level, index=first + nth, hashes=row[at : at + _TILE_BYTES]))
        row = tile_roots(row[: len(row) // _TILE_BYTES * _TILE_BYTES], alg=alg)
        level += 1
    return tuple(tiles)
