"""Deeds around approvals: a unit or an acceptor asks, others decide, what is put off is settled."""

from typing import Any

from cityloop.cases.approvals import (
    Asking,
    ask_approval,
    grant_approval,
    refuse_approval,
    settle_hold,
    withdraw_approval,
)
from cityloop.cases.approvals.store import approval_of
from cityloop.domain.approval import DENIALS, REASONS, grants_with
from cityloop.domain.policy import ApprovalKind, Limit, LimitUnit
from cityloop.http import Caller
from cityloop.simulation.deeds.turn import P, Turn, Way, whoever

GRANTED = 0.86
ASKED = "详见说明，请予批准。"
LENGTHS: dict[ApprovalKind, tuple[tuple[int, ...], LimitUnit]] = {
    ApprovalKind.extension: ((1, 1, 2, 3, 5), LimitUnit.work_day),
    ApprovalKind.suspension: ((1, 2, 3, 7, 14, 30), LimitUnit.natural_day),
    ApprovalKind.deferral: ((1, 2, 5, 10), LimitUnit.natural_day),
}


def _ask(turn: Turn) -> None:
    _tell(turn, ApprovalKind(turn.deed.about))


def _ask_void(turn: Turn) -> None:
    _tell(turn, ApprovalKind.void)


def _tell(turn: Turn, kind: ApprovalKind) -> None:
    length = None
    if kind in LENGTHS:
        values, unit = LENGTHS[kind]
        length = Limit(value=turn.random.choice(values), unit=unit)
    asking = Asking(kind=kind, reason=turn.random.choice(REASONS[kind]).value, length=length, note=ASKED)
    ask_approval(turn.tx, turn.case.id, asking, caller=turn.caller, policy=turn.policy, now=turn.now)


def _decide(turn: Turn) -> None:
    id, _ = turn.deed.about
    said: dict[str, Any] = {"caller": turn.caller, "policy": turn.policy, "now": turn.now}
    if turn.random.random() < GRANTED:
        grant_approval(turn.tx, turn.case.id, id, note="同意。", **said)
    else:
        refuse_approval(turn.tx, turn.case.id, id, reason=turn.random.choice(DENIALS).value, note="", **said)


def _decider(turn: Turn) -> Caller | None:
    """Somebody of the role that is asked, who neither asked nor has agreed."""
    id, role = turn.deed.about
    approval = approval_of(turn.tx, turn.case, id)
    but = (approval.asked_by, *approval.agreed)
    return turn.world.crew.of_role(role, grants_with(approval.kind), turn.case, but)


def _withdraw(turn: Turn) -> None:
    withdraw_approval(turn.tx, turn.case.id, turn.deed.about[0], caller=turn.caller, now=turn.now)


def _asker(turn: Turn) -> Caller | None:
    return turn.world.crew.known(turn.deed.about[1])


def _settle(turn: Turn) -> None:
    note = "条件已具备，恢复处置。"
    settle_hold(turn.tx, turn.case.id, note=note, by=turn.by, policy=turn.policy, now=turn.now)


WAYS = {
    "ask": Way(whoever(P.case_handle), _ask), "ask_void": Way(whoever(P.case_accept), _ask_void),
    "decide": Way(_decider, _decide), "withdraw": Way(_asker, _withdraw), "settle": Way(whoever(P.case_handle), _settle),
}  # fmt: skip
