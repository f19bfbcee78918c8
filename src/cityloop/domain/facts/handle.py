"""处: the work, and its proofs."""

from datetime import datetime

from cityloop.domain.facts.fact import VaultRef
from cityloop.domain.facts.filing import CaseFact
from cityloop.domain.facts.intake import PhotoRef
from cityloop.domain.ids import AccountId, TaskId


class TaskSigned(CaseFact, frozen=True, kw_only=True):
    """签收: the unit has seen it."""

    task_id: TaskId
    by: AccountId


class TaskReturned(CaseFact, frozen=True, kw_only=True):
    """回退: not ours, or cannot be done; back to the dispatcher with a reason."""

    task_id: TaskId
    by: AccountId
    reason: str  # a code with words: handle.reason.*
    misdispatched: bool
    dispatch_due: datetime  # the dispatcher's clock starts anew
    note: VaultRef | None = None


class TaskFinished(CaseFact, frozen=True, kw_only=True):
    """The unit says that it is done, with proof. Whether it is, others see."""

    task_id: TaskId
    by: AccountId
    photos: tuple[PhotoRef, ...] = ()
    note: VaultRef | None = None
    overdue: bool


class DueMoved(CaseFact, frozen=True, kw_only=True):
    """A deadline moved for all alike, e.g. the calendar was put right."""

    task_id: TaskId
    due_at: datetime
    why: str
