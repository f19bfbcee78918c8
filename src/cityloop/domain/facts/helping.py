"""派 and 处, where more than one unit has to do with a case: another one instead, and others that help."""

from datetime import datetime

from cityloop.domain.facts.dispatch import Duty
from cityloop.domain.facts.fact import VaultRef
from cityloop.domain.facts.filing import CaseFact, StageKept
from cityloop.domain.facts.intake import PhotoRef
from cityloop.domain.ids import AccountId, TaskId, UnitId
from cityloop.domain.policy import Limit


class CaseReassigned(CaseFact, frozen=True, kw_only=True):
    """改派: another unit is answerable before the work is finished. Its clock begins anew; the old task ends here."""

    ended_task: TaskId
    from_unit: UnitId
    task_id: TaskId
    duty: Duty
    sign_due: datetime
    sign_limit: Limit
    due_at: datetime
    stages: tuple[StageKept, ...] = ()  # of the rule, where its limit counts; what was reached stays reached
    stage: int = 0  # which of them runs
    reason: str  # a code with words: dispatch.reason.*
    note: VaultRef | None = None


class AssistAsked(CaseFact, frozen=True, kw_only=True):
    """协办: a unit helps the one that is answerable, with a task and a clock of its own."""

    task_id: TaskId
    lead_task: TaskId
    unit: UnitId
    limit: Limit
    sign_due: datetime
    sign_limit: Limit
    due_at: datetime
    why: str  # by_hand, with_lead: the duty table names it, rework: it helped before


class AssistSigned(CaseFact, frozen=True, kw_only=True):
    """The unit that helps has seen it."""

    task_id: TaskId
    by: AccountId


class AssistFinished(CaseFact, frozen=True, kw_only=True):
    """The unit that helps says that its part is done, with proof."""

    task_id: TaskId
    by: AccountId
    photos: tuple[PhotoRef, ...] = ()
    note: VaultRef | None = None
    overdue: bool


class AssistCancelled(CaseFact, frozen=True, kw_only=True):
    """Help is not waited for any more: the lead finished without it and says why, or the case left the lead."""

    task_id: TaskId
    reason: str  # a code with words: assist.reason.*
