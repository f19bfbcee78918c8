"""The slow, plain truth about figures: walks the facts one by one, and looks at no table."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from cityloop.domain import facts as f
from cityloop.domain.facts import Told
from cityloop.stages.evaluate.model import By, Part


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
    signed_by: str | None = None
    ended_at: datetime | None = None
    ended_by: str | None = None
    outcome: str | None = None
    late: bool = False
    sent_again: bool = False

    def end(self, told: Told, outcome: str, late: bool | None = None) -> None:
        self.ended_at, self.ended_by, self.outcome = told.fact.at, told.actor, outcome
        self.late = told.fact.at > self.due_at if late is None else late

    @property
    def done(self) -> bool:
        return self.outcome in ("finished", "looked")

    def owed_at(self) -> datetime | None:
        """The moment at which it counts as due; None if it was taken back in time."""
        if self.ended_at is None or self.late:
            return self.due_at
        return self.ended_at if self.done else None

    def doer(self) -> str | None:
        return None if self.outcome == "called_off" else self.ended_by or self.signed_by


@dataclass
class Story:
    """A case, as its facts tell."""

    id: str
    report: str
    opened_at: datetime
    where: f.Where
    simulated: bool
    class_key: str | None = None
    accept_due: datetime | None = None
    filed_at: datetime | None = None
    refused_at: datetime | None = None
    merged: bool = False
    decider: str | None = None
    closed_at: datetime | None = None
    closed_by: str | None = None
    on_time: bool = False
    dispatch_due: datetime | None = None
    dispatched_at: datetime | None = None  # of the round that stands
    last_dispatch: Work | None = None
    looking: Work | None = None
    works: list[Work] = field(default_factory=list)  # of handling

    @property
    def running(self) -> Work | None:
        """The handling task that stands: the last, unless it was sent back."""
        last = self.works[-1] if self.works else None
        return None if last is None or last.outcome in ("returned", "misdispatched") else last

    @property
    def is_open(self) -> bool:
        return not (self.merged or self.refused_at or self.closed_at)


@dataclass
class Came:
    """A report, as its facts tell."""

    id: str
    told: Told
    case: Story | None = None


class Oracle:
    """Everything that was told, and what it comes to."""

    def __init__(self, told: Iterable[Told]):
        self.reports: dict[str, Came] = {}
        self.cases: dict[str, Story] = {}
        self.tasks: dict[str, Work] = {}
        for each in told:
            step: Callable = getattr(self, type(each.fact).__name__)
            step(each, each.fact)

    def _open(self, fact, where: f.Where) -> Story:
        story = Story(id=fact.case_id, report=fact.report_id, opened_at=fact.at, where=where, simulated=fact.simulated)
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

    def CaseMerged(self, told, fact):
        self.cases[fact.case_id].merged = True

    def VerifyAsked(self, told, fact):
        story = self.cases[fact.case_id]
        story.looking = self.tasks[fact.task_id] = Work(fact.task_id, story, "verify", fact.at, fact.due_at)

    def CaseVerified(self, told, fact):
        self.tasks[fact.task_id].end(told, "looked")

    def CaseFiled(self, told, fact):
        story = self.cases[fact.case_id] if fact.opened else self._open(fact, fact.problem.where)
        story.filed_at, story.decider, story.dispatch_due = fact.at, told.actor, fact.dispatch_due
        story.class_key, story.where = fact.problem.class_key, fact.problem.where

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
        story.dispatched_at = fact.at
        story.last_dispatch = self._given(fact, fact.duty.unit, given_by=told.actor)

    def CaseReworked(self, told, fact):
        self.cases[fact.case_id].works[-1].sent_again = True
        self._given(fact, fact.unit, is_rework=True)

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
        case By.unit:
            own = row.unit if isinstance(row, Work) else None
            standing = story.running.unit if story and story.running else None
            return own or standing or ""
        case _:
            return place_of(story, by)


Row = tuple[str, Part, str, str, Came | Story | Work]  # metric, part, id, person, row


def rows_of(oracle: Oracle, since: datetime, until: datetime, now: datetime) -> Iterable[Row]:
    """Every row of every number, once for each number that it counts in."""

    def within(at: datetime | None) -> bool:
        return at is not None and since <= at < until

    def count(metric: str, row, person: str | None, is_in: bool):
        if is_in:
            yield metric, Part.numerator, row.id, person, row

    def rate(metric: str, row, person: str | None, is_below: bool, is_above: bool):
        if is_below:
            yield metric, Part.denominator, row.id, person, row
            yield from count(metric, row, person, is_above)

    for came in oracle.reports.values():
        by = came.told.fact.by
        yield from count("reported", came, f"account:{by}" if by else None, within(came.told.fact.at))
    for story in oracle.cases.values():
        yield from _rows_of_case(story, now, within, count, rate)
    for work in oracle.tasks.values():
        yield from _rows_of_task(work, now, within, count, rate)


def _rows_of_case(story: Story, now: datetime, within, count, rate) -> Iterable[Row]:
    who = story.decider
    opened = within(story.opened_at) and not story.merged
    yield from count("opened", story, who, opened)
    yield from count("filed", story, who, within(story.filed_at))
    yield from count("refused", story, who, within(story.refused_at))
    yield from rate("filing_rate", story, who, opened, story.filed_at is not None)
    if story.filed_at or story.is_open:
        in_time = story.filed_at is not None and (story.accept_due is None or story.filed_at <= story.accept_due)
        owed_at = story.filed_at if in_time else story.accept_due
        yield from rate("filed_on_time", story, who, within(owed_at), in_time)
    if story.filed_at:
        sent = story.last_dispatch.given_by if story.dispatched_at else None
        in_time = story.dispatched_at is not None and story.dispatched_at <= story.dispatch_due
        owed_at = story.dispatched_at if in_time else story.dispatch_due
        yield from rate("dispatched_on_time", story, sent, within(owed_at), in_time)
    closed = story.closed_at is not None
    yield from count("closed", story, story.closed_by, within(story.closed_at))
    if story.running:
        due = story.running.due_at
        below = within(story.closed_at if closed and story.closed_at <= due else due)
        yield from count("due_to_close", story, story.closed_by, below)
        yield from rate("closing_rate", story, story.closed_by, below, closed)
        yield from rate("closed_on_time", story, story.closed_by, below, closed and story.on_time)
    yield from count("open_now", story, None, story.is_open)


def _rows_of_task(work: Work, now: datetime, within, count, rate) -> Iterable[Row]:
    who, owed, in_time = work.doer(), within(work.owed_at()), work.done and not work.late
    if work.kind != "handle":
        name = "verified_on_time" if work.kind == "verify" else "inspected_on_time"
        yield from rate(name, work, who, owed, in_time)
        return
    finished = work.outcome == "finished"
    handled = finished and within(work.ended_at)
    sender = work.given_by
    dispatched = within(work.given_at) and not work.is_rework
    yield from count("dispatched", work, sender, dispatched)
    yield from rate("dispatched_accurately", work, sender, dispatched, work.outcome != "misdispatched")
    yield from count("reworked", work, who, within(work.given_at) and work.is_rework)
    yield from count("due_to_handle", work, who, owed)
    yield from count("handled", work, who, handled)
    yield from rate("handling_rate", work, who, owed, finished)
    yield from rate("handled_on_time", work, who, owed, in_time)
    yield from count("overdue_open", work, who, owed and work.ended_at is None and work.due_at < now)
    yield from rate("rework_rate", work, who, handled, work.sent_again)
    yield from rate("handling_elapsed_min", work, who, handled, False)
    yield from rate("handling_working_min", work, who, handled, False)
