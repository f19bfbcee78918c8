"""What each fact of the way does to the spine. Sees the fact and these tables, and nothing else."""

from collections.abc import Callable

from cityloop.cases.apply import doing, elsewhere, helping, orders, taking_up, whistle
from cityloop.db import Tx
from cityloop.domain import facts as f
from cityloop.domain.facts import Told

APPLY: dict[type[f.Fact], Callable[[Tx, Told], None]] = {
    f.ReportReceived: taking_up.report_received,
    f.ReportUnderstood: taking_up.report_understood,
    f.PersonRevealed: taking_up.person_revealed,
    f.CaseOpened: taking_up.case_opened,
    f.ReportJoined: taking_up.report_joined,
    f.CaseMerged: taking_up.case_merged,
    f.VerifyAsked: taking_up.verify_asked,
    f.CaseVerified: taking_up.case_verified,
    f.CaseAccepted: taking_up.case_accepted,
    f.CaseFiled: taking_up.case_filed,
    f.CaseRefused: taking_up.case_refused,
    f.DispatchProposed: doing.dispatch_proposed,
    f.CaseLevelMoved: doing.case_level_moved,
    f.CaseDispatched: doing.case_dispatched,
    f.TaskSigned: doing.task_signed,
    f.TaskReturned: doing.task_returned,
    f.TaskFinished: doing.task_finished,
    f.DueMoved: doing.due_moved,
    f.InspectionAsked: doing.inspection_asked,
    f.CaseInspected: doing.case_inspected,
    f.CaseReworked: doing.case_reworked,
    f.CaseClosed: doing.case_closed,
    f.CaseReassigned: helping.case_reassigned,
    f.AssistAsked: helping.assist_asked,
    f.AssistSigned: helping.assist_signed,
    f.AssistFinished: helping.assist_finished,
    f.AssistCancelled: helping.assist_called_off,
    f.CaseUrged: orders.case_urged,
    f.OverdueNoticed: orders.overdue_noticed,
    f.SupervisionIssued: orders.supervision_issued,
    f.SupervisionAnswered: orders.supervision_answered,
    f.SupervisionRejected: orders.supervision_rejected,
    f.SupervisionAccepted: orders.supervision_accepted,
    f.SupervisionMissed: orders.supervision_missed,
    f.CaseInstructed: orders.case_instructed,
    f.WhistleSounded: whistle.whistle_sounded,
    f.ArrivalReported: whistle.arrival_reported,
    f.ArrivalMissed: whistle.arrival_missed,
    f.WhistleEnded: whistle.whistle_ended,
    f.UnitRated: whistle.unit_rated,
    f.SelfHandlingReported: elsewhere.self_handling_reported,
    f.CaseSelfHandled: elsewhere.case_self_handled,
    f.SelfHandlingPassed: elsewhere.self_handling_passed,
    f.ResultRejected: elsewhere.result_rejected,
    f.CaseTransferred: elsewhere.case_transferred,
    f.TransferFinished: elsewhere.transfer_finished,
    f.TransferReturned: elsewhere.transfer_returned,
    f.TransferMissed: elsewhere.transfer_missed,
}
