"""HTTP of the seat 坐席: lists of orders, one order, what is answered to the hotline, and the three rates."""

from datetime import datetime, timedelta
from typing import Annotated, Any

import msgspec
from litestar import Response, get, post
from litestar.params import QueryParameter
from msgspec import Struct

from cityloop.db import Row, Tx
from cityloop.domain.facts import Mark
from cityloop.domain.ids import OrderId
from cityloop.domain.permission import Permission
from cityloop.domain.policy import Limit
from cityloop.domain.private import for_work
from cityloop.doors.hotline import desk, store
from cityloop.doors.hotline.model import Order, OrderState, OrderText, OrderUnknown, OrderWords, PeriodWrong
from cityloop.doors.hotline.rates import NAMES, Counted, Rates, counted, rates_of
from cityloop.doors.hotline.showing import OrderLine, OrderView, line_of, sees_order, view_of
from cityloop.http import Door, Page, needs, page_limit
from cityloop.http.door import etag
from cityloop.http.lists import keys_of, mark_of

READ, SEAT = [needs(Permission.order_read)], [needs(Permission.order_answer)]
LAST = "9999-12-31T23:59:59.999999Z"
PERIOD_DAYS_MAX = 400
GROUPS = ("unit", "street", "district", "request_kind")
SCAN = 200  # rows looked at for one page: those of another area are passed over


class ReasonAsked(Struct, kw_only=True):
    """Why: a code, and words for the file."""

    reason: str
    note: str = ""


class ContactAsked(Struct, kw_only=True):
    """How the caller was spoken to, and whether they were reached."""

    how: str = "phone"
    reached: bool = True


class ExtensionAsked(Struct, kw_only=True):
    """How much more time, and why."""

    limit: Limit
    reason: str


class ReplyAsked(Struct, kw_only=True):
    """What the hotline may tell the caller; empty sends the draft. `is_true`: whether it was as told."""

    text: str = ""
    is_true: bool = True


class MarksAsked(Struct, kw_only=True):
    """What the order carries."""

    marks: list[Mark]


class RatesView(Struct, kw_only=True):
    """The rates of all orders of the period that the caller may see, and of each group."""

    all: Rates
    groups: dict[str, Rates]


class CountedLine(Struct, kw_only=True):
    """An order behind the rates, and what it adds to each."""

    order: OrderLine
    adds: Counted


