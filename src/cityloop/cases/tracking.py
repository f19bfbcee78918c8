"""The way from a tracking code to its report, and back."""

from cityloop.cases.model import Report
from cityloop.cases.store import report_get
from cityloop.db import Tx
from cityloop.domain.ids import ReportId
from cityloop.domain.tracking import TrackingUnknown, code_read


def tracked_report(tx: Tx, given: str) -> Report:
    """The report of a tracking code, as long as its words are kept.

    Refuses with `TrackingUnknown`; the answer is the same for every code that opens nothing.
    """
    code = code_read(given)
    id = _report_of(tx, code) if code else None
    if id is None:
        raise tracking_unknown()
    return report_get(tx, id)


def tracking_code(tx: Tx, report_id: ReportId) -> str | None:
    """The code of a report."""
    return tx.value("SELECT code FROM tracking WHERE city = :city AND report_id = :report_id", report_id=report_id)


def tracking_unknown() -> TrackingUnknown:
    """The refusal of every code that opens nothing."""
    return TrackingUnknown("No report answers to this code; look at the twelve letters and digits again.")


def _report_of(tx: Tx, code: str) -> ReportId | None:
    return tx.value(
        "SELECT t.report_id FROM tracking t JOIN vault v ON v.city = t.city AND v.id = t.said "
        "WHERE t.city = :city AND t.code = :code",
        code=code,
    )
