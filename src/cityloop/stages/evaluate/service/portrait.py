"""Portraits: counted by the same figures as everything else. They read, and change nothing."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from cityloop.db import Tx
from cityloop.domain.calendar import calendar_in
from cityloop.domain.codes import minor_of
from cityloop.domain.ids import AccountId, AreaCode, UnitId
from cityloop.domain.policy import Policy, Words
from cityloop.field import census
from cityloop.people.caller import seats_of
from cityloop.stages.evaluate import rules
from cityloop.stages.evaluate.model import Answer, By, Group, Measure, Period, Point
from cityloop.stages.evaluate.model.portrait import (
    BY,
    Course,
    Of,
    Portrait,
    PortraitMark,
    PortraitObject,
    PortraitUnknown,
)
from cityloop.stages.evaluate.rules.portrait import Days, contracted, marks_of, nothing_of, together
from cityloop.stages.evaluate.service.figures import asked_from, figures, over_time, series

COURSES = 4  # numbers whose course is told
WEEKS = 12
DAY = timedelta(days=1)
ACCOUNT = "account:"
OBJECTS_MAX = 300
Areas = tuple[AreaCode | None, ...]


class _Seen(Struct, frozen=True):
    """What is looked at: the numbers of every object of a kind, and of shops their trades."""

    answer: Answer
    groups: tuple[Group, ...]
    trades: Mapping[str, str] = {}


def portrait_of(
    tx: Tx, of: Of, object: str, days: Days, *, policy: Policy, now: datetime, seat_areas: Iterable[AreaCode | None] = (None,)
) -> Portrait:  # fmt: skip
    """One object over some days, beside fair peers, and its numbers week by week up to the last day.

    Refuses with `PortraitUnknown`, and as a question for figures does.
    """
    areas = tuple(seat_areas)
    seen = _seen(tx, of, days, policy, now, areas)
    if not any(each.group == object for each in seen.groups) and not _known(of, object, policy):
        raise PortraitUnknown(f"There is no {of} {object[:60]!r} here; take one that /v1/portraits/{of}/objects names.")
    marks = marks_of(of, object, seen.groups, policy, seen.trades)
    peers = () if of is Of.person else sorted({each for mark in marks for each in mark.peers})
    names = {each: name for each in peers if (name := _name(of, each, policy))}
    shown = tuple(replace(each, peers=() if of is Of.person else each.peers) for each in marks)
    last = rules.days_of(Period.week, days[1])[1]
    weeks = (last - 7 * WEEKS * DAY + DAY, last)
    answer = seen.answer
    return Portrait(
        of=of, object=object, name=_name(of, object, policy), span=answer.span, marks=shown,
        courses=tuple(_course(tx, of, object, each, weeks, policy, now, areas) for each in marks[:COURSES]), names=names,
        metrics={each.metric: rules.metric_called(each.metric, policy).name for each in marks},
        as_of=answer.as_of, seq=answer.seq, pack=answer.pack, simulated=answer.simulated,
    )  # fmt: skip


def objects_of(tx: Tx, of: Of, days: Days, *, policy: Policy, now: datetime, seat_areas: Iterable[AreaCode | None]) -> list[PortraitObject]:
    """Whom one may ask for: those of whom anything was counted in these days; of shops those with most first."""
    found = [each for each in _seen(tx, of, days, policy, now, tuple(seat_areas)).groups if each.group and _has_any(each)]
    if of is Of.person:
        found = [each for each in found if each.group.startswith(ACCOUNT)]
    if of is Of.shop:
        found.sort(key=lambda each: -next(figure.numerator for figure in each.figures if figure.metric == "filed"))
    return [PortraitObject(object=each.group, name=_name(of, each.group, policy)) for each in found[:OBJECTS_MAX]]


def _seen(tx: Tx, of: Of, days: Days, policy: Policy, now: datetime, areas: Areas) -> _Seen:
    asked = asked_from(BY[of], days, policy=policy, now=now, seat_areas=areas)
    answer = figures(tx, asked, policy=policy)
    match of:
        case Of.contractor:
            return _Seen(answer, tuple(_contractors(tx, answer, days, policy, now, areas)))
        case Of.shop:
            trades = _shops(tx, policy, asked.scope)
            counted = {each.group: each for each in answer.groups}
            return _Seen(answer, tuple(counted.get(code) or nothing_of(answer.whole, code) for code in trades), trades)
        case _:
            return _Seen(answer, answer.groups)


def _contractors(tx: Tx, answer: Answer, days: Days, policy: Policy, now: datetime, areas: Areas) -> Iterable[Group]:
    """The numbers of each contractor: of the units whose work it did, on the days on which it did it."""
    counted = {days: {each.group: each for each in answer.groups}}
    parts: dict[str, list[Group]] = {}
    for contractor, unit, some in contracted(days, policy):
        if some not in counted:
            of_some = figures(tx, asked_from(By.unit, some, policy=policy, now=now, seat_areas=areas), policy=policy)
            counted[some] = {each.group: each for each in of_some.groups}
        if unit in counted[some]:
            parts.setdefault(contractor, []).append(counted[some][unit])
    return [together(name, some) for name, some in sorted(parts.items())]


def _shops(tx: Tx, policy: Policy, scope: tuple[AreaCode, ...] | None) -> dict[str, str]:
    """The class of each shop that is registered now, where the caller's seats reach."""
    over = census.overlay(tx, policy)
    things = [each for each in policy.components if each.code not in over.without]
    return {
        each.code: each.class_key
        for each in (*things, *over.more)
        if minor_of(each.class_key) in policy.trades_of and rules.is_inside(each.cell, scope)
    }


