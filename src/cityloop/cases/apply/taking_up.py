"""What the facts from a report to its filing do to the spine."""

from msgspec.structs import replace

from cityloop.cases.apply.parts import (
    CALLED_OFF,
    CERTAIN_PPM,
    case_now,
    limit_text,
    look_asked,
    mark_of,
    marked,
    move,
    moved,
    problem_columns,
    report_now,
    report_of,
    task_ended,
    text,
    where_columns,
    without_name,
)
from cityloop.cases.model import COPIED, Case, Joined, Report, TaskKind
from cityloop.db import Tx
from cityloop.domain import facts as f
from cityloop.domain.facts import Told
from cityloop.domain.facts.filing import BY_HAND, SAID_BY_REPORTER
from cityloop.domain.facts.understand import CHECKED
from cityloop.domain.lifecycle import State

# reports


def report_received(tx: Tx, told: Told[f.ReportReceived]) -> None:
    fact = told.fact
    tx.put(
        "report",
        Report(
            id=fact.report_id, no=told.no, channel=fact.channel.value, received_at=fact.at, happened_at=fact.happened_at,
            said=fact.said.id, contact=fact.contact.id if fact.contact else None, photos=text(fact.photos),
            declared_class=fact.declared_class, by=fact.by, simulated=fact.simulated, meant=fact.meant,
            alarm=fact.alarm,
        ),
    )  # fmt: skip


def report_understood(tx: Tx, told: Told[f.ReportUnderstood]) -> None:
    fact = told.fact
    best = fact.proposals[0] if fact.proposals else None
    tx.put(
        "report",
        replace(
            report_now(tx, fact.report_id), no=told.no, understood_at=fact.at, proposals=text(fact.proposals), why=text(fact.why),
            class_key=best.class_key if best else None, rule=best.rule if best else None,
            confidence_ppm=best.confidence_ppm if best else None,
            near_case=fact.join.case_id if fact.join else None, recurs=fact.recurs, places=text(fact.places),
            model=fact.model, alone=fact.alone,
            request_kind=fact.request.kind if fact.request else None, copied=text(fact.copied) if fact.copied else None,
            checked=any(each.startswith(CHECKED) for each in fact.why) or None,
        ),
    )  # fmt: skip


def person_revealed(tx: Tx, told: Told[f.PersonRevealed]) -> None:
    tx.put("report", replace(report_now(tx, told.fact.report_id), no=told.no))


# cases, as far as filing


def case_opened(tx: Tx, told: Told[f.CaseOpened]) -> None:
    fact = told.fact
    moved(None, told)
    report = report_of(tx, fact.report_id, fact.case_id, *([Joined.asked] if fact.join else []))
    tx.put(
        "case_file",
        Case(
            id=fact.case_id, no=told.no, state=State.reported, report_id=fact.report_id, opened_at=fact.at,
            accept_due=fact.accept_due, accept_limit=limit_text(fact.accept_limit), clock_since=report.received_at, clock_due=fact.accept_due, marks=mark_of(report),
            confidence_ppm=fact.confidence_ppm, why=text(fact.why), near_case=fact.join, recurs=fact.recurs, simulated=fact.simulated,
            **problem_columns(fact.problem) if fact.problem else where_columns(fact.where),
        ),
    )  # fmt: skip


def report_joined(tx: Tx, told: Told[f.ReportJoined]) -> None:
    fact = told.fact
    case = case_now(tx, fact.case_id)
    moved(case.state, told)
    report = report_of(tx, fact.report_id, fact.case_id, _joined(tx, told))
    marks = marked(case.marks, COPIED) if report.copied else case.marks
    tx.put("case_file", replace(case, no=told.no, reports=case.reports + 1, marks=marks))


