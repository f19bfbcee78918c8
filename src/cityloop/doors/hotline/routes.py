"""HTTP of the hotline's system: orders come in, and what it says of them. Its own field names, its own numbers."""

from datetime import datetime

from litestar import Response, post
from msgspec import Struct

from cityloop.db import Tx
from cityloop.domain.facts import Message, MessageKind, Satisfied, Solved
from cityloop.domain.ids import OrderId
from cityloop.domain.permission import Permission
from cityloop.domain.policy import Policy
from cityloop.doors.hotline import rules, service, store
from cityloop.doors.hotline.model import BadOrder, MessageAsked, OrderAsked, OrderState, Taken
from cityloop.http import Door, needs

SEND = [needs(Permission.order_send)]


class OrderStep(Struct, kw_only=True, rename="camel"):
    """What became of it. `taken`: now, kept (until the order comes) or known (it came before)."""

    work_order_number: str
    taken: Taken
    order_id: OrderId
    state: OrderState | None
    no: int | None


@post("/v1/hotline/orders", status_code=201, guards=SEND)
async def post_order(data: OrderAsked, door: Door) -> Response[OrderStep]:
    """Give us a work order. The same number is the same order: sent again it is known, changed it is updated."""
    done: list[tuple[OrderId, Taken]] = []

    def use_case(tx: Tx) -> OrderId:
        done.append(service.take_order(tx, data, policy=door.policy))
        return done[-1][0]

    return await _step(door, use_case, done, data.work_order_number)


@post("/v1/hotline/orders/{number:str}/urge", status_code=201, guards=SEND)
async def post_urge(number: str, data: MessageAsked, door: Door) -> Response[OrderStep]:
    """催办: ask how long it takes."""
    return await _message(door, number, data, MessageKind.urge)


@post("/v1/hotline/orders/{number:str}/withdrawal", status_code=201, guards=SEND)
async def post_withdrawal(number: str, data: MessageAsked, door: Door) -> Response[OrderStep]:
    """撤单: take the order back."""
    return await _message(door, number, data, MessageKind.withdrawal)


@post("/v1/hotline/orders/{number:str}/callback", status_code=201, guards=SEND)
async def post_callback(number: str, data: MessageAsked, door: Door) -> Response[OrderStep]:
    """回访: what the caller said: solved, satisfied, true."""
    if data.is_solved is None and data.is_satisfaction is None and data.is_true is None:
        raise BadOrder("A call-back says isSolved, isSatisfaction or isTrue; send at least one.")
    return await _message(door, number, data, MessageKind.callback)


@post("/v1/hotline/orders/{number:str}/return", status_code=201, guards=SEND)
async def post_return_answer(number: str, data: MessageAsked, door: Door) -> Response[OrderStep]:
    """退单审核: take it back, or not."""
    return await _message(door, number, data, MessageKind.return_answer, decides=True)


@post("/v1/hotline/orders/{number:str}/extension", status_code=201, guards=SEND)
async def post_extension_answer(number: str, data: MessageAsked, door: Door) -> Response[OrderStep]:
    """延期审核: grant more time, or not."""
    return await _message(door, number, data, MessageKind.extension_answer, decides=True)


@post("/v1/hotline/orders/{number:str}/exclusion", status_code=201, guards=SEND)
async def post_exclusion_answer(number: str, data: MessageAsked, door: Door) -> Response[OrderStep]:
    """剔除审核: do not count it, or do."""
    return await _message(door, number, data, MessageKind.exclusion_answer, decides=True)


async def _message(
    door: Door, number: str, data: MessageAsked, kind: MessageKind, *, decides: bool = False
) -> Response[OrderStep]:
    if decides and data.granted is None:
        raise BadOrder("The answer says nothing; send granted: true or false.")
    done: list[tuple[OrderId, Taken]] = []

    def use_case(tx: Tx) -> OrderId:
        message = message_of(data, kind, policy=door.policy, now=tx.now)
        done.append(service.take_message(tx, data.source, number, message, data.note))
        return done[-1][0]

    return await _step(door, use_case, done, number)


def message_of(data: MessageAsked, kind: MessageKind, *, policy: Policy, now: datetime) -> Message:
    """The message in our codes. Without an id of its own, its kind and moment name it.

    Refuses with `BadOrder`.
    """
    at = rules.moment(data.at, "at", policy, now)
    if at is None:
        raise BadOrder("The message has no moment; send at.")
    id = (data.message_id or "").strip()
    if len(id) > 100:
        raise BadOrder("messageId has more than 100 characters; send a shorter one.")
    solved = rules.coded(data.is_solved, Solved, rules.SOLVED, "isSolved") if data.is_solved else None
    satisfied = None
    if data.is_satisfaction:
        satisfied = rules.coded(data.is_satisfaction, Satisfied, rules.SATISFIED, "isSatisfaction")
    return Message(
        kind=kind, id=f"{kind}:{id or at.isoformat()}", at=at, granted=data.granted,
        until=rules.moment(data.until, "until", policy, now, ahead=True), solved=solved, satisfied=satisfied,
        is_true=data.is_true,
    )  # fmt: skip


async def _step(door: Door, use_case, done: list[tuple[OrderId, Taken]], number: str) -> Response[OrderStep]:
    id = await door.change(use_case)
    order = await door.read(lambda tx: store.order_find(tx, id))
    taken = done[-1][1] if done else Taken.known
    step = OrderStep(
        work_order_number=number, taken=taken, order_id=id, state=order.state if order else None,
        no=order.no if order else None,
    )  # fmt: skip
    return Response(step, status_code=202 if taken is Taken.kept else 201)


ROUTES = [
    post_order, post_urge, post_withdrawal, post_callback, post_return_answer, post_extension_answer, post_exclusion_answer,
]  # fmt: skip