@get("/v1/orders", guards=READ)
async def get_orders(
    door: Door,
    states: Annotated[list[OrderState] | None, QueryParameter(name="state")] = None,
    number: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page[OrderLine]:
    """Work orders, the newest dispatch first, as far as the caller's area reaches."""
    count = page_limit(limit)
    at, id = keys_of(after, 2) if after else (LAST, "")

    def ask(tx: Tx) -> Page[OrderLine]:
        rows = store.order_rows(tx, before=(str(at), str(id)), states=tuple(states or ()), limit=SCAN + 1)
        seen: list[Row] = []
        for place, row in enumerate(rows[:SCAN]):
            if sees_order(door.caller, row) and number in (None, row.number):
                seen.append(row)
            if len(seen) == count:
                more = place + 1 < len(rows)
                break
        else:
            more = len(rows) > SCAN
        last = seen[-1] if len(seen) == count else rows[:SCAN][-1] if rows else None
        next = mark_of(last.dispatched_at, last.id) if more and last else None
        return Page(items=[line_of(row, store.order_of(row), tx.now) for row in seen], next=next)

    return await door.read(ask)


@get("/v1/orders/{order_id:str}", guards=READ)
async def get_order(order_id: OrderId, door: Door) -> Response[OrderView]:
    """One order, with its words for who may answer it, and the ETag that a change of it needs."""
    return await _shown(door, order_id, 200)


@post("/v1/orders/{order_id:str}/signature", status_code=201, guards=SEAT)
async def post_signature(order_id: OrderId, door: Door) -> Response[OrderView]:
    """签收: the order is ours."""
    return await _changed(door, order_id, lambda tx: desk.sign_order(tx, order_id))


@post("/v1/orders/{order_id:str}/return", status_code=201, guards=SEAT)
async def post_return(order_id: OrderId, data: ReasonAsked, door: Door) -> Response[OrderView]:
    """退单: ask the hotline to take it back."""
    return await _changed(door, order_id, lambda tx: desk.return_order(tx, order_id, reason=data.reason, note=data.note))


@post("/v1/orders/{order_id:str}/contact", status_code=201, guards=SEAT)
async def post_contact(order_id: OrderId, data: ContactAsked, door: Door) -> Response[OrderView]:
    """响应: somebody spoke to the caller, or tried to."""
    return await _changed(
        door, order_id, lambda tx: desk.contact_caller(tx, order_id, how=data.how, reached=data.reached)
    )


@post("/v1/orders/{order_id:str}/extension", status_code=201, guards=SEAT)
async def post_extension(order_id: OrderId, data: ExtensionAsked, door: Door) -> Response[OrderView]:
    """延期: ask the hotline for more time."""
    use_case = lambda tx: desk.ask_extension(tx, order_id, by=data.limit, reason=data.reason, policy=door.policy)
    return await _changed(door, order_id, use_case)


@post("/v1/orders/{order_id:str}/reply", status_code=201, guards=SEAT)
async def post_reply(order_id: OrderId, data: ReplyAsked, door: Door) -> Response[OrderView]:
    """答复: answer the hotline."""
    return await _changed(
        door, order_id, lambda tx: desk.reply_order(tx, order_id, text=data.text, is_true=data.is_true)
    )


@post("/v1/orders/{order_id:str}/exclusion", status_code=201, guards=SEAT)
async def post_exclusion(order_id: OrderId, data: ReasonAsked, door: Door) -> Response[OrderView]:
    """剔除: ask the hotline not to count it."""
    return await _changed(door, order_id, lambda tx: desk.ask_exclusion(tx, order_id, reason=data.reason, note=data.note))


@post("/v1/orders/{order_id:str}/marks", status_code=201, guards=SEAT)
async def post_marks(order_id: OrderId, data: MarksAsked, door: Door) -> Response[OrderView]:
    """Put right what the order carries, e.g. whistle 吹哨."""
    return await _changed(door, order_id, lambda tx: desk.mark_order(tx, order_id, tuple(data.marks)))


@get("/v1/hotline/rates", guards=READ)
async def get_rates(door: Door, begin: datetime, end: datetime, by: str = "unit") -> RatesView:
    """三率 of the orders whose clocks began in a period, whole and by unit, street, district or kind of request."""
    rows, now = await _period(door, begin, end)
    if by not in GROUPS:
        raise PeriodWrong(f"by={by[:20]} is no group; choose one of {', '.join(GROUPS)}.")
    settings = door.policy.hotline_rates
    groups: dict[str, list[Order]] = {}
    for row in rows:
        groups.setdefault(getattr(row, by) or "", []).append(store.order_of(row))
    every = [order for group in groups.values() for order in group]
    return RatesView(
        all=rates_of(every, settings, now), groups={name: rates_of(groups[name], settings, now) for name in sorted(groups)}
    )


@get("/v1/hotline/rates/orders", guards=READ)
async def get_rate_orders(door: Door, begin: datetime, end: datetime, of: str = "response") -> list[CountedLine]:
    """The orders behind one rate of a period, each with what it adds; the figures can be counted again from these."""
    if of not in NAMES:
        raise PeriodWrong(f"of={of[:20]} is no rate; choose one of {', '.join(NAMES)}.")
    rows, now = await _period(door, begin, end)
    found = [(row, order, counted(order, door.policy.hotline_rates, now)) for row in rows if (order := store.order_of(row))]
    return [
        CountedLine(order=line_of(row, order, now), adds=adds)
        for row, order, adds in found
        if getattr(adds, of) is not None
    ]


async def _period(door: Door, begin: datetime, end: datetime) -> tuple[list[Row], datetime]:
    """The orders of a period that the caller may see.

    Refuses with `PeriodWrong`.
    """
    if begin.tzinfo is None or end.tzinfo is None or not begin < end <= begin + timedelta(days=PERIOD_DAYS_MAX):
        raise PeriodWrong(f"A period says its zone, ends after it begins, and has at most {PERIOD_DAYS_MAX} days.")

    def ask(tx: Tx) -> tuple[list[Row], datetime]:
        rows = store.order_rows_between(tx, begin, end)
        return [row for row in rows if sees_order(door.caller, row)], tx.now

    return await door.read(ask)


async def _changed(door: Door, order_id: OrderId, use_case: Any) -> Response[OrderView]:
    def checked(tx: Tx) -> OrderId:
        _row_for(tx, door, order_id, Permission.order_answer)
        return use_case(tx)

    await door.change(checked, of=f"order/{order_id}")
    return await _shown(door, order_id, 201)


def _row_for(tx: Tx, door: Door, order_id: OrderId, permission: Permission) -> Row:
    row = store.order_row(tx, order_id)
    if row is None or not sees_order(door.caller, row, permission):
        raise OrderUnknown(f"There is no order {order_id[:60]} for you; look for it by its number in /v1/orders.")
    return row


async def _shown(door: Door, order_id: OrderId, status: int) -> Response[OrderView]:
    def ask(tx: Tx) -> OrderView:
        row = _row_for(tx, door, order_id, Permission.order_read)
        order = store.order_of(row)
        words = _words(tx, order) if sees_order(door.caller, row, Permission.order_answer) else {}
        return view_of(row, order, tx.now, door.policy, words)

    view = await door.read(ask)
    return Response(view, status_code=status, headers={**etag(view.line.no), "Cache-Control": "no-store"})


def _words(tx: Tx, order: Order) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if raw := store.vault_bytes(tx, order.words):
        words = msgspec.json.decode(raw, type=OrderWords)
        found |= {name: for_work(getattr(words, name)) for name in ("title", "content", "address")}
    for name in ("draft", "reply"):
        if raw := store.vault_bytes(tx, getattr(order, name)):
            found[name] = msgspec.json.decode(raw, type=OrderText).text
    return found


ROUTES = [
    get_orders, get_order, post_signature, post_return, post_contact, post_extension, post_reply, post_exclusion, post_marks,
    get_rates, get_rate_orders,
]  # fmt: skip