def _joined(tx: Tx, told: Told[f.ReportJoined]) -> Joined | None:
    """By whom, and whether where the machine had found; None where the reporter said so, or it is no matter of joining any more."""
    fact, before = told.fact, report_now(tx, told.fact.report_id)
    if before.joined is Joined.parted or SAID_BY_REPORTER in fact.why:
        return before.joined
    if fact.left is None and BY_HAND not in fact.why:
        return Joined.alone
    found = case_now(tx, fact.left).near_case if fact.left else before.near_case
    if found is None:
        return Joined.missed
    return Joined.same if fact.case_id in (found, case_now(tx, found).merged_into) else Joined.other


def report_parted(tx: Tx, told: Told[f.ReportParted]) -> None:
    fact = told.fact
    case = case_now(tx, fact.case_id)
    moved(case.state, told)
    report_of(tx, fact.report_id, None, Joined.parted if report_now(tx, fact.report_id).joined is Joined.alone else None)
    is_copied = tx.value("SELECT 1 FROM report WHERE city = :city AND case_id = :case AND copied IS NOT NULL", case=fact.case_id)
    marks = case.marks if is_copied else without_name(case.marks, COPIED)
    tx.put("case_file", replace(case, no=told.no, reports=case.reports - 1, marks=marks))


def case_merged(tx: Tx, told: Told[f.CaseMerged]) -> None:
    move(
        tx,
        told,
        merged_into=told.fact.into,
        clock_since=None,
        clock_due=None,
        closed_at=told.fact.at,
        closed_by=told.actor,
    )


def verify_asked(tx: Tx, told: Told[f.VerifyAsked]) -> None:
    look_asked(tx, told, TaskKind.verify)


def case_verified(tx: Tx, told: Told[f.CaseVerified]) -> None:
    fact = told.fact
    task_ended(tx, told, fact.task_id, outcome="found" if fact.found else "not_found", note=fact.note)
    case = case_now(tx, fact.case_id)
    move(
        tx,
        told,
        task_id=None,
        post=None,
        clock_since=report_now(tx, case.report_id).received_at,
        clock_due=case.accept_due,
    )


def case_accepted(tx: Tx, told: Told[f.CaseAccepted]) -> None:
    fact = told.fact
    recurs = fact.recurs if fact.recurs_asked else case_now(tx, fact.case_id).recurs
    move(
        tx, told, confidence_ppm=CERTAIN_PPM, accepted_at=fact.at, accepted_by=told.actor, corrected=fact.corrected, recurs=recurs,
        **problem_columns(fact.problem),
    )  # fmt: skip


def case_filed(tx: Tx, told: Told[f.CaseFiled]) -> None:
    fact = told.fact
    changed = dict(
        number=fact.number, level=fact.level, rule_kept=text(fact.rule), filed_at=fact.at, filed_by=told.actor,
        confidence_ppm=fact.confidence_ppm, dispatch_due=fact.dispatch_due, dispatch_limit=limit_text(fact.dispatch_limit),
        clock_since=fact.at,
        clock_due=fact.dispatch_due, **problem_columns(fact.problem),
    )  # fmt: skip
    if fact.opened:
        move(tx, told, **changed)
        return
    moved(None, told)
    report = report_of(tx, fact.report_id, fact.case_id)
    tx.put(
        "case_file",
        Case(
            id=fact.case_id, no=told.no, state=State.to_dispatch, marks=mark_of(report), report_id=fact.report_id, opened_at=fact.at,
            why=text(fact.why), recurs=fact.recurs, simulated=fact.simulated, **changed,
        ),
    )  # fmt: skip


def case_refused(tx: Tx, told: Told[f.CaseRefused]) -> None:
    fact = told.fact
    case = case_now(tx, fact.case_id)
    if case.task_id:  # a verification that nobody need make any more
        task_ended(tx, told, case.task_id, outcome=CALLED_OFF, note=None)
    move(
        tx, told, refused_for=fact.reason, task_id=None, post=None, clock_since=None, clock_due=None,
        closed_at=fact.at, closed_by=told.actor,
    )  # fmt: skip


def completion_demanded(tx: Tx, told: Told[f.CompletionDemanded]) -> None:
    move(tx, told, accepted_at=None, accepted_by=None)
