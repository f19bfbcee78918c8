"""What a case's page offers to do: the moves from here, the one that matters now first, the others with a reason."""

from msgspec import Struct

from cityloop.domain.facts import LevelMove
from cityloop.domain.permission import Permission
from cityloop.domain.policy import Policy
from cityloop.domain.posts import posts_covering
from cityloop.pages.case import CaseView
from cityloop.stages.filing import RefusalReason
from cityloop.stages.handle import ReturnReason

FIRST = ("file", "accept", "verify", "dispatch", "sign", "reach_stage", "finish", "inspect")  # which button is the loud one
POSTS_SHOWN = 40


class Offer(Struct, frozen=True, kw_only=True):
    """A move as the page offers it. `why_not` None: it may be done. `loud`: the one that matters now."""

    name: str
    why_not: str | None
    loud: bool
    choices: tuple[tuple[str, str], ...] = ()  # value and code of words, or words themselves


def offers_of(view: CaseView, policy: Policy) -> list[Offer]:
    """The moves that the table allows from here: those for the caller first, the loudest at the head."""
    may = [move.name for move in view.moves if move.why_not is None]
    loud = next((name for name in FIRST if name in may), None)
    found = [
        Offer(
            name=move.name, why_not=move.why_not, loud=move.name == loud,
            choices=_choices(move.name, view, policy) if move.why_not is None else (),
        )
        for move in view.moves
    ]  # fmt: skip
    return sorted(found, key=lambda each: (each.why_not is not None, not each.loud))


def _choices(name: str, view: CaseView, policy: Policy) -> tuple[tuple[str, str], ...]:
    match name:
        case "refuse":
            return tuple((each.value, f"filing.reason.{each}") for each in RefusalReason)
        case "return":
            return tuple((each.value, f"handle.reason.{each}") for each in ReturnReason)
        case "move_level":
            return tuple((each.value, f"move.{each}") for each in LevelMove)
        case "ask_inspection":
            able = posts_covering(policy, view.where.cell, Permission.case_inspect)
            return tuple((post.id, post.id) for post in able[:POSTS_SHOWN])
        case _:
            return ()
