"""What each fact of the way does to the spine. Sees the fact and these tables, and nothing else."""

from collections.abc import Callable

import msgspec
from msgspec.structs import replace

from cityloop.cases.model import Case, Report, Task, TaskKind, UnitLoad
from cityloop.db import Tx
from cityloop.domain import facts as f
from cityloop.domain.facts import Told
from cityloop.domain.lifecycle import OVER, State, state_after

CERTAIN_PPM = 1_000_000  # a person decided
CALLED_OFF = "called_off"


def text(value: object) -> str:
    """A list or struct as the JSON that a column keeps."""
    return msgspec.json.encode(value).decode()


# reports


def report_received(tx: Tx, told: Told[f.ReportReceived]) -> None:
    fact = told.fact
    tx.put(
        "report",
        Report(
            id=fact.report_id, no=told.no, channel=fact.channel.value, received_at=fact.at, happened_at=fact.happened_at,
            said=fact.said.id, contact=fact.contact.id if fact.contact else None, photos=text(fact.photos),
            declared_class=fact.declared_class, by=fact.by, simulated=fact.simulated,
        ),
    )  # fmt: skip


def report_understood(tx: Tx, told: Told[f.ReportUnderstood]) -> None:
    fact = told.fact
    best = fact.proposals[0] if fact.proposals else None
    tx.put(
        "report",
        replace(
            _report(tx, fact.report_id), no=told.no, understood_at=fact.at, proposals=text(fact.proposals), why=text(fact.why),
            class_key=best.class_key if best else None, rule=best.rule if best else None,
            confidence_ppm=best.confidence_ppm if best else None,
            near_case=fact.join.case_id if fact.join else None, recurs=fact.recurs,
        ),
    )  # fmt: skip


def person_revealed(tx: Tx, told: Told[f.PersonRevealed]) -> None:
    tx.put("report", replace(_report(tx, told.fact.report_id), no=told.no))


# cases, as far as filing


def case_opened(tx: Tx, told: Told[f.CaseOpened]) -> None:
    fact = told.fact
    _state_after(None, told)
    received_at = _report_of(tx, fact.report_id, fact.case_id).received_at
    tx.put(
        "case_file",
        Case(
            id=fact.case_id, no=told.no, state=State.reported, report_id=fact.report_id, opened_at=fact.at,
            accept_due=fact.accept_due, clock_since=received_at, clock_due=fact.accept_due,
            confidence_ppm=fact.confidence_ppm, why=text(fact.why), near_case=fact.join, recurs=fact.recurs, simulated=fact.simulated,
            **_problem(fact.problem) if fact.problem else _where(fact.where),
        ),
    )  # fmt: skip


def report_joined(tx: Tx, told: Told[f.ReportJoined]) -> None:
    fact = told.fact
    case = _case(tx, fact.case_id)
    _state_after(case.state, told)
    _report_of(tx, fact.report_id, fact.case_id)
    tx.put("case_file", replace(case, no=told.no, reports=case.reports + 1))


def case_merged(tx: Tx, told: Told[f.CaseMerged]) -> None:
    _move(
        tx,
        told,
        merged_into=told.fact.into,
        clock_since=None,
        clock_due=None,
        closed_at=told.fact.at,
        closed_by=told.actor,
    )


def verify_asked(tx: Tx, told: Told[f.VerifyAsked]) -> None:
    fact = told.fact
    tx.put(
        "task",
        Task(
            id=fact.task_id,
            case_id=fact.case_id,
            kind=TaskKind.verify,
            post=fact.post,
            time_limit=text(fact.limit),
            given_at=fact.at,
            given_by=told.actor,
            due_at=fact.due_at,
        ),
    )
    _move(tx, told, task_id=fact.task_id, post=fact.post, clock_since=fact.at, clock_due=fact.due_at)


def case_verified(tx: Tx, told: Told[f.CaseVerified]) -> None:
    fact = told.fact
    _task_ended(tx, told, fact.task_id, outcome="found" if fact.found else "not_found", note=fact.note)
    case = _case(tx, fact.case_id)
    _move(
        tx,
        told,
        task_id=None,
        post=None,
        clock_since=_report(tx, case.report_id).received_at,
        clock_due=case.accept_due,
    )


def case_accepted(tx: Tx, told: Told[f.CaseAccepted]) -> None:
    fact = told.fact
    _move(
        tx,
        told,
        confidence_ppm=CERTAIN_PPM,
        accepted_at=fact.at,
        accepted_by=told.actor,
        corrected=fact.corrected,
        **_problem(fact.problem),
    )


