"""The slow, plain truth about figures: walks the facts one by one, and looks at no table."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from cityloop.domain import facts as f
from cityloop.domain.facts import Told
from cityloop.domain.policy import DueReading
from cityloop.stages.evaluate.model import By, Part

PUBLIC = ("app", "counter", "hotline", "text", "partner")  # who is neither a collector nor a machine


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

    def owed_at(self, reading: DueReading = DueReading.settled) -> tuple[datetime, ...]:
        """The moments at which it counts as due; none if it was taken back in time."""
        if self.ended_at is not None and not self.late and not self.done:
            return ()
        settled = self.due_at if self.ended_at is None or self.late else self.ended_at
        return _read(reading, settled, self.due_at, self.given_at)

    def doer(self) -> str | None:
        return None if self.outcome == "called_off" else self.ended_by or self.signed_by


def _read(reading: DueReading, settled: datetime, due: datetime, begun: datetime) -> tuple[datetime, ...]:
    return {"settled": (settled,), "deadline": (due,), "either": (settled, due), "begun": (begun,)}[reading.value]


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
    accepter: str | None = None
    decider: str | None = None
    recurs: bool = False
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

    def __init__(self, told: Iterable[Told], grids: dict[str, str] | None = None):
        self.grids = grids or {}  # cell -> duty grid
        self.reports: dict[str, Came] = {}
        self.cases: dict[str, Story] = {}
        self.tasks: dict[str, Work] = {}
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


Row = tuple[str, Part, str, str, Came | Story | Work, tuple]  # metric, part, id, person, row, moments


def rows_of(
    oracle: Oracle, since: datetime, until: datetime, now: datetime, reading: DueReading = DueReading.settled
) -> Iterable[Row]:
    """Every row of every number that counts in a period, once for each number that it counts in."""
    for row in all_rows(oracle, now, reading):
        moments = row[5]
        if moments is None or any(since <= at < until for at in moments):
            yield row


def all_rows(oracle: Oracle, now: datetime, reading: DueReading = DueReading.settled) -> Iterable[Row]:
    """Every row of every number, with the moments that put it into periods; None: as of now."""

    def count(metric: str, row, person: str | None, at, is_in: bool = True):
        moments = at if at is None or isinstance(at, tuple) else (at,)
        if is_in and moments != ():
            yield metric, Part.numerator, row.id, person, row, moments

    def rate(metric: str, row, person: str | None, at, is_above: bool, is_below: bool = True):
        for each in count(metric, row, person, at, is_below):
            yield (metric, Part.denominator, *each[2:])
            if is_above:
                yield each

    for came in oracle.reports.values():
        yield from _rows_of_report(came, count, rate)
    for story in oracle.cases.values():
        yield from _rows_of_case(oracle, story, reading, count, rate)
    for work in oracle.tasks.values():
        yield from _rows_of_task(work, now, reading, count, rate)


def _rows_of_report(came: Came, count, rate) -> Iterable[Row]:
    by = came.told.fact.by
    who, at = f"account:{by}" if by else None, came.told.fact.at
    yield from count("reported", came, who, at)
    if came.told.fact.channel is f.Channel.collector:
        yield from count("collected", came, who, at)
        began = came.case is not None and came.case.report == came.id
        yield from rate("valid_reports", came, who, at, began and came.case.filed_at is not None)


def _rows_of_case(oracle: Oracle, story: Story, reading: DueReading, count, rate) -> Iterable[Row]:
    who, filed = story.decider, story.filed_at is not None
    yield from count("opened", story, story.accepter or who, story.opened_at, not story.merged)
    yield from rate("filing_rate", story, who, story.opened_at, filed, not story.merged)
    decided = story.filed_at or story.refused_at
    if decided:
        for code in ("accepting_elapsed_min", "accepting_working_min"):
            yield from rate(code, story, story.accepter or who, decided, False)
        yield from count("accepted", story, story.accepter or who, decided)
    if story.refused_at:
        yield from count("refused", story, who, story.refused_at)
    if filed or story.is_open:
        in_time = filed and (story.accept_due is None or story.filed_at <= story.accept_due)
        yield from rate("filed_on_time", story, who, story.filed_at if in_time else story.accept_due, in_time)
    if filed:
        yield from _rows_of_filed(oracle, story, count, rate)
    yield from _rows_of_closing(story, reading, count, rate)
    yield from count("open_now", story, None, None, story.is_open)


def _rows_of_filed(oracle: Oracle, story: Story, count, rate) -> Iterable[Row]:
    at, first = story.filed_at, oracle.reports[story.report].told.fact
    reporter = f"account:{first.by}" if first.by else None
    seen = any(came.case is story and came.told.fact.channel.value == "collector" for came in oracle.reports.values())
    public = first.channel.value in PUBLIC
    yield from count("filed", story, story.decider, at)
    yield from rate("filed_from_collectors", story, reporter, at, first.channel.value == "collector")
    yield from rate("filed_from_public", story, reporter, at, public)
    yield from rate("missed", story, None, at, public and not seen)
    yield from rate("recurring", story, story.decider, at, story.recurs)
    sent = story.last_dispatch.given_by if story.dispatched_at else None
    in_time = story.dispatched_at is not None and story.dispatched_at <= story.dispatch_due
    yield from rate(
        "dispatched_on_time", story, sent, story.dispatched_at if in_time else story.dispatch_due, in_time
    )  # fmt: skip


def _rows_of_closing(story: Story, reading: DueReading, count, rate) -> Iterable[Row]:
    closed, who = story.closed_at is not None, story.closed_by
    if closed:
        yield from count("closed", story, who, story.closed_at)
    if reading is DueReading.begun:
        owed = (story.filed_at,) if story.filed_at else ()
    else:
        due = story.running.due_at if story.running else None
        early = closed and due is not None and story.closed_at <= due
        owed = () if due is None else _read(reading, story.closed_at if early else due, due, due)
    yield from count("due_to_close", story, who, owed)
    yield from count("closed_in_time", story, who, owed, closed and story.on_time)
    yield from count("closed_late", story, who, owed, closed and not story.on_time)
    yield from count("to_close", story, who, owed, story.is_open)
    yield from rate("closing_rate", story, who, owed, closed)
    yield from rate("closed_on_time", story, who, owed, closed and story.on_time)


def _rows_of_task(work: Work, now: datetime, reading: DueReading, count, rate) -> Iterable[Row]:
    who, in_time = work.doer(), work.done and not work.late
    if work.kind != "handle":
        name = "verified_on_time" if work.kind == "verify" else "inspected_on_time"
        yield from rate(name, work, who, work.owed_at(), in_time)
        return
    finished, waits, over = work.outcome == "finished", work.ended_at is None, work.due_at < now
    owed, sender = work.owed_at(reading), work.given_by
    yield from count("dispatched", work, sender, work.given_at, not work.is_rework)
    yield from rate(
        "dispatched_accurately", work, sender, work.given_at, work.outcome != "misdispatched", not work.is_rework
    )  # fmt: skip
    yield from count("reworked", work, who, work.given_at, work.is_rework)
    yield from count("due_to_handle", work, who, owed)
    yield from count("handled_in_time", work, who, owed, in_time)
    yield from count("handled_late", work, who, owed, finished and work.late)
    yield from count("to_handle", work, who, owed, waits)
    yield from count("to_handle_in_time", work, who, owed, waits and not over)
    yield from count("overdue_open", work, who, owed, waits and over)
    yield from rate("handling_rate", work, who, owed, finished)
    yield from rate("handled_on_time", work, who, owed, in_time)
    if finished:
        yield from count("handled", work, who, work.ended_at)
        yield from rate("rework_rate", work, who, work.ended_at, work.sent_again)
        yield from rate("handling_elapsed_min", work, who, work.ended_at, False)
        yield from rate("handling_working_min", work, who, work.ended_at, False)
