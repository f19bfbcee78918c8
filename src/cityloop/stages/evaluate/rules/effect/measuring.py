"""The effect of a measure against comparable places: difference in differences and a synthetic control, told with its doubt."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cityloop.stages.evaluate.model.why import Doubt, Effect, Estimate

Numbers = NDArray[np.float64]
LEVEL = 0.05
BEFORE_MIN, AFTER_MIN = 8, 4  # periods
PLACES_MIN = 19  # with fewer others no placebo is rarer than one in twenty
CASES_MIN = 40
FIT_MAX = 0.5  # of the deviation of the place itself before the measure; more, and no mixture was like it


def effect_of(counts: Numbers, names: Sequence[str], treated: int, since: int) -> Effect:
    """What became of the cases of one place after a measure, beside the other places.

    Shape: `counts` (places, periods); `since`: the first period with the measure. Periods are whole; that in which it began
    belongs to it. The other places must not have had the measure.
    Doubts: fewer than 19 others (no p under 5 % is possible), fewer than 8 periods before or 4 after, fewer than 40 cases, the
    place went its own way before already (pre-trend, p < 10 %), no mixture of the others was like it.
    Source: Ashenfelter and Card (1985); Abadie, Diamond and Hainmueller (2010), with their placebos for inference.
    """
    counts = np.asarray(counts, float)
    others = np.delete(np.arange(len(counts)), treated)
    before, after = since, counts.shape[1] - since
    if before < 2 or after < 1 or len(others) < 2:
        raise ValueError(f"An effect needs two periods before, one after and two other places; there are {before}, {after} and {len(others)}.")
    effects = np.array([difference(counts, place, since, _beside(place, treated, others)) for place in range(len(counts))])
    slopes = np.array([pre_trend(counts, place, since, _beside(place, treated, others)) for place in range(len(counts))])
    mixtures = [mixture(counts, place, since, _beside(place, treated, others)) for place in range(len(counts))]
    gaps = np.array([counts[place] - weights @ counts for place, weights in enumerate(mixtures)])
    pre_p = _rank(np.abs(slopes), treated)
    doubts = _doubts(counts, treated, since, pre_p, gaps)
    did = _estimate(effects, treated, others, counts[treated, since:].mean())
    synthetic = _synthetic(gaps, treated, others, since, counts[treated, since:].mean())
    curve = tuple((float(seen), float(other)) for seen, other in zip(counts[treated], mixtures[treated] @ counts, strict=True))
    sure = did.p <= LEVEL and synthetic.p <= LEVEL and (did.effect > 0) == (synthetic.effect > 0)
    return Effect(
        difference=did, synthetic=synthetic, pre_trend=float(slopes[treated]), pre_trend_p=pre_p, curve=curve, since=since,
        weights=tuple((names[place], float(weight)) for place, weight in enumerate(mixtures[treated]) if weight >= 0.01),
        places=len(others), doubts=doubts, told=bool(sure and not doubts),
    )  # fmt: skip


def _beside(place: int, treated: int, others: NDArray[np.int64]) -> NDArray[np.int64]:
    """What a place is compared with: places without the measure, not itself."""
    return others[others != place]


def difference(counts: Numbers, place: int, since: int, beside: NDArray[np.int64]) -> float:
    """(after - before) of the place minus the mean of the same of the others, in cases a period.

    >>> difference(np.array([[4., 4, 1, 1], [3, 3, 4, 4], [5, 5, 6, 6]]), 0, 2, np.array([1, 2]))
    -4.0
    """
    change = counts[:, since:].mean(axis=1) - counts[:, :since].mean(axis=1)
    return float(change[place] - change[beside].mean())


def pre_trend(counts: Numbers, place: int, since: int, beside: NDArray[np.int64]) -> float:
    """By how many cases a period the place left the mean of the others, each period before the measure."""
    apart = counts[place, :since] - counts[beside, :since].mean(axis=0)
    when = np.arange(since) - (since - 1) / 2
    return float(when @ apart / (when @ when))


def mixture(counts: Numbers, place: int, since: int, beside: NDArray[np.int64]) -> Numbers:
    """Weights of the other places, none negative, one in sum, whose mixture was most like the place before the measure.

    Shape: (places,), 0 where a place is not in it.
    """
    from scipy.optimize import nnls

    goal, given = counts[place, :since], counts[beside, :since]
    firm = 1e3 * max(1.0, float(np.abs(given).max()))  # so heavy that the sum is one, to six places
    found, _ = nnls(np.vstack([given.T, np.full(len(beside), firm)]), np.append(goal, firm))
    weights = np.zeros(len(counts))
    weights[beside] = found / found.sum()
    return weights


def _rank(values: Numbers, place: int) -> float:
    """The share of places whose value is as far out, the place itself among them."""
    return float((values >= values[place] - 1e-12).mean())


def _estimate(effects: Numbers, treated: int, others: NDArray[np.int64], seen: float) -> Estimate:
    """The effect; its interval is what places without a measure show by themselves: of n others all but the outermost
    0.025·(n+1) on each side, so from 39 places on it covers 95 %, and with n fewer (n-1)/(n+1).
    """
    shown = np.sort(effects[others])
    outer = max(1, int(LEVEL / 2 * (len(shown) + 1)))
    low, high = shown[outer - 1], shown[-outer]
    effect = float(effects[treated])
    without = seen - effect
    return Estimate(
        effect=effect, low=effect - float(high), high=effect - float(low), p=_rank(np.abs(effects), treated),
        relative=effect / without if without > 0 else None,
    )  # fmt: skip


def _synthetic(gaps: Numbers, treated: int, others: NDArray[np.int64], since: int, seen: float) -> Estimate:
    """The mean gap to the mixture after the measure; p by the ratio of squared gaps after and before, of all places."""
    effects = gaps[:, since:].mean(axis=1) - gaps[:, :since].mean(axis=1)
    before = np.maximum((gaps[:, :since] ** 2).mean(axis=1), 1e-9)
    ratio = (gaps[:, since:] ** 2).mean(axis=1) / before
    made = _estimate(effects, treated, others, seen)
    return Estimate(effect=made.effect, low=made.low, high=made.high, p=_rank(ratio, treated), relative=made.relative)


def _doubts(counts: Numbers, treated: int, since: int, pre_p: float, gaps: Numbers) -> tuple[Doubt, ...]:
    own = counts[treated]
    misfit = (gaps[treated, :since] ** 2).mean() ** 0.5
    found = {
        Doubt.few_places: len(counts) - 1 < PLACES_MIN, Doubt.few_before: since < BEFORE_MIN,
        Doubt.few_after: counts.shape[1] - since < AFTER_MIN, Doubt.few_cases: own.sum() < CASES_MIN,
        Doubt.went_apart: pre_p < 2 * LEVEL, Doubt.fits_badly: misfit > max(1.0, own.mean()) * FIT_MAX,
    }  # fmt: skip
    return tuple(doubt for doubt, is_so in found.items() if is_so)
