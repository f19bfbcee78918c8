"""A scheme over numbers: lines, what they add up to, grades and ranks. score = sum of w x f + bonus - deduction."""

from collections.abc import Iterable, Mapping
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from cityloop.domain.policy.scoring import Function, Indicator, Role, Scheme, Shape, in_force, read_for
from cityloop.stages.evaluate.model.scoring import Line, Number, Numbers, Score
from cityloop.stages.evaluate.rules.scoring.functions import answered, is_vetoed, piece_at, points_of

MILLION = 1_000_000
DIGITS = 6  # of points: what floats add beyond them is none, so that exactly 90 is exactly 90


class Entry(Struct, frozen=True):
    """Points that people gave an object beside the lines 加减分. Units: points, both positive."""

    bonus: float = 0.0
    deduction: float = 0.0


def score_all(
    scheme: Scheme,
    functions: Mapping[str, Function],
    numbers: Numbers,
    objects: Iterable[str],
    *,
    day: date,
    city_kind: str = "",
    entries: Mapping[str, Entry] | None = None,
) -> tuple[Score, ...]:
    """The score of every object, ranked within its group; in the order of groups, ranks and names.

    Source: standards.md 4, "Generic engine that covers all".
    """
    version, given = in_force(scheme.indicators, day), entries or {}
    scores = []
    for each in sorted(set(objects)):
        group = scheme.groups.get(each, "")
        lines = read_for(version, group, city_kind)
        scores.append(score_of(scheme, functions, lines, numbers, each, group, given.get(each, Entry())))
    return ranked(scores)


def score_of(
    scheme: Scheme,
    functions: Mapping[str, Function],
    indicators: tuple[Indicator, ...],
    numbers: Numbers,
    object: str,
    group: str,
    entry: Entry,
) -> Score:
    """One object's score, with its lines."""
    made = [(each, line_of(each, functions[each.function], object, numbers)) for each in indicators]
    lines = tuple(line for _, line in made)
    by_role = {role: [line for indicator, line in made if indicator.role is role] for role in Role}
    bonus = min(scheme.bonus_max, entry.bonus + sum(map(_brings, by_role[Role.bonus])))
    deduction = min(scheme.deduction_max, entry.deduction + sum(map(_brings, by_role[Role.deduction])))
    held = [
        functions[indicator.function].pieces[0].points
        for indicator, line in made
        if indicator.role is Role.veto and line.why == "veto"
    ]

    def whole(raw: float | None) -> float | None:
        if raw is None:
            return None
        points = min(max(raw + bonus - deduction, scheme.floor), scheme.cap, *held)
        return round(points, DIGITS)

    points = whole(_sum(by_role[Role.score], scheme))
    reached = [
        replace(each, points=each.points if each.target_points is None else each.target_points) for each in by_role[Role.score]
    ]
    has_target = any(each.target_points is not None for each in by_role[Role.score])
    return Score(
        object=object, group=group, points=points, lines=lines, bonus=round(bonus, DIGITS), deduction=round(deduction, DIGITS),
        vetoed=bool(held), grade=grade_of(functions.get(scheme.grades), points), rank=None, low=None, high=None,
        cases=max((_rows(each) for each in lines), default=0),
        target_points=whole(_sum(reached, scheme)) if has_target else None,
    )  # fmt: skip


def line_of(indicator: Indicator, function: Function, object: str, numbers: Numbers) -> Line:
    """One indicator of one object: its number, value and points, or why there are none."""
    number, value, why = _value(indicator, function, object, numbers)
    points = target_points = None
    if value is not None and not why:
        points, why = points_of(function, value, indicator.full)
        if indicator.role is Role.veto:
            why = "veto" if is_vetoed(function, value) else "no_veto"
        target_points = _towards(indicator, value)
    return Line(
        indicator=indicator.code, metric=indicator.metric, number=number, value=value,
        points=None if points is None else round(points, DIGITS), full=indicator.full, weight=indicator.weight,
        target_points=target_points, why=why,
    )  # fmt: skip


def grade_of(grades: Function | None, points: float | None) -> str | None:
    """The letter of a score; none without one, or where no range holds it."""
    place = piece_at(grades.pieces, points) if grades and points is not None else None
    return grades.pieces[place].option if grades and place is not None else None


def ranked(scores: Iterable[Score]) -> tuple[Score, ...]:
    """Ranks within each group: the same points, the same rank, and the next is as many further down (1, 1, 3)."""
    found: list[Score] = []
    groups: dict[str, list[Score]] = {}
    for each in scores:
        groups.setdefault(each.group, []).append(each)
    for group in sorted(groups):
        there = sorted(groups[group], key=lambda each: (each.points is None, -(each.points or 0.0), each.object))
        rank = 0
        for place, each in enumerate(there, start=1):
            if place == 1 or each.points != there[place - 2].points:
                rank = place
            found.append(each if each.points is None else replace(each, rank=rank))
    return tuple(found)


def _value(
    indicator: Indicator, function: Function, object: str, numbers: Numbers
) -> tuple[Number | None, float | None, str]:  # fmt: skip
    """The number, what it comes to, and why it gives no points; "" where it does."""
    number = numbers.get((object, indicator.metric))
    if function.shape is Shape.questionnaire:
        options = {each.option: (object, f"{indicator.metric}/{each.option}") for each in function.pieces}
        counts = {option: numbers[key] for option, key in options.items() if key in numbers}
        number = answered(function, counts, indicator.full) or number
    if number is None:
        return None, None, "no_number"
    if number.denominator is None or function.shape is Shape.survey:
        return number, None if number.denominator == 0 else number.numerator, "nothing_below" if number.denominator == 0 else ""
    if number.denominator == 0:
        return number, None, "nothing_below"
    few = "too_few" if number.denominator < indicator.least else ""
    return number, number.numerator / number.denominator, few


def _towards(indicator: Indicator, value: float) -> float | None:
    """How far on the way from the baseline to the target, of full marks."""
    if indicator.target is None:
        return None
    base = indicator.baseline or 0.0
    way = (value - base) / (indicator.target - base)
    return round(min(max(way, 0.0), 1.0) * indicator.full, DIGITS)


def _brings(line: Line) -> float:
    return 0.0 if line.points is None else line.weight * line.points / line.full


def _sum(lines: list[Line], scheme: Scheme) -> float | None:
    """What the weighted lines add up to. What has no points is left out and the others stand for it, if they are enough."""
    total = sum(each.weight for each in lines)
    known = sum(each.weight for each in lines if each.points is not None)
    if not known or known * MILLION < total * scheme.known_least_ppm:
        return None
    return sum(map(_brings, lines)) * total / known


def _rows(line: Line) -> int:
    if line.number is None:
        return 0
    below = line.number.denominator
    return int(line.number.numerator if below is None else below)
