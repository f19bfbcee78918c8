"""热线: a work order of the hotline. It keeps its number, limits, reply and call-back, whatever becomes of its case."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from msgspec import Struct

from cityloop.domain.facts.fact import Fact, VaultRef
from cityloop.domain.facts.filing import CaseFact
from cityloop.domain.facts.verdict import Satisfied, Solved
from cityloop.domain.ids import CaseId, OrderId, ReportId
from cityloop.domain.policy import Limit, RequestKind


class Mark(StrEnum):
    """What an order carries besides its words."""

    whistle = "whistle"  # 吹哨
    sudden = "sudden"  # 突发
    escalated = "escalated"  # 提级
    repeat = "repeat"  # 重复来电
    secret = "secret"  # 保密: who called is told to nobody
    anonymous = "anonymous"  # 匿名


class Dues(Struct, frozen=True, kw_only=True):
    """The order's own clocks. `start` is the hotline's dispatch. No `reply_limit`: the hotline named the moment itself."""

    start: datetime
    sign_limit: Limit
    sign_due: datetime
    send_back_limit: Limit
    send_back_due: datetime
    contact_limit: Limit
    contact_due: datetime
    reply_limit: Limit | None
    reply_due: datetime


class OrderFact(Fact, frozen=True, kw_only=True):
    """A fact whose subject is a work order. `message` is the id under which the hotline sent what it follows from, and
    `said_at` when, by its clock."""

    SUBJECT: ClassVar[str] = "order"
    KEY: ClassVar[str] = "order_id"

    order_id: OrderId
    message: str | None = None
    said_at: datetime | None = None


class WorkOrderReceived(OrderFact, frozen=True, kw_only=True):
    """来单: the hotline gave us an order; the first time, or again after it had been sent or taken back."""

    source: str
    number: str
    round_no: int
    request_kind: RequestKind
    report_id: ReportId | None  # None: it was taken back before it came
    words: VaultRef
    caller: VaultRef | None = None
    marks: tuple[Mark, ...] = ()
    called_at: datetime | None = None
    sent_at: datetime
    dues: Dues
    dropped: tuple[str, ...] = ()  # messages that waited for it, and say nothing of this round
    simulated: bool = False


class WorkOrderUpdated(OrderFact, frozen=True, kw_only=True):
    """The hotline sent the order again, changed."""

    request_kind: RequestKind
    words: VaultRef
    caller: VaultRef | None = None
    marks: tuple[Mark, ...] = ()
    sent_at: datetime
    dues: Dues


class MessageKind(StrEnum):
    """What the hotline may say of an order."""

    urge = "urge"  # 催办
    withdrawal = "withdrawal"  # 撤单
    callback = "callback"  # 回访
    return_answer = "return_answer"  # 退单审核
    extension_answer = "extension_answer"  # 延期审核
    exclusion_answer = "exclusion_answer"  # 剔除审核


class Message(Struct, frozen=True, kw_only=True):
    """What the hotline says of an order, in codes. `at` is by the hotline's clock."""

    kind: MessageKind
    id: str
    at: datetime
    granted: bool | None = None
    until: datetime | None = None
    solved: Solved | None = None
    satisfied: Satisfied | None = None
    is_true: bool | None = None  # 是否属实
    note: VaultRef | None = None


class WorkOrderMessageKept(OrderFact, frozen=True, kw_only=True):
    """The hotline spoke of an order that has not come yet; it is done when the order comes."""

    VERSION: ClassVar[int] = 2

    source: str
    number: str
    body: Message


class WorkOrderSigned(OrderFact, frozen=True, kw_only=True):
    """签收: the order is ours."""

    on_time: bool


class WorkOrderReturnAsked(OrderFact, frozen=True, kw_only=True):
    """退单: it is not ours, with the reason; the hotline decides."""

    reason: str  # a code with words: hotline.return.*
    note: VaultRef | None = None


class WorkOrderReturnAnswered(OrderFact, frozen=True, kw_only=True):
    """The hotline takes it back, or not. Refused is signed for: then the order is ours."""

    granted: bool
    note: VaultRef | None = None


class WorkOrderContacted(OrderFact, frozen=True, kw_only=True):
    """响应: somebody spoke to the caller, or tried to."""

    how: str  # a code with words: hotline.how.*
    reached: bool
    on_time: bool


class WorkOrderExtensionAsked(OrderFact, frozen=True, kw_only=True):
    """延期: more time is asked for, before the limit is over."""

    limit: Limit
    until: datetime
    reason: str  # a code with words: hotline.extension.*


class WorkOrderExtensionAnswered(OrderFact, frozen=True, kw_only=True):
    """The hotline grants more time, or not."""

    granted: bool
    until: datetime | None = None
    note: VaultRef | None = None


class WorkOrderReplyDrafted(OrderFact, frozen=True, kw_only=True):
    """The case came to an end: what may be answered to this order's caller. A person sends it, as it is or changed."""

    case_id: CaseId
    outcome: str  # closed or refused
    draft: VaultRef


class WorkOrderReplied(OrderFact, frozen=True, kw_only=True):
    """答复: the hotline gets its answer."""

    words: VaultRef
    is_true: bool
    on_time: bool


class WorkOrderCalledBack(OrderFact, frozen=True, kw_only=True):
    """回访: what the caller said of it. The newest by the hotline's clock counts."""

    VERSION: ClassVar[int] = 2

    surveyed_at: datetime
    solved: Solved | None = None
    satisfied: Satisfied | None = None
    is_true: bool | None = None
    note: VaultRef | None = None


class WorkOrderUrged(OrderFact, frozen=True, kw_only=True):
    """催办: the hotline, or the caller through it, asks how long it takes."""

    note: VaultRef | None = None


class WorkOrderWithdrawn(OrderFact, frozen=True, kw_only=True):
    """撤单: the hotline takes the order back; nothing is owed for it any more."""

    note: VaultRef | None = None


class WorkOrderExclusionAsked(OrderFact, frozen=True, kw_only=True):
    """剔除: it should not count, with the reason; the hotline decides."""

    reason: str  # a code with words: hotline.exclusion.*
    note: VaultRef | None = None


class WorkOrderExclusionDecided(OrderFact, frozen=True, kw_only=True):
    """It does not count in the rates, or it does."""

    granted: bool
    note: VaultRef | None = None


class WorkOrderMarked(OrderFact, frozen=True, kw_only=True):
    """What an order carries was put right by hand."""

    marks: tuple[Mark, ...]


class CaseSourceWithdrawn(CaseFact, frozen=True, kw_only=True):
    """Whoever told us of the problem took it back, and nobody else did: the case goes on until a person decides."""

    order_id: OrderId
