"""What is fixed and back again, by place, class, season and unit; and what grows."""

from collections.abc import Iterable

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from cityloop.stages.evaluate.model.why import Again, CaseRows, Rise
from cityloop.stages.evaluate.rules.why.many import benjamini_hochberg, share_of

Numbers = NDArray[np.float64]
Marks = NDArray[np.bool_]
DAY = 86_400.0
NEAR_M = 50.0  # so near is the same place
RING = 3.0  # as many times as far is its neighbourhood
METRE = 111_320.0  # a degree of latitude, in metres
TOLD_MIN = 5  # closed cases of a place; of fewer nothing is tested
RISE_MIN = 20  # cases of a class
SHOWN_CASES = 200


def metres(lon: Numbers, lat: Numbers) -> Numbers:
    """Places on a plane, in metres; good to a thousandth over a city. Shape: (cases, 2)."""
    middle = np.nanmean(lat) if np.isfinite(lat).any() else 0.0
    return np.column_stack([lon * np.cos(np.radians(middle)) * METRE, lat * METRE])


def near_pairs(rows: CaseRows, metres_max: float) -> NDArray[np.int64]:
    """Pairs of cases that lie so near. Shape: (pairs, 2), each pair once."""
    from scipy.spatial import cKDTree

    placed = np.flatnonzero(np.isfinite(rows.lon) & np.isfinite(rows.lat))
    if len(placed) < 2:
        return np.empty((0, 2), np.int64)
    xy = metres(rows.lon, rows.lat)[placed]
    return placed[cKDTree(xy).query_pairs(metres_max, output_type="ndarray")]


def back_within(rows: CaseRows, days: int, metres_max: float = NEAR_M) -> tuple[Marks, Marks]:
    """Which cases were followed, after they were closed, by one of their class at their place within so many days; and of
    which that can be said: they were closed and have a place, and the days have passed before the period ended.
    """
    known = np.isfinite(rows.closed) & np.isfinite(rows.lon) & (rows.closed + days * DAY <= rows.until)
    pairs = _pairs_of_class(rows, metres_max)
    return _back(pairs, rows.opened, rows.closed, days) & known, known


def chance_back(rows: CaseRows, days: int, metres_max: float = NEAR_M) -> Numbers:
    """How likely each case is followed by chance alone: if those of its class around it, up to three times as far, lay evenly
    over that ring and over the period. High where much of a class lies close together, which is no return of anything.

    The chance of at least one, Poisson: 1 - exp(-ring · inner area / ring area · days / days of the period).
    """
    wide = RING * metres_max
    pairs = _pairs_of_class(rows, wide)
    far = np.hypot(*(metres(rows.lon, rows.lat)[pairs[:, 0]] - metres(rows.lon, rows.lat)[pairs[:, 1]]).T) > metres_max
    ring = np.bincount(pairs[far].ravel(), minlength=len(rows))
    many = ring / (RING**2 - 1) * days * DAY / (rows.until - rows.since)
    return 1 - np.exp(-many)


class Returns(Struct, frozen=True, kw_only=True):
    """Which cases were back within so many days, of which that can be said, and how likely each was by chance alone."""

    days: int
    back: Marks
    known: Marks
    chance: Numbers


def returns_of(rows: CaseRows, days: int) -> Returns:
    """What came back: looked for once, however much is asked of it."""
    back, known = back_within(rows, days)
    return Returns(days=days, back=back, known=known, chance=chance_back(rows, days))


def _pairs_of_class(rows: CaseRows, metres_max: float) -> NDArray[np.int64]:
    pairs = near_pairs(rows, metres_max)
    return pairs[rows.class_key[pairs[:, 0]] == rows.class_key[pairs[:, 1]]] if len(pairs) else pairs


def _back(pairs: NDArray[np.int64], opened: Numbers, closed: Numbers, days: int) -> Marks:
    back = np.zeros(len(opened), bool)
    for one, other in ((0, 1), (1, 0)):
        i, j = pairs[:, one], pairs[:, other]
        after = opened[j] - closed[i]
        back[i[(after > 0) & (after <= days * DAY)]] = True
    return back


def recurrence(rows: CaseRows, by: NDArray[np.str_], returns: Returns, *, with_class: bool = True) -> list[Again]:
    """Each group with how much of what it closed was back; what stands out most first.

    Expected: as often as its classes are back outside the group, or as chance alone has it where so much lies close
    together, whichever is more. p: the chance of so many or more (an exact binomial of the mean of what is expected);
    `q` after Benjamini and Hochberg over the groups with at least five closed cases.
    """
    from scipy.stats import binom

    keys = np.char.add(np.char.add(by, "\t"), rows.class_key) if with_class else by.astype(str)
    told = returns.known & (by != "")
    here, returned = np.flatnonzero(told), returns.back[told]
    usual = _Usual(rows.class_key[here], returned)
    groups, at = np.unique(keys[told], return_inverse=True)
    found = []
    for group, members in _grouped(groups, at):
        if len(members) < TOLD_MIN:
            continue
        expected = max(usual.outside(members), float(returns.chance[here[members]].sum()))
        part = int(returned[members].sum())
        name, _, class_key = group.partition("\t")
        timely = rows.in_time[here[members]] == 1
        found.append(
            Again(
                group=name, class_key=class_key, days=returns.days, back=share_of(part, len(members)),
                fixed_and_back=share_of(int((returned[members] & timely).sum()), int(timely.sum())), expected=expected,
                p=float(binom.sf(part - 1, len(members), min(1.0, expected / len(members)))),
                cases=tuple(str(each) for each in rows.id[here[members[returned[members]]]][:SHOWN_CASES]),
            )
        )  # fmt: skip
    q = benjamini_hochberg(np.array([each.p for each in found])) if found else []
    ranked = [replace(each, q=float(value)) for each, value in zip(found, q, strict=True)]
    return sorted(ranked, key=lambda each: (each.expected - each.back.part, each.group, each.class_key))


