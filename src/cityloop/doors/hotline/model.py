"""What the hotline door speaks of: orders in the hotline's own field names, the order as it is, and how it says no."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from msgspec import Struct

from cityloop.domain.errors import Invalid, NotFound, Refused
from cityloop.domain.facts import Mark, MessageKind, Satisfied, Solved
from cityloop.domain.ids import OrderId, ReportId
from cityloop.domain.personal import Personal
from cityloop.domain.policy import RequestKind

WORDS_DAYS = 1095  # as long as a report's words
CALLER_DAYS = 365
WORDS, CALLER, NOTE, REPLY = "order_words", "order_caller", "order_note", "order_reply"  # kinds of vault items
ANSWER = "to answer the caller through the hotline"
FIND = "to find and handle what was reported"
SOURCE = "12345"  # where the hotline does not say otherwise


class OrderAsked(Struct, frozen=True, kw_only=True, rename="camel"):
    """A work order as the hotline sends it. What else it sends is left where it came from."""

    work_order_number: str
    source: str = SOURCE
    work_order_category: str = "help"  # 诉求类型: a code of ours, or 咨询 求助 投诉 举报 建议
    title: Annotated[str, Personal(FIND, keep_days=WORDS_DAYS)] = ""
    main_content: Annotated[str, Personal(FIND, keep_days=WORDS_DAYS)] = ""
    occurrence_address: Annotated[str, Personal(FIND, keep_days=WORDS_DAYS)] = ""
    lon: Annotated[float, Personal(FIND, keep_days=WORDS_DAYS)] | None = None
    lat: Annotated[float, Personal(FIND, keep_days=WORDS_DAYS)] | None = None
    coords: str = "wgs84"
    category_one: str = ""
    category_two: str = ""
    category_three: str = ""
    label_code: list[str] = []
    call_user_name: Annotated[str, Personal(ANSWER, keep_days=CALLER_DAYS)] = ""
    call_phone_number: Annotated[str, Personal(ANSWER, keep_days=CALLER_DAYS)] = ""
    call_user_address: Annotated[str, Personal(ANSWER, keep_days=CALLER_DAYS)] = ""
    contact_info: Annotated[str, Personal(ANSWER, keep_days=CALLER_DAYS)] = ""
    call_time: str | None = None
    city_dispatch_time: str | None = None  # whence its clocks count
    send_time: str | None = None  # of this version of it
    deadline: str | None = None  # of the reply, where the hotline names it
    is_whistle: bool = False
    sudden_case: bool = False
    mention: bool = False
    is_repeat: bool = False
    secret: bool = False
    anonymous: bool = False
    simulated: bool = False


class OrderWords(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the caller wants, as the vault keeps it."""

    title: Annotated[str, Personal(FIND, keep_days=WORDS_DAYS)] = ""
    content: Annotated[str, Personal(FIND, keep_days=WORDS_DAYS)] = ""
    address: Annotated[str, Personal(FIND, keep_days=WORDS_DAYS)] = ""
    lon: Annotated[float, Personal(FIND, keep_days=WORDS_DAYS)] | None = None
    lat: Annotated[float, Personal(FIND, keep_days=WORDS_DAYS)] | None = None
    coords: str = "wgs84"
    categories: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()


