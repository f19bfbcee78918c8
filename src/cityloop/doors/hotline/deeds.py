"""Which deeds of a seat an order is open for now, and why not for the others. Pure; the use cases ask the same."""

from datetime import datetime

from msgspec import Struct

from cityloop.domain.permission import Permission
from cityloop.domain.policy import Policy
from cityloop.doors.hotline.model import Order, OrderState
from cityloop.doors.hotline.moves import MOVES, OVER
from cityloop.doors.hotline.rules import exclusion_bar, extension_bar, return_bar

BY_MACHINE = frozenset({"draft_reply"})  # told when the case ends, by nobody's hand


class OrderDeed(Struct, frozen=True, kw_only=True):
    """A deed of the seat. `why_not`: a code with words, `order.bar.*`; None: it may be done now."""

    name: str
    why_not: str | None


def deeds_of(order: Order, policy: Policy, now: datetime) -> tuple[OrderDeed, ...]:
    """Every deed of a seat, in the order of the table of moves."""
    names = [move.name for move in MOVES if move.who is Permission.order_answer and move.name not in BY_MACHINE]
    return tuple(OrderDeed(name=name, why_not=bar_of(name, order, policy, now)) for name in names)


def bar_of(name: str, order: Order, policy: Policy, now: datetime) -> str | None:
    """Why a deed cannot be done now: a code of `order.bar.*`."""
    move = next(each for each in MOVES if each.name == name)
    if order.state not in move.before:
        return f"order.bar.{_state_bar(name, order.state)}"
    bar = {
        "ask_return": lambda: return_bar(order, now),
        "ask_extension": lambda: extension_bar(order, policy, now),
        "ask_exclusion": lambda: exclusion_bar(order),
    }.get(name, lambda: None)()
    return f"order.bar.{bar}" if bar else None


def _state_bar(name: str, state: OrderState) -> str:
    if state in OVER:
        return "over"
    if state is OrderState.received:
        return "not_signed"
    if state is OrderState.returning:
        return "returning"
    return "signed" if name == "sign" else "replied" if state is not OrderState.signed else "in_hand"
