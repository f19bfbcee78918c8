"""Tile paths as C2SP tlog-tiles writes them: one text for one tile, everything else refused."""

import re
from dataclasses import dataclass
from typing import Final

from cityloop.journal.tlog.errors import EvidenceMalformed

TILE_WIDTH: Final = 256
LEVEL_MAX: Final = 63
INDEX_MAX: Final = 2**63 - 1
_PATH = re.compile(r"tile/(entries|[0-9]{1,2})/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([0-9]{1,3}))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class TilePath:
    """Which tile: `level` counts tiles upwards from 0; None is the bundle of entries under level 0."""

    level: int | None
    index: int
    width: int = TILE_WIDTH

    def __post_init__(self) -> None:
        """Refuses with `EvidenceMalformed` what no tree can have."""
        if self.level is not None and not 0 <= self.level <= LEVEL_MAX:
            raise EvidenceMalformed(f"Tile level {self.level} is out of bounds; give 0 to {LEVEL_MAX}.")
        if not 0 <= self.index <= INDEX_MAX:
            raise EvidenceMalformed(f"Tile index {self.index} is out of bounds; give 0 to {INDEX_MAX}.")
        if not 1 <= self.width <= TILE_WIDTH:
            raise EvidenceMalformed(f"Tile width {self.width} is out of bounds; give 1 to {TILE_WIDTH}.")


def path_text(path: TilePath) -> str:
    """The path below the log's prefix.

    Source: https://c2sp.org/tlog-tiles, "Merkle Tree" and "Log entries".

    >>> path_text(TilePath(level=0, index=1234067, width=8))
    'tile/0/x001/x234/067.p/8'
    """
    parts = [f"{path.index % 1000:03d}"]
    rest = path.index // 1000
    while rest:
        parts.append(f"x{rest % 1000:03d}")
        rest //= 1000
    level = "entries" if path.level is None else str(path.level)
    partial = "" if path.width == TILE_WIDTH else f".p/{path.width}"
    return f"tile/{level}/{'/'.join(reversed(parts))}{partial}"


def parse_path(text: str) -> TilePath:
    """The tile that a path names; `path_text` gives the same text back.

    Refuses with `EvidenceMalformed`.
    """
    wrong = EvidenceMalformed(
        f"{text[:120]!r} is not a tile path; write tile/<level>/<index>[.p/<width>] by c2sp.org/tlog-tiles."
    )
    match = _PATH.fullmatch(text)
    if match is None or len(text) > 120:
        raise wrong
    level, index, width = match.groups()
    path = TilePath(
        level=None if level == "entries" else int(level),
        index=int(index.replace("x", "").replace("/", "")),
        width=TILE_WIDTH if width is None else int(width),
    )
    if path_text(path) != text:  # leading zeroes, x000, .p/256
        raise wrong
    return path


def width_at(size: int, level: int, index: int) -> int:
    """How many hashes the tile holds in a tree of `size` leaves; 0 if it is not there.

    Source: https://c2sp.org/tlog-tiles, "Partial Tiles".

    >>> [width_at(70_000, 0, 273), width_at(70_000, 1, 1), width_at(70_000, 2, 0), width_at(70_000, 0, 274)]
    [112, 17, 1, 0]
    """
    return max(0, min(TILE_WIDTH, (size >> (8 * level)) - index * TILE_WIDTH))
