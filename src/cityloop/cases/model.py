"""The spine's rows: what a report, a case and a task are now, as their facts have made them."""

from datetime import datetime
from enum import StrEnum

import msgspec
from msgspec import Struct

from cityloop.domain.clock import Clock, pauses_in
from cityloop.domain.errors import NotFound
from cityloop.domain.facts import Problem, Where
from cityloop.domain.ids import (
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
from cityloop.domain.policy import Level, Limit

_limit = msgspec.json.Decoder(Limit).decode


class CaseUnknown(NotFound):
    """No such case, or not for this caller."""

    code = "case.unknown"


class ReportUnknown(NotFound):
    """No such report, or not for this caller."""

    code = "report.unknown"


class Report(Struct, frozen=True, kw_only=True):
    """What came in. Its words lie in the vault; `proposals`, `photos` and `why` are JSON."""

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


class TaskKind(StrEnum):
    """What a task asks for."""

    verify = "verify"  # 核实
    handle = "handle"  # 处置
    inspect = "inspect"  # 核查


class Task(Struct, frozen=True, kw_only=True):
    """What one unit or post owes for a case. `assist`, `why`, `photos`, `time_limit` and `pauses` are JSON."""

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
    outcome: str | None = None  # finished, returned, passed, failed, found, not_found
    overdue: bool | None = None
    automatic: bool = False
    why: str = "[]"
    photos: str = "[]"
    note: str | None = None
    clock_from: datetime | None = None  # where its clock began before the task was given: it was sent back and came again
    pauses: str | None = None  # when that clock stood
    stages: str | None = None  # steps of the work with limits of their own, as JSON of `TaskStage`; the clock is the running one's
    stage: int | None = None  # which of them runs, from 0

    @property
    def clock(self) -> Clock:
        """The clock of the task, as rules read it."""
        assert self.time_limit, f"task {self.id} has no limit"
        return Clock(
            start=self.clock_from or self.given_at, limit=_limit(self.time_limit), due=self.due_at,
            pauses=pauses_in(self.pauses),
        )  # fmt: skip


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
    """How many handling tasks a unit has open."""

    unit: UnitId
    open_tasks: int
