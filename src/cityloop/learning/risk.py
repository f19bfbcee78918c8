"""From where on the machine may decide alone, so that its wrong decisions stay below a level with stated confidence.

Pure. An exact test, without an assumption about the model: if more than the level's share of the next `ahead` decisions
were to be wrong, the share seen among lessons would be this small in at most one of so many cities (a hypergeometric
tail: lessons and what comes are drawn from the same). Thresholds are tried in an order that is fixed before anything is known of
right and wrong, and the first that cannot be shown ends it (fixed-sequence testing, as in Learn then Test, Angelopoulos
and others, 2021), so that all together are wrong no more often than one.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import accumulate
from math import ceil, exp, lgamma, log, log1p

from msgspec import Struct

PPM = 1_000_000
AHEAD = 400  # decisions to come that the promise is about
ENOUGH = 3  # times the lessons of a faultless proof: a group that has them decides for itself, be it for a person
GROWTH = 1.04  # from one threshold to the next, in lessons
EVERYBODY: tuple[str, ...] = ()


class Tried(Struct, frozen=True):
    """A lesson's proposal while the model had not seen it.

    Shape: `groups` what it belongs to, from the finest to the widest, each a tuple of codes: (class, area), (class,).
    """

    ppm: int
    right: bool
    groups: tuple[tuple[str, ...], ...] = ()


class Level(Struct, frozen=True):
    """From where on a group decides alone, and why.

    Shape: `from_ppm` None: never. `shown` lessons at or above it, `wrong` of them. `why`: "shown", "too_few" (the wider
    group decides), "not_shown" (a person decides).
    """

    group: tuple[str, ...]
    from_ppm: int | None
    shown: int
    wrong: int
    why: str


class Levels(Struct, frozen=True):
    """The levels of a model, for one share of wrong decisions and one confidence. Units: ppm."""

    wrong_ppm: int
    confidence_ppm: int
    ahead: int | None
    by_group: dict[tuple[str, ...], Level]


class Alone(Struct, frozen=True):
    """Whether a proposal may be taken without a person, by which group's level, and codes of the reasons."""

    alone: bool
    group: tuple[str, ...]
    why: tuple[str, ...]


def levels_of(
    tried: Sequence[Tried], *, wrong_ppm: int, confidence_ppm: int = 950_000, ahead: int | None = AHEAD
) -> Levels:
    """A level for every group that lessons belong to, and for everybody together."""
    of: dict[tuple[str, ...], list[Tried]] = {EVERYBODY: list(tried)}
    for each in tried:
        for group in each.groups:
            of.setdefault(group, []).append(each)
    promise = (wrong_ppm, confidence_ppm, ahead)
    fewest = faultless_min(*promise)
    by_group = {group: _level(group, each, promise, fewest) for group, each in sorted(of.items())}
    everybody = by_group[EVERYBODY].from_ppm
    for group, level in by_group.items():
        if level.why == "too_few" and group != EVERYBODY:
            by_group[group] = _worse(group, of[group], promise, everybody) or level
    return Levels(wrong_ppm, confidence_ppm, ahead, by_group)


def alone_of(ppm: int, groups: Iterable[tuple[str, ...]], levels: Levels) -> Alone:
    """The finest group that has lessons enough decides; where none has, everybody together; else a person."""
    for group in (*groups, EVERYBODY):
        level = levels.by_group.get(group)
        if level is None or (level.why == "too_few" and group != EVERYBODY):
            continue
        by = "/".join(group) or "all"
        if level.from_ppm is None:
            return Alone(False, group, (f"level_{level.why}:{by}",))
        if ppm < level.from_ppm:
            return Alone(False, group, (f"confidence:{ppm}<{level.from_ppm}", f"level:{by}"))
        return Alone(True, group, (f"level:{by}:{level.from_ppm}",))
    return Alone(False, EVERYBODY, ("level_too_few:all",))


def faultless_min(wrong_ppm: int, confidence_ppm: int, ahead: int | None = None) -> int:
    """How many lessons without a fault show the level; about 3 / share at 95 %, more where few decisions come.

    >>> faultless_min(20_000, 950_000)
    149
    """
    high = 1
    while not is_shown(high, 0, wrong_ppm, confidence_ppm, ahead):
        high *= 2
    return 1 + bisect_left(range(1, high), True, key=lambda many: is_shown(many, 0, wrong_ppm, confidence_ppm, ahead))


