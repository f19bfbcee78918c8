"""Unlike work made alike: what one would have by the rates of all, in the classes, levels and seasons that it worked in."""

from collections import defaultdict
from collections.abc import Iterable

from msgspec import Struct

from cityloop.stages.evaluate.rules.fair.intervals import CONFIDENCE, Interval, poisson


class Stratum(Struct, frozen=True, kw_only=True):
    """What one object had in one kind of work: so many hits (what went wrong: late, reworked) of so many."""

    object: str
    kind: tuple[str, ...]  # class, level, season
    hits: int
    of: int


class Adjusted(Struct, frozen=True, kw_only=True):
    """Observed beside expected. `ratio` above 1: more went wrong than with all others at the same work.

    `share`: the share of all, times the ratio; None where nothing can be compared. `alone`: cases of kinds of work that
    nobody else did, so that they say nothing here.
    """

    observed: int
    of: int
    expected: float
    ratio: float | None
    within: Interval | None
    share: float | None
    alone: int


def standardised(strata: Iterable[Stratum], confidence: float = CONFIDENCE) -> dict[str, Adjusted]:
    """Indirect standardisation: of each object its hits beside those that the rates of all at the same work would give.

    The interval takes the expected as known: exact for a count of rare things, too wide for frequent ones.
    """
    rows = [each for each in strata if each.of > 0]
    kinds: dict[tuple[str, ...], list[int]] = defaultdict(lambda: [0, 0])
    doers: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for each in rows:
        kinds[each.kind][0] += each.hits
        kinds[each.kind][1] += each.of
        doers[each.kind].add(each.object)
    shared = [each for each in rows if len(doers[each.kind]) > 1]
    hits_all, of_all = sum(each.hits for each in shared), sum(each.of for each in shared)
    found = {}
    for name in dict.fromkeys(each.object for each in rows):
        own = [each for each in shared if each.object == name]
        observed, of = sum(each.hits for each in own), sum(each.of for each in own)
        expected = sum(each.of * kinds[each.kind][0] / kinds[each.kind][1] for each in own)
        ratio = observed / expected if expected > 0 else None
        reach = poisson(observed, confidence)
        found[name] = Adjusted(
            observed=observed, of=of, expected=expected, ratio=ratio,
            within=Interval(reach.low / expected, reach.high / expected) if expected > 0 else None,
            share=min(1.0, ratio * hits_all / of_all) if ratio is not None else None,
            alone=sum(each.of for each in rows if each.object == name) - of,
        )  # fmt: skip
    return found
