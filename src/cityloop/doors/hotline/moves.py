"""The one table of an order's moves: from where, to where, by what fact, who may, and what must be there."""

from msgspec import Struct

from cityloop.domain.permission import Permission
from cityloop.doors.hotline.model import OrderMoveForbidden, OrderState

OVER = frozenset({OrderState.returned, OrderState.withdrawn})
OURS = (OrderState.signed, OrderState.replied, OrderState.called_back)
ALIVE = tuple(state for state in OrderState if state not in OVER)


class OrderMove(Struct, frozen=True, kw_only=True):
    """One allowed move. `None` in `before` is an order that has not come; `None` as `after` leaves the state."""

    name: str
    fact: str
    before: tuple[OrderState | None, ...]
    after: OrderState | None
    who: Permission
    needs: tuple[str, ...] = ()


def _move(name: str, fact: str, before, after, who: Permission, *needs: str) -> OrderMove:
    return OrderMove(name=name, fact=fact, before=before, after=after, who=who, needs=needs)


S, SEND, SEAT = OrderState, Permission.order_send, Permission.order_answer
MOVES: tuple[OrderMove, ...] = (
    _move("keep_message", "WorkOrderMessageKept", (None,), None, SEND),
    _move("receive", "WorkOrderReceived", (None, *sorted(OVER)), S.received, SEND, "number"),
    _move("update", "WorkOrderUpdated", ALIVE, None, SEND, "newer"),
    _move("sign", "WorkOrderSigned", (S.received,), S.signed, SEAT),
    _move("ask_return", "WorkOrderReturnAsked", (S.received, S.signed), S.returning, SEAT, "reason", "within the limit"),
    _move("grant_return", "WorkOrderReturnAnswered", (S.returning,), S.returned, SEND),
    _move("deny_return", "WorkOrderReturnAnswered", (S.returning,), S.signed, SEND),
    _move("contact", "WorkOrderContacted", OURS, None, SEAT, "how"),
    _move("ask_extension", "WorkOrderExtensionAsked", (S.signed,), None, SEAT, "reason", "before the limit"),
    _move("answer_extension", "WorkOrderExtensionAnswered", ALIVE, None, SEND),
    _move("draft_reply", "WorkOrderReplyDrafted", ALIVE, None, SEAT, "the case is over"),
    _move("reply", "WorkOrderReplied", (S.signed,), S.replied, SEAT, "words"),
    _move("call_back", "WorkOrderCalledBack", (S.replied, S.called_back), S.called_back, SEND),
    _move("call_back_early", "WorkOrderCalledBack", (S.received, S.signed, S.returning), None, SEND),
    _move("urge", "WorkOrderUrged", ALIVE, None, SEND),
    _move("withdraw", "WorkOrderWithdrawn", ALIVE, S.withdrawn, SEND),
    _move("withdraw_again", "WorkOrderWithdrawn", tuple(sorted(OVER)), None, SEND),
    _move("ask_exclusion", "WorkOrderExclusionAsked", OURS, None, SEAT, "reason"),
    _move("decide_exclusion", "WorkOrderExclusionDecided", ALIVE, None, SEND),
    _move("mark", "WorkOrderMarked", ALIVE, None, SEAT),
)
MOVE_BY_NAME: dict[str, OrderMove] = {each.name: each for each in MOVES}


def allowed(state: OrderState | None) -> tuple[OrderMove, ...]:
    """The moves that the table allows from a state, in its order."""
    return tuple(move for move in MOVES if state in move.before)


def state_after(name: str, before: OrderState | None) -> OrderState | None:
    """The state that an order is in after a move.

    Refuses with `OrderMoveForbidden`, which names the moves that are allowed from here.
    """
    move = MOVE_BY_NAME[name]
    if before not in move.before:
        able = ", ".join(each.name for each in allowed(before)) or "none"
        raise OrderMoveForbidden(
            f"An order that is {before or 'unknown'} cannot {name}; from here these moves are allowed: {able}.",
            state=before or "unknown",
        )
    return move.after or before
