"""Makes docs/reference/orders.md from the one table of an order's moves."""

from cityloop.domain.words import say
from cityloop.doors.hotline.model import OrderState
from cityloop.doors.hotline.moves import MOVES, OVER, allowed

INTRO = """# The life of a work order

*Made from the code by `make reference`; a test fails when this page is stale.*

A work order of the hotline moves by facts, and only as `src/cityloop/doors/hotline/moves.py` allows; every other move is
refused with `hotline.move_forbidden`. `order.send` is the hotline's system, `order.answer` a seat of the city. What the
hotline says of an order that has not come is kept and done when it comes; what it says twice is done once.
"""


def orders_page() -> str:
    """The states and the moves of an order."""
    lines = [INTRO, "## States\n", "| state | 中文 | is | moves from here |", "|---|---|---|---|"]
    for state in OrderState:
        names = ", ".join(f"`{move.name}`" for move in allowed(state))
        over = " (over)" if state in OVER else ""
        key = f"order.state.{state}"
        lines.append(f"| `{state}` | {say(key, 'zh')} | {say(key, 'en')}{over} | {names} |")
    lines += ["\n## Moves\n", "| move | fact | from | to | who | what must be there |", "|---|---|---|---|---|---|"]
    for move in MOVES:
        before = ", ".join("nothing" if state is None else f"`{state}`" for state in move.before)
        after = f"`{move.after}`" if move.after else "stays"
        lines.append(f"| `{move.name}` | `{move.fact}` | {before} | {after} | `{move.who}` | {', '.join(move.needs)} |")
    return "\n".join(lines) + "\n"
