"""What becomes of a case when what its sensors saw has gone."""

from cityloop.cases import Case, case_hold, task_list_of
from cityloop.cases.alarms import alarms_of_case, reports_without_alarm
from cityloop.db import Tx
from cityloop.domain.facts import CauseEnded
from cityloop.domain.ids import AlarmId, CaseId
from cityloop.domain.lifecycle import State
from cityloop.domain.policy import Policy
from cityloop.stages.inspect.service.inspecting import settle_case

NOT_BEGUN = (State.to_dispatch, State.to_sign)


def end_cause(tx: Tx, case_id: CaseId, alarm_id: AlarmId, *, policy: Policy) -> None:
    """Note on the case that what its sensors saw has gone; close it where their rule says so and nobody works on it yet.

    Nothing while another of its alarms runs. Emits `CauseEnded`, and perhaps `CaseClosed`.
    """
    case = case_hold(tx, case_id)
    alarms = alarms_of_case(tx, case_id)
    if not case.is_open or any(runs for _, runs, _ in alarms):
        return
    closes = all(ends == "rule" for _, _, ends in alarms) and _is_untouched(tx, case)
    tx.emit(CauseEnded(case_id=case_id, alarm_id=alarm_id, closes=closes, at=tx.now))
    if closes:
        settle_case(tx, case_id, passed=True, policy=policy, now=tx.now)


def _is_untouched(tx: Tx, case: Case) -> bool:
    """No person reported it, nobody has taken it into their hands, nobody asks or is asked anything about it."""
    return all((
        case.state in NOT_BEGUN, not case.approval_id, not case.marks, not case.guests, not case.returns, not case.reworks,
        not any(task.signed_at for task in task_list_of(tx, case.id)), not reports_without_alarm(tx, case),
    ))  # fmt: skip
