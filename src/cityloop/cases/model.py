"""The spine's rows: what a report, a case and a task are now, as their facts have made them."""

from datetime import datetime
from enum import StrEnum

import msgspec
from msgspec import Struct

from cityloop.domain.clock import Clock, extensions_in, pauses_in
from cityloop.domain.errors import NotFound
from cityloop.domain.facts import Problem, Where
from cityloop.domain.facts.understand import Copied
from cityloop.domain.ids import (
    ApprovalId,
    AreaCode,
    CaseId,
    CellCode,
    ClassKey,
    ComponentCode,
    PostId,
    ReportId,
    RuleCode,
    TaskId,
    UnitId,
)
from cityloop.domain.lifecycle import State
from cityloop.domain.policy import ApprovalKind, Level, Limit, RequestKind

_limit = msgspec.json.Decoder(Limit).decode


class CaseUnknown(NotFound):
    """No such case, or not for this caller."""

    code = "case.unknown"


class ReportUnknown(NotFound):
    """No such report, or not for this caller."""

    code = "report.unknown"


class Joined(StrEnum):
    """What became of the question whether a report is part of another case."""

    asked = "asked"  # a person decides: the machine found a case and was not sure
    alone = "alone"  # the machine joined it
    parted = "parted"  # it did, and a person took the report out again
    same = "same"  # a person joined it where the machine had found
    other = "other"  # a person joined it elsewhere
    missed = "missed"  # a person joined it, and the machine had found nothing


class Report(Struct, frozen=True, kw_only=True):
    """What came in. Its words lie in the vault; `proposals`, `photos`, `why` and `places` are JSON."""

    id: ReportId
    no: int
    channel: str
    received_at: datetime
    happened_at: datetime | None
    said: str
    contact: str | None
    photos: str
    declared_class: ClassKey | None
    by: str | None
    simulated: bool
    understood_at: datetime | None = None
    class_key: ClassKey | None = None
    rule: RuleCode | None = None
    confidence_ppm: int | None = None
    proposals: str = "[]"
    near_case: CaseId | None = None
    recurs: CaseId | None = None
    why: str = "[]"
    case_id: CaseId | None = None
    meant: CaseId | None = None  # the open case that the reporter says it is
    cleared: str | None = None  # it was put right on the spot: by whom, and what shows it, as JSON
    places: str = "[]"  # those that its words name
    model: str | None = None  # which algorithm proposed the class, with its version
    alone: bool | None = None  # whether nobody need look
    alarm: str | None = None  # of which it tells
    request_kind: RequestKind | None = None  # what it wants, as it was understood
    copied: str | None = None  # what of it stood in earlier reports, as JSON
    joined: Joined | None = None
    checked: bool | None = None  # True: a person was asked about it though the machine was sure


class Case(Struct, frozen=True, kw_only=True):
    """One problem of the city, any number of reports. `why`, `duties` and `rule_kept` are JSON."""

    id: CaseId
    no: int
    number: str | None = None
    state: State
    is_open: bool = True
    level: Level | None = None
    level_area: AreaCode | None = None
    level_from: Level | None = None  # whence the desk got it, for sending back
    class_key: ClassKey | None = None
    rule: RuleCode | None = None
    rule_kept: str | None = None
    urgency: int = 0
    cell: CellCode | None = None
    community: AreaCode | None = None
    street: AreaCode | None = None
    district: AreaCode | None = None
    lon: float | None = None
    lat: float | None = None
    component: ComponentCode | None = None
    spot: int | None = None
    report_id: ReportId
    reports: int = 1
    confidence_ppm: int = 0
    why: str = "[]"
    near_case: CaseId | None = None
    recurs: CaseId | None = None
    merged_into: CaseId | None = None
    refused_for: str | None = None
    opened_at: datetime
    accept_due: datetime | None = None
    accept_limit: str | None = None  # as JSON
    accepted_at: datetime | None = None
    accepted_by: str | None = None
    corrected: bool = False
    filed_at: datetime | None = None
    filed_by: str | None = None
    dispatch_due: datetime | None = None
    dispatch_limit: str | None = None  # as JSON
    dispatched_at: datetime | None = None
    dispatched_by: str | None = None
    duties: str | None = None
    task_id: TaskId | None = None
    unit: UnitId | None = None
    post: PostId | None = None  # whom the running task of verifying or inspecting asks
    clock_since: datetime | None = None  # of whatever clock runs now
    clock_due: datetime | None = None
    clock_pauses: str | None = None  # when it stood, as JSON
    handled_at: datetime | None = None
    handled_by: str | None = None
    due_at: datetime | None = None  # of handling
    returns: int = 0
    reworks: int = 0
    closed_at: datetime | None = None
    closed_by: str | None = None
    on_time: bool | None = None
    simulated: bool = False
    approval_id: ApprovalId | None = None  # what is asked and not yet decided
    approval_kind: ApprovalKind | None = None
    untold: str | None = None  # as JSON: what an imported history does not tell; None where it was not imported
    note: str | None = None  # how it ended in the other system: a vault id
    guests: str | None = None  # units that help or were whistled: |roads|street-1|
    marks: str | None = None  # what lists show beside the state: |urged|supervised|
    redos: int | None = None  # how often it was taken up again after closing
    first_closed_at: datetime | None = None  # of a case that was: what its first closing was
    first_closed_by: str | None = None
    first_due_at: datetime | None = None
    first_on_time: bool | None = None

    @property
    def where(self) -> Where:
        """The place, as rules read it."""
        return Where(
            cell=self.cell, community=self.community, street=self.street, district=self.district, lon=self.lon,
            lat=self.lat, component=self.component, spot=self.spot,
        )  # fmt: skip

    @property
    def problem(self) -> Problem | None:
        """What it is about; None as long as nobody knows."""
        if self.class_key is None or self.rule is None:
            return None
        return Problem(class_key=self.class_key, rule=self.rule, where=self.where, urgency=self.urgency)


