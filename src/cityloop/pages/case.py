"""One case whole: what it is, how its clock stands, what may be done with it by whom, and everything that happened."""

from datetime import datetime
from typing import Any

import msgspec
from litestar import Response, get
from msgspec import Struct
from msgspec.structs import replace

from cityloop.cases import Case, Report, Task, TaskKind, report_list_of, scope, stages_in, task_list_of
from cityloop.cases.approvals import approval_list_of
from cityloop.cases.approvals.store import hold_open
from cityloop.cases.callbacks import verdict_list_of
from cityloop.cases.model import marks_shown
from cityloop.cases.notes import Note
from cityloop.db import Tx
from cityloop.domain.facts import Duty, Proposal, RuleKept, SaidPlace, Where
from cityloop.domain.ids import ApprovalId, CaseId, ClassKey, ReportId, TaskId, UnitId
from cityloop.domain.lifecycle import HELD, State
from cityloop.domain.permission import Permission
from cityloop.domain.policy import ApprovalKind, Level, Limit, Policy, Source, Words
from cityloop.domain.private import for_work
from cityloop.domain.said import Said
from cityloop.http import Caller, Door, needs
from cityloop.http.door import etag
from cityloop.journal import story
from cityloop.pages.asked import ApprovalLine, HoldLine, PhotoView, approval_line, hold_line, notes_of, shown_photos
from cityloop.pages.clocks import ClockView, clock_view
from cityloop.pages.moves import MoveView, kinds_to_ask, moves_for
from cityloop.pages.orders import OrderLine, order_line, orders_of
from cityloop.pages.story import FactView, fact_view

REPORTS_MAX = 50  # shown of one case; the first and the latest say most
_list = msgspec.json.Decoder(list[str]).decode
_limit = msgspec.json.Decoder(Limit).decode
_said = msgspec.json.Decoder(Said).decode
_note = msgspec.json.Decoder(Note).decode


class RuleView(Struct, frozen=True, kw_only=True):
    """The rule that the case was filed under, with its source and its own words in the pack in force."""

    code: str
    limit: Limit
    source: Source
    file_condition: Words
    close_condition: Words


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
    reports, tasks = report_list_of(tx, case.id), task_list_of(tx, case.id)
    shown = reports if len(reports) <= REPORTS_MAX else [reports[0], *reports[1 - REPORTS_MAX :]]
    orders = orders_of(tx, case)
    requests = approval_list_of(tx, case.id)
    hold = hold_open(tx, case.id) if case.state in HELD else None
    noted = [
        *(each.note for each in (case, *tasks) if each.note), *notes_of(requests, hold),
        *(id for each in orders for id in each.vault),
    ]  # fmt: skip
    said, masked = _vault(tx, [each.said for each in shown], noted, caller)
    told = story(tx, f"case/{case.id}") if caller.may(Permission.facts_read) else None
    first = next((each for each in reports if each.id == case.report_id), None)
    running = next((each for each in tasks if each.id == case.task_id and each.ended_at is None), None)
    kept = (
        running.time_limit if running else case.dispatch_limit if case.state is State.to_dispatch else case.accept_limit
    )
    limit = _limit(kept) if kept else None
    names = {name: getattr(case, name) for name in CaseView.__struct_fields__ if name in Case.__struct_fields__}
    return CaseView(
        **names | {
            "rule": _rule(case, policy), "note": _noted(case.note, said), "why": _list(case.why), "reports": [_report(each, said, masked) for each in shown],
            "redos": case.redos or 0, "verdicts": _verdicts(tx, case), "marks": marks_shown(case.marks),
            "orders": [order_line(each, said) for each in orders],
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
        story=None if told is None else [fact_view(each) for each in told],
        approvals=[approval_line(each, said) for each in requests],
        hold=hold_line(hold, said) if hold else None,
        kinds_to_ask=list(kinds_to_ask(caller, case, policy)),
    )  # fmt: skip


def _vault(
    tx: Tx, said: list[str], notes: list[str], caller: Caller
) -> tuple[dict[str, Said | Note], frozenset[str]]:  # fmt: skip
    """What people wrote, as far as it is kept and the caller may read it; nobody is named in it. Beside it, in what of the
    first somebody was.
    """
    ids = [*said, *notes] if caller.may(Permission.report_read) else []
    if not ids:
        return {}, frozenset()
    marks = ", ".join(f":id_{place}" for place in range(len(ids)))
    rows = tx.all(
        f"SELECT id, bytes FROM vault WHERE city = :city AND id IN ({marks})",
        **{f"id_{place}": id for place, id in enumerate(ids)},
    )
    told = {row.id: _said(row.bytes) for row in rows if row.id in frozenset(said)}
    read = {id: for_reader(each) for id, each in told.items()}
    notes_read = {row.id: _note_read(row.bytes) for row in rows if row.id not in told}
    return {**read, **notes_read}, frozenset(id for id in told if read[id] != told[id])


def for_reader(said: Said) -> Said:
    """What a reporter said, as those read it who work on the case."""
    answers = {code: tuple([for_work(value) for value in values]) for code, values in said.answers.items()}
    return replace(said, text=for_work(said.text), address=for_work(said.address), answers=answers)


def _note_read(raw: bytes) -> Note:
    return Note(text=for_work(_note(raw).text))


def _verdicts(tx: Tx, case: Case) -> list[VerdictLine]:
    found = verdict_list_of(tx, case.id) if case.closed_at or case.redos else []
    return [VerdictLine(solved=each.solved, satisfied=each.satisfied, at=each.at) for each in found]


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
    view = await door.read(lambda tx: case_page(tx, door.caller, case_id, policy=door.policy, now=door.now))
    return Response(view, headers={**etag(view.no), "Cache-Control": "no-store"})


ROUTES = [get_case]
