"""How likely two reports are of one problem: evidence in points, added up, each part of it named.

Points are the logarithm of the odds, so that what is told apart may be added; 0 is as likely as not. The figures are round
on purpose: they were set by reasoning and held against one city's duplicates (bench/understand/again.py), not learned.
"""

from collections.abc import Sequence
from math import exp, log1p

from msgspec import Struct

from cityloop.domain.ids import ClassKey
from cityloop.domain.policy import ProblemClass

PPM = 1_000_000
AT_THE_SPOT = 3.5  # one class, one spot, a moment apart: 97 of 100
TO_THE_EDGE = 5.0  # what is lost on the way to the radius within which the pack joins at all
STEP_M = 20.0  # as far as a phone may err
AN_HOUR = 0.3  # lost with an hour, about as much again with each time as long
OTHER_CLASS = 1.0  # lost where the case is of another class of the same matter
OTHER_CLASS_PPM_MAX = 500_000  # and then never sure
AFTER_ANOTHER = 0.5  # comes so much later in the list where an elder case lies beside it: the first of a burst is repeated
WORDS = 1.5  # gained where all words are the same
WORDS_USUAL = 0.1  # two texts on one matter share some words anyway
PLACE_WRITTEN = 0.5  # the address that was written stands there too
PHOTO_BITS, PHOTO_PLAIN = 256, 32  # a look with fewer bits set, or left, is of a picture that shows nothing
PHOTO_SAME, PHOTO_SAME_BITS = 3.0, 20  # the same picture, saved anew: at most so many bits differ
PHOTO_ALIKE, PHOTO_ALIKE_BITS = 1.5, 70  # the same scene from nearly the same stand; less the more they differ
SAME_COMPONENT, OTHER_COMPONENT = 0.7, -4.3  # one registered thing, wherever the points; each a thing of its own
SAME_CELL = 0.4 - AT_THE_SPOT  # a private place: the cell is all that is known


class Signs(Struct, frozen=True, kw_only=True):
    """What two reports say alike. None: the words of one are not known. Units: parts per million."""

    words_ppm: int | None = None
    place_written: bool = False
    photo_bits: int | None = None  # of 256 in which the two photos differ that are most alike


class Pair(Struct, frozen=True, kw_only=True):
    """A report and an open case, as far as they can be compared.

    Units: metres; hours. `component` whether they name one registered thing, None where one of them names none.
    """

    away_m: float
    age_h: float
    other_class: ClassKey | None = None
    is_private: bool = False
    component: bool | None = None
    after_another: bool = False
    signs: Signs = Signs()


class Score(Struct, frozen=True):
    """Points, and what they were given or taken for, as codes."""

    points: float
    reasons: tuple[str, ...]


def score_of(pair: Pair, of: ProblemClass) -> Score:
    """How much speaks for one problem, and what.

    Shape: a reason is a code, or a code with a number behind its colon; never a word that somebody said.
    """
    points = AT_THE_SPOT - AN_HOUR * log1p(max(0.0, pair.age_h))
    reasons = []
    if pair.is_private:
        points += SAME_CELL
        reasons.append("same_cell")
    elif pair.component is not None:
        points += SAME_COMPONENT if pair.component else OTHER_COMPONENT
        reasons.append("same_component" if pair.component else "other_component")
    else:
        points -= _lost_on_the_way(pair.away_m, of.join_radius_m)
        reasons.append(f"distance_m:{round(pair.away_m)}")
    reasons.append(f"opened_h:{round(pair.age_h)}")
    if pair.other_class:
        points -= OTHER_CLASS
        reasons.append(f"other_class:{pair.other_class}")
    if pair.after_another:
        reasons.append("after_another")
    if pair.signs.words_ppm is not None:
        points += WORDS * max(0.0, pair.signs.words_ppm / PPM - WORDS_USUAL)
        reasons.append(f"words_alike:{pair.signs.words_ppm}")
    if pair.signs.place_written:
        points += PLACE_WRITTEN
        reasons.append("place_written")
    if (gained := _photo_points(pair.signs.photo_bits)) > 0:
        points += gained
        reasons.append(f"photo_alike:{round(PPM * (1 - (pair.signs.photo_bits or 0) / PHOTO_BITS))}")
    return Score(points, tuple(reasons))


def ppm_of(score: Score, pair: Pair) -> int:
    """The chance that the points stand for. Units: parts per million."""
    ppm = round(PPM / (1 + exp(-score.points)))
    return min(ppm, OTHER_CLASS_PPM_MAX) if pair.other_class else ppm


def words_alike_ppm(ours: frozenset[str], theirs: frozenset[str]) -> int | None:
    """How many of the pieces of the shorter of two texts stand in the other; None where one says nothing.

    >>> words_alike_ppm(frozenset({"路灯", "灯坏"}), frozenset({"路灯", "灯坏", "坏了"}))
    1000000
    """
    least = min(len(ours), len(theirs))
    return round(PPM * len(ours & theirs) / least) if least else None


def photos_apart(ours: Sequence[str], theirs: Sequence[str]) -> int | None:
    """In how many of 256 bits the looks of the two most alike photos differ; None where one side has none that shows anything.

    >>> photos_apart(["f" * 32 + "0" * 32], ["f" * 31 + "e" + "0" * 32, "0" * 64]), photos_apart(["0" * 64], ["0" * 64])
    (1, None)
    """
    first, second = ([int(each, 16) for each in looks if each and _shows(int(each, 16))] for looks in (ours, theirs))
    return min(((one ^ other).bit_count() for one in first for other in second), default=None)


def _shows(look: int) -> bool:
    return PHOTO_PLAIN <= look.bit_count() <= PHOTO_BITS - PHOTO_PLAIN


def _photo_points(bits: int | None) -> float:
    """What alike photos say for one problem; nothing against it where they are not: another stand, another moment."""
    if bits is None or bits >= PHOTO_ALIKE_BITS:
        return 0.0
    return PHOTO_SAME if bits <= PHOTO_SAME_BITS else PHOTO_ALIKE * (PHOTO_ALIKE_BITS - bits) / (PHOTO_ALIKE_BITS - PHOTO_SAME_BITS)


def _lost_on_the_way(away_m: float, radius_m: int) -> float:
    if radius_m <= 0:
        return TO_THE_EDGE if away_m > 0 else 0.0
    return TO_THE_EDGE * log1p(away_m / STEP_M) / log1p(radius_m / STEP_M)
