"""Another unit instead, and units that help."""

from datetime import datetime

import msgspec

from cityloop.cases import TaskKind, case_hold, task_get, task_list_of
from cityloop.cases.approvals import call_off
from cityloop.cases.assists import BY_HAND, ask_assists, call_off_assists
from cityloop.cases.notes import keep_note
from cityloop.db import Tx
from cityloop.domain.calendar import calendar_in
from cityloop.domain.facts import AssistAsked, CaseReassigned, RuleKept
from cityloop.domain.ids import CaseId, TaskId, UnitId
from cityloop.domain.lifecycle import state_after
from cityloop.domain.policy import Limit, Policy
from cityloop.domain.time import due_at
from cityloop.stages.dispatch import rules
from cityloop.stages.dispatch.model import SameUnit, UnitUnknown
from cityloop.stages.dispatch.service.giving import duties_of, duty_chosen

LEAD_CHANGED = "lead_changed"  # why those who helped the old unit are not waited for


def reassign_case(
    tx: Tx,
    case_id: CaseId,
    *,
    unit: UnitId,
    reason: str,
    note: str,
    policy: Policy,
    now: datetime,
    assist: tuple[UnitId, ...] = (),
    limit: Limit | None = None,
) -> CaseId:
    """Make another unit answerable before the work is finished. Its clock begins anew, with the whole limit.

    What the old unit has asked for is taken back with it. Refuses with `ReasonUnknown`, `SameUnit`, `UnitUnknown`,
    `NoteTooLong` or `MoveForbidden`. Emits `CaseReassigned`, `AssistCancelled` for whoever helped the old unit, and
    perhaps `ApprovalWithdrawn`.
    """
    case = case_hold(tx, case_id)
    state_after(CaseReassigned.__name__, case.state)
    assert case.unit, f"case {case.id} is {case.state} without a unit"
    assert case.task_id, f"case {case.id} is {case.state} without a task"
    why = rules.reassign_reason(reason)
    if unit == case.unit:
        raise SameUnit(f"{unit} is answerable already; choose another unit, or urge it.")
    duty = duty_chosen(unit, assist, limit, case, duties_of(tx, case, policy=policy, now=now), policy)
    kept = keep_note(tx, case.id, note, chars_max=policy.settings.text_chars_max)
    calendar = calendar_in(policy)
    before = task_get(tx, case.task_id)
    assert before, f"task {case.task_id} was not given"
    rule = msgspec.json.decode(case.rule_kept, type=RuleKept)
    duty, stages, stage = rules.stages_for(duty, rule, before.stage or 0)
    call_off(tx, case, CaseReassigned.__name__, now=now)
    call_off_assists(tx, case, reason=LEAD_CHANGED, now=now)
    task_id = TaskId(tx.new_id())
    tx.emit(
        CaseReassigned(
            case_id=case.id, ended_task=case.task_id, from_unit=case.unit, task_id=task_id, duty=duty,
            sign_due=due_at(now, policy.settings.sign_limit, calendar), sign_limit=policy.settings.sign_limit,
            due_at=due_at(now, duty.limit, calendar), stages=stages, stage=stage, reason=why.value, note=kept, at=now,
        )
    )  # fmt: skip
    ask_assists(tx, case.id, task_id, assist, limit=duty.limit, why=BY_HAND, policy=policy, now=now)
    return case.id


def ask_assist(
    tx: Tx, case_id: CaseId, *, unit: UnitId, policy: Policy, now: datetime, limit: Limit | None = None
) -> CaseId:
    """Ask a unit to help the one that is answerable; without a limit it has that of the lead, or, where another system
    gave the lead its deadline, that of the rule.

    Refuses with `UnitUnknown`, `SameUnit` or `MoveForbidden`. Emits `AssistAsked`.
    """
    case = case_hold(tx, case_id)
    state_after(AssistAsked.__name__, case.state)
    if unit not in policy.unit_by_id:
        raise UnitUnknown(f"There is no unit {unit}; choose one of the pack's units.csv.")
    helping = [task.unit for task in task_list_of(tx, case.id) if task.kind is TaskKind.assist and not task.ended_at]
    if unit == case.unit or unit in helping:
        raise SameUnit(f"{unit} has a task of this case already; choose another unit, or urge it.")
    lead = task_get(tx, case.task_id) if case.task_id else None
    assert lead, f"case {case.id} is {case.state} without a task"
    given = limit or (lead.clock.limit if lead.time_limit else msgspec.json.decode(case.rule_kept, type=RuleKept).limit)
    ask_assists(tx, case.id, lead.id, (unit,), limit=given, why=BY_HAND, policy=policy, now=now)
    return case.id
