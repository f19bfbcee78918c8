"""Portraits: counted by the same figures as everything else. They read, and change nothing."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from msgspec.structs import replace

from cityloop.db import Tx
from cityloop.domain.ids import AccountId, AreaCode, UnitId
from cityloop.domain.policy import Policy
from cityloop.people.caller import seats_of
from cityloop.stages.evaluate import rules
from cityloop.stages.evaluate.model import By, Period
from cityloop.stages.evaluate.model.portrait import BY, Course, Of, Portrait, PortraitMark, PortraitUnknown
from cityloop.stages.evaluate.rules.portrait import marks_of
from cityloop.stages.evaluate.service.figures import asked_from, figures, over_time, series

COURSES = 4  # numbers whose course is told
WEEKS = 12
DAY = timedelta(days=1)
ACCOUNT = "account:"


def portrait_of(
    tx: Tx, of: Of, object: str, days: tuple[date, date], *, policy: Policy, now: datetime, seat_areas: Iterable[AreaCode | None] = (None,)
) -> Portrait:  # fmt: skip
    """One object over some days, beside fair peers, and its numbers week by week up to the last day.

    Refuses with `PortraitUnknown`, and as a question for figures does.
    """
    areas = tuple(seat_areas)
    asked = asked_from(BY[of], days, policy=policy, now=now, seat_areas=areas)
    answer = figures(tx, asked, policy=policy)
    if not any(each.group == object for each in answer.groups) and not _known(of, object, policy):
        raise PortraitUnknown(f"There is no {of} {object[:60]!r} here; take one that /v1/figures?by={BY[of]} names.")
    marks = marks_of(of, object, answer.groups, policy)
    peers = () if of is Of.person else sorted({each for mark in marks for each in mark.peers})
    names = {each: name for each in peers if (name := rules.name_of(BY[of], each, policy))}
    shown = tuple(replace(each, peers=() if of is Of.person else each.peers) for each in marks)
    last = rules.days_of(Period.week, days[1])[1]
    return Portrait(
        of=of, object=object, name=rules.name_of(BY[of], object, policy), span=answer.span, marks=shown,
        courses=tuple(_course(tx, of, object, each, last, policy, now, areas) for each in marks[:COURSES]), names=names,
        metrics={each.metric: rules.metric_called(each.metric, policy).name for each in marks},
        as_of=answer.as_of, seq=answer.seq, pack=answer.pack, simulated=answer.simulated,
    )  # fmt: skip


def _course(
    tx: Tx, of: Of, object: str, mark: PortraitMark, last: date, policy: Policy, now: datetime, areas: tuple[AreaCode | None, ...]
) -> Course:  # fmt: skip
    asked = asked_from(BY[of], (last - 7 * WEEKS * DAY + DAY, last), policy=policy, now=now, seat_areas=areas)
    metric = rules.metric_called(mark.metric, policy)
    found = series(tx, over_time(asked, By.week, policy=policy), BY[of], metric, policy=policy)
    mine = next((each for each in found.groups if each.group == object), None)
    points = mine.points if mine else ()
    values = tuple(each.numerator / each.denominator if each.denominator else None for each in points)
    return Course(metric=mark.metric, weeks=found.periods, values=values or (None,) * len(found.periods))


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
        case Of.person:
            return True


def may_see_person(tx: Tx, account: AccountId, *, by: AccountId, units: Iterable[UnitId], policy: Policy) -> bool:
    """Whether a person's portrait is the caller's own, or the caller reads figures in a unit in which that person sits."""
    if account == by:
        return True
    return bool({each.unit for each in seats_of(tx, account, policy)} & set(units))
