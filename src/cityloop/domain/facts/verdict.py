"""核: each reporter is called back, and judges; what was not solved is done again 重办."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from cityloop.domain.facts.fact import Fact, VaultRef
from cityloop.domain.facts.filing import CaseFact
from cityloop.domain.ids import AccountId, CaseId, ReportId, TaskId, UnitId
from cityloop.domain.policy import Limit


class Way(StrEnum):
    """How a reporter is asked, or answered."""

    link = "link"  # the page of the tracking code
    sms = "sms"  # a message with that link
    phone = "phone"
    counter = "counter"  # the reporter came


class Solved(StrEnum):
    """解决情况. Source: standards.md 3.3."""

    solved = "solved"  # 解决
    partly = "partly"  # 部分解决
    no = "not"  # 未解决


class Satisfied(StrEnum):
    """满意情况. Source: standards.md 3.3."""

    satisfied = "satisfied"  # 满意
    mostly = "mostly"  # 基本满意
    no = "not"  # 不满意
    none = "none"  # 未评价


class ReportFact(Fact, frozen=True, kw_only=True):
    """A fact whose subject is a report: who reads the case need not learn which of its reporters it was."""

    SUBJECT: ClassVar[str] = "report"
    KEY: ClassVar[str] = "report_id"

    report_id: ReportId


class CallbackAsked(ReportFact, frozen=True, kw_only=True):
    """回访: this reporter shall be asked about this closing of the case, by this way."""

    callback_id: str
    case_id: CaseId
    closing: int  # number of the case's fact that closed it
    way: Way
    limit: Limit
    due_at: datetime  # by which the reporter is asked
    until: datetime  # the verdict counts, and the case may be taken up again, up to here
    script: str  # digest of the questions' words
    why: tuple[str, ...]  # the rule of the channel, and how the lot fell
    simulated: bool = False


class CallbackTried(ReportFact, frozen=True, kw_only=True):
    """Somebody called, and did not get an answer."""

    callback_id: str
    by: AccountId
    outcome: str  # a code with words: callback.tried.*
    next_at: datetime


class CallbackLapsed(ReportFact, frozen=True, kw_only=True):
    """Nobody answers any more, or nobody needs to."""

    callback_id: str
    case_id: CaseId
    reason: str  # a code with words: callback.lapsed.*


class VerdictGiven(ReportFact, frozen=True, kw_only=True):
    """The reporter's verdict on this closing. Their words lie in the vault."""

    case_id: CaseId
    closing: int
    callback_id: str | None  # None: nobody had asked them
    solved: Solved
    satisfied: Satisfied
    way: Way
    by: AccountId | None  # who wrote it down; None: the reporter
    reasons: tuple[str, ...] = ()  # codes with words: verdict.reason.*
    words: VaultRef | None = None
    changed: bool = False  # in the place of one given before


class ReplyGiven(ReportFact, frozen=True, kw_only=True):
    """答复: the reporter is told something in the city's name. The text lies in the vault."""

    reply_id: str
    by: AccountId
    kind: str  # a code with words: reply.kind.*
    words: VaultRef


class CaseRedone(CaseFact, frozen=True, kw_only=True):
    """重办: a closed case is taken up again, as a reporter was not content. Which of them, it does not say.

    With a task the same unit owes it again, by the limit of the case's rule; without one a dispatcher decides.
    """

    round: int  # how often it was taken up again, this one included
    by: AccountId | None  # None: by rule
    reason: str  # a code with words: redo.reason.*
    why: tuple[str, ...] = ()
    task_id: TaskId | None = None
    unit: UnitId | None = None
    assist: tuple[UnitId, ...] = ()
    limit: Limit | None = None
    sign_due: datetime | None = None
    sign_limit: Limit | None = None
    due_at: datetime | None = None
    dispatch_due: datetime | None = None
    dispatch_limit: Limit | None = None
