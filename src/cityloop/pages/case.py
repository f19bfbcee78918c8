"""One case whole: what it is, how its clock stands, what may be done with it by whom, and everything that happened."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from litestar import Response, get
from msgspec import Struct
from msgspec.structs import replace

from cityloop.cases import Case, Report, Task, TaskKind, scope, stages_in
from cityloop.cases.model import copied_of, marks_shown
from cityloop.db import Tx
from cityloop.domain.facts import Duty, Proposal, RuleKept, SaidPlace, Where
from cityloop.domain.facts.understand import Twice
from cityloop.domain.ids import ApprovalId, CaseId, ClassKey, ReportId, TaskId, UnitId
from cityloop.domain.lifecycle import State
from cityloop.domain.permission import Permission
from cityloop.domain.policy import ApprovalKind, Level, Limit, Policy, Source, Words
from cityloop.http import Caller, Door, needs
from cityloop.http.door import etag
from cityloop.journal import story
from cityloop.pages.asked import ApprovalLine, HoldLine, PhotoView, approval_line, hold_line, shown_photos
from cityloop.pages.clocks import ClockView, clock_view
from cityloop.pages.gathered import CaseRows, Read, read_of, rows_of
from cityloop.pages.moves import MoveView, kinds_to_ask, moves_for
from cityloop.pages.orders import OrderLine, order_line
from cityloop.pages.story import FactView, fact_view

_list = msgspec.json.Decoder(list[str]).decode
_limit = msgspec.json.Decoder(Limit).decode


class RuleView(Struct, frozen=True, kw_only=True):
    """The rule that the case was filed under, with its source and its own words in the pack in force."""

    code: str
    limit: Limit
    source: Source
    file_condition: Words
    close_condition: Words


class CopiedLine(Struct, frozen=True, kw_only=True):
    """How often what a report brought stood before, from how many hands. In which reports is told of those that the caller sees."""

    what: Twice
    reports: int
    people: int


class ReportLine(Struct, frozen=True, kw_only=True):
    """A report of the case. Words and photos only for those who may read reports."""

    id: ReportId
    channel: str
    received_at: datetime
    text: str | None
    address: str | None
    masked: bool  # whom the words name is hidden
    declared_class: ClassKey | None
    answers: dict[str, list[str]]  # to the attributes of the declared class, by code
    media_url: str | None
    photos: list[PhotoView]
    confidence_ppm: int | None
    why: list[str]
    copied: list[CopiedLine]  # what of it stood in earlier reports
    simulated: bool


class StageLine(Struct, frozen=True, kw_only=True):
    """A step of a task with a limit of its own: reached, running or still to come."""

    code: str
    name: Words
    limit: Limit
    reached_at: datetime | None
    overdue: bool | None
    runs: bool


class TaskLine(Struct, frozen=True, kw_only=True):
    """A task of the case, with what became of it."""

    id: TaskId
    kind: TaskKind
    unit: UnitId | None
    post: str | None
    assist: list[str]
    given_at: datetime
    limit: Limit | None
    sign_due: datetime | None
    due_at: datetime
    signed_at: datetime | None
    signed_by: str | None
    ended_at: datetime | None
    ended_by: str | None
    outcome: str | None
    overdue: bool | None
    automatic: bool
    why: list[str]
    note: str | None
    photos: list[PhotoView]
    stages: list[StageLine]


class VerdictLine(Struct, frozen=True, kw_only=True):
    """What a reporter says to the result. Which of them, nobody reads here."""

    solved: str
    satisfied: str
    at: datetime


class CaseView(Struct, frozen=True, kw_only=True):
    """One case whole. Codes only: words are chosen at the edge."""

    id: CaseId
    no: int
    number: str | None
    state: State
    level: Level | None
    level_area: str | None
    class_key: str | None
    class_name: Words
    rule: RuleView | None
    urgency: int
    where: Where
    unit: UnitId | None
    post: str | None
    clock: ClockView | None
    opened_at: datetime
    filed_at: datetime | None
    dispatched_at: datetime | None
    handled_at: datetime | None
    due_at: datetime | None
    closed_at: datetime | None
    on_time: bool | None
    confidence_ppm: int
    why: list[str]
    corrected: bool
    returns: int
    reworks: int
    near_case: CaseId | None
    recurs: CaseId | None
    merged_into: CaseId | None
    refused_for: str | None
    simulated: bool
    note: str | None  # how it ended in the system that it was imported from
    marks: list[str]
    orders: list[OrderLine]
    redos: int
    verdicts: list[VerdictLine]  # never whose
    moves: list[MoveView]
    report_id: ReportId  # the one that the case stands on
    reports_count: int
    reports: list[ReportLine]
    tasks: list[TaskLine]
    proposals: list[Proposal]
    places: list[SaidPlace]  # what the words of the first report name: proposals
    duties: list[Duty]
    story: list[FactView] | None  # None: the caller may not read facts
    approval_id: ApprovalId | None
    approval_kind: ApprovalKind | None
    approvals: list[ApprovalLine]
    hold: HoldLine | None
    kinds_to_ask: list[ApprovalKind]  # what the caller may ask for now


def case_page(tx: Tx, caller: Caller, case_id: CaseId, *, policy: Policy, now: datetime) -> CaseView:
    """Everything about a case that the caller may see, in eight statements at most.

    Refuses with `CaseUnknown`.
    """
    case = scope.case_for(tx, caller, case_id)
    (view,) = case_pages(tx, caller, [case], policy=policy, now=now)
    if not scope.reads(caller, case, Permission.facts_read):
        return view
    return replace(view, story=[fact_view(each) for each in story(tx, f"case/{case.id}")])


def case_pages(tx: Tx, caller: Caller, cases: Sequence[Case], *, policy: Policy, now: datetime) -> list[CaseView]:
    """What the pages of these cases say, but for their stories: as many statements for all of them as for one."""
    rows = rows_of(tx, cases)
    read = read_of(tx, rows, caller)
    return [_view(each, read, caller, policy, now) for each in rows]


_SHOWN_AS_IT_IS = tuple(name for name in CaseView.__struct_fields__ if name in Case.__struct_fields__)


def _view(rows: CaseRows, read: Read, caller: Caller, policy: Policy, now: datetime) -> CaseView:
    case, reports, tasks, requests, hold, said = rows.case, rows.reports, rows.tasks, rows.requests, rows.hold, read.said
    first = next((each for each in reports if each.id == case.report_id), None)
    running = next((each for each in tasks if each.id == case.task_id and each.ended_at is None), None)
    kept = (
        running.time_limit if running else case.dispatch_limit if case.state is State.to_dispatch else case.accept_limit
    )
    limit = _limit(kept) if kept else None
    names = {name: getattr(case, name) for name in _SHOWN_AS_IT_IS}
    return CaseView(
        **names | {
            "rule": _rule(case, policy), "note": _noted(case.note, said), "why": _list(case.why), "reports": [_report(each, said, read.masked) for each in rows.shown],
            "redos": case.redos or 0, "verdicts": [VerdictLine(solved=each.solved, satisfied=each.satisfied, at=each.at) for each in rows.verdicts], "marks": marks_shown(case.marks),
            "orders": [order_line(each, said) for each in rows.orders],
            "duties": msgspec.json.decode(case.duties, type=list[Duty]) if case.duties else [],
        },
        class_name=policy.class_by_key[case.class_key].name if case.class_key in policy.class_by_key else {},
        where=case.where,
        clock=clock_view(
            case.state, case.clock_since, running.due_at if hold and running else case.clock_due, limit, case.clock_pauses,
            policy=policy, now=now,
        ),
        moves=moves_for(caller, case, tasks, next((each for each in requests if not each.outcome), None), policy, now),
        reports_count=case.reports,
        tasks=[_task(each, said, _stages(each, case, policy)) for each in tasks],
        proposals=msgspec.json.decode(first.proposals, type=list[Proposal]) if first else [],
        places=msgspec.json.decode(first.places, type=list[SaidPlace]) if first else [],
        story=None,
        approvals=[approval_line(each, said) for each in requests],
        hold=hold_line(hold, said) if hold else None,
        kinds_to_ask=list(kinds_to_ask(caller, case, policy)),
    )  # fmt: skip


def _rule(case: Case, policy: Policy) -> RuleView | None:
    if case.rule_kept is None:
        return None
    kept = msgspec.json.decode(case.rule_kept, type=RuleKept)
    known = policy.rule_by_code.get(kept.code)
    return RuleView(
        code=kept.code, limit=kept.limit, source=kept.source, file_condition=known.file_condition if known else {},
        close_condition=known.close_condition if known else {},
    )  # fmt: skip


def _report(report: Report, said: dict[str, Any], masked: frozenset[str]) -> ReportLine:
    words = said.get(report.said)
    return ReportLine(
        id=report.id, channel=report.channel, received_at=report.received_at, text=words.text if words else None,
        address=words.address if words else None, masked=report.said in masked,
        declared_class=report.declared_class,
        answers={code: list(values) for code, values in words.answers.items()} if words else {},
        media_url=(words.media_url or None) if words else None,
        photos=shown_photos(report.photos) if words else [],
        confidence_ppm=report.confidence_ppm, why=_list(report.why), simulated=report.simulated,
        copied=[CopiedLine(what=each.what, reports=each.reports, people=each.people) for each in copied_of(report)],
    )  # fmt: skip


def _noted(id: str | None, said: dict[str, Any]) -> str | None:
    note = said.get(id) if id else None
    return note.text if note else None


def _stages(task: Task, case: Case, policy: Policy) -> list[StageLine]:
    """The steps of a task, under the names that the pack in force has for them."""
    known = policy.rule_by_code.get(case.rule) if case.rule else None
    names = {stage.code: stage.name for stage in known.stages} if known else {}
    return [
        StageLine(
            code=each.code, name=names.get(each.code, {}), limit=each.limit, reached_at=each.reached_at,
            overdue=each.overdue, runs=task.ended_at is None and place == task.stage,
        )
        for place, each in enumerate(stages_in(task.stages))
    ]  # fmt: skip


def _task(task: Task, said: dict[str, Any], stages: list[StageLine]) -> TaskLine:
    return TaskLine(
        id=task.id, kind=task.kind, unit=task.unit, post=task.post, assist=_list(task.assist), given_at=task.given_at,
        limit=_limit(task.time_limit) if task.time_limit else None, sign_due=task.sign_due, due_at=task.due_at,
        signed_at=task.signed_at, signed_by=task.signed_by, ended_at=task.ended_at, ended_by=task.ended_by,
        outcome=task.outcome, overdue=task.overdue, automatic=task.automatic, why=_list(task.why),
        note=_noted(task.note, said), photos=shown_photos(task.photos), stages=stages,
    )  # fmt: skip


@get("/v1/cases/{case_id:str}", guards=[needs(Permission.case_read)])
async def get_case(case_id: CaseId, door: Door) -> Response[CaseView]:
    """A case whole: its clock, the moves that the caller may make, its reports, tasks and story."""
    view = await door.read(lambda tx: case_page(tx, door.caller, case_id, policy=door.policy, now=door.now), short=True)
    return Response(view, headers={**etag(view.no), "Cache-Control": "no-store"})


ROUTES = [get_case]
