"""What causes are looked for in, and what is found: rows of cases as columns, findings with their numbers and their doubt."""

from enum import StrEnum

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

Words = NDArray[np.str_]
Numbers = NDArray[np.float64]
Marks = NDArray[np.bool_]
UNKNOWN = ""


class DayRow(Struct, frozen=True, kw_only=True):
    """A local day: what kind of day, and its weather if somebody told it."""

    day: int
    kind: str
    weather: str = UNKNOWN


class CaseRows(Struct, frozen=True, kw_only=True, eq=False):
    """Cases of a period as columns of one length, no personal data.

    Units: moments in seconds since 1970, nan where not yet; `lon`, `lat` in degrees, nan where unknown. Codes are "" where
    unknown. `walks`: the units that were answerable, in their order. `since`, `until`: the period; what came later is unknown.
    """

    id: Words
    class_key: Words
    cell: Words
    street: Words
    district: Words
    unit: Words
    channel: Words
    vendor: Words  # of the device whose alarm began it
    place: Words  # the component, or a hexagon of about 60 metres
    lon: Numbers
    lat: Numbers
    opened: Numbers
    closed: Numbers
    in_time: NDArray[np.int8]  # 1, 0; -1 where nobody can say
    redone: Marks
    walks: tuple[tuple[str, ...], ...]
    day: NDArray[np.int32]  # local days since 1970
    hour: NDArray[np.int8]
    day_kind: Words  # workday, weekend, holiday
    weather: Words  # of its day
    since: float
    until: float
    days: tuple[DayRow, ...]  # every local day of the period

    def __len__(self) -> int:
        return len(self.id)


class SureShare(Struct, frozen=True, kw_only=True):
    """A part of a whole with Wilson's interval at 95 %; `value` none of nothing."""

    part: int
    whole: int
    value: float | None
    low: float
    high: float


class HotSpot(Struct, frozen=True, kw_only=True):
    """A hexagon with more cases around it than chance gives. `q`: the false discovery rate at which it would just be told."""

    cell: str
    cases: int
    around: int
    expected: float
    z: float
    p: float
    q: float


class Cluster(Struct, frozen=True, kw_only=True):
    """Cases close in place *and* time. `p` from the greatest clusters of shuffled worlds, so it holds for all looked at."""

    cell: str
    rings: int
    first: int  # periods, both inside
    last: int
    cases: int
    expected: float
    strength: float  # logarithm of the likelihood ratio
    p: float


class Again(Struct, frozen=True, kw_only=True):
    """A group of cases that were closed, and how many were there again within `days`: of all, and of those closed in time."""

    group: str
    class_key: str
    days: int
    back: SureShare
    fixed_and_back: SureShare  # of those that were closed in time
    expected: float
    p: float | None = None
    q: float | None = None
    cases: tuple[str, ...] = ()


class Rise(Struct, frozen=True, kw_only=True):
    """A class told more often a period in the last ones than before. `others`: the same ratio of all other classes."""

    class_key: str
    before: float  # a period
    lately: float
    ratio: float
    low: float
    high: float
    dispersion: float
    others: float
    p: float
    q: float


class What(StrEnum):
    """What is more frequent than elsewhere."""

    happens = "happens"  # the class itself
    late = "late"
    redone = "redone"
    back = "back"
    wandered = "wandered"


class Confounder(Struct, frozen=True, kw_only=True):
    """A confounder that was looked at: the lift among cases that are alike in it."""

    factor: str
    lift: float
    explains: bool  # within what is alike in it, little is left


class Finding(Struct, frozen=True, kw_only=True):
    """What goes together: under a condition, something is more frequent.

    `lift`: the share under the condition through the share of all; by day: the number a day through that of other days.
    `together` of `under` had it, of `whole` cases `had` did; `q` after Benjamini and Yekutieli over `tests` tests.
    """

    what: What
    class_key: str | None  # of `happens`
    condition: tuple[tuple[str, str], ...]  # factor, value
    together: int
    under: int
    had: int
    whole: int
    lift: float
    low: float
    high: float
    p: float
    q: float
    tests: int
    by_day: bool = False
    confounders: tuple[Confounder, ...] = ()
    explains: int = 0  # so many weaker findings are its shadow
    cases: tuple[str, ...] = ()


class Follow(Struct, frozen=True, kw_only=True):
    """Cases of one class are followed by another near by and soon. `p` is corrected for all pairs (Westfall and Young)."""

    first: str
    then: str
    pairs: int
    expected: float
    ratio: float
    z: float
    p: float


class Wandering(Struct, frozen=True, kw_only=True):
    """Two units between which cases go: how many went from one to the other and back."""

    a: str
    b: str
    moves: int
    there_and_back: int
    cases: tuple[str, ...]
    classes: tuple[tuple[str, int], ...]


class Tries(StrEnum):
    """What of a remedy the automatic decisions of the last months can be made again with; they read no closing condition."""

    unit = "unit"  # one unit answers for the class
    limit = "limit"  # the class has another limit


class Remedy(Struct, frozen=True, kw_only=True):
    """What might be changed, by its code; `table` of the pack in which it stands, `tries` where it can be tried.

    `unit`: where it is to be one unit, the one that most of the cases came to in the end.
    """

    code: str
    class_key: str | None
    area: str | None
    unit: str | None
    table: str | None = None
    tries: Tries | None = None


class Doubt(StrEnum):
    """Why an effect is told with care, or cannot be told."""

    few_places = "few_places"  # too few comparable places for any certainty at 5 %
    few_before = "few_before"
    few_after = "few_after"
    went_apart = "went_apart"  # the place went its own way before the measure already
    fits_badly = "fits_badly"  # no mixture of other places was like it before
    few_cases = "few_cases"
    simulated = "simulated"


class Estimate(Struct, frozen=True, kw_only=True):
    """An effect in cases a period, with its interval; `p` by placebos. `relative`: through what would have been."""

    effect: float
    low: float | None
    high: float | None
    p: float
    relative: float | None


class Effect(Struct, frozen=True, kw_only=True):
    """What a measure came to, against comparable places; `told`: it can be told apart from chance, at 5 %."""

    difference: Estimate
    synthetic: Estimate
    pre_trend: float  # cases a period, each period, before the measure, beside the others
    pre_trend_p: float
    weights: tuple[tuple[str, float], ...]  # of the mixture of other places
    curve: tuple[tuple[float, float], ...]  # what was, and what the mixture had, by period
    since: int  # the period of the measure
    places: int
    doubts: tuple[Doubt, ...]
    told: bool
