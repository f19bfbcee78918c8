"""核: seen by another than the one who did it; closed, or sent back."""

from datetime import datetime

from cityloop.domain.facts.fact import VaultRef
from cityloop.domain.facts.filing import CaseFact
from cityloop.domain.facts.intake import PhotoRef
from cityloop.domain.ids import AccountId, PostId, TaskId, UnitId
from cityloop.domain.policy import Limit


class InspectionAsked(CaseFact, frozen=True, kw_only=True):
    """核查: a collector shall look at the result. Never the one who handled it."""

    task_id: TaskId
    handled_task: TaskId
    post: PostId | None  # None: no post could be found; `why` says so, and any inspector of the place may go
    limit: Limit
    due_at: datetime
    why: tuple[str, ...] = ()


class CaseInspected(CaseFact, frozen=True, kw_only=True):
    """Seen on site: it meets the closing condition, or not."""

    task_id: TaskId
    passed: bool
    by: AccountId
    photos: tuple[PhotoRef, ...] = ()
    note: VaultRef | None = None


class CaseReworked(CaseFact, frozen=True, kw_only=True):
    """返工: back to the same unit, with a new task and the clock of its kept limit; counted."""

    task_id: TaskId  # the new handling task
    unit: UnitId
    assist: tuple[UnitId, ...] = ()
    limit: Limit
    reason: str
    sign_due: datetime
    sign_limit: Limit | None = None
    due_at: datetime


class CaseClosed(CaseFact, frozen=True, kw_only=True):
    """结案."""

    by: AccountId | None  # None: closed by rule after an inspection that passed
    on_time: bool