class _Usual:
    """How often what is closed is back outside a group, class by class, drawn a little to the share of all."""

    def __init__(self, classes: NDArray[np.str_], returned: Marks):
        self.code = np.unique(classes, return_inverse=True)[1]
        self.returned = returned
        self.closed = np.bincount(self.code)
        self.back = np.bincount(self.code, weights=returned)

    def outside(self, members: NDArray[np.int64]) -> float:
        """How many of the members would be back. Ten cases like all others are added to each class, and one half back."""
        mine = np.bincount(self.code[members], minlength=len(self.closed))
        mine_back = np.bincount(self.code[members], weights=self.returned[members], minlength=len(self.closed))
        rest = len(self.code) - len(members)
        all_share = (self.back.sum() - mine_back.sum() + 0.5) / (rest + 1)
        share = (self.back - mine_back + 10 * all_share) / (self.closed - mine + 10)
        return float(mine @ share)


def _grouped(groups: NDArray[np.str_], at: NDArray[np.int64]) -> Iterable[tuple[str, NDArray[np.int64]]]:
    order = np.argsort(at, kind="stable")
    edges = np.searchsorted(at[order], np.arange(len(groups) + 1))
    for place, group in enumerate(groups):
        yield str(group), order[edges[place] : edges[place + 1]]


def rate_ratio(counts: Numbers, lately: Marks) -> tuple[float, float, float, float, float]:
    """How many times as many a period `lately` as before: ratio, 95 % interval, two-sided p, and the dispersion.

    A log-linear model with one step; its variance is the dispersion (Pearson's, at least 1) times that of Poisson counts, and
    the quantiles are Student's, so that periods which differ more than chance lets counts differ give no false claim.
    Source: McCullagh and Nelder (1989), 6.2; a half is added to both sums where one is 0.
    """
    from scipy.stats import t

    n, after = len(counts), int(lately.sum())
    a, b = float(counts[lately].sum()), float(counts[~lately].sum())
    fitted = np.where(lately, a / after, b / (n - after))
    chi = np.divide((counts - fitted) ** 2, fitted, out=np.zeros(n), where=fitted > 0).sum()
    dispersion = max(1.0, float(chi) / (n - 2)) if n > 2 else 1.0
    if a == 0 or b == 0:
        a, b = a + 0.5, b + 0.5
    middle = np.log(a / after) - np.log(b / (n - after))
    error = (dispersion * (1 / a + 1 / b)) ** 0.5
    far = float(t.ppf(0.975, max(1, n - 2))) * error
    p = float(2 * t.sf(abs(middle) / error, max(1, n - 2)))
    return float(np.exp(middle)), float(np.exp(middle - far)), float(np.exp(middle + far)), p, dispersion


def rising(classes: NDArray[np.str_], period: NDArray[np.int64], periods: int, lately: int) -> list[Rise]:
    """Classes that are told more often in the last periods than before, the surest first.

    Classes with at least 20 cases are tested; `q` after Benjamini and Hochberg over them, one-sided p.
    """
    late = np.arange(periods) >= periods - lately
    if periods - lately < 2 or lately < 2:
        return []
    total = np.bincount(period, minlength=periods).astype(float)
    found, ps = [], []
    for key, many in zip(*np.unique(classes, return_counts=True), strict=True):
        if not key or many < RISE_MIN:
            continue
        counts = np.bincount(period[classes == key], minlength=periods).astype(float)
        ratio, low, high, p, dispersion = rate_ratio(counts, late)
        ps.append(p / 2 if ratio > 1 else 1 - p / 2)
        others = total - counts
        beside = others[late].mean() / others[~late].mean() if others[~late].any() else 1.0
        found.append((str(key), counts, ratio, low, high, dispersion, float(beside)))
    q = benjamini_hochberg(np.array(ps)) if ps else np.empty(0)
    made = [
        Rise(
            class_key=key, before=float(counts[~late].mean()), lately=float(counts[late].mean()), ratio=ratio, low=low,
            high=high, dispersion=dispersion, others=beside, p=ps[i], q=float(q[i]),
        )
        for i, (key, counts, ratio, low, high, dispersion, beside) in enumerate(found)
    ]  # fmt: skip
    return sorted(made, key=lambda each: (each.q, -each.ratio, each.class_key))
