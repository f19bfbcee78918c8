"""Work that no unit of the city was given: done on the spot by who saw it, or given to another system."""

from datetime import datetime
from typing import ClassVar

from cityloop.domain.facts.fact import Fact, VaultRef
from cityloop.domain.facts.filing import CaseFact, Problem, RuleKept
from cityloop.domain.facts.intake import PhotoRef
from cityloop.domain.ids import AccountId, CaseId, ReportId, TaskId
from cityloop.domain.policy import Level, Limit


class SelfHandlingReported(Fact, frozen=True, kw_only=True):
    """即采即办: with the report came the photos of the place after it was put right."""

    SUBJECT: ClassVar[str] = "report"
    KEY: ClassVar[str] = "report_id"

    report_id: ReportId
    by: AccountId
    photos: tuple[PhotoRef, ...]  # afterwards; those of before are the report's own
    note: VaultRef | None = None


class CaseSelfHandled(CaseFact, frozen=True, kw_only=True):
    """自行处置: filed and finished in one; counted apart from what units do."""

    number: str
    problem: Problem
    rule: RuleKept
    report_id: ReportId
    level: Level
    task_id: TaskId
    by: AccountId
    photos: tuple[PhotoRef, ...]
    note: VaultRef | None = None
    recurs: CaseId | None = None
    why: tuple[str, ...] = ()
    simulated: bool = False


class SelfHandlingPassed(CaseFact, frozen=True, kw_only=True):
    """Not drawn for inspection: it is closed by rule."""

    task_id: TaskId
    share_ppm: int  # that is inspected


class ResultRejected(CaseFact, frozen=True, kw_only=True):
    """The inspection failed where no unit of the city did the work: now somebody must be made answerable."""

    reason: str
    dispatch_due: datetime
    dispatch_limit: Limit


class CaseTransferred(CaseFact, frozen=True, kw_only=True):
    """转办: another system has it, under a number of its own, until it answers."""

    task_id: TaskId
    system: str  # of the pack's systems.csv
    their_number: str
    limit: Limit
    due_at: datetime  # by when they answer
    reason: str  # a code with words: transfer.reason.*
    note: VaultRef | None = None


class TransferFinished(CaseFact, frozen=True, kw_only=True):
    """They say that it is done. Whether it is, somebody sees."""

    task_id: TaskId
    note: VaultRef | None = None
    overdue: bool


class TransferReturned(CaseFact, frozen=True, kw_only=True):
    """They sent it back; the dispatcher decides anew."""

    task_id: TaskId
    system: str
    reason: str  # a code with words: transfer.reason.*
    note: VaultRef | None = None
    dispatch_due: datetime
    dispatch_limit: Limit


class TransferMissed(CaseFact, frozen=True, kw_only=True):
    """The date for their answer passed, and none came."""

    task_id: TaskId
    answer_due: datetime
