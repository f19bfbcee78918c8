"""What the hotline door does when others have told something: drafts of replies, and cases whose teller is gone."""

from cityloop.cases import case_get
from cityloop.cases.model import Report
from cityloop.db import Tx
from cityloop.domain import facts as f
from cityloop.domain.facts import Channel, Told
from cityloop.domain.ids import CaseId, ReportId
from cityloop.domain.policy import Policy
from cityloop.doors.hotline.desk import draft_replies
from cityloop.doors.hotline.service import source_withdrawn
from cityloop.doors.hotline.store import order_list_of_case


def draft_when_closed(tx: Tx, told: Told[f.CaseClosed], policy: Policy) -> None:
    """Each order of a closed case is answered by itself."""
    draft_replies(tx, case_get(tx, told.fact.case_id), "closed", ended_at=told.fact.at, reason=None, policy=policy)


def draft_when_refused(tx: Tx, told: Told[f.CaseRefused], policy: Policy) -> None:
    """So is each of a refused one, with the reason."""
    case = case_get(tx, told.fact.case_id)
    draft_replies(tx, case, "refused", ended_at=told.fact.at, reason=told.fact.reason, policy=policy)


def mark_when_taken_up(tx: Tx, told: Told[f.CaseOpened | f.CaseFiled | f.ReportJoined], policy: Policy) -> None:
    """An order was taken back while its report was on its way: the case that it became says so."""
    fact = told.fact
    if type(fact) is f.CaseFiled and fact.opened:
        return
    _mark(tx, fact.report_id, fact.case_id)


def mark_when_parted(tx: Tx, told: Told[f.ReportParted], policy: Policy) -> None:
    """The report that left may have been the only one of the case that nobody took back."""
    over = [order for order in order_list_of_case(tx, told.fact.case_id) if order.over_at]
    if over:
        source_withdrawn(tx, told.fact.case_id, over[0].id)


def _mark(tx: Tx, report_id: ReportId, case_id: CaseId) -> None:
    report = tx.get("report", Report, report_id)  # at hand: whoever took it up has just read it
    if report is None or report.channel != Channel.hotline:
        return
    over = [order for order in order_list_of_case(tx, case_id) if order.report_id == report_id and order.over_at]
    if over:
        source_withdrawn(tx, case_id, over[0].id)


ON = {
    f.CaseOpened: (mark_when_taken_up,),
    f.CaseFiled: (mark_when_taken_up,),
    f.ReportJoined: (mark_when_taken_up,),
    f.ReportParted: (mark_when_parted,),
    f.CaseClosed: (draft_when_closed,),
    f.CaseRefused: (draft_when_refused,),
}