class OrderCaller(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who called, as the vault keeps it."""

    name: Annotated[str, Personal(ANSWER, keep_days=CALLER_DAYS)] = ""
    phone: Annotated[str, Personal(ANSWER, keep_days=CALLER_DAYS)] = ""
    address: Annotated[str, Personal(ANSWER, keep_days=CALLER_DAYS)] = ""
    contact: Annotated[str, Personal(ANSWER, keep_days=CALLER_DAYS)] = ""


class OrderText(Struct, frozen=True, kw_only=True):
    """A reply, a draft of one, or a note, as the vault keeps it."""

    text: Annotated[str, Personal(ANSWER, keep_days=WORDS_DAYS)]


class OrderSound(Struct, frozen=True, kw_only=True):
    """An order that may be taken: its words cleaned, its moments read, its marks known."""

    source: str
    number: str
    request_kind: RequestKind
    words: OrderWords
    caller: OrderCaller | None
    marks: tuple[Mark, ...]
    called_at: datetime | None
    dispatched_at: datetime
    dispatch_said: bool  # else it is when the order came
    sent_at: datetime
    deadline: datetime | None
    simulated: bool


class MessageAsked(Struct, frozen=True, kw_only=True, rename="camel"):
    """What the hotline says of an order. With the same `messageId`, or without one at the same `at`, it is the same."""

    at: str
    source: str = SOURCE
    message_id: str | None = None
    granted: bool | None = None
    until: str | None = None
    is_solved: str | None = None  # solved, partly, not, or 解决 部分解决 未解决
    is_satisfaction: str | None = None  # satisfied, mostly, not, none, or 满意 基本满意 不满意 未评价
    is_true: bool | None = None
    note: Annotated[str, Personal(ANSWER, keep_days=WORDS_DAYS)] = ""


class OrderState(StrEnum):
    """Where an order stands between the hotline and us."""

    received = "received"  # 待签收
    signed = "signed"  # 办理中
    returning = "returning"  # 退单审核中
    replied = "replied"  # 已答复
    called_back = "called_back"  # 已回访
    returned = "returned"  # 已退单
    withdrawn = "withdrawn"  # 已撤单


class Exclusion(StrEnum):
    """Whether an order counts in the rates."""

    asked = "asked"
    granted = "granted"
    denied = "denied"


class ReturnReason(StrEnum):
    """Why an order is sent back. Words: `hotline.return.*`."""

    not_ours = "not_ours"
    outside = "outside"
    repeated = "repeated"
    unclear = "unclear"
    private_matter = "private_matter"


class ContactHow(StrEnum):
    """How the caller was spoken to. Words: `hotline.how.*`."""

    phone = "phone"
    visit = "visit"
    message = "message"


class ExtensionReason(StrEnum):
    """Why more time is needed. Words: `hotline.extension.*`."""

    works = "works"  # the work itself takes longer
    weather = "weather"
    other_units = "other_units"
    law = "law"  # a procedure has its own terms


class ExclusionReason(StrEnum):
    """Why an order should not count. Words: `hotline.exclusion.*`."""

    not_so = "not_so"  # it is not as told
    legal_process = "legal_process"
    unreasonable = "unreasonable"
    beyond_policy = "beyond_policy"
    not_ours = "not_ours"


class Order(Struct, frozen=True, kw_only=True):
    """A work order as it is. `marks` and `dues` are JSON; words, caller, reply and draft name vault items."""

    id: OrderId
    no: int
    source: str
    number: str
    round_no: int
    state: OrderState
    request_kind: RequestKind
    report_id: ReportId | None
    words: str
    caller: str | None
    marks: str
    received_at: datetime
    called_at: datetime | None
    sent_at: datetime
    dispatched_at: datetime
    sign_due: datetime
    send_back_due: datetime
    contact_due: datetime
    reply_due: datetime
    dues: str
    signed_at: datetime | None = None
    contacted_at: datetime | None = None
    contact_tries: int = 0
    return_reason: str | None = None
    extensions: int = 0
    extension_until: datetime | None = None  # that is asked for and not answered
    draft: str | None = None
    drafted_at: datetime | None = None
    reply: str | None = None
    replied_at: datetime | None = None
    is_true: bool | None = None
    surveyed_at: datetime | None = None
    survey: str | None = None  # the message that counts
    solved: Solved | None = None
    satisfied: Satisfied | None = None
    urges: int = 0
    urged_at: datetime | None = None
    exclusion: Exclusion | None = None
    exclusion_reason: str | None = None
    over_at: datetime | None = None
    simulated: bool = False


class MessageRow(Struct, frozen=True, kw_only=True):
    """A message of the hotline that was taken; with a body it still waits for its order."""

    order_id: OrderId
    message: str
    no: int
    body: str | None = None


class Taken(StrEnum):
    """What became of something that the hotline sent."""

    now = "now"
    kept = "kept"  # until its order comes
    known = "known"  # it came before


class NotSetUp(Refused):
    """The pack has no limits for work orders."""

    code = "hotline.not_set_up"


class OrderUnknown(NotFound):
    """No such order, or not for this caller."""

    code = "hotline.order_unknown"


class BadOrder(Invalid):
    """What the hotline sent cannot be taken."""

    code = "hotline.bad_order"


class OrderMoveForbidden(Refused):
    """The table of moves does not know this step of an order from here."""

    code = "hotline.move_forbidden"


class ReturnTooLate(Refused):
    """An order may be sent back only within its limit."""

    code = "hotline.return_too_late"


class ExtensionWrong(Refused):
    """More time is asked for too late, too often, or for too long."""

    code = "hotline.extension_wrong"


class ExclusionWrong(Refused):
    """It is asked already, or was decided."""

    code = "hotline.exclusion_wrong"


class OrderReasonUnknown(Invalid):
    """A reason that is none of the codes."""

    code = "hotline.reason_unknown"


class ReplyEmpty(Invalid):
    """There is neither a reply nor a draft of one."""

    code = "hotline.reply_empty"


class PeriodWrong(Invalid):
    """A period that ends before it begins, or is longer than a year or so."""

    code = "hotline.period_wrong"


KINDS = tuple(MessageKind)
