"""What alarms have to do with cases: which case an alarm is part of, and what still runs in it."""

from cityloop.cases.model import Case, Report
from cityloop.db import Tx
from cityloop.domain.ids import AlarmId, CaseId, UnitId


def case_of_alarm(tx: Tx, alarm_id: AlarmId) -> CaseId | None:
    """The case of the report that tells of the alarm; None where there is none yet."""
    return tx.value("SELECT case_id FROM report WHERE city = :city AND alarm = :alarm", alarm=alarm_id)


def is_reported(tx: Tx, alarm_id: AlarmId) -> bool:
    """Whether a report tells of the alarm."""
    return tx.value("SELECT 1 FROM report WHERE city = :city AND alarm = :alarm", alarm=alarm_id) is not None


def case_open_of(tx: Tx, thing_id: str, rule: str) -> CaseId | None:
    """The open case about the same device and rule, the last one."""
    return tx.value(
        "SELECT report.case_id FROM alarm JOIN report ON report.city = alarm.city AND report.alarm = alarm.id "
        "JOIN case_file ON case_file.city = report.city AND case_file.id = report.case_id "
        "WHERE alarm.city = :city AND alarm.thing_id = :thing AND alarm.rule = :rule AND case_file.is_open = 1 "
        "ORDER BY case_file.opened_at DESC, case_file.id DESC LIMIT 1", thing=thing_id, rule=rule,
    )  # fmt: skip


def owner_of_ill(tx: Tx, case_id: CaseId) -> UnitId | None:
    """Who mends the device whose own illness the case is about; None where it is about something else, or nobody owns it."""
    return tx.value(
        "SELECT alarm.owner FROM report JOIN alarm ON alarm.city = report.city AND alarm.id = report.alarm "
        "WHERE report.city = :city AND report.case_id = :case AND alarm.is_health = 1 AND alarm.owner IS NOT NULL "
        "ORDER BY alarm.raised_at DESC, alarm.id LIMIT 1", case=case_id,
    )  # fmt: skip


def alarms_of_case(tx: Tx, case_id: CaseId) -> list[tuple[AlarmId, bool, str]]:
    """The alarms of a case: which, whether it runs still, and who says when its cause has gone."""
    rows = tx.all(
        "SELECT alarm.id, alarm.cleared_at, alarm.ends FROM report JOIN alarm ON alarm.city = report.city AND alarm.id = report.alarm "
        "WHERE report.city = :city AND report.case_id = :case ORDER BY alarm.id", case=case_id,
    )  # fmt: skip
    return [(AlarmId(row.id), row.cleared_at is None, row.ends) for row in rows]


def has_ended(tx: Tx, report: Report) -> AlarmId | None:
    """The alarm of which a report tells, where it is over."""
    if report.alarm is None:
        return None
    ended = tx.value("SELECT cleared_at FROM alarm WHERE city = :city AND id = :alarm", alarm=report.alarm)
    return AlarmId(report.alarm) if ended else None


def reports_without_alarm(tx: Tx, case: Case) -> int:
    """How many reports of the case came from people."""
    return tx.value("SELECT count(*) FROM report WHERE city = :city AND case_id = :case AND alarm IS NULL", case=case.id)
