"""Steps of the work with limits of their own 分段时限."""

from datetime import datetime

from cityloop.domain.facts.fact import VaultRef
from cityloop.domain.facts.filing import CaseFact
from cityloop.domain.ids import AccountId, TaskId
from cityloop.domain.policy import Limit


class TaskStageReached(CaseFact, frozen=True, kw_only=True):
    """A step of the work is done, as its unit says; the clock of the next begins."""

    task_id: TaskId
    by: AccountId
    stage: str  # the code of the step that is done
    overdue: bool
    next: str  # the code of the step that begins
    limit: Limit  # and its limit
    due_at: datetime
    note: VaultRef | None = None
