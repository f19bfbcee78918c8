"""What may be done with a case from here, by this caller, and if not, why: made from the one table of moves."""

from collections.abc import Sequence

import msgspec
from msgspec import Struct

from cityloop.cases import Case, Task, TaskKind, scope, stages_in
from cityloop.domain.lifecycle import Move, allowed
from cityloop.domain.permission import Permission
from cityloop.http import Caller

# what people do, and the request that does it; the other moves are the machine's
DEEDS = {
    "accept": "POST accept",
    "ask_verify": "POST verification",
    "verify": "POST verification/result",
    "file": "POST filing",
    "refuse": "POST refusal",
    "merge": "POST join",
    "move_level": "POST level",
    "dispatch": "POST task",
    "sign": "POST signature",
    "return": "POST return",
    "reach_stage": "POST stage",
    "finish": "POST completion",
    "ask_inspection": "POST inspection/post",
    "inspect": "POST inspection",
}
NEED_PROBLEM = frozenset({"ask_verify", "file"})
STAGE_LEFT = "why_not.stage_left"
NO_RIGHT, NOT_YOURS, OWN_WORK, PROBLEM = "why_not.no_right", "why_not.not_yours", "why_not.own_work", "why_not.problem"


class MoveView(Struct, frozen=True, kw_only=True):
    """A move that the table allows from here. `why_not` is None where the caller may make it, else a code."""

    name: str
    permission: Permission
    request: str
    needs: tuple[str, ...]
    why_not: str | None


def moves_for(caller: Caller, case: Case, tasks: Sequence[Task]) -> list[MoveView]:
    """The moves from here that people make, in the table's order: offered, or disabled with a reason."""
    return [
        MoveView(
            name=move.name,
            permission=move.who,
            request=DEEDS[move.name],
            needs=move.needs,
            why_not=_why_not(caller, case, tasks, move),
        )
        for move in allowed(case.state)
        if move.name in DEEDS and (move.name != "reach_stage" or steps_left(case, tasks))
    ]


def steps_left(case: Case, tasks: Sequence[Task]) -> bool:
    """Whether the running task has a step to reach before it can end."""
    task = next((each for each in tasks if each.id == case.task_id), None)
    return task is not None and task.stage is not None and task.stage + 1 < len(stages_in(task.stages))


def _why_not(caller: Caller, case: Case, tasks: Sequence[Task], move: Move) -> str | None:
    if not caller.may(move.who):
        return NO_RIGHT
    if not any(scope.may(seat, case, move.who) for seat in caller.seats):
        return NOT_YOURS
    if move.name in NEED_PROBLEM and case.problem is None:
        return PROBLEM
    if move.name == "finish" and steps_left(case, tasks):
        return STAGE_LEFT
    if move.name == "inspect" and _did_it(caller, tasks):
        return OWN_WORK
    return None


def _did_it(caller: Caller, tasks: Sequence[Task]) -> bool:
    """Whether the caller, or a unit that they sit in, did the work or helped with it."""
    work = [task for task in tasks if task.kind is TaskKind.handle]
    units = {seat.unit for seat in caller.seats}
    for task in work:
        if caller.actor in (task.ended_by, task.signed_by):
            return True
        helped = {task.unit, *msgspec.json.decode(task.assist, type=list[str])}
        if task.outcome == "finished" and units & helped:
            return True
    return False
