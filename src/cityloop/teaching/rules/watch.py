"""How an algorithm does by what people decided afterwards: differences between groups, and levels that are not kept. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from math import exp, lgamma

from msgspec import Struct

from cityloop.domain.facts import GroupFigure, LevelMoved
from cityloop.domain.shares import wilson
from cityloop.learning.learned import Group, groups_of
from cityloop.learning.pool import PPM
from cityloop.learning.risk import EVERYBODY, Levels, Tried, levels_of
from cityloop.teaching.model import PEOPLES, Decided

CLAIM_PPM = 50_000  # in at most so many cities without any difference is one claimed, over all groups together
GROUP_MIN = 20  # cases; a smaller group is told, and nothing is claimed of it
BYS = ("area", "channel", "length")
LENGTHS = ((15, "short"), (60, "middle"), (1 << 30, "long"))  # characters
SURPRISE = 1_000.0  # a level that is kept gives such an alarm less than once in so many checked decisions
BET = 0.5  # of how much may be lost at a right decision


class Watched(Struct, frozen=True):
    """A judged report and how long its text is; None where it was erased."""

    decided: Decided
    chars: int | None


class Interval(Struct, frozen=True):
    """A share and the bounds between which it lies with 95 % confidence. Units: ppm."""

    share_ppm: int
    low_ppm: int
    high_ppm: int


def interval_of(few: int, many: int) -> Interval | None:
    """Wilson's interval; None where nothing was counted.

    >>> interval_of(5, 100)
    Interval(share_ppm=50000, low_ppm=21544, high_ppm=111750)
    """
    if not many:
        return None
    low, high = wilson(few, many)
    return Interval(round(few / many * PPM), round(low * PPM), round(high * PPM))


def group_figures(watched: Sequence[Watched]) -> tuple[GroupFigure, ...]:
    """Errors by area, channel and length of text, as people's decisions show them."""
    judged = [each for each in watched if each.decided.how in PEOPLES and each.decided.said_three]
    return differences(
        [({"area": each.decided.area, "channel": each.decided.channel, "length": _length(each)}, each.decided.right) for each in judged]
    )


def differences(judged: Sequence[tuple[Mapping[str, str | None], bool]]) -> tuple[GroupFigure, ...]:
    """Errors by the groups in which each stands; whether it was right stands beside them. Without a name it is in no group.

    A difference is claimed where Fisher's exact test against all other reports says so at `CLAIM_PPM` divided by the number
    of groups that are tested: over all of them together a false claim comes in at most that share of cities.
    """
    wrongs = sum(not right for _, right in judged)
    counted: list[tuple[str, str, int, int]] = []
    for by in BYS:
        of: dict[str, list[int]] = {}
        for names, right in judged:
            if (name := names.get(by)) is not None:
                tally = of.setdefault(name, [0, 0])
                tally[0] += 1
                tally[1] += not right
        counted += [(by, name, cases, wrong) for name, (cases, wrong) in sorted(of.items())]
    tested = [each for each in counted if _is_tested(each[2], len(judged))]
    claim = CLAIM_PPM / PPM / max(1, len(tested))
    return tuple(
        GroupFigure(
            by=by, group=name, cases=cases, wrong=wrong,
            claimed=_is_tested(cases, len(judged)) and chance_apart(wrong, cases, wrongs, len(judged)) <= claim,
        )
        for by, name, cases, wrong in counted
    )  # fmt: skip


def _is_tested(cases: int, every: int) -> bool:
    return cases >= GROUP_MIN and every - cases >= GROUP_MIN


def _length(each: Watched) -> str | None:
    return None if each.chars is None else next(name for most, name in LENGTHS if each.chars <= most)


def chance_apart(wrong: int, cases: int, wrongs: int, every: int) -> float:
    """How often chance deals a group so many or so few of all the wrong ones (Fisher's exact test, both sides).

    >>> round(chance_apart(9, 10, 10, 40), 9), chance_apart(3, 12, 10, 40)
    (3.55e-07, 1.0)
    """
    least, most = max(0, wrongs - (every - cases)), min(wrongs, cases)
    whole = _choose(every, cases)
    chances = [exp(_choose(wrongs, n) + _choose(every - wrongs, cases - n) - whole) for n in range(least, most + 1)]
    own = chances[wrong - least]
    return min(1.0, sum(each for each in chances if each <= own * (1 + 1e-9)))


def _choose(many: int, few: int) -> float:
    return lgamma(many + 1) - lgamma(few + 1) - lgamma(many - few + 1)


def levels_moved(
    decided: Iterable[Decided], levels: Levels, moved: Mapping[Group, int | None] = {}
) -> tuple[LevelMoved, ...]:
    """Groups in which the share of wrong sure decisions is above the level, as those show that a person was asked about all the
    same: from then on a group decides alone from where its newest decisions show the level; where they show none, never.
    What moved before stays so until another model is in force. (What units send back is no sample: it comes sooner than
    what is done.)

    Shape: `decided` of one model, the oldest first.
    """
    sure = [each for each in decided if each.checked and each.said_three and each.how in PEOPLES]
    of: dict[Group, list[Decided]] = {EVERYBODY: sure}
    for each in sure:
        key, area = each.said_three[0], each.area
        for group in (*groups_of(key, area), *([(area,)] if area else [])):
            of.setdefault(group, []).append(each)
    allowed = levels.wrong_ppm / PPM
    found = {group: LevelMoved(group=group, from_ppm=least, cases=0, wrong=0) for group, least in moved.items()}
    for group, mine in sorted(of.items()):
        since = _alarm(mine, allowed)
        if since is None:
            continue
        lately = mine[since:]
        tried = [Tried(each.said_ppm or 0, each.right) for each in lately]
        shown = levels_of(tried, wrong_ppm=levels.wrong_ppm, confidence_ppm=levels.confidence_ppm, ahead=levels.ahead)
        least = shown.by_group[EVERYBODY].from_ppm
        if group in moved:
            least = moved[group]
        wrong = sum(not each.right for each in lately)
        found[group] = LevelMoved(group=group, from_ppm=least, cases=len(lately), wrong=wrong)
    return tuple(found[group] for group in sorted(found))


def _alarm(decided: Sequence[Decided], allowed: float) -> int | None:
    """Where the newest run of too many wrong ones began; None where the level is kept.

    A bet that more than the allowed share is wrong, begun anew whenever it is lost (an e-detector: Shin, Ramdas and Rinaldo,
    2023): while the level is kept an alarm comes less often than once in `SURPRISE` decisions.
    """
    stake = BET / allowed if allowed > 0 else BET
    worth, since = 1.0, 0
    for number, each in enumerate(decided):
        if worth <= 1.0:
            worth, since = 1.0, number
        worth *= 1 + stake * ((not each.right) - allowed)
        if worth >= SURPRISE:
            return since
    return None
