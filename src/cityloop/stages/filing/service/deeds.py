"""What people do before a case is filed."""

from datetime import datetime

from msgspec.structs import replace

from cityloop.cases import Case, TaskKind, case_get, case_hold, report_get, report_list_of, task_list_of
from cityloop.cases.approvals import call_off
from cityloop.cases.near import closed_last
from cityloop.cases.notes import keep_note
from cityloop.db import Tx
from cityloop.domain.calendar import calendar_in
from cityloop.domain.codes import cell_parts
from cityloop.domain.facts import (
    CaseAccepted,
    CaseFiled,
    CaseMerged,
    CaseRefused,
    CaseVerified,
    Channel,
    CompletionDemanded,
    Problem,
    ReportJoined,
    VerifyAsked,
    Where,
)
from cityloop.domain.facts.filing import BY_HAND
from cityloop.domain.ids import AccountId, CaseId, ClassKey, PostId, RuleCode
from cityloop.domain.lifecycle import state_after
from cityloop.domain.permission import Permission
from cityloop.domain.place import checked_point
from cityloop.domain.policy import Policy
from cityloop.domain.posts import post_for, posts_covering
from cityloop.domain.time import due_at
from cityloop.field import census
from cityloop.places import has_things, locate, nearest_component, where_in
from cityloop.stages.filing import rules
from cityloop.stages.filing.model import (
    CERTAIN_PPM,
    FIRST_DESK,
    CellUnknown,
    JoinWrong,
    NoPostCovers,
    PlaceAsked,
    PostUnable,
    ProblemUnknown,
    VerifyFirst,
)
from cityloop.stages.filing.store import number_next


def accept_case(
    tx: Tx,
    case_id: CaseId,
    *,
    policy: Policy,
    now: datetime,
    class_key: str | None = None,
    rule: RuleCode | None = None,
    place: PlaceAsked | None = None,
) -> CaseId:
    """Take a waiting case up, with class, rule and place put right; it then waits for the duty leader.

    Refuses with `ProblemUnknown`, `RuleUnknown`, `ClassUnknown`, `CellUnknown`, `PlaceOutside` or `MoveForbidden`.
    Emits `CaseAccepted`.
    """
    case = case_hold(tx, case_id)
    state_after(CaseAccepted.__name__, case.state)
    key, chosen = rules.class_and_rule(policy, case.problem, class_key, rule)
    problem = Problem(
        class_key=key, rule=chosen.code, where=_placed(tx, policy, key, case.where, place), urgency=chosen.urgency
    )
    corrected = rules.is_other(case.problem, problem)
    recurs = case.recurs
    if corrected:
        recurs = closed_last(tx, policy.class_by_key[key], problem.where, until=case.opened_at)
    tx.emit(
        CaseAccepted(case_id=case.id, problem=problem, corrected=corrected, recurs=recurs, recurs_asked=corrected, at=now)
    )
    return case.id


def ask_verify(tx: Tx, case_id: CaseId, *, policy: Policy, now: datetime, post: PostId | None = None) -> CaseId:
    """Send a collector to look on site; without `post` the one whose duty grid holds the place.

    What is asked about the case is taken back: nobody decides before somebody has looked. Refuses with `ProblemUnknown`,
    `NoPostCovers`, `PostUnable` or `MoveForbidden`. Emits `VerifyAsked`, and perhaps `ApprovalWithdrawn`.
    """
    case = case_hold(tx, case_id)
    state_after(VerifyAsked.__name__, case.state)
    _problem_of(case)
    if post is None:
        found = post_for(policy, case.cell, Permission.case_verify)
        if found is None:
            raise NoPostCovers(f"No collector's post covers cell {case.cell}; put the place right, or name a post.")
        post = found.id
    elif post not in {each.id for each in posts_covering(policy, case.cell, Permission.case_verify)}:
        raise PostUnable(f"{post} is no post that verifies in cell {case.cell}; choose a collector of that place.")
    call_off(tx, case, VerifyAsked.__name__, now=now, whoever=True)
    tell_verify_asked(tx, case.id, post, policy=policy, now=now)
    return case.id


