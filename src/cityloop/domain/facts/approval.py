"""批: what is asked for, who agrees or does not, and what follows: more time, a hold, a return, the end of a case."""

from datetime import datetime

from cityloop.domain.facts.fact import VaultRef
from cityloop.domain.facts.filing import CaseFact
from cityloop.domain.facts.intake import PhotoRef
from cityloop.domain.ids import AccountId, ApprovalId, HoldId, TaskId, UnitId
from cityloop.domain.policy import ApprovalKind, Lapse, Limit, Source


class ApprovalAsked(CaseFact, frozen=True, kw_only=True):
    """申请: somebody asks that a case be returned, extended, suspended, deferred or made void."""

    approval_id: ApprovalId
    kind: ApprovalKind
    nth: int  # of this kind for this case, those withdrawn not counted
    task_id: TaskId | None = None  # whose unit asks; None: it is about the file
    by: AccountId
    reason: str  # a code with words
    length: Limit | None = None
    until: datetime | None = None  # how far a hold would reach
    note: VaultRef | None = None
    plan: VaultRef | None = None  # how it is to be settled
    photos: tuple[PhotoRef, ...] = ()
    steps: tuple[str, ...]  # roles, one after the other
    left_out: tuple[str, ...] = ()  # roles of the row that the unit has nobody for
    form: str = "none"
    decide_due: datetime
    decide_limit: Limit
    lapse: Lapse
    clock_stands: bool  # from now on, until it is decided
    counts_as_due: bool
    task_due: datetime | None = None  # as it stood when it was asked
    source: Source  # of the matrix's row


class ApprovalForwarded(CaseFact, frozen=True, kw_only=True):
    """批转: one step has agreed, the next is asked."""

    approval_id: ApprovalId
    by: AccountId
    role: str
    next_role: str
    decide_due: datetime
    note: VaultRef | None = None


class ApprovalGranted(CaseFact, frozen=True, kw_only=True):
    """同意: the last step has agreed. What that does is told by the fact that follows."""

    approval_id: ApprovalId
    by: AccountId
    role: str
    note: VaultRef | None = None


class ApprovalRefused(CaseFact, frozen=True, kw_only=True):
    """不同意: with a reason. A clock that stood goes on."""

    approval_id: ApprovalId
    by: AccountId
    role: str
    reason: str
    note: VaultRef | None = None
    due_at: datetime | None = None  # of the task, where its clock goes on


class ApprovalWithdrawn(CaseFact, frozen=True, kw_only=True):
    """撤回: taken back, or overtaken by what happened. A clock that stood has not stood at all."""

    approval_id: ApprovalId
    by: AccountId | None = None  # None: nobody; the work went on
    why: str  # asker, or the fact that overtook it


class ApprovalLapsed(CaseFact, frozen=True, kw_only=True):
    """逾期未批: nobody decided in time, and the pack says what that means."""

    approval_id: ApprovalId
    role: str  # who was asked
    lapse: Lapse
    due_at: datetime | None = None


class TaskExtended(CaseFact, frozen=True, kw_only=True):
    """延期: more time, counted from the deadline."""

    approval_id: ApprovalId
    task_id: TaskId
    length: Limit
    due_at: datetime


class Held(CaseFact, frozen=True, kw_only=True):
    """What is put off, since when and until when."""

    hold_id: HoldId
    approval_id: ApprovalId
    task_id: TaskId
    reason: str
    since: datetime  # the asking: from there the clock stands
    until: datetime
    counts_as_due: bool


class CaseSuspended(Held, frozen=True, kw_only=True):
    """挂账: the conditions for the work are absent; the case stands in the problem store 问题库 until it is settled."""


class CaseDeferred(Held, frozen=True, kw_only=True):
    """缓办: put off to a date, at which the work goes on by itself."""


class HoldExpired(CaseFact, frozen=True, kw_only=True):
    """挂账到期: its time is over and it is not settled; it stands before who granted it once more."""

    hold_id: HoldId
    until: datetime
    role: str


class CaseResumed(CaseFact, frozen=True, kw_only=True):
    """销账, or the end of a deferral: the unit goes on, with the time that was left."""

    hold_id: HoldId
    task_id: TaskId
    by: AccountId | None = None  # None: its date has come
    due_at: datetime
    note: VaultRef | None = None


class CaseVoided(CaseFact, frozen=True, kw_only=True):
    """作废: it should not have been filed. Who works on it need not go on."""

    approval_id: ApprovalId
    reason: str
    task_id: TaskId | None = None  # that was running
    hold_id: HoldId | None = None  # that it was put off by
    supervision_id: str | None = None  # that was not settled
    whistle_id: str | None = None  # that was not ended
    called: tuple[UnitId, ...] = ()  # by that whistle
