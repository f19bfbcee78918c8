"""Makes docs/reference/lifecycle.md from the one table of moves."""

from cityloop.domain.lifecycle import MOVES, OVER, Move, State
from cityloop.domain.words import say
from cityloop.pages.moves import DEEDS

INTRO = """# The life of a case

*Made from the code by `make reference`; a test fails when this page is stale.*

A case moves by facts, and only as `src/cityloop/domain/lifecycle.py` allows; every other move is refused with
`lifecycle.move_forbidden`, which names the moves that are allowed from there. Where the machine may do a move, it does so
by a rule of the pack, and says why; a person may always do it too, if their post has the permission, their seat reaches
the case, and they send the version that they saw.
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
    lines += ["\n## Picture\n", "```mermaid", "stateDiagram-v2", *_arrows(), "```", ""]
    return "\n".join(lines)


def _row(move: Move) -> str:
    before = ", ".join("nothing" if state is None else f"`{state}`" for state in move.before)
    after = " or ".join(f"`{each}`" for each in (move.after, *move.others)) if move.after else "stays"
    request = f"`{DEEDS[move.name]}`" if move.name in DEEDS else ""
    needs = ", ".join(move.needs)
    machine = "yes" if move.machine else ""
    return f"| `{move.name}` | `{move.fact}` | {before} | {after} | `{move.who}` | {machine} | {needs} | {request} |"


def _arrows() -> list[str]:
    """One line an arrow; moves that leave the state alone are left out."""
    found = [
        f"    {before or '[*]'} --> {after}: {move.name}"
        for move in MOVES
        if move.after
        for after in (move.after, *move.others)
        for before in move.before
        if before is not after
    ]
    return found + [f"    {state} --> [*]" for state in State if state in OVER]


if __name__ == "__main__":
    print(lifecycle_page())