def tell_verify_asked(tx: Tx, case_id: CaseId, post: PostId, *, policy: Policy, now: datetime) -> None:
    """Say that a post shall look, and by when.

    Emits `VerifyAsked`.
    """
    limit = policy.settings.verify_limit
    due = due_at(now, limit, calendar_in(policy))
    tx.emit(VerifyAsked(case_id=case_id, task_id=tx.new_id(), post=post, limit=limit, due_at=due, at=now))


def verify_case(
    tx: Tx, case_id: CaseId, *, found: bool, by: AccountId, note: str, policy: Policy, now: datetime
) -> CaseId:
    """Tell what was seen on site; the case then waits for the duty leader either way.

    Refuses with `NoteTooLong` or `MoveForbidden`. Emits `CaseVerified`.
    """
    case = case_hold(tx, case_id)
    state_after(CaseVerified.__name__, case.state)
    kept = keep_note(tx, case.id, note, chars_max=policy.settings.text_chars_max)
    tx.emit(CaseVerified(case_id=case.id, task_id=case.task_id, found=found, note=kept, by=by, at=now))
    return case.id


def file_case(tx: Tx, case_id: CaseId, *, policy: Policy, now: datetime, unverified: bool = False) -> CaseId:
    """Give a case its number, rule and clock. `unverified` files what the rule would have seen on site first.

    Refuses with `ProblemUnknown`, `RuleUnknown`, `VerifyFirst` or `MoveForbidden`. Emits `CaseFiled`.
    """
    case = case_hold(tx, case_id)
    state_after(CaseFiled.__name__, case.state)
    known = _problem_of(case)
    _, rule = rules.class_and_rule(policy, known, None, None)
    why = [f"rule:{rule.code}"]
    if rules.asks_verify(rule, Channel(report_get(tx, case.report_id).channel)) and not _seen(tx, case):
        if not unverified:
            raise VerifyFirst(
                "The rule asks that a collector sees it on site before filing; ask for a verification, or file it "
                "unverified and answer for that."
            )
        why.append("unverified")
    calendar = calendar_in(policy)
    day = now.astimezone(calendar.zone).date()
    seq = number_next(tx, day)
    tx.emit(
        CaseFiled(
            case_id=case.id, problem=known, rule=rules.rule_kept(rule), report_id=case.report_id, level=FIRST_DESK,
            number=rules.case_number(policy.settings.case_number, known.class_key, case.district, day, seq),
            dispatch_due=due_at(now, policy.settings.dispatch_limit, calendar),
            dispatch_limit=policy.settings.dispatch_limit, automatic=False,
            confidence_ppm=CERTAIN_PPM, opened=True, recurs=case.recurs, why=tuple(why), simulated=case.simulated,
            at=now,
        )
    )  # fmt: skip
    return case.id


def demand_completion(
    tx: Tx, case_id: CaseId, *, reason: str, note: str, policy: Policy, now: datetime
) -> CaseId:
    """Give a case that waits to be filed back to the acceptor, whose clock goes on. What is asked about it is taken back.

    Refuses with `ReasonUnknown`, `NoteTooLong` or `MoveForbidden`. Emits `CompletionDemanded`, and perhaps
    `ApprovalWithdrawn`.
    """
    case = case_hold(tx, case_id)
    state_after(CompletionDemanded.__name__, case.state)
    why = rules.completion_reason(reason)
    call_off(tx, case, CompletionDemanded.__name__, now=now, whoever=True)
    kept = keep_note(tx, case.id, note, chars_max=policy.settings.text_chars_max)
    tx.emit(CompletionDemanded(case_id=case.id, reason=why.value, note=kept, at=now))
    return case.id


