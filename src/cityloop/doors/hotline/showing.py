"""An order as a seat sees it: codes, clocks and what it waits for; who called is not in it."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec import Struct

from cityloop.db import Row
from cityloop.domain.facts import Dues, Mark, Satisfied, Solved
from cityloop.domain.ids import CaseId, OrderId, ReportId
from cityloop.domain.permission import Permission
from cityloop.domain.personal import Personal
from cityloop.domain.policy import Limit, Policy, RequestKind
from cityloop.doors.hotline.deeds import OrderDeed, deeds_of
from cityloop.doors.hotline.model import ANSWER, FIND, WORDS_DAYS, Exclusion, Order, OrderState
from cityloop.doors.hotline.moves import OVER, allowed
from cityloop.doors.hotline.rates import Counted, counted
from cityloop.doors.hotline.rules import marks_in
from cityloop.http import Caller
from cityloop.people.scope import covers_area


class OrderLine(Struct, frozen=True, kw_only=True):
    """An order in a list. `waits_for`: sign, contact, reply, hotline, call_back or nothing, and until when."""

    id: OrderId
    no: int
    source: str
    number: str
    round_no: int
    state: OrderState
    request_kind: RequestKind
    marks: tuple[Mark, ...]
    report_id: ReportId | None
    case_id: CaseId | None
    case_number: str | None
    case_state: str | None
    unit: str | None
    dispatched_at: datetime
    waits_for: str
    due_at: datetime | None
    is_late: bool
    urges: int
    exclusion: Exclusion | None
    solved: Solved | None
    satisfied: Satisfied | None
    has_draft: bool
    simulated: bool


class OrderView(Struct, frozen=True, kw_only=True):
    """An order whole. Words are None for who may not answer it, and once they are erased."""

    line: OrderLine
    dues: Dues
    called_at: datetime | None
    signed_at: datetime | None
    contacted_at: datetime | None
    contact_tries: int
    return_reason: str | None
    extensions: int
    extension_until: datetime | None
    replied_at: datetime | None
    is_true: bool | None
    surveyed_at: datetime | None
    exclusion_reason: str | None
    over_at: datetime | None
    moves: tuple[str, ...]
    deeds: tuple[OrderDeed, ...]
    extension_most: Limit | None  # at most so much more time may be asked for; the hotline grants it
    adds: Counted  # what it adds to the three rates as it stands
    title: Annotated[str, Personal(FIND, keep_days=WORDS_DAYS)] | None = None
    content: Annotated[str, Personal(FIND, keep_days=WORDS_DAYS)] | None = None
    address: Annotated[str, Personal(FIND, keep_days=WORDS_DAYS)] | None = None
    draft: Annotated[str, Personal(ANSWER, keep_days=WORDS_DAYS)] | None = None
    reply: Annotated[str, Personal(ANSWER, keep_days=WORDS_DAYS)] | None = None


def sees_order(caller: Caller, row: Row, permission: Permission = Permission.order_read) -> bool:
    """Whether a seat may know of an order: its area holds the case's place. Without a place, the whole city's seats do."""
    return any(covers_area(seat.area, row.cell) for seat in caller.seats_with(permission))


def waits_for(order: Order) -> tuple[str, datetime | None]:
    """What an order waits for next, and until when."""
    if order.state in OVER or order.state is OrderState.called_back:
        return "nothing", None
    if order.state is OrderState.received:
        return "sign", order.sign_due
    if order.state is OrderState.returning:
        return "hotline", None
    if order.contacted_at is None:
        return "contact", order.contact_due
    if order.state is OrderState.signed:
        return "reply", order.reply_due
    return "call_back", None


def line_of(row: Row, order: Order, now: datetime) -> OrderLine:
    """The order in a list."""
    what, due = waits_for(order)
    return OrderLine(
        id=order.id, no=order.no, source=order.source, number=order.number, round_no=order.round_no, state=order.state,
        request_kind=order.request_kind, marks=marks_in(order.marks), report_id=order.report_id, case_id=row.case_id,
        case_number=row.case_number, case_state=row.case_state, unit=row.unit, dispatched_at=order.dispatched_at,
        waits_for=what, due_at=due, is_late=due is not None and now > due, urges=order.urges, exclusion=order.exclusion,
        solved=order.solved, satisfied=order.satisfied, has_draft=order.draft is not None, simulated=order.simulated,
    )  # fmt: skip


def view_of(row: Row, order: Order, now: datetime, policy: Policy, words: dict[str, Any]) -> OrderView:
    """The order whole."""
    limit = policy.hotline_limit.get(order.request_kind)
    return OrderView(
        line=line_of(row, order, now), dues=msgspec.json.decode(order.dues, type=Dues), called_at=order.called_at,
        signed_at=order.signed_at, contacted_at=order.contacted_at, contact_tries=order.contact_tries,
        return_reason=order.return_reason, extensions=order.extensions, extension_until=order.extension_until,
        replied_at=order.replied_at, is_true=order.is_true, surveyed_at=order.surveyed_at,
        exclusion_reason=order.exclusion_reason, over_at=order.over_at,
        moves=tuple(move.name for move in allowed(order.state) if move.who is Permission.order_answer),
        deeds=deeds_of(order, policy, now), extension_most=limit.extension if limit else None,
        adds=counted(order, policy.hotline_rates, now), **words,
    )  # fmt: skip
