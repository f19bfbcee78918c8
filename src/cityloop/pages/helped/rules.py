"""Pure: how alike two cases are, and how well one of them ended."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from math import log

from msgspec import Struct

from cityloop.domain.ids import CaseId, UnitId

PPM = 1_000_000
NEAR_M = 300.0
WORDS_PPM, NEAR_PPM, RULE_PPM = 600_000, 200_000, 200_000  # what words, place and rule can add; together all
ALIKE_PPM_MIN = 150_000
OF_MANY = 30  # the most alike; of these the best ended come first
SHOWN = 5


class Past(Struct, frozen=True, kw_only=True):
    """A closed case, as far as it tells whether what was done helped."""

    id: CaseId
    number: str | None
    rule: str | None
    unit: UnitId | None
    street: str | None
    lon: float | None
    lat: float | None
    opened_at: datetime
    closed_at: datetime
    on_time: bool | None
    reworks: int
    redos: int
    alike_ppm: int = 0
    metres: int | None = None
    solved: tuple[str, ...] = ()
    satisfied: tuple[str, ...] = ()
    came_back: int = 0


class Ended(Struct, frozen=True, kw_only=True):
    """How well a case ended: points, and the codes that they are made of."""

    points: int
    why: tuple[str, ...]


class Summary(Struct, frozen=True, kw_only=True):
    """Of the most alike cases: how many there are, and what became of them."""

    cases: int
    on_time: int
    passed_first: int
    came_back: int
    asked: int
    satisfied: int


def weights_of(bags: Iterable[Collection[str]]) -> dict[str, float]:
    """What a gram says: the fewer bags hold it, the more."""
    bags = list(bags)
    held = Counter(gram for bag in bags for gram in set(bag))
    return {gram: log((1 + len(bags)) / (1 + count)) + 0.05 for gram, count in held.items()}


def words_alike_ppm(own: Collection[str], other: Collection[str], weights: Mapping[str, float]) -> int:
    """The share of what both say in what the two say, by weight.

    >>> words_alike_ppm({"路灯", "不亮"}, {"路灯", "不亮"}, {})
    1000000
    >>> words_alike_ppm({"路灯"}, {"井盖"}, {}), words_alike_ppm((), (), {})
    (0, 0)
    """
    own, other = set(own), set(other)
    both, all_of_them = (sum(weights.get(gram, 1.0) for gram in bag) for bag in (own & other, own | other))
    return round(PPM * both / all_of_them) if all_of_them else 0


def alike_ppm(words_ppm: int, metres: float | None, *, same_rule: bool) -> int:
    """How alike a case is: by words, by nearness, by its rule.

    >>> alike_ppm(1_000_000, 0.0, same_rule=True), alike_ppm(0, None, same_rule=False)
    (1000000, 0)
    """
    near = max(0.0, 1 - metres / NEAR_M) if metres is not None else 0.0
    return round(WORDS_PPM * words_ppm / PPM + NEAR_PPM * near + RULE_PPM * same_rule)


def ended(past: Past) -> Ended:
    """How well it ended, by the clock, the inspection, those who reported it, and whether it came back."""
    told: list[tuple[int, str]] = []
    if past.on_time is not None:
        told.append((2, "on_time") if past.on_time else (-2, "late"))
    told.append((2, "passed_first") if past.reworks == 0 else (-2 * min(past.reworks, 2), "reworked"))
    if past.solved:
        told.append(
            (-3, "not_solved")
            if "not" in past.solved
            else (2, "solved")
            if set(past.solved) == {"solved"}
            else (0, "partly")
        )
    if "not" in past.satisfied:
        told.append((-1, "not_satisfied"))
    elif "satisfied" in past.satisfied:
        told.append((1, "satisfied"))
    if past.redos:
        told.append((-3, "redone"))
    told.append((-3, "came_back") if past.came_back else (1, "stayed_away"))
    return Ended(points=sum(points for points, _ in told), why=tuple(code for _, code in told))


def most_alike(pasts: Iterable[Past]) -> list[Past]:
    """The most alike, most alike first; of two equal ones the later."""
    alike = [each for each in pasts if each.alike_ppm >= ALIKE_PPM_MIN]
    return sorted(alike, key=lambda each: (each.alike_ppm, each.closed_at, each.id), reverse=True)[:OF_MANY]


def best_ended(pasts: Sequence[Past]) -> list[Past]:
    """Those to show: what ended best first, of equal ends the most alike."""
    return sorted(pasts, key=lambda each: (-ended(each).points, -each.alike_ppm, each.id))[:SHOWN]


def summary_of(pasts: Sequence[Past]) -> Summary:
    """What became of them."""
    judged = [each for each in pasts if set(each.satisfied) - {"none"}]
    return Summary(
        cases=len(pasts), on_time=sum(each.on_time is True for each in pasts),
        passed_first=sum(each.reworks == 0 for each in pasts), came_back=sum(each.came_back > 0 for each in pasts),
        asked=len(judged), satisfied=sum("not" not in each.satisfied for each in judged),
    )  # fmt: skip
