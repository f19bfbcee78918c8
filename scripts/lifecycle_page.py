"""Makes docs/reference/lifecycle.md from the one table of moves."""

from cityloop.domain.lifecycle import MOVES, Move, State
from cityloop.domain.words import say
from cityloop.pages.moves import DEEDS

INTRO = """# The life of a case

*Made from the code by `make reference`; a test fails when this page is stale.*

A case moves by facts, and only as `src/cityloop/domain/lifecycle.py` allows; every other move is refused with
`lifecycle.move_forbidden`, which names the moves that are allowed from there. Where the machine may do a move, it does so
by a rule of the pack, and says why; a person may always do it too, if their post has the permission, their seat reaches
the case, and they send the version that they saw.
"""

PICTURE = """
## Picture

States stand in one column, the usual way from the top; a thick edge is an end. In grey in its box: moves that leave the
state alone. To the right: where a case goes on; to the left: where it goes back; a move's name stands at each of its ends.

![The life of a case: states and moves](lifecycle.svg)
"""


def lifecycle_page() -> str:
    """The states, the moves, and a picture of both."""
    lines = [INTRO, "## States\n", "| state | 中文 | is | moves from here |", "|---|---|---|---|"]
    for state in State:
        names = ", ".join(f"`{move.name}`" for move in MOVES if state in move.before) or "none: it is over"
        lines.append(f"| `{state}` | {say(f'state.{state}', 'zh')} | {say(f'state.{state}', 'en')} | {names} |")
    lines += [
        "\n## Moves\n",
        "| move | fact | from | to | who | machine | what must be there | request |",
        "|---|---|---|---|---|---|---|---|",
    ]
    lines += [_row(move) for move in MOVES]
    return "\n".join([*lines, PICTURE])


def _row(move: Move) -> str:
    before = ", ".join("nothing" if state is None else f"`{state}`" for state in move.before)
    after = " or ".join(f"`{each}`" for each in (move.after, *move.others)) if move.after else "stays"
    request = f"`{DEEDS[move.name]}`" if move.name in DEEDS else ""
    who = " or ".join(f"`{each}`" for each in move.permissions)
    needs = ", ".join(move.needs)
    machine = "yes" if move.machine else ""
    return f"| `{move.name}` | `{move.fact}` | {before} | {after} | {who} | {machine} | {needs} | {request} |"


if __name__ == "__main__":
    print(lifecycle_page())
