"""Boston's duplicates: is the first proposal the request that the city itself named, and what would be joined alone?

`python -m bench.understand.again`. Folds never part a family of duplicates; the shares joined alone are of the last six
weeks, by a model of July and August whose level was set on September.
"""

from collections import Counter
from datetime import datetime

import numpy as np
from msgspec import Struct

from bench.understand.boston import Requests, requests
from bench.understand.choice import groups_of, learned, shares_of
from bench.understand.pairs import CANDIDATES, Pairs, pairs_of

FOLDS, SEEDS, SEEDS_QUICK = 5, 3, 1
OTHERS_LEARNED = 4000  # reports that repeat nothing; the rest of them is not needed to learn that
OTHERS_QUICK = 12_000
FALSE_MAX, FALSE_AIMED = 0.01, 0.003  # of all reports; the level leaves room: October has twice September's duplicates


class Task(Struct, frozen=True):
    """What is learned and tested on. Shape: `kin` the family of each request; `true` a row is the parent of its report."""

    told: Requests
    pairs: Pairs
    kin: np.ndarray
    true: np.ndarray


def figures(quick: bool) -> dict[str, float]:
    """Prints the table; gives the share of parents that are first and among three, and what is joined falsely."""
    task = _task(quick)
    told, pairs = task.told, task.pairs
    children = np.flatnonzero(told.parent >= 0)
    print(f"{len(children)} requests of {len(told.rows)} repeat one that is known; {pairs.blocked / len(children):.4f} of those "
          f"are within the block, {pairs.kept / len(children):.4f} among {CANDIDATES} candidates")  # fmt: skip
    print(f"{'':<44}{'first':>8}{'of three':>10}")
    plain = _at(task, pairs.plain, children)
    print(f"{'distance, type and age over sixty days':<44}{plain[0]:>8.3f}{plain[1]:>10.3f}")
    runs = [_folded(task, seed) for seed in range(SEEDS_QUICK if quick else SEEDS)]
    first, three = np.mean(runs, 0)
    print(f"{f'learned, {FOLDS} folds of families, {len(runs)} seeds':<44}{first:>8.3f}{three:>10.3f}")
    later = _by_time(task)
    print(f"{'learned from July to September, tested after':<44}{later[0]:>8.3f}{later[1]:>10.3f}")
    joined = _alone(task)
    return {
        "dup_plain_at_1": round(plain[0], 4), "dup_plain_at_3": round(plain[1], 4), "dup_at_1": round(float(first), 4),
        "dup_at_3": round(float(three), 4), "dup_later_at_1": round(later[0], 4), "dup_later_at_3": round(later[1], 4), **joined,
    }  # fmt: skip


def _task(quick: bool) -> Task:
    told = requests()
    others = np.flatnonzero(told.parent < 0)
    if quick:
        others = np.random.default_rng(0).permutation(others)[:OTHERS_QUICK]
    pairs = pairs_of(told, np.r_[np.flatnonzero(told.parent >= 0), others])
    kin = np.arange(len(told.rows))
    for child in np.flatnonzero(told.parent >= 0):  # by time: whom a parent repeats is known already
        kin[child] = kin[told.parent[child]]
    return Task(told, pairs, kin, told.parent[pairs.later] == pairs.earlier)


def _scores(task: Task, learn: np.ndarray, test: np.ndarray, seed: int) -> np.ndarray:
    """Scores of the rows of the requests in `test`, learned from those in `learn`. Shape: both bool a request."""
    told, pairs = task.told, task.pairs
    chance = np.random.default_rng(seed)
    asked = np.unique(pairs.later)
    others = asked[(told.parent[asked] < 0) & ~told.flagged[asked] & learn[asked]]
    used = np.zeros(len(told.rows), bool)
    used[chance.permutation(others)[:OTHERS_LEARNED]] = True
    stand_for = ((told.parent < 0) & ~told.flagged & learn).sum() / max(1, used.sum())
    weights = np.where(used, max(1.0, stand_for), 1.0)
    used |= learn & (told.parent >= 0)
    types = np.unique([row["type"] for row in told.rows], return_inverse=True)[1]
    habit, mixed = _habits(told, types, used, weights)
    rows = np.flatnonzero(used[pairs.later])

    def inputs(at: np.ndarray) -> np.ndarray:
        later, earlier = types[pairs.later[at]], types[pairs.earlier[at]]
        return np.c_[pairs.features[at], mixed[later, earlier], habit[later]]

    groups = groups_of(pairs.later[rows])
    found = learned(inputs(rows), task.true[rows], groups, weights[pairs.later[rows][groups.starts]])
    scores, at = np.full(len(pairs.later), -np.inf), np.flatnonzero(test[pairs.later])
    scores[at] = inputs(at) @ found[:-1] + found[-1]
    return scores


