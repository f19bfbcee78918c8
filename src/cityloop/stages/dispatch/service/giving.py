"""Who must act, by when, at which level: a unit is made answerable, or the case goes to another desk."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from msgspec.structs import replace

from cityloop.cases import Case, Task, TaskKind, case_hold, task_list_of, unit_load, unit_loads_expect
from cityloop.cases.alarms import owner_of_ill
from cityloop.cases.assists import ask_assists
from cityloop.db import Tx
from cityloop.domain.calendar import WorkCalendar, calendar_in
from cityloop.domain.deciders import Algorithm
from cityloop.domain.facts import (
    CaseDispatched,
    CaseLevelMoved,
    DispatchProposed,
    Duty,
    LevelMove,
    Resumed,
    RuleKept,
    Where,
)
from cityloop.domain.ids import CaseId, TaskId, UnitId
from cityloop.domain.lifecycle import State, state_after
from cityloop.domain.policy import Limit, Policy
from cityloop.domain.time import due_at
from cityloop.stages.dispatch import rules
from cityloop.stages.dispatch.model import Asked, Returned, UnitUnknown

BY_HAND = "by_hand"
DISPATCH_PAUSED = "paused:dispatch"
SENT_BACK = ("returned", "misdispatched")
GOES_ON = "clock_goes_on"  # the unit gets its own case back
ANEW = "clock_anew"  # after a return, another unit or another limit


def look_ahead(tx: Tx, ids: Sequence[CaseId], *, policy: Policy, now: datetime) -> None:
    """Fetch the loads of the units that may answer for these cases, in one statement where the engine can."""
    units = set()
    for id in ids:
        case = tx.get("case_file", Case, id)
        if case and case.state is State.to_dispatch:
            free = rules.duties_for(asked_about(case, policy=policy, now=now), policy=policy, load_of=lambda unit: 0)
            units |= {each.unit for each in free[:1]}
    unit_loads_expect(tx, sorted(units))


def dispatch_or_propose(
    tx: Tx, case_id: CaseId, *, policy: Policy, now: datetime, without: UnitId | None = None
) -> None:
    """Make a unit answerable where that is certain enough, else put the answers before a dispatcher.

    Emits `CaseDispatched` or `DispatchProposed`.
    """
    case = case_hold(tx, case_id)
    asked = asked_about(case, policy=policy, now=now)
    found = rules.decision_for(
        asked, case.confidence_ppm, policy=policy, load_of=lambda unit: unit_load(tx, unit), without=without,
        owner=_owner(tx, case, policy),
    )  # fmt: skip
    why_not = found.why_not + ((DISPATCH_PAUSED,) if Algorithm.dispatch in tx.deciders.paused else ())
    if why_not:
        tx.emit(
            DispatchProposed(
                case_id=case.id, duties=found.duties, confidence_ppm=found.confidence_ppm, why=why_not, at=now
            )
        )  # fmt: skip
    else:
        _tell(
            tx, case, found.duties[0], policy=policy, now=now, automatic=True, confidence_ppm=found.confidence_ppm
        )  # fmt: skip


def dispatch_case(
    tx: Tx,
    case_id: CaseId,
    *,
    policy: Policy,
    now: datetime,
    unit: UnitId | None = None,
    assist: tuple[UnitId, ...] = (),
    limit: Limit | None = None,
) -> CaseId:
    """Make one unit answerable for the case, and tell the city so. Without `unit` the duty table decides.

    Where the unit sent the case back itself, its clock goes on with what was left; unless a limit is named.

    Refuses with `NoUnitAnswers`, `UnitUnknown` or `MoveForbidden`. Emits `CaseDispatched`.
    """
    case = case_hold(tx, case_id)
    state_after(CaseDispatched.__name__, case.state)
    duties = duties_of(tx, case, policy=policy, now=now)
    if unit is None:
        known = policy.class_by_key.get(case.class_key)  # a later version of the pack may have it no more
        duty = rules.first_duty(duties, known.name.get("en", known.key) if known else case.class_key, where_of(case))
    else:
        duty = duty_chosen(unit, assist, limit, case, duties, policy)
    goes_on = None
    if (last := _returned_last(tx, case)) and last.time_limit:  # a deadline that was imported has no limit to go on with
        calendar = calendar_in(policy)
        goes_on = None if limit else _gone_on(duty.unit, last, now=now, calendar=calendar)
        duty = replace(duty, why=(*duty.why, GOES_ON if goes_on else ANEW))
    task_id = _tell(tx, case, duty, goes_on, last, policy=policy, now=now, automatic=False, confidence_ppm=1_000_000)
    ask_assists(tx, case.id, task_id, assist, limit=duty.limit, why=BY_HAND, policy=policy, now=now)
    return case.id


def pass_case(tx: Tx, case_id: CaseId, *, move: LevelMove, reason: str, policy: Policy, now: datetime) -> CaseId:
    """Give the case to another level's desk, whose own clock starts.

    Refuses with `ReasonUnknown`, `LevelWrong` or `MoveForbidden`. Emits `CaseLevelMoved`.
    """
    case = case_hold(tx, case_id)
    state_after(CaseLevelMoved.__name__, case.state)
    why = rules.level_reason(reason)
    desk = rules.desk_after(move, case.level, case.level_from, where_of(case))
    tx.emit(
        CaseLevelMoved(
            case_id=case.id, move=move, level=desk.level, area=desk.area, from_level=case.level, reason=why.value,
            dispatch_due=due_at(now, policy.settings.dispatch_limit, calendar_in(policy)),
            dispatch_limit=policy.settings.dispatch_limit, at=now,
        )
    )  # fmt: skip
    return case.id


def duties_of(tx: Tx, case: Case, *, policy: Policy, now: datetime) -> tuple[Duty, ...]:
    """The units that answer for a case now, the best first."""
    asked = asked_about(case, policy=policy, now=now)
    found = rules.duties_for(asked, policy=policy, load_of=lambda unit: unit_load(tx, unit))
    return rules.owned(found, _owner(tx, case, policy), asked)


def _owner(tx: Tx, case: Case, policy: Policy) -> UnitId | None:
    """The owner of the device that is ill, where the case is of a class that devices have."""
    if case.class_key not in {kind.class_key for kind in policy.device_kinds}:
        return None
    owner = owner_of_ill(tx, case.id)
    return owner if owner in policy.unit_by_id else None


def asked_about(case: Case, *, policy: Policy, now: datetime) -> Asked:
    """What the duty table is asked about a case."""
    kept = msgspec.json.decode(case.rule_kept, type=RuleKept)
    return rules.asked_of(case.class_key, where_of(case), case.level, kept.limit, policy=policy, now=now)


def where_of(case: Case) -> Where:
    """The place of a case, as rules read it."""
    return Where(
        cell=case.cell, community=case.community, street=case.street, district=case.district, lon=case.lon,
        lat=case.lat, component=case.component, spot=case.spot,
    )  # fmt: skip


def _returned_last(tx: Tx, case: Case) -> Task | None:
    """The task that came back to this dispatcher, if the case did."""
    if not case.returns:
        return None
    work = [task for task in task_list_of(tx, case.id) if task.kind is TaskKind.handle]
    last = max(work, key=lambda task: (task.given_at, task.id))
    return last if last.outcome in SENT_BACK else None


def _gone_on(unit: UnitId, last: Task, *, now: datetime, calendar: WorkCalendar) -> tuple[Resumed, datetime] | None:
    assert last.unit, f"task {last.id} was sent back by nobody"
    assert last.ended_at, f"task {last.id} was not sent back"
    returned = Returned(task_id=last.id, unit=last.unit, at=last.ended_at)
    return rules.resumed_for(unit, returned, last.clock, now=now, calendar=calendar)


def _tell(
    tx: Tx, case: Case, duty: Duty, goes_on: tuple[Resumed, datetime] | None = None, last: Task | None = None, *,
    policy: Policy, now: datetime, automatic: bool, confidence_ppm: int,
) -> TaskId:  # fmt: skip
    """`last` is the task that came back, if one did: its clock may go on, and the steps that it reached stay reached."""
    calendar = calendar_in(policy)
    task_id = TaskId(tx.new_id())
    kept = msgspec.json.decode(case.rule_kept, type=RuleKept)
    if goes_on and last:
        stages, stage = (kept.stages, last.stage) if last.stage is not None else ((), 0)
        duty = replace(duty, limit=last.clock.limit)
    else:
        duty, stages, stage = rules.stages_for(duty, kept, (last.stage if last else None) or 0)
    resumes, due = goes_on or (None, due_at(now, duty.limit, calendar))
    tx.emit(
        CaseDispatched(
            case_id=case.id, task_id=task_id, duty=duty, automatic=automatic, confidence_ppm=confidence_ppm,
            sign_due=due_at(now, policy.settings.sign_limit, calendar), sign_limit=policy.settings.sign_limit,
            due_at=due, resumes=resumes, stages=stages, stage=stage, at=now,
        )
    )  # fmt: skip  # `cases.apply` writes the task's row
    return task_id


def duty_chosen(
    unit: UnitId, assist: tuple[UnitId, ...], limit: Limit | None, case: Case, duties: tuple[Duty, ...], policy: Policy
) -> Duty:
    """What a person makes of a unit: the duty table's row where it names the unit, else the limit that the case keeps.

    Refuses with `UnitUnknown`.
    """
    for each in (unit, *assist):
        if each not in policy.unit_by_id:
            raise UnitUnknown(f"There is no unit {each}; choose one of the pack's units.csv.")
    proposed = next((duty for duty in duties if duty.unit == unit), None)
    kept = msgspec.json.decode(case.rule_kept, type=RuleKept)
    return Duty(
        unit=unit,
        assist=assist or (proposed.assist if proposed else ()),
        level=policy.unit_by_id[unit].level,
        limit=limit or (proposed.limit if proposed else kept.limit),
        why=(BY_HAND, *(proposed.why if proposed else ())),
    )
