"""Two photos of one case, before and after: the same place, and what changed. A hint with reasons, never a verdict.

Both are made small, grey and even in light. Turned and scaled pictures are brought over one another by the spectra's
log-polar shift, then by their own shift; what fits then is looked at block by block.
"""

from io import BytesIO

import numpy as np
from msgspec import Struct
from PIL import Image

PPM = 1_000_000
SIDE = 128  # px to which a picture is made small
BLOCKS = 8  # a side
SAME_MIN = 0.38  # of the blocks that both show, the median likeness from which it is the same place
BLOCK_CHANGED = 0.5  # below, a block is another one
TOGETHER_MIN = 2  # blocks side by side that changed: fewer are a leaf, a car, an edge
PLAIN = 4.0  # grey levels: a block that varies less says nothing
PLAIN_EVEN = 0.5  # the same, of a picture even in light
OVERLAP_MIN = 0.35  # of the picture
ANGLES, RADII = 90, 64
STEPS = ((2.0, 0.05), (1.0, 0.03), (0.5, 0.015))  # degrees, shares


class Compared(Struct, frozen=True, kw_only=True):
    """What two photos say. `why`: codes with numbers.

    Units: `likeness_ppm` and `changed_ppm` parts per million of what both show; `overlap_ppm` of the picture.
    """

    place: str  # same, other, unclear
    change: str  # changed, unchanged, unclear
    likeness_ppm: int
    changed_ppm: int
    overlap_ppm: int
    why: tuple[str, ...]


class _Fit(Struct, frozen=True, kw_only=True):
    """How well the second picture fits, turned and scaled so."""

    score: float
    fits: np.ndarray  # of each block; not a number where one of them shows nothing
    overlap: float
    angle: float
    scale: float


def compare(before: bytes, after: bytes) -> Compared:
    """What two pictures that we encoded ourselves say of place and change. CPU only: in a thread."""
    first, second = (_grey(raw) for raw in (before, after))
    if min(first.std(), second.std()) < PLAIN:
        return Compared(place="unclear", change="unclear", likeness_ppm=0, changed_ppm=0, overlap_ppm=0, why=("plain",))
    fits, overlap = _best_fit(first, second)
    known = fits[~np.isnan(fits)]
    overlap_ppm = round(overlap * PPM)
    if not known.size or overlap < OVERLAP_MIN:
        return Compared(place="unclear", change="unclear", likeness_ppm=0, changed_ppm=0, overlap_ppm=overlap_ppm, why=("little_overlap",))
    likeness, other = float(np.median(known)), np.nan_to_num(fits, nan=1.0) < BLOCK_CHANGED
    together = _largest(other)
    same = likeness >= SAME_MIN
    change = "unclear" if not same else "changed" if together >= TOGETHER_MIN else "unchanged"
    return Compared(
        place="same" if same else "other", change=change, likeness_ppm=max(0, round(likeness * PPM)),
        changed_ppm=round(PPM * together / known.size), overlap_ppm=overlap_ppm,
        why=(f"likeness:{round(likeness * 100)}", f"overlap:{round(overlap * 100)}", f"blocks_changed:{together}"),
    )  # fmt: skip


def _largest(mask: np.ndarray) -> int:
    """How many of the marked blocks lie side by side at most.

    >>> _largest(np.array([[1, 1, 0], [0, 1, 0], [1, 0, 0]], dtype=bool))
    3
    """
    left, most = {(int(y), int(x)) for y, x in zip(*np.nonzero(mask), strict=True)}, 0
    while left:
        ring, size = [left.pop()], 0
        while ring:
            y, x = ring.pop()
            size += 1
            for near in ((y - 1, x), (y + 1, x), (y, x - 1), (y, x + 1)):
                if near in left:
                    left.remove(near)
                    ring.append(near)
        most = max(most, size)
    return most


def _grey(raw: bytes) -> np.ndarray:
    with Image.open(BytesIO(raw), formats=("JPEG",)) as image:
        image.draft("L", (SIDE * 2, SIDE * 2))
        small = image.convert("L").resize((SIDE, SIDE), Image.Resampling.BOX)
    return np.asarray(small, dtype=np.float64)


def _even(picture: np.ndarray) -> np.ndarray:
    """What is left when light and shadow are taken out: each place against its neighbourhood."""
    mean = _blurred(picture)
    spread = np.sqrt(np.maximum(_blurred((picture - mean) ** 2), PLAIN**2))
    return (picture - mean) / spread


def _blurred(picture: np.ndarray, reach: int = 10) -> np.ndarray:
    padded = np.pad(picture, reach, mode="reflect")
    sums = np.pad(padded.cumsum(0).cumsum(1), ((1, 0), (1, 0)))
    size = 2 * reach + 1
    return (sums[size:, size:] - sums[:-size, size:] - sums[size:, :-size] + sums[:-size, :-size]) / size**2


def _best_fit(first: np.ndarray, second: np.ndarray) -> tuple[np.ndarray, float]:
    """How each block fits, with the second picture turned and scaled as it fits best: begun where the spectra say, then step by
    step nearer.
    """
    best = max((_tried(first, second, angle, scale) for angle, scale in _begun(first, second)), key=lambda each: each.score)
    for angle_step, scale_step in STEPS:
        near = ((angle_step, 0.0), (-angle_step, 0.0), (0.0, scale_step), (0.0, -scale_step))
        tried = [_tried(first, second, best.angle + turn, best.scale * (1 + grow)) for turn, grow in near]
        best = max([best, *tried], key=lambda each: each.score)
    return best.fits, best.overlap


