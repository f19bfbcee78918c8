"""How sure a score of a scheme is: its lines moved to the ends of what their numbers may be, then added up as they are."""

from collections.abc import Callable, Mapping

from msgspec import Struct

from cityloop.domain.policy.scoring import Function, Indicator, Role, Scheme, Shape
from cityloop.stages.evaluate.model.scoring import Line, Score
from cityloop.stages.evaluate.rules.fair.intervals import CONFIDENCE, Interval
from cityloop.stages.evaluate.rules.fair.spread import Part, sum_of
from cityloop.stages.evaluate.rules.scoring.functions import points_of

STEADY = frozenset({Shape.survey, Shape.questionnaire, Shape.veto})  # what was seen, not a share of what happened


class Doubt(Struct, frozen=True):
    """Which numbers are drawn from what happens: shares and counts of cases. All others are taken as they are."""

    is_share: Callable[[str], bool]
    is_count: Callable[[str], bool]


def interval_of(
    score: Score, scheme: Scheme, indicators: Mapping[str, Indicator], functions: Mapping[str, Function], doubt: Doubt,
    inner: Mapping[str, Interval], confidence: float = CONFIDENCE,
) -> Interval | None:  # fmt: skip
    """Between which points a score lies; None without one. `inner`: of a line that is another score, that one's interval.

    Bonus, deduction, veto, site visits and questionnaires are taken as they are.
    """
    if score.points is None:
        return None
    roles = {line.indicator: indicators[line.indicator].role for line in score.lines}
    adding = [each for each in score.lines if roles[each.indicator] is Role.score]
    known = sum(each.weight for each in adding if each.points is not None)
    whole = sum(each.weight for each in adding) / known
    parts, sure, low_more, high_more = [], score.bonus - score.deduction, 0.0, 0.0
    for line in (each for each in adding if each.points is not None):
        scale = line.weight / line.full * whole
        function = functions[indicators[line.indicator].function]
        if within := inner.get(line.metric or ""):
            low, high = sorted(points_of(function, each, line.full)[0] * scale for each in (within.low, within.high))
            low_more, high_more = low_more + low, high_more + high
        elif part := _part(line, function, scale, doubt):
            parts.append(part)
        else:
            sure += (line.points or 0.0) * scale
    found = sum_of(parts, sure, confidence)
    held = min([scheme.cap, *([score.points] if score.vetoed else [])])
    ends = [min(max(each, scheme.floor), held) for each in (found.low + low_more, found.high + high_more)]
    return Interval(min(ends[0], score.points), max(ends[1], score.points))


def _part(line: Line, function: Function, scale: float, doubt: Doubt) -> Part | None:
    """The line as an uncertain part of the sum; None where it is taken as it is."""
    number, metric = line.number, line.metric or ""
    if number is None or function.shape in STEADY:
        return None
    gives = lambda value: points_of(function, value, line.full)[0] * scale
    if number.denominator is None:
        return Part(numerator=number.numerator, denominator=None, gives=gives) if doubt.is_count(metric) else None
    if not doubt.is_share(metric) or not 0 <= number.numerator <= number.denominator:
        return None
    return Part(numerator=number.numerator, denominator=number.denominator, gives=gives)
