"""Approvals as every room speaks of them: reasons, what a grant does, and which row of the matrix asks for what."""

from collections.abc import Callable, Sequence
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from cityloop.domain.errors import Refused
from cityloop.domain.lifecycle import State
from cityloop.domain.permission import Permission
from cityloop.domain.policy import ApprovalKind, ApprovalRow, Limit


class ReturnReason(StrEnum):
    """Why a unit sends a task back. Words: `handle.reason.*`."""

    not_ours = "not_ours"  # another unit answers for it
    wrong_place = "wrong_place"  # it lies elsewhere
    wrong_class = "wrong_class"  # it is something else
    repeated = "repeated"  # it is known under another number
    not_found = "not_found"  # nothing is there
    no_means = "no_means"  # conditions for the work are absent


class ApprovalReason(StrEnum):
    """Why an approval is asked for, or refused. Words: `approval.reason.*`."""

    weather = "weather"
    materials = "materials"  # on their way
    larger = "larger"  # the work is larger than it looked
    other_works = "other_works"  # others must finish first
    no_permit = "no_permit"
    no_funds = "no_funds"
    owner_unclear = "owner_unclear"  # 权属不清
    in_court = "in_court"
    season = "season"  # planting, frost
    event = "event"  # a fair, an exam, a visit
    in_plan = "in_plan"  # it is done with a larger plan
    filed_wrongly = "filed_wrongly"
    filed_twice = "filed_twice"
    never_there = "never_there"
    not_grounded = "not_grounded"  # refused: the reason does not hold
    incomplete = "incomplete"  # refused: something is missing
    can_be_done = "can_be_done"  # refused: it can be done as it is


R = ApprovalReason
REASONS: dict[ApprovalKind, tuple[StrEnum, ...]] = {
    ApprovalKind.return_: tuple(each for each in ReturnReason if each is not ReturnReason.not_ours),
    ApprovalKind.misdispatch: (ReturnReason.not_ours,),
    ApprovalKind.extension: (R.weather, R.materials, R.larger, R.other_works, R.no_permit),
    ApprovalKind.suspension: (R.no_funds, R.no_permit, R.owner_unclear, R.in_court, R.other_works, R.in_plan),
    ApprovalKind.deferral: (R.season, R.event, R.in_plan, R.weather),
    ApprovalKind.void: (R.filed_wrongly, R.filed_twice, R.never_there),
}
DENIALS = (R.not_grounded, R.incomplete, R.can_be_done)
EFFECT: dict[ApprovalKind, str] = {  # the fact that a grant brings with it
    ApprovalKind.return_: "TaskReturned",
    ApprovalKind.misdispatch: "TaskReturned",
    ApprovalKind.extension: "TaskExtended",
    ApprovalKind.suspension: "CaseSuspended",
    ApprovalKind.deferral: "CaseDeferred",
    ApprovalKind.void: "CaseVoided",
}
PUTS_OFF = frozenset({ApprovalKind.suspension, ApprovalKind.deferral})
OF_TASK = frozenset(ApprovalKind) - {ApprovalKind.void}  # asked for by the unit, about its task
WORDED = {ReturnReason: "handle.reason", ApprovalReason: "approval.reason"}


def asks_with(kind: ApprovalKind) -> Permission:
    """Whose it is to ask: the unit's, of its work; the supervision centre's, of the file 监督与指挥分离."""
    return Permission.case_handle if kind in OF_TASK else Permission.case_accept


def grants_with(kind: ApprovalKind) -> Permission:
    """Whose it is to decide: command of time and work, supervision of the file."""
    return Permission.case_approve_work if kind in OF_TASK else Permission.case_approve_file


def kind_of_return(reason: str) -> ApprovalKind:
    """What a return for this reason is: wrongly sent is nobody's fault but the sender's."""
    return ApprovalKind.misdispatch if reason == ReturnReason.not_ours else ApprovalKind.return_


def has_task(state: State) -> bool:
    """Whether a unit holds the case."""
    return state in (State.to_sign, State.handling, State.suspended, State.deferred)


class TooOften(Refused):
    """The city grants this kind so many times and no more."""

    code = "approval.too_often"


class TooLong(Refused):
    """The city grants this kind for so long and no longer."""

    code = "approval.too_long"


class NotInPack(Refused):
    """The city's pack has no approval of this kind."""

    code = "approval.not_in_pack"


class Length(Struct, frozen=True, kw_only=True):
    """How much is asked for: a limit, or a day; a kind without a length has neither."""

    limit: Limit | None = None
    until: datetime | None = None


def row_for(
    rows: Sequence[ApprovalRow], kind: ApprovalKind, nth: int, end: datetime | None, end_of: Callable[[Limit], datetime]
) -> ApprovalRow:
    """The row of the matrix for the n-th request of a kind that reaches to `end`: the shortest that holds it.

    `end_of` says where a limit of a row would reach to; so lengths in different units can be told apart.

    Refuses with `NotInPack`, `TooOften` or `TooLong`.
    """
    of_kind = [row for row in rows if row.kind is kind]
    if not of_kind:
        raise NotInPack(f"The city's pack has no approval of the kind {kind}; add a row to approvals.csv.")
    counted = [row for row in of_kind if row.count_from <= nth <= (row.count_to or nth)]
    if not counted:
        most = max(row.count_to or 0 for row in of_kind)
        raise TooOften(f"A case gets {kind} {most} times at most, and this would be the {nth}th; finish the work.")
    open_ended = [row for row in counted if row.up_to is None]
    if end is None:
        return (open_ended or counted)[0]
    reaching = [(end_of(row.up_to), row) for row in counted if row.up_to is not None]
    able = [(reach, row) for reach, row in reaching if end <= reach]
    if able:
        return min(able, key=lambda pair: pair[0])[1]
    if open_ended:
        return open_ended[0]
    longest = max(reaching, key=lambda pair: pair[0])[1].up_to
    raise TooLong(f"{kind} no. {nth} holds for {longest.value} {longest.unit} at most; ask for less.")
