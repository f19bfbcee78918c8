"""A city of random stories, told straight through facts, for the laws of figures."""

from datetime import UTC, datetime, time, timedelta
from random import Random

from tests.laws.journal_world import ALL

from cityloop.cases import case_get, task_get
from cityloop.db import Database, Tx
from cityloop.domain import facts as f
from cityloop.domain.lifecycle import OVER
from cityloop.domain.policy import (
    ApprovalKind,
    Area,
    Cell,
    DueReading,
    FigureReadings,
    Lapse,
    Level,
    Limit,
    LimitUnit,
    Policy,
    Source,
    WorkDayReading,
    WorkWeek,
)
from cityloop.journal import Journal, Writer

BEGIN = datetime(2026, 3, 1, 16, 0, tzinfo=UTC)  # midnight of 2 March in the city
END = BEGIN + timedelta(days=18)
HOUR = timedelta(hours=1)
LIMIT = Limit(value=4, unit=LimitUnit.urgent_hour)
GRIDS = {"990101001001001": "g1", "990101001002003": "g1", "990101002001001": "g2"}  # one cell is in no grid
CHANNELS = (f.Channel.app, f.Channel.collector, f.Channel.collector, f.Channel.hotline, f.Channel.device)
UNITS = ("roads-a", "roads-b", "sanitation")
CELLS = ("990101001001001", "990101001002003", "990101002001001", "990102001001007", None)
CLASSES = ("x/event/0101", "x/component/0203")
PEOPLE = tuple(f"account:p{n}" for n in range(5))
MACHINE = "machine:filing"
SOURCE = Source(document="d", clause="1", date="2026")
REF = f.VaultRef(id="v", digest="00")


def policy_of(*, simulated: bool = False, areas: tuple[str, ...] = (), due: DueReading = DueReading.settled) -> Policy:
    """As much of a policy as figures read: the week, the duty grids, the readings."""
    day = ((time(8), time(12)), (time(14), time(18)))
    week = WorkWeek(
        zone="Asia/Shanghai", windows=dict.fromkeys(range(5), day), day_min=480, work_day=WorkDayReading.working_hours
    )
    nothing = dict.fromkeys(("layers", "classes", "rules", "components", "units", "roles", "posts"), ())
    known = tuple(Area(code=code, parent=None, name={"zh": "街", "en": "Street"}) for code in areas)
    cells = tuple(Cell(code=code, duty_grid=grid, ring=()) for code, grid in GRIDS.items())
    return Policy(
        digest="d", name={}, simulated=simulated, settings=None, week=week, duties=None, words={}, areas=known, cells=cells,
        figures=FigureReadings(due_window=due), **nothing,
    )  # fmt: skip


def tell_stories(database: Database, seed: int, count: int = 60, *, passing: float = 0.6, appealing: float = 0.3) -> None:
    """Fill a city, in one transaction; so many inspections pass, and against so much is appealed."""
    Writer(database, Journal(ALL)).change(lambda tx: Stories(tx, seed, passing, appealing).tell_all(count))