def refuse_case(tx: Tx, case_id: CaseId, *, reason: str, note: str, policy: Policy, now: datetime) -> CaseId:
    """Do not take the case up, with a reason that its reporter is told.

    Refuses with `ReasonUnknown`, `NoteTooLong` or `MoveForbidden`. Emits `CaseRefused`.
    """
    case = case_hold(tx, case_id)
    state_after(CaseRefused.__name__, case.state)
    code = rules.reason_known(reason)
    call_off(tx, case, CaseRefused.__name__, now=now, whoever=True)
    kept = keep_note(tx, case.id, note, chars_max=policy.settings.text_chars_max)
    tx.emit(CaseRefused(case_id=case.id, reason=code.value, note=kept, at=now))
    return case.id


def join_case(tx: Tx, case_id: CaseId, into: CaseId, *, now: datetime) -> CaseId:
    """Let the reports of a waiting case become part of an open one; the waiting case ends.

    Refuses with `JoinWrong`, `CaseUnknown` or `MoveForbidden`. Emits `ReportJoined` and `CaseMerged`.
    """
    tx.hold([f"case/{case_id}", f"case/{into}"])
    case = case_get(tx, case_id)
    state_after(CaseMerged.__name__, case.state)
    other = case_that_takes(tx, case, into)
    for report in report_list_of(tx, case.id):
        tx.emit(ReportJoined(case_id=other.id, report_id=report.id, left=case.id, why=(BY_HAND,), at=now))
    tx.emit(CaseMerged(case_id=case.id, into=other.id, at=now))
    return case.id


def case_that_takes(tx: Tx, case: Case, into: CaseId) -> Case:
    """The other case, held by the caller, if reports of this one can become part of it.

    Refuses with `JoinWrong` or `CaseUnknown`.
    """
    other = case_get(tx, into)
    if case.id == other.id:
        raise JoinWrong("A case cannot join itself; name the other case.")
    if not other.is_open:
        raise JoinWrong(f"Case {other.number or other.id} is {other.state}, so nothing can join it; file this one.")
    return other


def _problem_of(case: Case) -> Problem:
    if case.problem is None:
        raise ProblemUnknown("Nobody has said what the case is about; accept it with a class first.")
    return case.problem


def _seen(tx: Tx, case: Case) -> bool:
    """Whether the last collector who looked found it."""
    looked = [task for task in task_list_of(tx, case.id) if task.kind is TaskKind.verify and task.ended_at]
    return bool(looked) and looked[-1].outcome == "found"


def _placed(tx: Tx, policy: Policy, class_key: ClassKey, known: Where, place: PlaceAsked | None) -> Where:
    """The place that a person means, with the component that it is about; of a private place its cell only."""
    where = known if place is None else _asked_place(policy, place)
    chosen = policy.class_by_key[class_key]
    if chosen.private_place:
        return where_in(where)
    near = None
    if has_things(policy, class_key) and where.lon is not None and where.lat is not None:
        over = census.overlay(tx, policy)
        near = nearest_component(policy, class_key, where.lon, where.lat, without=over.without, more=over.more)
    return replace(where, component=near[0].code if near else None)


def _asked_place(policy: Policy, place: PlaceAsked) -> Where:
    if place.lon is None or place.lat is None:
        cell = policy.cell_by_code.get(place.cell) if place.cell else None
        if cell is None:
            raise CellUnknown(f"The city has no cell {place.cell}; choose one on the map, or give a point.")
        parts = cell_parts(cell.code)
        return Where(
            cell=cell.code, community=parts.community_code, street=parts.street_code, district=parts.district_code
        )
    point = checked_point(place.lon, place.lat, policy.settings.bounds)
    where = locate(policy, point.lon, point.lat)
    if where.cell is None:
        raise CellUnknown(f"No cell of the city holds {point.lon:g}, {point.lat:g}; choose a place inside the grid.")
    return where
