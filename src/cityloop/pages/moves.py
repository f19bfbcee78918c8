"""What may be done with a case from here, by this caller, and if not, why: made from the one table of moves."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from msgspec import Struct

from cityloop.cases import Case, Task, TaskKind, scope, stages_in
from cityloop.cases.approvals import Approval
from cityloop.domain.approval import EFFECT, asks_with, grants_with
from cityloop.domain.lifecycle import MOVE_OF, Move, allowed
from cityloop.domain.permission import Permission
from cityloop.domain.policy import ApprovalKind, Policy
from cityloop.http import Caller
from cityloop.stages.inspect import why_no_redo

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
    "ask_approval": "POST approvals",
    "grant": "POST approvals/{id}/decision",
    "deny": "POST approvals/{id}/decision",
    "withdraw": "POST approvals/{id}/withdrawal",
    "resume": "POST settlement",
    "reassign": "POST reassignment",
    "ask_assist": "POST assist",
    "sign_assist": "POST assist/signature",
    "finish_assist": "POST assist/completion",
    "urge": "POST urge",
    "supervise": "POST supervision",
    "answer": "POST supervision/answer",
    "ask_answer_again": "POST supervision/again",
    "accept_answer": "POST supervision/accepted",
    "instruct": "POST instruction",
    "whistle": "POST whistle",
    "report_in": "POST whistle/arrival",
    "end_whistle": "POST whistle/end",
    "rate": "POST whistle/rating",
    "transfer": "POST transfer",
    "finish_transfer": "POST transfer/done",
    "return_transfer": "POST transfer/back",
    "uphold": "POST appeal/upheld",
    "dismiss": "POST appeal/dismissed",
    "complete": "POST filing/back",
    "part": "POST parting",
    "redo": "POST redo",
}
DECIDING = frozenset({"grant", "deny"})
OF_REQUEST = DECIDING | {"withdraw"}  # there is nothing to offer where nothing is asked
BESIDE = frozenset(
    {"reassign", "ask_assist", "sign_assist", "finish_assist", "urge", "supervise", "answer", "ask_answer_again",
     "accept_answer", "instruct", "whistle", "report_in", "end_whistle", "rate",
     "transfer", "finish_transfer", "return_transfer", "uphold", "dismiss", "complete", "part"}
)  # fmt: skip  # said beside the way: shown to those who may alone
MARKED = {
    "answer": "supervised", "ask_answer_again": "supervised", "accept_answer": "supervised",
    "report_in": "whistled", "end_whistle": "whistled", "rate": "to_rate",
    "uphold": "appealed", "dismiss": "appealed",
}  # fmt: skip  # nothing to be done where the case bears no such mark
NEED_PROBLEM = frozenset({"ask_verify", "file"})
STAGE_LEFT = "why_not.stage_left"
NO_RIGHT, NOT_YOURS, OWN_WORK, PROBLEM = "why_not.no_right", "why_not.not_yours", "why_not.own_work", "why_not.problem"
ASKED_ALREADY, NOT_YOUR_STEP = "why_not.asked_already", "why_not.not_your_step"
OWN_REQUEST, NOT_YOUR_REQUEST = "why_not.own_request", "why_not.not_your_request"


class MoveView(Struct, frozen=True, kw_only=True):
    """A move that the table allows from here. `why_not` is None where the caller may make it, else a code."""

    name: str
    permission: Permission
    request: str
    needs: tuple[str, ...]
    why_not: str | None


def moves_for(
    caller: Caller, case: Case, tasks: Sequence[Task], asked: Approval | None, policy: Policy, now: datetime
) -> list[MoveView]:
    """The moves from here that people make, in the table's order: offered, or disabled with a reason. `asked` is the
    request that is open."""
    return [
        MoveView(
            name=move.name,
            permission=move.who,
            request=DEEDS[move.name],
            needs=move.needs,
            why_not=_why_not(caller, case, tasks, move, asked, policy) or _too_late(case, move, policy, now),
        )
        for move in allowed(case.state)
        if move.name in DEEDS
        and _is_there(caller, case, tasks, move)
        and (asked or move.name not in OF_REQUEST)
        and (policy.approvals or move.name != "ask_approval")
    ]


def kinds_to_ask(caller: Caller, case: Case, policy: Policy) -> tuple[ApprovalKind, ...]:
    """What the caller may ask for in the case as it stands, of what the city's matrix has."""
    had = {row.kind for row in policy.approvals}
    return tuple(
        kind for kind in ApprovalKind
        if kind in had
        and case.state in MOVE_OF[EFFECT[kind]].before
        and any(scope.may(seat, case, asks_with(kind)) for seat in caller.seats)
    )  # fmt: skip


