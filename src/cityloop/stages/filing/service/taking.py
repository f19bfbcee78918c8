"""What follows from an understood report: it joins a case, is filed, or waits for the acceptor."""

from datetime import datetime

from cityloop.cases import Case, case_hold, report_get
from cityloop.db import Tx
from cityloop.domain.calendar import calendar_in
from cityloop.domain.deciders import Algorithm
from cityloop.domain.facts import CaseFiled, CaseOpened, Channel, Join, Problem, ReportJoined, ReportUnderstood
from cityloop.domain.facts.filing import SAID_BY_REPORTER
from cityloop.domain.ids import CaseId
from cityloop.domain.permission import Permission
from cityloop.domain.policy import Policy, Rule
from cityloop.domain.posts import post_for
from cityloop.domain.time import due_at
from cityloop.stages.filing import rules
from cityloop.stages.filing.model import FIRST_DESK
from cityloop.stages.filing.service.clearing import clear_case
from cityloop.stages.filing.service.deeds import tell_verify_asked
from cityloop.stages.filing.service.looking import case_opened_here, fresh_join
from cityloop.stages.filing.store import number_next


def take_up(tx: Tx, fact: ReportUnderstood, *, policy: Policy, now: datetime) -> None:
    """Let a report join an open case, file it, or open a case that waits for the acceptor.

    Emits `ReportJoined`, `CaseFiled`, or `CaseOpened` with perhaps `VerifyAsked`.
    """
    report = report_get(tx, fact.report_id)
    if report.case_id:
        return  # a person was faster
    if report.cleared and clear_case(tx, fact, report, policy=policy, now=now):
        return
    if report.meant and (meant := _open_case(tx, report.meant)):
        tx.emit(ReportJoined(case_id=meant.id, report_id=report.id, why=(SAID_BY_REPORTER,), at=now))
        return
    ordered = fact.channel is Channel.leader  # 领导交办: a case of its own, at once
    near, join = (None, None) if ordered else _case_to_join(tx, fact, policy=policy, now=now)
    paused = Algorithm.joining in tx.deciders.paused
    if near and join and not paused and rules.joins_alone(join, policy.settings.join_auto_ppm):
        why = rules.why_joined(join, fact)
        tx.emit(ReportJoined(case_id=near.id, report_id=fact.report_id, why=why, at=now))
        return
    may_join = rules.why_may_join(join, fact, policy.settings.join_auto_ppm) if near and join else ()
    may_join += (rules.JOINING_PAUSED,) if near and join and paused else ()
    begin_case(tx, fact, near if join else None, may_join, policy=policy, now=now)


def begin_case(
    tx: Tx, fact: ReportUnderstood, near: Case | None, may_join: tuple[str, ...], *, why: tuple[str, ...] = (),
    policy: Policy, now: datetime,
) -> None:  # fmt: skip
    """Begin a case with a report: filed, where the machine may do that alone, else waiting for the acceptor. `near` is the
    case that it may be part of, `may_join` why that is not sure, `why` what else there is to say.

    Emits `CaseFiled`, or `CaseOpened` with perhaps `VerifyAsked`.
    """
    ordered = fact.channel is Channel.leader
    best = fact.proposals[0] if fact.proposals else None
    rule = policy.rule_by_code.get(best.rule) if best else None
    why_not = (*rules.why_not_alone(fact, rule), *may_join)
    if best and rule and (ordered or not why_not):
        more = ("by_leader", *why) if ordered else why
        _file(tx, fact, rules.proposed_problem(fact, best), rule, best.confidence_ppm, more, policy=policy, now=now)
    else:
        _open(tx, fact, near, rule, (*why_not, *why), policy=policy, now=now)


def _file(
    tx: Tx, fact: ReportUnderstood, problem: Problem, rule: Rule, confidence_ppm: int, more: tuple[str, ...], *,
    policy: Policy, now: datetime,
) -> None:  # fmt: skip
    calendar = calendar_in(policy)
    day = now.astimezone(calendar.zone).date()
    number = rules.case_number(
        policy.settings.case_number, problem.class_key, fact.where.district, day, number_next(tx, day)
    )
    case_id = CaseId(tx.new_id())
    tx.emit(
        CaseFiled(
            case_id=case_id, number=number, problem=problem, rule=rules.rule_kept(rule),
            report_id=fact.report_id, level=FIRST_DESK,
            dispatch_due=due_at(now, policy.settings.dispatch_limit, calendar),
            dispatch_limit=policy.settings.dispatch_limit, automatic=True,
            confidence_ppm=confidence_ppm, opened=False, recurs=fact.recurs,
            why=(f"rule:{rule.code}", f"sure:{confidence_ppm}", f"model:{fact.model}", *more),
            simulated=fact.simulated, at=now,
        ),
        first=True,
    )  # fmt: skip
    case_opened_here(tx, case_id, fact.report_id, problem, now=now)


def _open(
    tx: Tx,
    fact: ReportUnderstood,
    near: Case | None,
    rule: Rule | None,
    why: tuple[str, ...],
    *,
    policy: Policy,
    now: datetime,
) -> None:
    best = fact.proposals[0] if fact.proposals and rule else None
    verify = bool(rule) and rules.asks_verify(rule, fact.channel)
    post = post_for(policy, fact.where.cell, Permission.case_verify) if verify else None
    if verify and post is None:
        why = (*why, "no_post_covers")
    case_id = CaseId(tx.new_id())
    problem = rules.proposed_problem(fact, best) if best else None
    received_at = report_get(tx, fact.report_id).received_at
    tx.emit(
        CaseOpened(
            case_id=case_id, report_id=fact.report_id, where=fact.where, why=why,
            problem=problem,
            confidence_ppm=best.confidence_ppm if best else 0,
            accept_due=due_at(received_at, policy.settings.accept_limit, calendar_in(policy)),
            accept_limit=policy.settings.accept_limit,
            join=near.id if near else None, recurs=fact.recurs, simulated=fact.simulated, at=now,
        ),
        first=True,
    )  # fmt: skip
    case_opened_here(tx, case_id, fact.report_id, problem, now=now)
    if post and not near:  # where it may join another case, the acceptor looks first
        tell_verify_asked(tx, case_id, post.id, policy=policy, now=now)


def _case_to_join(
    tx: Tx, fact: ReportUnderstood, *, policy: Policy, now: datetime
) -> tuple[Case | None, Join | None]:
    """The open case that the report is most likely another sight of: found by understand, or opened since."""
    fresh = fresh_join(tx, fact, policy=policy, now=now)
    for join in rules.joins_by_certainty(fact.join, fresh) if fresh or fact.join else ():
        if case := _open_case(tx, join.case_id):
            return case, join
    return None, None


def _open_case(tx: Tx, id: CaseId) -> Case | None:
    """The case to join, if it is still open; where it was merged away, the one that took its reports."""
    case = case_hold(tx, id)
    if case.merged_into:
        case = case_hold(tx, case.merged_into)
    return case if case.is_open else None
