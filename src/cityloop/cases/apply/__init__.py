"""What each fact of the way does to the spine. Sees the fact and these tables, and nothing else."""

from collections.abc import Callable

from cityloop.cases.apply import doing, stages, taking_up
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
    f.TaskStageReached: stages.task_stage_reached,
    f.TaskFinished: doing.task_finished,
    f.DueMoved: doing.due_moved,
    f.InspectionAsked: doing.inspection_asked,
    f.CaseInspected: doing.case_inspected,
    f.CaseReworked: doing.case_reworked,
    f.CaseClosed: doing.case_closed,
}