class Stories:
    """Tells the story of one report after another; each stops somewhere."""

    def __init__(self, tx: Tx, seed: int, passing: float, appealing: float):
        self.tx = tx
        self.passing, self.appealing = passing, appealing
        self.random = Random(seed)
        self.waiting: list[str] = []
        self.told: list[str] = []  # cases

    def tell_all(self, count: int) -> None:
        """Tell so many stories."""
        for _ in range(count - count // 15):
            self.at = BEGIN + timedelta(minutes=self.random.randrange(0, 16 * 24 * 60))
            self._story()
        for _ in range(count // 15):
            self._cleared()

    def tell(self, fact: type[f.Fact], actor: str, **said: object) -> None:
        """Tell one fact at this story's moment."""
        self.tx.actor = actor
        self.tx.emit(fact(at=self.at, **said))

    def _pass(self) -> bool:
        """Let time pass; whether the story goes on. Now and then it is exactly midnight in the city."""
        self.at += timedelta(minutes=self.random.choice((1, 30, 90, 300, 1500)), microseconds=self.random.randrange(9))
        if self.random.random() < 0.1:
            midnight = self.at.replace(hour=16, minute=0, second=0, microsecond=0)
            self.at = midnight if midnight > self.at else midnight + timedelta(days=1)
        return self.at < END and self.random.random() < 0.93

    def _who(self) -> str:
        return self.random.choice(PEOPLE)

    def _due(self) -> datetime:
        return self.at + self.random.choice((HOUR / 2, 4 * HOUR, 4 * HOUR, 30 * HOUR))

    def _id(self) -> str:
        return self.tx.new_id()

    def _story(self) -> None:
        random = self.random
        cell = random.choice(CELLS)
        where = f.Where()
        if cell:
            where = f.Where(cell=cell, community=cell[:12], street=cell[:9], district=cell[:6])
        self.problem = f.Problem(class_key=random.choice(CLASSES), rule="r", where=where)
        self.report, self.case = self._id(), self._id()
        self.simulated = random.random() < 0.1
        by = random.choice((None, None, "p0", "p1"))
        self.tell(
            f.ReportReceived, f"account:{by}" if by else "anonymous", report_id=self.report, said=REF, by=by,
            channel=random.choice(CHANNELS), simulated=self.simulated,
        )  # fmt: skip
        if not self._pass():
            return
        open_ones = [each for each in self.told if case_get(self.tx, each).state not in OVER]
        if open_ones and random.random() < 0.1:
            case = random.choice(open_ones)
            self.tell(f.ReportJoined, MACHINE, case_id=case, report_id=self.report)
            if random.random() < 0.6:
                return
            parted = {"case_id": case, "report_id": self.report, "reason": "slip"}
            self.tell(f.ReportParted, f"account:{self._who()}", **parted)
        self.recurs = random.choice(self.told) if self.told and random.random() < 0.2 else None
        self.told.append(self.case)
        if random.random() < 0.4:
            self._filed(opened=False)
        else:
            self._desk()

    def _cleared(self) -> None:
        """The last matter once more, put right on the spot by who saw it; now and then it is not closed."""
        who, task = self._who(), self._id()
        self.at = BEGIN + timedelta(minutes=self.random.randrange(0, 16 * 24 * 60))
        self.report, self.case = self._id(), self._id()
        self.tell(f.ReportReceived, who, report_id=self.report, said=REF, by=who[8:], channel=f.Channel.collector)
        self.tell(
            f.CaseSelfHandled, who, case_id=self.case, number=f"N{self.case}", problem=self.problem, by=who[8:],
            rule=f.RuleKept(code="r", limit=LIMIT, source=SOURCE), report_id=self.report, level=Level.city, task_id=task, photos=(),
        )  # fmt: skip
        if self._pass():
            self.tell(f.SelfHandlingPassed, MACHINE, case_id=self.case, task_id=task, share_ppm=0)
            self.tell(f.CaseClosed, MACHINE, case_id=self.case, by=None, on_time=True)

    def _desk(self) -> None:
        """Through the hands of the supervision centre."""
        problem = self.problem if self.random.random() < 0.8 else None
        self.tell(
            f.CaseOpened, MACHINE, case_id=self.case, report_id=self.report, problem=problem, where=self.problem.where,
            confidence_ppm=0, why=(), accept_due=self._due(), simulated=self.simulated, recurs=self.recurs,
        )  # fmt: skip
        self._moved(f.Measure.accept)
        if not self._pass():
            return
        way = self.random.random()
        if way < 0.1 and self.waiting:
            into = self.random.choice(self.waiting)
            self.tell(f.CaseMerged, self._who(), case_id=self.case, into=into)
            self.tell(f.ReportJoined, MACHINE, case_id=into, report_id=self.report, left=self.case)
            return
        if way < 0.4:
            task = self._id()
            self.tell(
                f.VerifyAsked, MACHINE, case_id=self.case, task_id=task, post="p", limit=LIMIT, due_at=self._due()
            )
            if not self._pass():
                return
            if self.random.random() < 0.8:
                who = self._who()
                self.tell(f.CaseVerified, who, case_id=self.case, task_id=task, found=True, by=who[8:])
                if not self._pass():
                    return
        if self._state() != "verifying" and self.random.random() < 0.3:
            self.tell(f.CaseAccepted, self._who(), case_id=self.case, problem=self.problem, corrected=False)
            if not self._pass():
                return
        if self.random.random() < 0.2:
            self.tell(f.CaseRefused, self._who(), case_id=self.case, reason="x")
        elif way >= 0.4 or self.random.random() < 0.9:
            self._filed(opened=True)

    def _filed(self, *, opened: bool) -> None:
        if opened and self._state() == "verifying":
            return
        self.tell(
            f.CaseFiled, self._who() if opened else MACHINE, case_id=self.case, number=f"N{self.case}",
            problem=self.problem, rule=f.RuleKept(code="r", limit=LIMIT, source=SOURCE), report_id=self.report,
            level=Level.city, dispatch_due=self._due(), automatic=not opened, confidence_ppm=0, opened=opened,
            simulated=self.simulated, recurs=self.recurs,
        )  # fmt: skip
        self._moved(f.Measure.dispatch)
        if len(self.waiting) < 3:
            self.waiting.append(self.case)
            return  # an open case into which others may be merged
        self._work()

    def _moved(self, measures: f.Measure) -> None:
        """Now and then the calendar is put right."""
        if self.random.random() < 0.1:
            self.tell(
                f.DueMoved, MACHINE, case_id=self.case, measures=measures, due_at=self._due(), why="calendar"
            )  # fmt: skip

    def _state(self) -> str:
        return case_get(self.tx, self.case).state

    def _work(self) -> None:
        """Dispatched, done, sent back, inspected, done again: until it is closed or time is over."""
        task, unit = None, ""
        while self._pass():
            if task is None:
                task, unit = self._id(), self.random.choice(UNITS)
                duty = f.Duty(unit=unit, level=Level.city, limit=LIMIT, why=())
                self.tell(
                    f.CaseDispatched, self.random.choice((MACHINE, *PEOPLE[:2])), case_id=self.case, task_id=task,
                    duty=duty, sign_due=self.at, due_at=self._due(), automatic=False, confidence_ppm=0,
                )  # fmt: skip
                if not self._pass():
                    return
            who = self._who()
            if self.random.random() < 0.1:
                self.tell(f.DueMoved, MACHINE, case_id=self.case, task_id=task, due_at=self._due(), why="calendar")
            if self.random.random() < 0.85:
                self.tell(f.TaskSigned, who, case_id=self.case, task_id=task, by=who[8:])
                if not self._pass():
                    return
            if self._state() == "handling" and self.random.random() < 0.4 and not self._asked(task):
                return
            if self._state() == "handling" and self.random.random() < 0.05:
                self._void(task)
                return
            if self.random.random() < 0.2 or self._state() == "to_sign":
                self.tell(
                    f.TaskReturned, who, case_id=self.case, task_id=task, by=who[8:], reason="x",
                    misdispatched=self.random.random() < 0.6, dispatch_due=self._due(),
                )  # fmt: skip
                self._appealed(task, f.About.returned, f.About.overdue)
                task = None
                continue
            late = self.at > task_get(self.tx, task).due_at
            self.tell(f.TaskFinished, who, case_id=self.case, task_id=task, by=who[8:], overdue=late)
            self._appealed(task, f.About.overdue)
            task = self._inspected(task, unit, late)
            if task is None:
                return
            task = task or None

    def _void(self, task: str | None, hold: str | None = None) -> None:
        self._ask(ApprovalKind.void, task)
        self.tell(
            f.CaseVoided, self._who(), case_id=self.case, approval_id=self.approval, reason="x", task_id=task, hold_id=hold
        )  # fmt: skip

    def _ask(self, kind: ApprovalKind, task: str | None, *, stands: bool = False, agreed: bool = True) -> bool:
        """Ask for something; it is agreed to, or not, or waits. Whether it is agreed to."""
        self.approval, who, counts = self._id(), self._who(), self.random.random() < 0.3
        self.counts = counts
        self.tell(
            f.ApprovalAsked, who, case_id=self.case, approval_id=self.approval, kind=kind, nth=1, task_id=task, by=who[8:],
            reason="x", steps=("leader",), decide_due=self._due(), decide_limit=LIMIT, lapse=Lapse.refused,
            clock_stands=stands, counts_as_due=counts, source=SOURCE,
        )  # fmt: skip
        self.since = self.at
        if kind is not ApprovalKind.void and not self._pass():
            return False
        if not agreed:
            end = self.random.choice((f.ApprovalRefused, f.ApprovalWithdrawn))
            said = {"by": who[8:], "why": "asker"} if end is f.ApprovalWithdrawn else {
                "by": "p4", "role": "leader", "reason": "x", "due_at": self._due() if stands else None}  # fmt: skip
            self.tell(end, who, case_id=self.case, approval_id=self.approval, **said)
            return False
        self.tell(f.ApprovalGranted, "account:p4", case_id=self.case, approval_id=self.approval, by="p4", role="leader")
        return True

    def _asked(self, task: str) -> bool:
        """More time, or to put it off; whether the work goes on."""
        kind = self.random.choice((ApprovalKind.extension, ApprovalKind.suspension, ApprovalKind.deferral))
        stands = kind is ApprovalKind.suspension and self.random.random() < 0.7
        if not self._ask(kind, task, stands=stands, agreed=self.random.random() < 0.8):
            return self._pass()
        if kind is ApprovalKind.extension:
            self.tell(
                f.TaskExtended, "account:p4", case_id=self.case, approval_id=self.approval, task_id=task, length=LIMIT,
                due_at=self._due(),
            )  # fmt: skip
            return self._pass()
        hold, put_off = self._id(), f.CaseSuspended if kind is ApprovalKind.suspension else f.CaseDeferred
        said = {"case_id": self.case, "hold_id": hold, "approval_id": self.approval, "task_id": task, "reason": "x",
                "since": self.since, "until": self._due(), "counts_as_due": self.counts}  # fmt: skip
        self.tell(put_off, "account:p4", **said)
        if not self._pass() or self.random.random() < 0.4:
            return False  # it is put off to this day
        if self.random.random() < 0.1:
            self._void(task, hold)
            return False
        self.tell(f.CaseResumed, "account:p4", case_id=self.case, hold_id=hold, task_id=task, due_at=self._due())
        return self._pass()

    def _inspected(self, handled: str, unit: str, late: bool) -> str | None:
        """The task of the rework or redo, "" where a dispatcher decides; None where the story ends."""
        for _ in range(1 + (self.random.random() < 0.2)):
            if not self._pass():
                return None
            look = self._id()
            self.tell(
                f.InspectionAsked, MACHINE, case_id=self.case, task_id=look, handled_task=handled, post="p",
                limit=LIMIT, due_at=self._due(),
            )  # fmt: skip
        if not self._pass():
            return None
        passed, who = self.random.random() < self.passing, self._who()
        self.tell(f.CaseInspected, who, case_id=self.case, task_id=look, passed=passed, by=who[8:])
        if not self._pass():
            return None
        if passed:
            self.tell(f.CaseClosed, self.random.choice((MACHINE, who)), case_id=self.case, by=None, on_time=not late)
            return self._redone(unit)
        again = self._id()
        self.tell(
            f.CaseReworked, MACHINE, case_id=self.case, task_id=again, unit=unit, limit=LIMIT, reason="x",
            sign_due=self.at, due_at=self._due(),
        )  # fmt: skip
        self._appealed(handled, f.About.failed_inspection)
        self._appealed(again, f.About.rework)
        return again

    def _appealed(self, task: str, *about: f.About) -> None:
        """Now and then a unit appeals, whether or not it was late; it is right, or not, or nobody has decided."""
        for each in about:
            if self.random.random() < self.appealing:
                appeal, who = self._id(), self._who()
                self.tell(
                    f.AppealLodged, who, case_id=self.case, appeal_id=appeal, task_id=task, unit="roads-a", about=each,
                    by=who[8:], note=REF,
                )  # fmt: skip
                said = {"case_id": self.case, "appeal_id": appeal, "by": "p4"}
                way = self.random.random()
                if way < 0.6:
                    self.tell(f.AppealGranted, "account:p4", **said)
                elif way < 0.8:
                    self.tell(f.AppealDismissed, "account:p4", **said, reason="x")

    def _redone(self, unit: str) -> str | None:
        """Some reporter was not content: the task of the same unit, "" where a dispatcher decides; None where nobody says so."""
        if not self._pass() or self.random.random() > 0.4:
            return None
        said = {"case_id": self.case, "round": (case_get(self.tx, self.case).redos or 0) + 1, "by": None, "reason": "x"}
        if self.random.random() < 0.3:
            self.tell(f.CaseRedone, MACHINE, **said, dispatch_due=self._due())
            return ""
        task = self._id()
        self.tell(
            f.CaseRedone, MACHINE, **said, task_id=task, unit=unit, limit=LIMIT, sign_due=self.at, due_at=self._due()
        )
        return task


def redo_all(database: Database, *, closes: bool) -> int:
    """Take every closed case up again after the stories' end, by the unit that did it; gives how many. `closes`: and close it."""

    def use_case(tx: Tx) -> int:
        rows = tx.all("SELECT id, unit, redos FROM case_file WHERE city = :city AND state = 'closed' AND unit IS NOT NULL ORDER BY id")
        for row in rows:
            tx.emit(
                f.CaseRedone(
                    case_id=row.id, round=(row.redos or 0) + 1, by=None, reason="x", task_id=tx.new_id(), unit=row.unit,
                    limit=LIMIT, sign_due=END, due_at=END + HOUR, at=END + HOUR / 2,
                )
            )  # fmt: skip
        return len(rows)

    count = Writer(database, Journal(ALL)).change(use_case)
    if closes:
        close_all(database)
    return count


def close_all(database: Database) -> None:
    """Do, look at and close what `redo_all` has taken up."""

    def use_case(tx: Tx) -> None:
        rows = tx.all(
            "SELECT id, task_id FROM case_file WHERE city = :city AND state = 'to_sign' AND clock_since = :at",
            at=END + HOUR / 2,
        )
        for row in rows:
            known, look = {"case_id": row.id, "at": END + HOUR}, tx.new_id()
            tx.emit(f.TaskSigned(task_id=row.task_id, by="p1", **known))
            tx.emit(f.TaskFinished(task_id=row.task_id, by="p1", overdue=True, **known))
            tx.emit(
                f.InspectionAsked(task_id=look, handled_task=row.task_id, post="p", limit=LIMIT, due_at=END, **known)
            )
            tx.emit(f.CaseInspected(task_id=look, passed=True, by="p2", **known))
            tx.emit(f.CaseClosed(by=None, on_time=False, **known))

    Writer(database, Journal(ALL)).change(use_case)