def is_shown(lessons: int, wrong: int, wrong_ppm: int, confidence_ppm: int, ahead: int | None = None) -> bool:
    """Whether so few wrong ones show that at most the level's share of the next `ahead` decisions are wrong.

    Exact: were one more than that wrong, so few of all the wrong ones would have fallen to the lessons in at most
    1 - confidence of the ways to mix lessons and decisions. `ahead` None: of all that ever come (Clopper and Pearson).
    """
    if not lessons or wrong * PPM > wrong_ppm * lessons:
        return False
    unsure = 1 - confidence_ppm / PPM
    if ahead is None:
        return binomial(wrong, lessons, wrong_ppm / PPM) <= unsure
    return _mixed(wrong, lessons, ahead, wrong + wrong_ppm * ahead // PPM + 1) <= unsure


def _level(group: tuple[str, ...], tried: list[Tried], promise: tuple[int, int, int | None], fewest: int) -> Level:
    """Thresholds from the one with most room, each with a few more lessons than the last, until one is not shown."""
    ranked = sorted(tried, key=_by_ppm)
    wrongs = [0, *accumulate(int(not each.right) for each in ranked)]
    best: Level | None = None
    many = _roomiest(ranked, promise[0], fewest)
    while fewest <= many <= len(ranked):
        while many < len(ranked) and ranked[many].ppm == ranked[many - 1].ppm:
            many += 1
        if not is_shown(many, wrongs[many], *promise):
            break
        best = Level(group, ranked[many - 1].ppm, many, wrongs[many], "shown")
        if many == len(ranked):
            break
        many = min(len(ranked), ceil(many * GROWTH))
    if best is not None:
        return best
    return Level(group, None, len(ranked), wrongs[-1], "not_shown" if len(ranked) >= fewest * ENOUGH else "too_few")


def _roomiest(ranked: list[Tried], wrong_ppm: int, fewest: int) -> int:
    """How many of the surest lessons have most room, by the confidences alone, between the wrong ones that the model
    expects and those that the level allows. What was right has no say in it, so the proof stays one."""
    if len(ranked) < fewest:
        return 0
    expected = [each / PPM for each in accumulate(PPM - each.ppm for each in ranked)]
    return max(
        range(fewest, len(ranked) + 1),
        key=lambda many: (many * wrong_ppm / PPM - expected[many - 1]) / (expected[many - 1] + 1) ** 0.5,
    )


def _worse(
    group: tuple[str, ...], tried: list[Tried], levels: tuple[int, int, int | None], all_from: int | None
) -> Level | None:
    """A small group that is clearly worse than the level where everybody's threshold would let it decide."""
    above = [each for each in tried if all_from is not None and each.ppm >= all_from]
    wrong = sum(not each.right for each in above)
    if not wrong or 1 - binomial(wrong - 1, len(above), levels[0] / PPM) > 1 - levels[1] / PPM:
        return None
    return Level(group, None, len(above), wrong, "not_shown")


def _by_ppm(each: Tried) -> int:
    return -each.ppm


def binomial(most: int, many: int, share: float) -> float:
    """The chance of at most `most` of `many`, each with this share."""
    if most >= many or share <= 0:
        return 1.0
    if share >= 1 or most < 0:
        return 0.0
    return min(1.0, sum(exp(_choose(many, n) + n * log(share) + (many - n) * log1p(-share)) for n in range(most + 1)))


def _mixed(most: int, lessons: int, ahead: int, wrong: int) -> float:
    """The chance that of `wrong` among lessons and decisions at most `most` fall to the lessons."""
    every = _choose(lessons + ahead, wrong)
    fewest = max(0, wrong - ahead)
    return min(1.0, sum(exp(_choose(lessons, n) + _choose(ahead, wrong - n) - every) for n in range(fewest, most + 1)))


def _choose(many: int, few: int) -> float:
    """The logarithm of the number of ways to choose few of many."""
    return lgamma(many + 1) - lgamma(few + 1) - lgamma(many - few + 1)