def _course(tx: Tx, of: Of, object: str, mark: PortraitMark, weeks: Days, policy: Policy, now: datetime, areas: Areas) -> Course:
    """Week by week; of a contractor the weeks, and parts of weeks, of its contracts."""
    metric, calendar = rules.metric_called(mark.metric, policy), calendar_in(policy)
    buckets = rules.buckets_of(Period.week, rules.span_of(*weeks, calendar), calendar)
    parts = [(object, weeks)] if of is not Of.contractor else [each[1:] for each in contracted(weeks, policy) if each[0] == object]
    points: dict[str, list[Point]] = {each.key: [] for each in buckets}
    for name, days in parts:
        asked = over_time(asked_from(BY[of], days, policy=policy, now=now, seat_areas=areas), By.week, policy=policy)
        found = series(tx, asked, BY[of], metric, policy=policy)
        mine = next((each.points for each in found.groups if each.group == name), ())
        for period, point in zip(found.periods, mine, strict=False):  # none where nothing was counted
            points[period].append(point)
    values = [_value(mark.measure, points[each.key]) if each.since <= now else None for each in buckets]
    return Course(metric=mark.metric, measure=mark.measure, weeks=tuple(points), values=tuple(values))


def _value(measure: Measure, points: list[Point]) -> float | None:
    above = sum(each.numerator for each in points)
    if measure is Measure.count:
        return float(above)
    below = sum(each.denominator or 0 for each in points)
    return above / below if below else None


def _has_any(group: Group) -> bool:
    return any(each.numerator or each.denominator for each in group.figures)


def _name(of: Of, object: str, policy: Policy) -> Words | None:
    if of is Of.contractor:
        known = policy.contractor_by_id.get(object)
        return known.name if known else None
    return rules.name_of(BY[of], object, policy)


def _known(of: Of, object: str, policy: Policy) -> bool:
    match of:
        case Of.unit:
            return object in policy.unit_by_id
        case Of.street:
            return object in policy.area_by_code
        case Of.problem_class:
            return object in policy.class_by_key
        case Of.team:
            return object in rules.cells_of_grids(policy)
        case Of.contractor:
            return object in policy.contractor_by_id
        case Of.shop:
            return False  # those that are registered have their numbers, be they nought
        case Of.person:
            return True


def may_see_person(tx: Tx, account: AccountId, *, by: AccountId, units: Iterable[UnitId], policy: Policy) -> bool:
    """Whether a person's portrait is the caller's own, or the caller reads figures in a unit in which that person sits."""
    if account == by:
        return True
    return bool({each.unit for each in seats_of(tx, account, policy)} & set(units))
