"""Deeds of the command centre, and what others say of a case without moving it."""

from cityloop.cases.store import supervision_last
from cityloop.domain.facts import Addressed, LevelMove, SupervisionLevel
from cityloop.domain.ids import UnitId
from cityloop.simulation.deeds.turn import P, Turn, Way, whoever
from cityloop.stages.dispatch import (
    LevelReason,
    ReassignReason,
    SuperviseReason,
    TransferBackReason,
    TransferReason,
    UrgeReason,
    accept_answer,
    ask_answer_again,
    ask_assist,
    dispatch_case,
    finish_transfer,
    instruct_case,
    pass_case,
    reassign_case,
    return_transfer,
    supervise_case,
    transfer_case,
    urge_case,
)
from cityloop.stages.handle import answer_supervision

WORDS = ("请尽快处置，并反馈结果。", "举一反三，全面排查。", "市民反映强烈，务必办好。")
ANSWERED = ("已安排人员连夜处置，明日完成。", "已完成整改，附现场情况。", "材料已到，本周内完工。")
LEVELS = (SupervisionLevel.ordinary, SupervisionLevel.ordinary, SupervisionLevel.important, SupervisionLevel.urgent)


def _another_unit(turn: Turn) -> UnitId:
    return turn.random.choice(sorted(turn.world.crew.handling - {turn.case.unit}))


def _dispatch(turn: Turn) -> None:
    case = turn.case
    unit = None if case.duties not in (None, "[]") else _another_unit(turn)
    dispatch_case(turn.tx, case.id, policy=turn.policy, now=turn.now, unit=unit)


def _pass(turn: Turn) -> None:
    reason = LevelReason.local if turn.deed.about is LevelMove.down else LevelReason.beyond_means
    pass_case(turn.tx, turn.case.id, move=turn.deed.about, reason=reason.value, policy=turn.policy, now=turn.now)


def _transfer(turn: Turn) -> None:
    system = turn.random.choice(turn.policy.systems)
    number = f"ZB{turn.now:%m%d}{turn.deed.no:06d}"
    reason = turn.random.choice((TransferReason.outside_duty, TransferReason.higher_level)).value
    transfer_case(
        turn.tx, turn.case.id, system=system.id, their_number=number, reason=reason, note="", policy=turn.policy,
        now=turn.now,
    )  # fmt: skip


def _transfer_done(turn: Turn) -> None:
    finish_transfer(turn.tx, turn.case.id, note="对方反馈已办结。", policy=turn.policy, now=turn.now)


def _transfer_back(turn: Turn) -> None:
    reason = TransferBackReason.not_theirs.value
    return_transfer(turn.tx, turn.case.id, reason=reason, note="", policy=turn.policy, now=turn.now)


def _reassign(turn: Turn) -> None:
    reason = turn.random.choice((ReassignReason.not_theirs, ReassignReason.overloaded)).value
    reassign_case(
        turn.tx, turn.case.id, unit=turn.deed.about or _another_unit(turn), reason=reason, note="", policy=turn.policy, now=turn.now
    )


def _ask_assist(turn: Turn) -> None:
    ask_assist(turn.tx, turn.case.id, unit=_another_unit(turn), policy=turn.policy, now=turn.now)


def _urge(turn: Turn) -> None:
    reason = turn.random.choice((UrgeReason.due_soon, UrgeReason.resident_waits, UrgeReason.late)).value
    urge_case(turn.tx, turn.case.id, reason=reason, note="", by=turn.by, policy=turn.policy, now=turn.now)


def _supervise(turn: Turn) -> None:
    reason = turn.random.choice((SuperviseReason.late, SuperviseReason.complaint)).value
    supervise_case(
        turn.tx, turn.case.id, level=turn.random.choice(LEVELS), reason=reason, note="", by=turn.by, policy=turn.policy,
        now=turn.now,
    )  # fmt: skip


def _answer(turn: Turn) -> None:
    words = turn.random.choice(ANSWERED)
    answer_supervision(turn.tx, turn.case.id, words=words, by=turn.by, policy=turn.policy, now=turn.now)


def _accept_answer(turn: Turn) -> None:
    accept_answer(turn.tx, turn.case.id, by=turn.by, now=turn.now)


def _answer_again(turn: Turn) -> None:
    reason = SuperviseReason.answer_empty.value
    ask_answer_again(turn.tx, turn.case.id, reason=reason, by=turn.by, policy=turn.policy, now=turn.now)


def _instruct(turn: Turn) -> None:
    addressed = turn.random.choice((Addressed.command, Addressed.unit, Addressed.supervision))
    instruct_case(
        turn.tx, turn.case.id, words=turn.random.choice(WORDS), addressed=addressed, urgency=turn.random.randrange(2),
        by=turn.by, policy=turn.policy, now=turn.now,
    )  # fmt: skip


def _supervised(turn: Turn):
    """Somebody of the unit that is supervised."""
    found = supervision_last(turn.tx, turn.case.id)
    return turn.world.crew.of_unit(found.unit, P.case_handle) if found else None


WAYS = {
    "dispatch": Way(whoever(P.case_dispatch), _dispatch), "pass": Way(whoever(P.case_dispatch), _pass),
    "transfer": Way(whoever(P.case_dispatch), _transfer), "transfer_done": Way(whoever(P.case_dispatch), _transfer_done),
    "transfer_back": Way(whoever(P.case_dispatch), _transfer_back), "reassign": Way(whoever(P.case_dispatch), _reassign),
    "ask_assist": Way(whoever(P.case_dispatch), _ask_assist), "urge": Way(whoever(P.case_urge), _urge),
    "supervise": Way(whoever(P.case_supervise), _supervise), "answer": Way(_supervised, _answer),
    "accept_answer": Way(whoever(P.case_supervise), _accept_answer),
    "answer_again": Way(whoever(P.case_supervise), _answer_again), "instruct": Way(whoever(P.case_instruct), _instruct),
}  # fmt: skip