def case_filed(tx: Tx, told: Told[f.CaseFiled]) -> None:
    fact = told.fact
    changed = dict(
        number=fact.number, level=fact.level, rule_kept=text(fact.rule), filed_at=fact.at, filed_by=told.actor,
        confidence_ppm=fact.confidence_ppm, dispatch_due=fact.dispatch_due, clock_since=fact.at,
        clock_due=fact.dispatch_due, **_problem(fact.problem),
    )  # fmt: skip
    if fact.opened:
        _move(tx, told, **changed)
        return
    _state_after(None, told)
    _report_of(tx, fact.report_id, fact.case_id)
    tx.put(
        "case_file",
        Case(
            id=fact.case_id, no=told.no, state=State.to_dispatch, report_id=fact.report_id, opened_at=fact.at,
            why=text(fact.why), recurs=fact.recurs, simulated=fact.simulated, **changed,
        ),
    )  # fmt: skip


def case_refused(tx: Tx, told: Told[f.CaseRefused]) -> None:
    fact = told.fact
    case = _case(tx, fact.case_id)
    if case.task_id:  # a verification that nobody need make any more
        _task_ended(tx, told, case.task_id, outcome=CALLED_OFF, note=None)
    _move(
        tx, told, refused_for=fact.reason, task_id=None, post=None, clock_since=None, clock_due=None,
        closed_at=fact.at, closed_by=told.actor,
    )  # fmt: skip


# dispatch


def dispatch_proposed(tx: Tx, told: Told[f.DispatchProposed]) -> None:
    _move(tx, told, duties=text(told.fact.duties), why=text(told.fact.why))


def case_level_moved(tx: Tx, told: Told[f.CaseLevelMoved]) -> None:
    fact = told.fact
    _move(
        tx, told, level=fact.level, level_area=fact.area, level_from=fact.from_level, dispatch_due=fact.dispatch_due,
        clock_since=fact.at, clock_due=fact.dispatch_due,
    )  # fmt: skip


def case_dispatched(tx: Tx, told: Told[f.CaseDispatched]) -> None:
    fact = told.fact
    duty = fact.duty
    tx.put(
        "task",
        Task(
            id=fact.task_id, case_id=fact.case_id, kind=TaskKind.handle, unit=duty.unit, assist=text(duty.assist),
            time_limit=text(duty.limit), given_at=fact.at, given_by=told.actor, sign_due=fact.sign_due, due_at=fact.due_at,
            automatic=fact.automatic, why=text(duty.why),
        ),
    )  # fmt: skip
    _load(tx, duty.unit, +1)
    _move(
        tx, told, level=duty.level, dispatched_at=fact.at, dispatched_by=told.actor, task_id=fact.task_id, unit=duty.unit,
        due_at=fact.due_at, clock_since=fact.at, clock_due=fact.due_at, duties=None,
    )  # fmt: skip


# handling


def task_signed(tx: Tx, told: Told[f.TaskSigned]) -> None:
    tx.put("task", replace(_task(tx, told.fact.task_id), signed_at=told.fact.at, signed_by=told.actor))
    _move(tx, told)


def task_returned(tx: Tx, told: Told[f.TaskReturned]) -> None:
    fact = told.fact
    task = _task_ended(
        tx, told, fact.task_id, outcome="misdispatched" if fact.misdispatched else "returned", note=fact.note
    )
    _load(tx, task.unit, -1)
    case = _case(tx, fact.case_id)
    _move(
        tx, told, task_id=None, unit=None, due_at=None, dispatch_due=fact.dispatch_due, clock_since=fact.at,
        clock_due=fact.dispatch_due, returns=case.returns + 1,
    )  # fmt: skip


def task_finished(tx: Tx, told: Told[f.TaskFinished]) -> None:
    fact = told.fact
    task = _task_ended(
        tx, told, fact.task_id, outcome="finished", note=fact.note, overdue=fact.overdue, photos=text(fact.photos)
    )
    _load(tx, task.unit, -1)
    _move(tx, told, handled_at=fact.at, handled_by=told.actor, clock_since=None, clock_due=None)


def due_moved(tx: Tx, told: Told[f.DueMoved]) -> None:
    fact = told.fact
    task = _task(tx, fact.task_id)
    tx.put("task", replace(task, due_at=fact.due_at))
    handling = {"due_at": fact.due_at} if task.kind is TaskKind.handle else {}
    _move(tx, told, clock_due=fact.due_at, **handling)


# inspection


def inspection_asked(tx: Tx, told: Told[f.InspectionAsked]) -> None:
    fact = told.fact
    before = _case(tx, fact.case_id)
    if before.state is State.inspecting and before.task_id:  # somebody else is asked now
        _task_ended(tx, told, before.task_id, outcome=CALLED_OFF, note=None)
    tx.put(
        "task",
        Task(
            id=fact.task_id,
            case_id=fact.case_id,
            kind=TaskKind.inspect,
            post=fact.post,
            time_limit=text(fact.limit),
            why=text(fact.why),
            given_at=fact.at,
            given_by=told.actor,
            due_at=fact.due_at,
        ),
    )
    _move(tx, told, task_id=fact.task_id, post=fact.post, clock_since=fact.at, clock_due=fact.due_at)


