"""申诉: a unit against what was counted against it. The facts stay; what is upheld is not counted."""

from enum import StrEnum

from cityloop.domain.facts.fact import VaultRef
from cityloop.domain.facts.filing import CaseFact
from cityloop.domain.ids import AccountId, TaskId, UnitId


class About(StrEnum):
    """What was counted against a unit."""

    overdue = "overdue"  # 超期
    returned = "returned"  # 回退, that was not judged misdispatched
    rework = "rework"  # 返工
    failed_inspection = "failed_inspection"  # 核查不通过


class AppealLodged(CaseFact, frozen=True, kw_only=True):
    """A unit says why something should not be counted against its task."""

    appeal_id: str
    task_id: TaskId
    unit: UnitId
    about: About
    by: AccountId
    note: VaultRef


class AppealGranted(CaseFact, frozen=True, kw_only=True):
    """It is right: figures leave out what it is about."""

    appeal_id: str
    by: AccountId
    answer: VaultRef | None = None


class AppealDismissed(CaseFact, frozen=True, kw_only=True):
    """It is not right: it stays counted."""

    appeal_id: str
    by: AccountId
    reason: str  # a code with words: appeal.reason.*
    answer: VaultRef | None = None
