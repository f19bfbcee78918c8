"""What follows what between classes, in place and time."""

import numpy as np
from numpy.typing import NDArray

from cityloop.stages.evaluate.model.why import CaseRows, Follow
from cityloop.stages.evaluate.rules.why.again import DAY, near_pairs
from cityloop.stages.evaluate.rules.why.many import greatest_of_all

NEAR_M, DAYS = 150.0, 7.0
PAIRS_MIN = 8  # expected or seen; rarer pairs are not looked at
CLASS_MIN = 15
LEVEL = 0.05
SHUFFLES = 399
PAIRS_MAX = 2_000_000  # near pairs; of more, every so manieth


def follows(
    rows: CaseRows, *, seed: int, metres_max: float = NEAR_M, days: float = DAYS, shuffles: int = SHUFFLES
) -> list[Follow]:
    """Classes whose cases are followed by another class within so many metres and days more often than chance has it.

    Chance: the moments of each class are shuffled among its cases, so every class keeps its places and its seasons, and a
    rainy week that brings both is no sequence by itself. p is corrected for all ordered pairs of classes (maxT): the chance
    that any pair stands out so far is at most 5 % if none follows another.
    Source: Knox (1964), with the moments permuted within each class.
    """
    pairs = near_pairs(rows, metres_max)
    keys, code = np.unique(rows.class_key, return_inverse=True)
    often = (np.bincount(code, minlength=len(keys)) >= CLASS_MIN) & (keys != "")
    pairs = pairs[often[code[pairs[:, 0]]] & often[code[pairs[:, 1]]] & (code[pairs[:, 0]] != code[pairs[:, 1]])]
    pairs = pairs[:: max(1, -(-len(pairs) // PAIRS_MAX))]
    seen = _counted(pairs, code, rows.opened, len(keys), days)
    possible = np.bincount(np.concatenate([_kind(pairs, code, len(keys)), _kind(pairs[:, ::-1], code, len(keys))]), minlength=len(keys) ** 2)
    asked = np.flatnonzero(possible >= PAIRS_MIN)
    if len(asked) == 0:
        return []
    rng = np.random.default_rng(seed)
    shuffled = np.array([_counted(pairs, code, _shuffled(rows.opened, code, rng), len(keys), days)[asked] for _ in range(shuffles)])
    far, p = greatest_of_all(seen[asked].astype(float), shuffled.astype(float))
    expected = shuffled.mean(axis=0)
    found = [
        Follow(
            first=str(keys[at // len(keys)]), then=str(keys[at % len(keys)]), pairs=int(seen[at]), expected=float(expected[i]),
            ratio=float(seen[at] / expected[i]) if expected[i] else float("inf"), z=float(far[i]), p=float(p[i]),
        )
        for i, at in enumerate(asked)
        if p[i] <= LEVEL and seen[at] >= PAIRS_MIN
    ]  # fmt: skip
    return sorted(found, key=lambda each: (-each.z, each.first, each.then))


def _kind(pairs: NDArray[np.int64], code: NDArray[np.int64], many: int) -> NDArray[np.int64]:
    return code[pairs[:, 0]] * many + code[pairs[:, 1]]


def _counted(
    pairs: NDArray[np.int64], code: NDArray[np.int64], opened: NDArray[np.float64], many: int, days: float
) -> NDArray[np.int64]:
    """How many pairs of each ordered pair of classes follow one another soon."""
    gap = opened[pairs[:, 1]] - opened[pairs[:, 0]]
    soon = np.abs(gap) <= days * DAY
    onward, backward = pairs[soon & (gap > 0)], pairs[soon & (gap < 0)][:, ::-1]
    return np.bincount(np.concatenate([_kind(onward, code, many), _kind(backward, code, many)]), minlength=many * many)


def _shuffled(opened: NDArray[np.float64], code: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.float64]:
    """The moments, dealt out anew within each class."""
    order = np.argsort(code, kind="stable")
    dealt = order[np.lexsort((rng.random(len(order)), code[order]))]
    found = np.empty_like(opened)
    found[order] = opened[dealt]
    return found
