"""A look once more, before a case is opened: reports that are understood together do not see each other's case."""

from collections.abc import Sequence
from datetime import datetime

from cityloop.db import Tx
from cityloop.domain.facts import Join, Problem, ReportUnderstood
from cityloop.domain.ids import CaseId, ReportId
from cityloop.domain.near import NearCase, places_held, relatives_of
from cityloop.domain.policy import Policy, ProblemClass
from cityloop.places import spots_around
from cityloop.stages.filing.store import fresh_add, fresh_expect, fresh_list


def look_ahead(tx: Tx, facts: Sequence[ReportUnderstood], *, policy: Policy) -> None:
    """Hold the cases and the places of these reports, then fetch, in one statement, the cases opened since the first
    of them was understood.

    The places come before the statement: what another process opens there is then either seen, or waits for us.
    """
    placed = [(fact, of) for fact in facts if (of := _class_of(fact, policy))]
    tx.hold(
        [f"case/{fact.join.case_id}" for fact in facts if fact.join],
        also=(name for fact, of in placed for name in places_held(fact.where, of)),
    )
    if placed:
        fresh_expect(tx, since=min(fact.at for fact, _ in placed))


def fresh_join(tx: Tx, fact: ReportUnderstood, *, policy: Policy, now: datetime) -> Join | None:
    """The case opened since that the report is another sight of, found as understand finds one."""
    of = _class_of(fact, policy)
    if of is None:
        return None
    if not fresh_expect(tx):  # a report by itself, e.g. one that was held
        look_ahead(tx, [fact], policy=policy)
    where = fact.where
    places = [where.cell] if of.private_place else spots_around(where.lon, where.lat, of.join_radius_m)
    near = fresh_list(tx, of.key, places)
    return relatives_of(near, where, of, at=now, class_ppm=fact.proposals[0].confidence_ppm).join if near else None


def case_opened_here(tx: Tx, id: CaseId, report_id: ReportId, problem: Problem | None, *, now: datetime) -> None:
    """Let the reports that follow in this transaction see a case that it opens."""
    if problem is not None:
        where = problem.where
        case = NearCase(
            id=id, class_key=problem.class_key, report_id=report_id, is_open=True, opened_at=now, closed_at=None, cell=where.cell, lon=where.lon, lat=where.lat,
            component=where.component,
        )  # fmt: skip
        fresh_add(tx, problem.class_key, where.spot or where.cell, case)


def _class_of(fact: ReportUnderstood, policy: Policy) -> ProblemClass | None:
    """The class, where the report can be another sight of anything: with a class, and a place to compare."""
    of = policy.class_by_key.get(fact.proposals[0].class_key) if fact.proposals else None
    if of is None or (fact.where.cell if of.private_place else fact.where.lon) is None:
        return None
    return of
