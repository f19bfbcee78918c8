"""Hot spots in place, and in place and time: more than chance, told with how sure that is."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from cityloop.stages.evaluate.model.why import Cluster, HotSpot
from cityloop.stages.evaluate.rules.why.many import benjamini_hochberg

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Numbers = NDArray[np.float64]
Near = Callable[[str, int], Sequence[str]]  # a cell and how many rings -> the cells within, itself too
DRAWS = 20_000
SHUFFLES = 199
ENOUGH = 4  # cases; fewer are no cluster


def hot_spots(counts: dict[str, int], near: Near, *, seed: int) -> list[HotSpot]:
    """Every cell of the study area with Getis-Ord Gi* of its cases and its neighbours', the hottest first.

    `counts`: the cases of each cell where anything was ever told; so parks and lakes do not make streets hot. One-sided p is
    by permutation: sums of so many cells drawn from all without putting back, pooled over cells with equally many
    neighbours, because counts are far from normal. `q` after Benjamini and Hochberg over all cells (neighbouring sums rise
    together, for which it holds).
    Source: Ord and Getis (1995), equation 5 with weights 0 and 1.
    """
    cells = sorted(counts)
    if len(cells) < 3:
        return []
    x = np.array([counts[cell] for cell in cells], float)
    within = rings(cells, near, 1)
    sizes, sums = np.asarray(within.sum(axis=1)).ravel(), within @ x
    z = gi_star(x, sums, sizes)
    rng = np.random.default_rng(seed)
    p = np.ones(len(cells))
    for size in np.unique(sizes):
        at = sizes == size
        drawn = np.sort(_drawn(x, int(size), rng))
        beaten = len(drawn) - np.searchsorted(drawn, sums[at] - 1e-9)
        p[at] = (1 + beaten) / (1 + len(drawn))
    q = benjamini_hochberg(p)
    found = [
        HotSpot(
            cell=cell, cases=int(x[i]), around=int(sums[i]), expected=float(sizes[i] * x.mean()), z=float(z[i]),
            p=float(p[i]), q=float(q[i]),
        )
        for i, cell in enumerate(cells)
    ]  # fmt: skip
    return sorted(found, key=lambda each: (-each.z, each.cell))


def gi_star(x: Numbers, sums: Numbers, sizes: Numbers) -> Numbers:
    """Gi* of each cell: how far its sum lies above so many average cells, in deviations. 0 where all cells are alike."""
    n, mean = len(x), x.mean()
    spread = np.sqrt(np.maximum((x**2).mean() - mean**2, 0.0))
    below = spread * np.sqrt((n * sizes - sizes**2) / (n - 1))
    return np.divide(sums - mean * sizes, below, out=np.zeros(n), where=below > 1e-12)


def rings(cells: Sequence[str], near: Near, many: int) -> "csr_matrix":
    """Which cells lie within so many rings of each: a matrix of 0 and 1."""
    from scipy.sparse import csr_matrix

    place = {cell: i for i, cell in enumerate(cells)}
    pairs = [(i, place[other]) for cell, i in place.items() for other in near(cell, many) if other in place]
    rows, columns = np.array(pairs).T
    return csr_matrix((np.ones(len(pairs)), (rows, columns)), shape=(len(cells), len(cells)))


def _drawn(x: Numbers, size: int, rng: np.random.Generator) -> Numbers:
    """Sums of `size` cells drawn without putting back: disjoint pieces of shuffled cities."""
    pieces = max(1, len(x) // size)
    sums = []
    for _ in range(-(-DRAWS // pieces)):
        sums.append(rng.permutation(x)[: pieces * size].reshape(pieces, size).sum(axis=1))
    return np.concatenate(sums)


def clusters(
    cell_of: Sequence[str], period: NDArray[np.int64], periods: int, near: Near, *, longest: int, seed: int,
    ring_max: int = 2, shuffles: int = SHUFFLES,
) -> list[Cluster]:  # fmt: skip
    """Cases that lie close in place and time, each no part of a stronger one, the strongest first.

    Cylinders: a cell with 0 to `ring_max` rings around it, over 1 to `longest` periods. What is expected follows from how
    many cases the place has in all and the period has in all, so neither a busy street nor a busy week is a cluster.
    p: the rank of its strength among the strongest cylinders of worlds in which the periods are shuffled among the cases.
    Source: Kulldorff, Heffernan, Hartman, Assunção and Mostashari (2005), the space-time permutation scan statistic.
    """
    cells = sorted(set(cell_of))
    if len(cells) < 2 or periods < 2 or len(cell_of) < ENOUGH:
        return []
    at = np.searchsorted(cells, np.asarray(cell_of))
    zones = [rings(cells, near, many) for many in range(ring_max + 1)]
    seen = _strengths(at, period, periods, zones, longest)
    rng = np.random.default_rng(seed)
    most = np.array(
        [max(each[0].max() for each in _strengths(at, rng.permutation(period), periods, zones, longest)) for _ in range(shuffles)]
    )  # fmt: skip
    return _strongest(seen, most, cells, near, periods)


def _strengths(
    at: NDArray[np.int64], period: NDArray[np.int64], periods: int, zones: Sequence["csr_matrix"], longest: int
) -> list[tuple[Numbers, Numbers, Numbers, int, int]]:
    """Likelihood ratio, cases and expectation of every cylinder: one entry a (rings, length)."""
    count = zones[0].shape[0]
    table = np.bincount(at * periods + period, minlength=count * periods).reshape(count, periods).astype(float)
    whole = table.sum()
    found = []
    for many, zone in enumerate(zones):
        here = zone @ table
        total, upto = here.sum(axis=1), np.cumsum(np.pad(here, ((0, 0), (1, 0))), axis=1)
        ever = np.cumsum(np.concatenate([[0.0], table.sum(axis=0)]))
        for length in range(1, min(longest, periods - 1) + 1):
            cases = upto[:, length:] - upto[:, :-length]
            expected = total[:, None] * (ever[length:] - ever[:-length])[None, :] / whole
            found.append((_ratio(cases, expected, whole), cases, expected, many, length))
    return found


def _ratio(cases: Numbers, expected: Numbers, whole: float) -> Numbers:
    """Its logarithm; 0 where there are no more than expected, or too few to speak of."""
    found = np.zeros(cases.shape)
    more = (cases > expected) & (cases >= ENOUGH) & (expected > 0)
    c, e = cases[more], expected[more]
    left = whole - c
    rest = np.where(left > 0, left * np.log(np.where(left > 0, left, 1.0) / np.maximum(whole - e, 1e-300)), 0.0)
    found[more] = c * np.log(c / e) + rest
    return found


def _strongest(
    seen: list[tuple[Numbers, Numbers, Numbers, int, int]], most: Numbers, cells: Sequence[str], near: Near, periods: int
) -> list[Cluster]:
    """The cylinders that are no part of a stronger one, as long as they are stronger than a tenth of shuffled worlds."""
    least = float(np.quantile(most, 0.9))
    every = [
        (float(ratio[i, t]), i, int(t), many, length, cases[i, t], expected[i, t])
        for ratio, cases, expected, many, length in seen
        for i, t in np.argwhere(ratio >= max(least, 1e-9))
    ]  # fmt: skip
    taken: set[tuple[str, int]] = set()
    found = []
    for strength, i, t, many, length, cases, expected in sorted(every, key=lambda each: (-each[0], each[1:5])):
        inside = {(cell, moment) for cell in near(cells[i], many) for moment in range(t, t + length)}
        if inside & taken:
            continue
        taken |= inside
        found.append(
            Cluster(
                cell=cells[i], rings=many, first=t, last=t + length - 1, cases=int(cases), expected=float(expected),
                strength=strength, p=float((1 + (most >= strength).sum()) / (1 + len(most))),
            )
        )  # fmt: skip
    return found