def _habits(told: Requests, types: np.ndarray, used: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How often a type repeats something, and how often it repeats each other type, as logarithms."""
    children = np.flatnonzero(used & (told.parent >= 0))
    count = types.max() + 1
    many = np.bincount(types[used], weights[used], count)
    repeats = np.bincount(types[children], minlength=count)
    mixed = np.zeros((count, count))
    for (child, parent), times in Counter(zip(types[children], types[told.parent[children]], strict=True)).items():
        if child != parent:  # one type is a feature of its own
            mixed[child, parent] = np.log1p(32 * times / (repeats[child] + 3))
    return np.log((repeats + 0.5) / (many + 50)), mixed


def _folded(task: Task, seed: int) -> tuple[float, float]:
    """First and of three over all children, each scored by a model that saw nobody of its family."""
    told = task.told
    part_of = np.random.default_rng(100 + seed).integers(0, FOLDS, len(told.rows))[task.kin]
    scores = np.full(len(task.true), -np.inf)
    for part in range(FOLDS):
        scores = np.maximum(scores, _scores(task, part_of != part, (part_of == part) & (told.parent >= 0), seed))
    return _at(task, scores, np.flatnonzero(told.parent >= 0))


def _by_time(task: Task) -> tuple[float, float]:
    told, after = task.told, task.told.opened >= _month(10)
    return _at(task, _scores(task, ~after, after & (told.parent >= 0), 0), np.flatnonzero(after & (told.parent >= 0)))


def _at(task: Task, scores: np.ndarray, children: np.ndarray) -> tuple[float, float]:
    """Shares of the children whose parent comes first, and among the first three; one that is no candidate is missed."""
    order = np.lexsort((-scores, task.pairs.later))
    groups = groups_of(task.pairs.later[order])
    rank = np.arange(len(order)) - groups.starts[groups.of]
    mine = task.true[order] & np.isin(task.pairs.later[order], children) & np.isfinite(scores[order])
    return float((mine & (rank < 1)).sum() / len(children)), float((mine & (rank < 3)).sum() / len(children))


def _alone(task: Task) -> dict[str, float]:
    """What would be joined without a person in the last six weeks."""
    told, september, october = task.told, _month(9), _month(10)
    learn = told.opened < september
    tune, test = (told.opened >= september) & (told.opened < october), told.opened >= october
    ids, earlier, share = _best(task, _scores(task, learn, ~learn, 0), ~learn)
    stand_for = (told.parent < 0).sum() / (told.parent[np.unique(task.pairs.later)] < 0).sum()  # 1 unless quick
    every = np.where(told.parent[ids] >= 0, 1.0, stand_for)
    wrong = task.kin[ids] != task.kin[earlier]
    mine = tune[ids]
    order = np.argsort(-share[mine])
    false = np.cumsum((wrong * every)[mine][order]) / tune.sum()
    within = np.flatnonzero(false <= FALSE_AIMED)
    level = float(share[mine][order][within[-1]]) if len(within) else 1.0
    joined = test[ids] & (share >= level)
    judged = wrong & ~(told.flagged[ids] & (told.parent[ids] < 0))
    told_of = {
        "join_share": (joined * every).sum() / test.sum(), "false_join_share": (joined * wrong * every).sum() / test.sum(),
        "false_join_judged_share": (joined * judged * every).sum() / test.sum(),
        "dup_found_alone": (joined & ~wrong).sum() / (test & (told.parent >= 0)).sum(),
    }  # fmt: skip
    print(f"joined alone in October and November, above {level:.3f} (set in September for {FALSE_AIMED:.1%}): "
          f"{told_of['join_share']:.4f} of {test.sum()} reports; false {told_of['false_join_share']:.4f} (limit {FALSE_MAX}),\n"
          f"  of which {told_of['false_join_share'] - told_of['false_join_judged_share']:.4f} are called duplicates by the city "
          f"too, of a request that it did not name; {told_of['dup_found_alone']:.3f} of the known duplicates are joined")  # fmt: skip
    return {name: round(float(each), 4) for name, each in told_of.items()}


def _best(task: Task, scores: np.ndarray, asked: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of each request asked: its number, its likeliest candidate and the chance of that."""
    rows = np.flatnonzero(asked[task.pairs.later])
    later, groups = task.pairs.later[rows], groups_of(task.pairs.later[rows])
    share = shares_of(scores[rows], groups)
    best = np.lexsort((-share, later))[groups.starts]
    return later[best], task.pairs.earlier[rows][best], share[best]


def _month(month: int) -> float:
    return datetime(2011, month, 1).timestamp() / 60


if __name__ == "__main__":
    print(figures(quick=False))
