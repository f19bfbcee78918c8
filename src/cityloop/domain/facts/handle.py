"""处: the work, and its proofs."""

from datetime import datetime
from enum import StrEnum

from cityloop.domain.facts.fact import VaultRef
from cityloop.domain.facts.filing import CaseFact
from cityloop.domain.facts.intake import PhotoRef
from cityloop.domain.ids import AccountId, ApprovalId, TaskId
from cityloop.domain.policy import Limit


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
    dispatch_limit: Limit | None = None
    note: VaultRef | None = None
    approval_id: ApprovalId | None = None  # None: none was needed
    clock_from: datetime | None = None  # since when its clock stands: the asking; None: since it was sent back


class TaskFinished(CaseFact, frozen=True, kw_only=True):
    """The unit says that it is done, with proof. Whether it is, others see."""

    task_id: TaskId
    by: AccountId
    photos: tuple[PhotoRef, ...] = ()
    note: VaultRef | None = None
    overdue: bool


class Measure(StrEnum):
    """What a running limit is for."""

    accept = "accept"  # 受理
    verify = "verify"  # 核实
    dispatch = "dispatch"  # 派遣
    sign = "sign"  # 签收
    handle = "handle"  # 处置
    inspect = "inspect"  # 核查


class DueMoved(CaseFact, frozen=True, kw_only=True):
    """A deadline moved for all alike, e.g. the calendar was put right."""

    task_id: TaskId | None = None  # None: the limit is the case's, to accept or to dispatch
    measures: Measure | None = None  # None: told before it was said; what the task asks for
    due_at: datetime
    why: str
