"""A report that was joined wrongly: it leaves the case, and is what it would have been, or part of another one."""

from datetime import datetime

from cityloop.cases import Case, Report, case_get, report_get
from cityloop.cases.notes import keep_note
from cityloop.db import Tx
from cityloop.domain.facts import Channel, ReportJoined, ReportParted, ReportUnderstood
from cityloop.domain.facts.filing import BY_HAND
from cityloop.domain.ids import CaseId, ReportId
from cityloop.domain.lifecycle import state_after
from cityloop.domain.policy import Policy
from cityloop.journal import story
from cityloop.stages.filing import rules
from cityloop.stages.filing.model import PartWrong
from cityloop.stages.filing.service.deeds import case_that_takes
from cityloop.stages.filing.service.taking import begin_case


def part_report(
    tx: Tx, case_id: CaseId, report_id: ReportId, *, reason: str, note: str = "", into: CaseId | None = None,
    policy: Policy, now: datetime,
) -> CaseId:  # fmt: skip
    """Take a joined report out of an open case: into the open case that is named, or else the report begins a case as if it
    had never been joined.

    The report on which the case stands stays. Refuses with `PartWrong`, `ReasonUnknown`, `JoinWrong`, `CaseUnknown`,
    `ReportUnknown`, `NoteTooLong` or `MoveForbidden`. Emits `ReportParted`, and then `ReportJoined`, `CaseFiled`, or
    `CaseOpened` with perhaps `VerifyAsked`.
    """
    tx.hold([f"case/{each}" for each in (case_id, into) if each] + [f"report/{report_id}"])
    case, report = case_get(tx, case_id), report_get(tx, report_id)
    state_after(ReportParted.__name__, case.state)
    why = rules.part_reason(reason)
    if report.case_id != case.id:
        raise PartWrong(f"Report {report.id} is none of this case; choose one of its reports.")
    if report.id == case.report_id:
        raise PartWrong("The case stands on this report; take the others out instead, or put the case itself right.")
    other = case_that_takes(tx, case, into) if into else None
    kept = keep_note(tx, case.id, note, chars_max=policy.settings.text_chars_max)
    tx.emit(
        ReportParted(
            case_id=case.id, report_id=report.id, reason=why.value, into=other.id if other else None, note=kept, at=now
        )
    )
    if other:
        tx.emit(ReportJoined(case_id=other.id, report_id=report.id, why=(BY_HAND, rules.PARTED), at=now))
    else:
        begin_case(tx, _understood(tx, case, report, now=now), None, (), why=(rules.PARTED,), policy=policy, now=now)
    return case.id


def _understood(tx: Tx, case: Case, report: Report, *, now: datetime) -> ReportUnderstood:
    """What was understood of the report. Another system's was never understood here: of it only the place is known, from
    the case that it came in, and a person says what it is."""
    told = [each.fact for each in story(tx, f"report/{report.id}") if isinstance(each.fact, ReportUnderstood)]
    if told:
        return told[-1]
    joined = [each.fact for each in story(tx, f"case/{case.id}") if isinstance(each.fact, ReportJoined)]
    left = [each.left for each in joined if each.report_id == report.id and each.left]
    return ReportUnderstood(
        report_id=report.id, channel=Channel(report.channel), proposals=(), simulated=report.simulated, model="",
        where=case_get(tx, left[-1] if left else case.id).where, at=now,
    )  # fmt: skip
