"""Scores with how sure they are: intervals, places as ranges, few cases drawn to the group, unlike work made alike."""

from collections.abc import Mapping
from datetime import datetime

import msgspec
from msgspec.structs import asdict

from cityloop.db import Tx
from cityloop.domain.facts import FrozenLine, FrozenScore
from cityloop.domain.policy import Policy
from cityloop.domain.policy.scoring import FULL, SCHEME, Scheme, in_force, read_for
from cityloop.stages.evaluate.model import By, Measure, Span
from cityloop.stages.evaluate.model.metrics import metrics_by
from cityloop.stages.evaluate.model.published import SheetRow
from cityloop.stages.evaluate.model.scoring import Line, Number, Score, Sheet
from cityloop.stages.evaluate.rules.fair import (
    CONFIDENCE,
    Interval,
    Place,
    apart,
    drawn,
    places,
    prior_of,
    standardised,
    wilson,
)
from cityloop.stages.evaluate.rules.fair.scores import Doubt, interval_of
from cityloop.stages.evaluate.rules.fair.sheets import PLACED_LEAST, FairLine, FairScore, FairSheet
from cityloop.stages.evaluate.service.scoring import scheme_of, schemes_within, sheets_of
from cityloop.stages.evaluate.store.fair.exclusions import excluded_in
from cityloop.stages.evaluate.store.fair.work import strata_in

Ends = dict[str, Interval]


def fair_sheet(tx: Tx, scheme_id: str, span: Span, *, policy: Policy, now: datetime) -> FairSheet:
    """The scores of a scheme over a period as they are now, less what is excluded, with how sure they are.

    Refuses as `sheet_of` does.
    """
    scheme, left_out = scheme_of(scheme_id, policy), excluded_in(tx, span)
    sheets = sheets_of(tx, scheme_id, span, policy=policy, now=now, exclusions=left_out)
    sheet = sheets[scheme_id]
    ends = _ends(sheet.scores, scheme, sheets, policy, CONFIDENCE)
    found = _places(sheet.scores, scheme, sheets, policy)
    adjusted = standardised(strata_in(tx, span, sheet.by))
    sure = _sure(policy)
    scores = [
        FairScore(
            score=_frozen(each, ends.get(each.object), found.get(each.object)), lines=_lines(each, sheet.scores, sure),
            adjusted=adjusted.get(each.object), few=each.cases < PLACED_LEAST,
        )
        for each in sheet.scores
    ]  # fmt: skip
    return FairSheet(
        scheme=sheet.scheme, pack=sheet.pack, by=sheet.by, first_day=span.first_day, last_day=span.last_day, as_of=now,
        seq=sheet.seq, excluded=tuple(each.case_id for each in left_out), scores=tuple(sorted(scores, key=_order)),
    )  # fmt: skip


def _order(score: FairScore) -> tuple[object, ...]:
    """By group and place, who may be the best first; who has no place stands after, by name, so that none is implied."""
    told = score.score
    return (told.group, told.best is None, told.best or 0, told.worst or 0, told.object)


def _ends(scores: tuple[Score, ...], scheme: Scheme, sheets: Mapping[str, Sheet], policy: Policy, confidence: float) -> Ends:
    """The interval of each score. Of a line that is another score, that one's interval is taken, at what both together need."""
    version = in_force(scheme.indicators, sheets[scheme.code].span.first_day)
    inner = schemes_within(version)
    needs = apart(len(inner) + 1, confidence)
    of_inner: dict[str, Ends] = {}
    for code in inner:
        other = scheme_of(code, policy)
        full = other.full or FULL
        ends = _ends(sheets[code].scores, other, sheets, policy, needs)
        of_inner[f"{SCHEME}{code}"] = {name: Interval(each.low / full, each.high / full) for name, each in ends.items()}
    found: Ends = {}
    for each in scores:
        indicators = {line.code: line for line in read_for(version, each.group, policy.settings.city_kind)}
        within = {metric: ends[each.object] for metric, ends in of_inner.items() if each.object in ends}
        interval = interval_of(each, scheme, indicators, policy.scoring.functions, _sure(policy), within, needs)
        if interval:
            found[each.object] = interval
    return found