def _begun(first: np.ndarray, second: np.ndarray) -> list[tuple[float, float]]:
    """Turns and scales to begin with: none, a few usual ones, and what the spectra say."""
    return [(0.0, 1.0), _turn_between(first, second), *((0.0, each) for each in (0.85, 1.18))]


def _tried(first: np.ndarray, second: np.ndarray, angle: float, scale: float) -> _Fit:
    fits, overlap = _fits(first, _turned(second, angle, scale))
    known = fits[~np.isnan(fits)]
    score = float(np.mean(np.maximum(known, 0.0))) * min(1.0, overlap / OVERLAP_MIN) if known.size else -1.0
    return _Fit(score=score, fits=fits, overlap=overlap, angle=angle, scale=scale)


def _turn_between(first: np.ndarray, second: np.ndarray) -> tuple[float, float]:
    """By how many degrees and which factor the second must be turned and scaled."""
    window = np.outer(np.hanning(SIDE), np.hanning(SIDE))
    spectra = [np.abs(np.fft.fftshift(np.fft.fft2(_even(each) * window))) for each in (first, second)]
    polar = [_log_polar(np.log1p(each)) for each in spectra]
    (down, right), _ = _shift(polar[0], polar[1])
    angle = down * 180.0 / ANGLES
    scale = float(np.exp(right * np.log(SIDE / 2) / RADII))
    return (angle if abs(angle) <= 30 else 0.0), (scale if 0.6 <= scale <= 1.7 else 1.0)


def _log_polar(spectrum: np.ndarray) -> np.ndarray:
    angles = np.pi * np.arange(ANGLES) / ANGLES
    radii = np.exp(np.arange(RADII) * np.log(SIDE / 2) / RADII)
    rows = np.clip(np.rint(SIDE / 2 + radii * np.sin(angles)[:, None]), 0, SIDE - 1).astype(int)
    columns = np.clip(np.rint(SIDE / 2 + radii * np.cos(angles)[:, None]), 0, SIDE - 1).astype(int)
    found = spectrum[rows, columns]
    return (found - found.mean(axis=0)) * (radii > 4)


def _shift(first: np.ndarray, second: np.ndarray) -> tuple[tuple[int, int], float]:
    """By how much the second must be moved to lie over the first, and how sharply that shows."""
    cross = np.fft.fft2(first) * np.conj(np.fft.fft2(second))
    peak = np.fft.ifft2(cross / (np.abs(cross) + 1e-9)).real
    at = np.unravel_index(int(peak.argmax()), peak.shape)
    moves = [int(place) if place <= size // 2 else int(place) - size for place, size in zip(at, peak.shape, strict=True)]
    return (moves[0], moves[1]), float(peak.max())


def _turned(picture: np.ndarray, angle: float, scale: float) -> np.ndarray:
    """The picture around its middle; what lies beyond its edge is nothing."""
    turn, half = np.deg2rad(angle), (SIDE - 1) / 2
    y, x = np.mgrid[0:SIDE, 0:SIDE] - half
    from_x = (np.cos(turn) * x + np.sin(turn) * y) / scale + half
    from_y = (-np.sin(turn) * x + np.cos(turn) * y) / scale + half
    column, row = np.rint(from_x).astype(int), np.rint(from_y).astype(int)
    inside = (column >= 0) & (column < SIDE) & (row >= 0) & (row < SIDE)
    return np.where(inside, picture[np.clip(row, 0, SIDE - 1), np.clip(column, 0, SIDE - 1)], np.nan)


def _fits(first: np.ndarray, second: np.ndarray) -> tuple[np.ndarray, float]:
    """The likeness of each block that both show and that is not plain, once the second is moved over the first."""
    known = ~np.isnan(second)
    filled = np.where(known, second, np.nanmean(second))
    one, other = _even(first), _even(filled) * known
    (down, right), _ = _shift(one, other)
    moved, seen = np.roll(other, (down, right), (0, 1)), np.roll(known, (down, right), (0, 1))
    seen = seen & _beyond(down, SIDE)[:, None] & _beyond(right, SIDE)[None, :]
    size = SIDE // BLOCKS
    fits, shown = np.full((BLOCKS, BLOCKS), np.nan), 0
    for row in range(BLOCKS):
        for column in range(BLOCKS):
            y, x = row * size, column * size
            block = np.s_[y : y + size, x : x + size]
            if seen[block].mean() < 0.9:
                continue
            shown += 1
            if first[block].std() >= PLAIN or moved[block].std() >= PLAIN_EVEN:
                fits[row, column] = _likeness(one[block], moved, y, x, size)
    return fits, shown / BLOCKS**2


def _likeness(block: np.ndarray, moved: np.ndarray, y: int, x: int, size: int) -> float:
    """The best likeness of a block within two pixels around."""
    best, mine = -1.0, block - block.mean()
    norm = np.sqrt((mine**2).sum()) + 1e-9
    for down in (-2, 0, 2):
        for right in (-2, 0, 2):
            top, left = min(max(y + down, 0), SIDE - size), min(max(x + right, 0), SIDE - size)
            theirs = moved[top : top + size, left : left + size]
            theirs = theirs - theirs.mean()
            best = max(best, float((mine * theirs).sum() / (norm * (np.sqrt((theirs**2).sum()) + 1e-9))))
    return best


def _beyond(move: int, size: int) -> np.ndarray:
    """The rows that were not rolled in from the other side."""
    places = np.arange(size)
    return (places >= move) if move >= 0 else (places < size + move)
