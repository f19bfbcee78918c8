"""Many tests at once, and shares of small numbers: p-values corrected, intervals that stay inside."""

import numpy as np
from numpy.typing import NDArray

from cityloop.domain.shares import wilson
from cityloop.stages.evaluate.model.why import SureShare

Numbers = NDArray[np.float64]


def benjamini_hochberg(p: Numbers) -> Numbers:
    """The false discovery rate at which each test would just be told, for tests that are independent or rise together.

    Source: Benjamini and Hochberg (1995), as adjusted p-values: the least of p(j)·m/j over j from its rank on.

    >>> benjamini_hochberg(np.array([0.01, 0.04, 0.03])).round(3).tolist()
    [0.03, 0.04, 0.04]
    """
    return _step_up(p, 1.0)


def benjamini_yekutieli(p: Numbers) -> Numbers:
    """The same, whatever hangs on what: dearer by 1 + 1/2 + … + 1/m.

    Source: Benjamini and Yekutieli (2001), theorem 1.3.
    """
    return _step_up(p, float(np.sum(1 / np.arange(1, len(p) + 1))))


def _step_up(p: Numbers, dearer: float) -> Numbers:
    many = len(p)
    order = np.argsort(p)
    each = p[order] * many * dearer / np.arange(1, many + 1)
    found = np.empty(many)
    found[order] = np.minimum(np.minimum.accumulate(each[::-1])[::-1], 1.0)
    return found


def greatest_of_all(seen: Numbers, shuffled: Numbers) -> tuple[Numbers, Numbers]:
    """How far each statistic stands out of its shuffled worlds (in their deviations), and p corrected for all of them at once.

    Shape: `seen` (tests), `shuffled` (worlds, tests). The chance that any of the tests stands out as far, if none is true.
    Source: Westfall and Young (1993), single-step maxT; p counts the world that was seen among the worlds.
    """
    all_worlds = np.vstack([seen, shuffled])
    mean, spread = all_worlds.mean(axis=0), all_worlds.std(axis=0)
    spread = np.where(spread > 0, spread, np.inf)
    far, most = (seen - mean) / spread, ((all_worlds - mean) / spread).max(axis=1)
    return far, (most[None, :] >= far[:, None] - 1e-12).mean(axis=1)


def share_of(part: int, whole: int) -> SureShare:
    """A share with Wilson's interval at 95 %.

    >>> share = share_of(78, 100)
    >>> share.value, round(share.low, 3), round(share.high, 3)
    (0.78, 0.689, 0.85)
    """
    low, high = wilson(part, whole)
    return SureShare(part=part, whole=whole, value=part / whole if whole else None, low=low, high=high)
