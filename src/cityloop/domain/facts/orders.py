"""What is said about a case without moving it: reminders, formal supervision, a leader's word."""

from datetime import datetime
from enum import StrEnum

from cityloop.domain.facts.fact import VaultRef
from cityloop.domain.facts.filing import CaseFact
from cityloop.domain.ids import AccountId, TaskId, UnitId
from cityloop.domain.policy import Limit


class CaseUrged(CaseFact, frozen=True, kw_only=True):
    """催办: somebody reminds the unit by hand."""

    urge_id: str
    task_id: TaskId
    unit: UnitId
    by: AccountId
    reason: str  # a code with words: urge.reason.*
    note: VaultRef | None = None


class OverdueNoticed(CaseFact, frozen=True, kw_only=True):
    """催办通知书: the day after a task's deadline passed, once for each deadline."""

    urge_id: str
    task_id: TaskId
    unit: UnitId
    due_at: datetime  # that passed


class SupervisionLevel(StrEnum):
    """How grave a supervision is; each has its own date for the answer in the pack."""

    ordinary = "ordinary"  # 一般督办
    important = "important"  # 重点督办
    urgent = "urgent"  # 紧急督办


class SupervisionIssued(CaseFact, frozen=True, kw_only=True):
    """督办: formal, numbered, to the unit that is answerable, with a date for the answer."""

    supervision_id: str
    number: str
    level: SupervisionLevel
    unit: UnitId
    answer_due: datetime
    answer_limit: Limit
    by: AccountId
    reason: str  # a code with words: supervise.reason.*
    note: VaultRef | None = None


class SupervisionAnswered(CaseFact, frozen=True, kw_only=True):
    """The unit says what it has done about it."""

    supervision_id: str
    by: AccountId
    answer: VaultRef
    overdue: bool


class SupervisionRejected(CaseFact, frozen=True, kw_only=True):
    """The answer does not do: the unit is asked again, by a new date."""

    supervision_id: str
    by: AccountId
    reason: str  # a code with words: supervise.reason.*
    answer_due: datetime
    answer_limit: Limit


class SupervisionAccepted(CaseFact, frozen=True, kw_only=True):
    """The answer is accepted; the supervision is over."""

    supervision_id: str
    by: AccountId


class SupervisionMissed(CaseFact, frozen=True, kw_only=True):
    """The date for the answer passed, and none came."""

    supervision_id: str
    answer_due: datetime


class Addressed(StrEnum):
    """Whom a leader's word is for."""

    supervision = "supervision"  # 监督中心
    command = "command"  # 指挥中心
    unit = "unit"  # the unit that is answerable


class CaseInstructed(CaseFact, frozen=True, kw_only=True):
    """批示: a leader's word on a case; the word itself lies in the vault."""

    instruction_id: str
    addressed: Addressed
    urgency: int  # 0 ordinary, 1 soon, 2 danger; raises that of the case
    said: VaultRef
    by: AccountId