def _is_there(caller: Caller, case: Case, tasks: Sequence[Task], move: Move) -> bool:
    """Whether there is something to do it to, and, beside the way, whether it is this caller's."""
    if move.name == "reach_stage":
        return steps_left(case, tasks)
    return move.name not in BESIDE or _is_theirs(caller, case, tasks, move)


def _is_theirs(caller: Caller, case: Case, tasks: Sequence[Task], move: Move) -> bool:
    """Whether a deed beside the way is for this caller, and there is something to do it to."""
    if (mark := MARKED.get(move.name)) and f"|{mark}|" not in (case.marks or ""):
        return False
    if not any(scope.may(seat, case, each) for seat in caller.seats for each in move.permissions):
        return False
    if move.name == "part":
        return case.reports > 1  # there is one that can leave
    if move.name in ("sign_assist", "finish_assist"):
        units = {seat.unit for seat in caller.seats if move.who in seat.permissions}
        mine = [each for each in tasks if each.kind is TaskKind.assist and each.unit in units and not each.ended_at]
        return any(move.name == "finish_assist" or each.signed_at is None for each in mine)
    return True


def steps_left(case: Case, tasks: Sequence[Task]) -> bool:
    """Whether the running task has a step to reach before it can end."""
    task = next((each for each in tasks if each.id == case.task_id), None)
    return task is not None and task.stage is not None and task.stage + 1 < len(stages_in(task.stages))


def _why_not(
    caller: Caller, case: Case, tasks: Sequence[Task], move: Move, asked: Approval | None, policy: Policy
) -> str | None:
    if not any(caller.may(each) for each in move.permissions):
        return NO_RIGHT
    if not any(scope.may(seat, case, each) for seat in caller.seats for each in move.permissions):
        return NOT_YOURS
    if move.name == "ask_approval":
        return ASKED_ALREADY if asked else None if kinds_to_ask(caller, case, policy) else NOT_YOURS
    if asked and move.name in OF_REQUEST:
        return _why_not_asked(caller, case, move, asked)
    if move.name in NEED_PROBLEM and case.problem is None:
        return PROBLEM
    if move.name == "finish" and steps_left(case, tasks):
        return STAGE_LEFT
    if move.name == "inspect" and _did_it(caller, tasks):
        return OWN_WORK
    return None


def _why_not_asked(caller: Caller, case: Case, move: Move, asked: Approval) -> str | None:
    """What keeps the caller from deciding, or from taking it back."""
    if move.name not in DECIDING:
        return None if caller.account == asked.asked_by else NOT_YOUR_REQUEST
    if caller.account in (asked.asked_by, *asked.agreed):
        return OWN_REQUEST
    able = (seat for seat in caller.seats if seat.role == asked.role)
    return None if any(scope.may(seat, case, grants_with(asked.kind)) for seat in able) else NOT_YOUR_STEP


def _too_late(case: Case, move: Move, policy: Policy, now: datetime) -> str | None:
    """What of the city's numbers speaks against a move."""
    return why_no_redo(case.state, case.closed_at, case.redos or 0, now, policy) if move.name == "redo" else None


def _did_it(caller: Caller, tasks: Sequence[Task]) -> bool:
    """Whether the caller, or a unit that they sit in, did the work or helped with it."""
    work = [task for task in tasks if task.kind in (TaskKind.handle, TaskKind.assist, TaskKind.clear, TaskKind.transfer)]
    units = {seat.unit for seat in caller.seats}
    for task in work:
        if caller.actor in (task.ended_by, task.signed_by):
            return True
        helped = {task.unit, *msgspec.json.decode(task.assist, type=list[str])}
        if task.outcome == "finished" and units & helped:
            return True
    return False
