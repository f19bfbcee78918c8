"""Which moves of the two tables, of a case and of a work order, a journal shows, and how often each was made."""

from collections import Counter
from collections.abc import Iterable

from cityloop.domain import facts as f
from cityloop.domain import lifecycle
from cityloop.domain.facts import Told
from cityloop.doors.hotline import moves as orders
from cityloop.doors.hotline.model import OrderState


def case_moves(told: Iterable[Told]) -> Counter:
    """Each move of a case -> how often; every move of the table is in it."""
    found = Counter({move.name: 0 for move in lifecycle.MOVES})
    for each in told:
        if move := lifecycle.MOVE_OF.get(type(each.fact).__name__):
            found[move.name] += 1
    return found


def order_moves(told: Iterable[Told]) -> Counter:
    """Each move of a work order -> how often. Where one fact stands for two moves, the order's state tells them apart."""
    found = Counter({move.name: 0 for move in orders.MOVES})
    by_fact: dict[str, list[orders.OrderMove]] = {}
    for move in orders.MOVES:
        by_fact.setdefault(move.fact, []).append(move)
    states: dict[str, OrderState | None] = {}
    for each in told:
        able = by_fact.get(type(each.fact).__name__, [])
        if not able:
            continue
        before = states.get(each.subject)
        move = next(move for move in able if before in move.before and _is(move, each.fact))
        found[move.name] += 1
        states[each.subject] = move.after or before
    return found


def _is(move: orders.OrderMove, fact: f.Fact) -> bool:
    if isinstance(fact, f.WorkOrderReturnAnswered):
        return (move.name == "grant_return") is fact.granted
    return True