def _places(scores: tuple[Score, ...], scheme: Scheme, sheets: Mapping[str, Sheet], policy: Policy) -> dict[str, Place]:
    """The places within each group, of those with points and cases enough."""
    groups: dict[str, list[Score]] = {}
    for each in scores:
        if each.points is not None and each.cases >= PLACED_LEAST:
            groups.setdefault(each.group, []).append(each)
    found: dict[str, Place] = {}
    for some in groups.values():
        found |= places(_ends(tuple(some), scheme, sheets, policy, apart(len(some))))
    return found


def _sure(policy: Policy) -> Doubt:
    """Which metrics are shares or counts of what happened."""
    known = metrics_by(policy.figures)
    return Doubt(
        is_share=lambda metric: metric in known and known[metric].measure is Measure.ppm,
        is_count=lambda metric: metric in known and known[metric].measure is Measure.count,
    )  # fmt: skip


def _lines(score: Score, every: tuple[Score, ...], doubt: Doubt) -> tuple[FairLine, ...]:
    """The interval of each rate, and the rate drawn to the group."""
    group = [each for each in every if each.group == score.group]
    return tuple(_line(each, group, doubt) for each in score.lines)


def _line(line: Line, group: list[Score], doubt: Doubt) -> FairLine:
    if not _is_share(line, doubt):
        return FairLine(indicator=line.indicator, within=None, drawn=None)
    number = line.number
    assert number is not None
    assert number.denominator is not None
    peers = [each for other in group for each in other.lines if each.indicator == line.indicator and _is_share(each, doubt)]
    prior = prior_of([(each.number.numerator, each.number.denominator) for each in peers])  # type: ignore[union-attr, misc]
    return FairLine(
        indicator=line.indicator, within=wilson(number.numerator, number.denominator),
        drawn=drawn(number.numerator, number.denominator, prior) if prior else None,
    )  # fmt: skip


def _is_share(line: Line, doubt: Doubt) -> bool:
    number = line.number
    return (
        number is not None and number.denominator is not None and doubt.is_share(line.metric or "")
        and 0 <= number.numerator <= number.denominator
    )  # fmt: skip


def _frozen(score: Score, ends: Interval | None, place: Place | None) -> FrozenScore:
    return FrozenScore(
        object=score.object, group=score.group, points=score.points, target_points=score.target_points,
        lines=tuple(_frozen_line(each) for each in score.lines), bonus=score.bonus, deduction=score.deduction,
        vetoed=score.vetoed, grade=score.grade, low=_points(ends and ends.low), high=_points(ends and ends.high),
        best=place and place.best, worst=place and place.worst, cases=score.cases,
    )  # fmt: skip


def _frozen_line(line: Line) -> FrozenLine:
    told: Mapping[str, object] = asdict(line)
    number = line.number
    return FrozenLine(
        numerator=number and number.numerator, denominator=number and number.denominator,
        **{name: value for name, value in told.items() if name != "number"},  # type: ignore[arg-type]
    )  # fmt: skip


def _points(value: float | None) -> float | None:
    """What floats add beyond four digits is none."""
    return None if value is None else round(value, 4)


def thawed(row: SheetRow, span: Span) -> Sheet:
    """A published sheet as one that is printed: every number as it was frozen. Nobody has an exact place."""
    return Sheet(
        scheme=row.scheme, pack=row.pack, by=By(row.by_kind), span=span, as_of=row.as_of, seq=row.seq,
        scores=tuple(_thawed(each) for each in msgspec.json.decode(row.scores, type=tuple[FrozenScore, ...])),
    )  # fmt: skip


def _thawed(score: FrozenScore) -> Score:
    said = {name: getattr(score, name) for name in Score.__struct_fields__ if name not in ("lines", "rank")}
    return Score(**said, rank=None, lines=tuple(_line_thawed(each) for each in score.lines))


def _line_thawed(line: FrozenLine) -> Line:
    said = {name: getattr(line, name) for name in Line.__struct_fields__ if name != "number"}
    return Line(**said, number=None if line.numerator is None else Number(line.numerator, line.denominator))
