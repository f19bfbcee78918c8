"""立: accepted, verified on site, filed with a number, or refused with a reason."""

from datetime import datetime
from typing import ClassVar

from msgspec import Struct

from cityloop.domain.facts.fact import Fact, VaultRef
from cityloop.domain.facts.understand import Where
from cityloop.domain.ids import AccountId, CaseId, ClassKey, PostId, ReportId, RuleCode, TaskId
from cityloop.domain.policy import Level, Limit, Source


class Problem(Struct, frozen=True, kw_only=True):
    """What a case is about."""

    class_key: ClassKey
    rule: RuleCode
    where: Where
    urgency: int = 0


class StageKept(Struct, frozen=True, kw_only=True):
    """A step of a rule with its limit, as the case keeps it."""

    code: str
    limit: Limit


class RuleKept(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The rule row that a case was filed under. The case keeps it when the pack changes."""

    code: RuleCode
    limit: Limit
    source: Source
    stages: tuple[StageKept, ...] = ()  # each with a clock of its own; none: the limit is one


class CaseFact(Fact, frozen=True, kw_only=True):
    """A fact whose subject is a case."""

    SUBJECT: ClassVar[str] = "case"
    KEY: ClassVar[str] = "case_id"

    case_id: CaseId


class CaseOpened(CaseFact, frozen=True, kw_only=True):
    """A report waits for the acceptor 待受理: the machine may not decide alone."""

    report_id: ReportId
    problem: Problem | None  # None: nothing could be proposed
    where: Where
    confidence_ppm: int
    why: tuple[str, ...]
    accept_due: datetime
    accept_limit: Limit | None = None  # None: told before limits were carried
    join: CaseId | None = None
    recurs: CaseId | None = None
    simulated: bool = False


BY_HAND = "by_hand"  # why: a person decided
SAID_BY_REPORTER = "said_by_reporter"  # why: who reported chose the case, "me too"


class ReportJoined(CaseFact, frozen=True, kw_only=True):
    """Another report of the same problem 并案."""

    report_id: ReportId
    left: CaseId | None = None  # the waiting case that held the report, now merged away
    why: tuple[str, ...] = ()


class ReportParted(CaseFact, frozen=True, kw_only=True):
    """拆分: a report that was joined wrongly leaves the case. It is another case's next: of the one that `into` names, or
    of one that begins with it."""

    report_id: ReportId
    reason: str  # a code with words: part.reason.*
    into: CaseId | None = None
    note: VaultRef | None = None


class CaseMerged(CaseFact, frozen=True, kw_only=True):
    """A waiting case ended because its report joined another case."""

    into: CaseId


class CaseAccepted(CaseFact, frozen=True, kw_only=True):
    """The acceptor took it up 受理, with the class put right; it waits for the duty leader 待立案."""

    problem: Problem
    corrected: bool  # a person chose otherwise than the machine proposed: it teaches
    recurs: CaseId | None = None  # the last closed case of the class that was chosen, at the place that was
    recurs_asked: bool = False  # whether it was looked for anew: where something was put right, and not of old


class CompletionDemanded(CaseFact, frozen=True, kw_only=True):
    """退回补正: the duty leader gives it back to the acceptor, who completes it; the clock to accept goes on."""

    reason: str  # a code with words: completion.reason.*
    note: VaultRef | None = None


class VerifyAsked(CaseFact, frozen=True, kw_only=True):
    """Somebody shall look on site before filing 核实."""

    task_id: TaskId
    post: PostId
    limit: Limit
    due_at: datetime


class CaseVerified(CaseFact, frozen=True, kw_only=True):
    """Seen on site: it is so, or it is not."""

    task_id: TaskId
    found: bool
    note: VaultRef | None = None
    by: AccountId


class CaseFiled(CaseFact, frozen=True, kw_only=True):
    """立案: the case has a number, a rule and a clock; now somebody must be made answerable."""

    number: str
    problem: Problem
    rule: RuleKept
    report_id: ReportId
    level: Level
    dispatch_due: datetime
    dispatch_limit: Limit | None = None
    automatic: bool
    confidence_ppm: int  # in class and place; a million where a person decided
    opened: bool  # the case existed before, waiting; else this fact begins it
    recurs: CaseId | None = None
    why: tuple[str, ...] = ()
    simulated: bool = False


class CaseRefused(CaseFact, frozen=True, kw_only=True):
    """不予受理 or 不予立案, with the reason that the reporter is told."""

    reason: str  # a code with words: filing.reason.*
    note: VaultRef | None = None