def case_inspected(tx: Tx, told: Told[f.CaseInspected]) -> None:
    fact = told.fact
    outcome = "passed" if fact.passed else "failed"
    _task_ended(tx, told, fact.task_id, outcome=outcome, note=fact.note, photos=text(fact.photos))
    _move(tx, told, task_id=None, post=None, clock_since=None, clock_due=None)


def case_reworked(tx: Tx, told: Told[f.CaseReworked]) -> None:
    fact = told.fact
    case = _case(tx, fact.case_id)
    tx.put(
        "task",
        Task(
            id=fact.task_id, case_id=fact.case_id, kind=TaskKind.handle, unit=fact.unit, assist=text(fact.assist),
            time_limit=text(fact.limit), given_at=fact.at, given_by=told.actor, is_rework=True, sign_due=fact.sign_due, due_at=fact.due_at,
            automatic=True, why=text([fact.reason]),
        ),
    )  # fmt: skip
    pass
    _move(
        tx, told, task_id=fact.task_id, unit=fact.unit, due_at=fact.due_at, clock_since=fact.at,
        clock_due=fact.due_at, handled_at=None, handled_by=None,
        reworks=case.reworks + 1,
    )  # fmt: skip


def case_closed(tx: Tx, told: Told[f.CaseClosed]) -> None:
    _move(
        tx,
        told,
        closed_at=told.fact.at,
        closed_by=told.actor,
        on_time=told.fact.on_time,
        clock_since=None,
        clock_due=None,
    )


# the parts that they share


def _report(tx: Tx, id: str) -> Report:
    report = tx.get("report", Report, id)
    assert report, f"report {id} has no ReportReceived"
    return report


def _case(tx: Tx, id: str) -> Case:
    case = tx.get("case_file", Case, id)
    assert case, f"case {id} was not opened"
    return case


def _task(tx: Tx, id: str) -> Task:
    task = tx.get("task", Task, id)
    assert task, f"task {id} was not given"
    return task


def _report_of(tx: Tx, report_id: str, case_id: str) -> Report:
    report = replace(_report(tx, report_id), case_id=case_id)
    tx.put("report", report)
    return report


def _task_ended(
    tx: Tx,
    told: Told,
    task_id: str,
    *,
    outcome: str,
    note: f.VaultRef | None,
    overdue: bool | None = None,
    photos: str = "[]",
) -> Task:
    task = _task(tx, task_id)
    late = told.fact.at > task.due_at if overdue is None else overdue
    tx.put(
        "task",
        replace(
            task, ended_at=told.fact.at, ended_by=told.actor, outcome=outcome, overdue=late, photos=photos,
            note=note.id if note else None,
        ),
    )  # fmt: skip
    return task


def _load(tx: Tx, unit: str | None, change: int) -> None:
    if unit:
        now = tx.get("unit_load", UnitLoad, unit)
        tx.put("unit_load", UnitLoad(unit=unit, open_tasks=(now.open_tasks if now else 0) + change))


def _state_after(before: State | None, told: Told) -> State:
    after = state_after(type(told.fact).__name__, before)
    assert after is not None
    return after


def _move(tx: Tx, told: Told, **changed: object) -> None:
    """Move the case as the one table allows, and change what else the fact says of it."""
    case = _case(tx, told.fact.case_id)
    state = _state_after(case.state, told)
    tx.put("case_file", replace(case, no=told.no, state=state, is_open=state not in OVER, **changed))


def _where(where: f.Where) -> dict[str, object]:
    return msgspec.structs.asdict(where)


def _problem(problem: f.Problem) -> dict[str, object]:
    return {"class_key": problem.class_key, "rule": problem.rule, "urgency": problem.urgency, **_where(problem.where)}


APPLY: dict[type[f.Fact], Callable[[Tx, Told], None]] = {
    f.ReportReceived: report_received,
    f.ReportUnderstood: report_understood,
    f.PersonRevealed: person_revealed,
    f.CaseOpened: case_opened,
    f.ReportJoined: report_joined,
    f.CaseMerged: case_merged,
    f.VerifyAsked: verify_asked,
    f.CaseVerified: case_verified,
    f.CaseAccepted: case_accepted,
    f.CaseFiled: case_filed,
    f.CaseRefused: case_refused,
    f.DispatchProposed: dispatch_proposed,
    f.CaseLevelMoved: case_level_moved,
    f.CaseDispatched: case_dispatched,
    f.TaskSigned: task_signed,
    f.TaskReturned: task_returned,
    f.TaskFinished: task_finished,
    f.DueMoved: due_moved,
    f.InspectionAsked: inspection_asked,
    f.CaseInspected: case_inspected,
    f.CaseReworked: case_reworked,
    f.CaseClosed: case_closed,
}