SAID = "said"  # the mark of a case about which something was ever said; lists do not show it
COPIED = "copied"  # the mark of a case of which a report has the words or a photo of an earlier report
SOURCE_WITHDRAWN = "source_withdrawn"  # the mark of a case of which no report is left that was not taken back


def copied_of(report: Report) -> list[Copied]:
    """What of a report stood in earlier ones."""
    return msgspec.json.decode(report.copied, type=list[Copied]) if report.copied else []


def marks_shown(marks: str | None) -> list[str]:
    """The marks that a list shows beside the state.

    >>> marks_shown("|said|urged|"), marks_shown(None)
    (['urged'], [])
    """
    return [mark for mark in marks.strip("|").split("|") if mark != SAID] if marks else []


class TaskKind(StrEnum):
    """What a task asks for."""

    verify = "verify"  # 核实
    handle = "handle"  # 处置
    inspect = "inspect"  # 核查
    assist = "assist"  # 协办
    clear = "clear"  # 自行处置: done before it was reported
    transfer = "transfer"  # 转办: another system answers


class Task(Struct, frozen=True, kw_only=True):
    """What one unit or post owes for a case. What is kept as JSON: `assist`, `why`, `photos`, `time_limit`, `pauses`, `extensions`."""

    id: TaskId
    case_id: CaseId
    kind: TaskKind
    unit: UnitId | None = None
    post: PostId | None = None
    assist: str = "[]"
    time_limit: str | None = None
    given_at: datetime
    given_by: str  # the actor who gave it
    is_rework: bool = False
    sign_due: datetime | None = None
    sign_limit: str | None = None  # as JSON
    due_at: datetime
    signed_at: datetime | None = None
    signed_by: str | None = None
    ended_at: datetime | None = None
    ended_by: str | None = None
    outcome: str | None = None  # finished, returned, reassigned, passed, failed, found, not_found, called_off
    overdue: bool | None = None
    automatic: bool = False
    why: str = "[]"
    photos: str = "[]"
    note: str | None = None
    clock_from: datetime | None = (
        None  # where its clock began before the task was given: it was sent back and came again
    )
    pauses: str | None = None  # when that clock stood
    extensions: str | None = None  # 延期: by what it was extended
    is_redo: bool | None = None  # it was given as a reporter was not content
    stages: str | None = None  # steps of the work with limits of their own, as JSON of `TaskStage`; the clock is the running one's
    stage: int | None = None  # which of them runs, from 0
    returned_for: str | None = None  # why it was sent back, as a code
    proposed: UnitId | None = None  # the machine's first unit, whoever gave the task; None where it had none

    @property
    def clock(self) -> Clock:
        """The clock of the task, as rules read it."""
        assert self.time_limit, f"task {self.id} has no limit"
        return Clock(
            start=self.clock_from or self.given_at, limit=_limit(self.time_limit), due=self.due_at,
            pauses=pauses_in(self.pauses), extensions=extensions_in(self.extensions),
        )  # fmt: skip


class CaseGuest(Struct, frozen=True, kw_only=True):
    """A case that a unit was let see: it helps, or was whistled."""

    unit: UnitId
    case_id: CaseId


class TaskStage(Struct, frozen=True, kw_only=True):
    """A step of a task: its limit, and when it was reached and whether too late."""

    code: str
    limit: Limit
    reached_at: datetime | None = None
    overdue: bool | None = None


_stages = msgspec.json.Decoder(tuple[TaskStage, ...]).decode


def stages_in(kept: str | None) -> tuple[TaskStage, ...]:
    """The steps of a task from the JSON that its row keeps; none where its limit is one."""
    return _stages(kept) if kept else ()


class UnitLoad(Struct, frozen=True, kw_only=True):
    """How many tasks a unit has open: what it answers for, and what it helps with."""

    unit: UnitId
    open_tasks: int


class Imported(Struct, frozen=True, kw_only=True):
    """A row of another system's file that came in. `id` is source/key; `no` the subject's fact that told it last."""

    id: str
    subject: str
    digest: str
    file: str
    line: int
    no: int
