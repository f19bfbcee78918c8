"""What a collector put right on the spot: filed and finished in one, where the pack takes it."""

from datetime import datetime

from cityloop.cases import Report
from cityloop.cases.elsewhere import cleared_in
from cityloop.db import Tx
from cityloop.domain.calendar import calendar_in
from cityloop.domain.facts import CaseSelfHandled, Problem, ReportUnderstood
from cityloop.domain.ids import CaseId, TaskId
from cityloop.domain.policy import Policy
from cityloop.stages.filing import rules
from cityloop.stages.filing.model import FIRST_DESK
from cityloop.stages.filing.store import number_next


def clear_case(tx: Tx, fact: ReportUnderstood, report: Report, *, policy: Policy, now: datetime) -> bool:
    """File and finish what was put right before it was reported; whether that could be done. Where the class may not be
    cleared so any more, or the place lies in no cell, it is a report like others.

    Emits `CaseSelfHandled`.
    """
    assert report.cleared, f"report {report.id} was not cleared"
    key = report.declared_class
    if key not in policy.settings.self_handle or fact.where.cell is None:
        return False
    _, rule = rules.class_and_rule(policy, None, key, None)
    done = cleared_in(report.cleared)
    day = now.astimezone(calendar_in(policy).zone).date()
    seq = number_next(tx, day)
    tx.emit(
        CaseSelfHandled(
            case_id=CaseId(tx.new_id()), task_id=TaskId(tx.new_id()), report_id=fact.report_id, level=FIRST_DESK,
            number=rules.case_number(policy.settings.case_number, key, fact.where.district, day, seq),
            problem=Problem(class_key=key, rule=rule.code, where=fact.where, urgency=rule.urgency),
            rule=rules.rule_kept(rule), by=done.by, photos=done.photos, note=done.note, recurs=fact.recurs,
            why=(f"rule:{rule.code}",), simulated=fact.simulated, at=now,
        ),
        first=True,
    )  # fmt: skip
    return True
