"""How sure a number is: intervals, few cases, places told as ranges, unlike work made alike."""

from cityloop.stages.evaluate.rules.fair.intervals import CONFIDENCE, Interval, exact_rate, poisson, wilson
from cityloop.stages.evaluate.rules.fair.likeness import Adjusted, Stratum, standardised
from cityloop.stages.evaluate.rules.fair.ranks import Place, apart, places
from cityloop.stages.evaluate.rules.fair.shrinkage import Drawn, Prior, drawn, prior_of
from cityloop.stages.evaluate.rules.fair.spread import Part, sum_of

__all__ = [
    "CONFIDENCE", "Adjusted", "Drawn", "Interval", "Part", "Place", "Prior", "Stratum", "apart", "drawn", "exact_rate",
    "places", "poisson", "prior_of", "standardised", "sum_of", "wilson",
]  # fmt: skip
