"""The slow, plain truth about figures: walks the facts one by one, and looks at no table."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from cityloop.domain import facts as f
from cityloop.domain.facts import Told
from cityloop.domain.policy import DueReading
from cityloop.stages.evaluate.model import By


@dataclass
class Work:
    """A task, as its facts tell."""

    id: str
    case: "Story"
    kind: str
    given_at: datetime
    due_at: datetime
    unit: str | None = None
    given_by: str | None = None
    is_rework: bool = False
    is_redo: bool = False
    signed_by: str | None = None
    ended_at: datetime | None = None
    ended_by: str | None = None
    outcome: str | None = None
    late: bool = False
    rework: "Work | None" = None  # that came of it
    right: set[str] = field(default_factory=set)  # what its unit was right to appeal against
    stands: bool = False  # its clock
    extended: bool = False

    def end(self, told: Told, outcome: str, late: bool | None = None) -> None:
        self.ended_at, self.ended_by, self.outcome = told.fact.at, told.actor, outcome
        self.late = told.fact.at > self.due_at if late is None else late

    @property
    def sent_again(self) -> bool:
        rightly = self.rework is not None and "rework" not in self.rework.right
        return rightly and "failed_inspection" not in self.right

    @property
    def done(self) -> bool:
        return self.outcome in ("finished", "looked")

    def owed_at(self, reading: DueReading = DueReading.settled) -> tuple[datetime, ...]:
        """The moments at which it counts as due; none if it was taken back in time."""
        if self.ended_at is not None and not self.late and not self.done:
            return ()
        if self.kind == "handle" and self.ended_at is None and self.case.is_put_off:
            return ()
        if self.ended_at is not None and self.late and self.right & {"overdue", "returned"}:
            return ()
        settled = self.due_at if self.ended_at is None or self.late else self.ended_at
        return read_as(reading, settled, self.due_at, self.given_at)

    def doer(self) -> str | None:
        return None if self.outcome == "called_off" else self.ended_by or self.signed_by


def read_as(reading: DueReading, settled: datetime, due: datetime, begun: datetime) -> tuple[datetime, ...]:
    return {"settled": (settled,), "deadline": (due,), "either": (settled, due), "begun": (begun,)}[reading.value]


@dataclass
class Story:
    """A case, as its facts tell."""

    id: str
    report: str
    opened_at: datetime
    where: f.Where
    simulated: bool
    cleared_at: datetime | None = None
    class_key: str | None = None
    accept_due: datetime | None = None
    filed_at: datetime | None = None
    refused_at: datetime | None = None
    merged: bool = False
    accepter: str | None = None
    decider: str | None = None
    recurs: bool = False
    closed_at: datetime | None = None
    closed_by: str | None = None
    on_time: bool = False
    first: tuple[datetime, str, bool, datetime] | None = None  # the first closing: when, by whom, in time, deadline
    at_desk: bool = False  # taken up again, and nobody owes it yet
    dispatch_due: datetime | None = None
    dispatched_at: datetime | None = None  # of the round that stands
    last_dispatch: Work | None = None
    looking: Work | None = None
    voided_at: datetime | None = None
    holds: list["Hold"] = field(default_factory=list)
    works: list[Work] = field(default_factory=list)  # of handling

    @property
    def running(self) -> Work | None:
        """The handling task that stands: the last, unless it was sent back."""
        last = self.works[-1] if self.works else None
        return None if last is None or self.at_desk or last.outcome in ("returned", "misdispatched") else last

    @property
    def due_at(self) -> datetime | None:
        """The deadline of handling that stands; what was put right on the spot was due at once."""
        return self.running.due_at if self.running else self.cleared_at

    @property
    def is_open(self) -> bool:
        return not (self.merged or self.refused_at or self.closed_at or self.voided_at)

    @property
    def is_put_off(self) -> bool:
        """It is held, and not as if it were not."""
        return any(hold.ended_at is None and not hold.counts for hold in self.holds)


@dataclass
class Hold:
    """A suspension or a deferral, as its facts tell."""

    id: str
    case: Story
    kind: str
    since: datetime
    counts: bool
    ended_at: datetime | None = None


@dataclass
class Came:
    """A report, as its facts tell."""

    id: str
    told: Told
    case: Story | None = None


class Oracle:
    """Everything that was told, and what it comes to."""

    def __init__(self, told: Iterable[Told], grids: dict[str, str] | None = None):
        self.grids = grids or {}  # cell -> duty grid
        self.reports: dict[str, Came] = {}
        self.cases: dict[str, Story] = {}
        self.tasks: dict[str, Work] = {}
        self.holds: dict[str, Hold] = {}
        self.asked: dict[str, f.ApprovalAsked] = {}
        self.appeals: dict[str, f.AppealLodged] = {}
        for each in told:
            step: Callable = getattr(self, type(each.fact).__name__)
            step(each, each.fact)

    def _open(self, fact, where: f.Where) -> Story:
        story = Story(id=fact.case_id, report=fact.report_id, opened_at=fact.at, where=where, simulated=fact.simulated)
        story.recurs = fact.recurs is not None
        self.cases[story.id] = self.reports[fact.report_id].case = story
        return story

    def ReportReceived(self, told, fact):
        self.reports[fact.report_id] = Came(fact.report_id, told)

    def CaseOpened(self, told, fact):
        story = self._open(fact, fact.where)
        story.accept_due = fact.accept_due
        story.class_key = fact.problem.class_key if fact.problem else None

    def ReportJoined(self, told, fact):
        self.reports[fact.report_id].case = self.cases[fact.case_id]

    def ReportParted(self, told, fact):
        self.reports[fact.report_id].case = None

    def CaseMerged(self, told, fact):
        self.cases[fact.case_id].merged = True

    def VerifyAsked(self, told, fact):
        story = self.cases[fact.case_id]
        story.looking = self.tasks[fact.task_id] = Work(fact.task_id, story, "verify", fact.at, fact.due_at)

    def CaseVerified(self, told, fact):
        self.tasks[fact.task_id].end(told, "looked")

    def CaseAccepted(self, told, fact):
        story = self.cases[fact.case_id]
        story.accepter, story.class_key, story.where = told.actor, fact.problem.class_key, fact.problem.where

    def CaseFiled(self, told, fact):
        story = self.cases[fact.case_id] if fact.opened else self._open(fact, fact.problem.where)
        story.filed_at, story.decider, story.dispatch_due = fact.at, told.actor, fact.dispatch_due
        story.class_key, story.where = fact.problem.class_key, fact.problem.where

    def CaseSelfHandled(self, told, fact):
        story = self._open(fact, fact.problem.where)
        story.filed_at = story.cleared_at = fact.at
        story.decider, story.class_key = told.actor, fact.problem.class_key
        work = self.tasks[fact.task_id] = Work(fact.task_id, story, "clear", fact.at, fact.at, given_by=told.actor)
        work.end(told, "finished", False)

    def SelfHandlingPassed(self, told, fact):
        pass  # the next fact closes it

    def CaseRefused(self, told, fact):
        story = self.cases[fact.case_id]
        story.refused_at, story.decider = fact.at, told.actor
        if story.looking and story.looking.ended_at is None:
            story.looking.end(told, "called_off")

    def _given(self, fact, unit: str, **said) -> Work:
        story = self.cases[fact.case_id]
        work = self.tasks[fact.task_id] = Work(fact.task_id, story, "handle", fact.at, fact.due_at, unit=unit, **said)
        story.works.append(work)
        return work

    def CaseDispatched(self, told, fact):
        story = self.cases[fact.case_id]
        story.dispatched_at, story.at_desk = fact.at, False
        story.last_dispatch = self._given(fact, fact.duty.unit, given_by=told.actor)

    def CaseReworked(self, told, fact):
        failed = self.cases[fact.case_id].works[-1]
        failed.rework = self._given(fact, fact.unit, is_rework=True)

    def AppealLodged(self, told, fact):
        self.appeals[fact.appeal_id] = fact

    def AppealGranted(self, told, fact):
        appeal = self.appeals[fact.appeal_id]
        self.tasks[appeal.task_id].right.add(appeal.about.value)

    def AppealDismissed(self, told, fact):
        pass  # it stays counted

    def ApprovalAsked(self, told, fact):
        self.asked[fact.approval_id] = fact
        if fact.clock_stands and fact.task_id:
            self.tasks[fact.task_id].stands = True

    def ApprovalGranted(self, told, fact):
        pass  # the next fact says what it does

    def _not_granted(self, told, fact):
        asked = self.asked[fact.approval_id]
        if asked.clock_stands and asked.task_id:
            self.tasks[asked.task_id].stands = False
            self.tasks[asked.task_id].due_at = getattr(fact, "due_at", None) or self.tasks[asked.task_id].due_at

    ApprovalRefused = ApprovalWithdrawn = _not_granted

    def TaskExtended(self, told, fact):
        work = self.tasks[fact.task_id]
        work.extended, work.due_at, work.stands = True, fact.due_at, False

    def _held(self, told, fact):
        story, kind = self.cases[fact.case_id], type(fact).__name__
        hold = self.holds.get(fact.hold_id)
        if hold is None:
            hold = self.holds[fact.hold_id] = Hold(fact.hold_id, story, kind, fact.since, fact.counts_as_due)
            story.holds.append(hold)
        hold.counts = fact.counts_as_due
        self.tasks[fact.task_id].stands = True

    CaseSuspended = CaseDeferred = _held

    def CaseResumed(self, told, fact):
        self.holds[fact.hold_id].ended_at = told.fact.at
        self.tasks[fact.task_id].stands = False
        self.tasks[fact.task_id].due_at = fact.due_at

    def CaseVoided(self, told, fact):
        self.cases[fact.case_id].voided_at = fact.at
        if fact.hold_id:
            self.holds[fact.hold_id].ended_at = fact.at
        if fact.task_id:
            self.tasks[fact.task_id].end(told, "called_off", False)

    def TaskSigned(self, told, fact):
        self.tasks[fact.task_id].signed_by = told.actor

    def TaskReturned(self, told, fact):
        self.tasks[fact.task_id].end(told, "misdispatched" if fact.misdispatched else "returned")
        story = self.cases[fact.case_id]
        story.dispatched_at, story.dispatch_due = None, fact.dispatch_due

    def TaskFinished(self, told, fact):
        self.tasks[fact.task_id].end(told, "finished", fact.overdue)

    def DueMoved(self, told, fact):
        if fact.measures is f.Measure.accept:
            self.cases[fact.case_id].accept_due = fact.due_at
        elif fact.measures is f.Measure.dispatch:
            self.cases[fact.case_id].dispatch_due = fact.due_at
        elif fact.measures is not f.Measure.sign:
            self.tasks[fact.task_id].due_at = fact.due_at

    def InspectionAsked(self, told, fact):
        story = self.cases[fact.case_id]
        if story.looking and story.looking.ended_at is None:
            story.looking.end(told, "called_off")
        story.looking = self.tasks[fact.task_id] = Work(fact.task_id, story, "inspect", fact.at, fact.due_at)

    def CaseInspected(self, told, fact):
        self.tasks[fact.task_id].end(told, "looked")

    def CaseClosed(self, told, fact):
        story = self.cases[fact.case_id]
        story.closed_at, story.closed_by, story.on_time = fact.at, told.actor, fact.on_time
        if story.first is None:
            story.first = (fact.at, told.actor, fact.on_time, story.due_at)

    def CaseRedone(self, told, fact):
        story = self.cases[fact.case_id]
        story.closed_at = None
        if fact.task_id:
            self._given(fact, fact.unit, is_redo=True)
        else:
            story.at_desk, story.dispatched_at, story.dispatch_due = True, None, fact.dispatch_due


def place_of(story: Story | None, by: By) -> str:
    """The area that a case stands in."""
    return (getattr(story.where, by.value) if story else None) or ""


def group_of(oracle: Oracle, row: Came | Story | Work, by: By, person: str | None) -> str:
    """The group that a row counts in."""
    story = row if isinstance(row, Story) else row.case
    match by:
        case By.all:
            return ""
        case By.person:
            return person or ""
        case By.channel:
            came = row if isinstance(row, Came) else oracle.reports[story.report]
            return came.told.fact.channel.value
        case By.problem_class | By.minor_class:  # the world of this oracle has no fine class
            return (story.class_key if story else None) or ""
        case By.major:
            return ((story.class_key if story else None) or "")[:-2]
        case By.grid:
            return oracle.grids.get((story.where.cell if story else None) or "", "")
        case By.unit:
            own = row.unit if isinstance(row, Work) else None
            standing = story.running.unit if story and story.running else None
            return own or standing or ""
        case _:
            return place_of(story, by)
