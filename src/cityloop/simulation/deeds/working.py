"""Deeds of units: the work itself, help, joint handling, and what others inspect of it."""

from cityloop.cases import stages_in, task_get, task_list_of
from cityloop.cases.assists import assists_open
from cityloop.cases.whistle import whistle_last
from cityloop.domain.facts import About
from cityloop.domain.ids import AccountId, PostId, UnitId
from cityloop.http import Caller
from cityloop.simulation.deeds.filing import SEEN_SAID
from cityloop.simulation.deeds.turn import P, Turn, Way, at_post, of_unit, whoever
from cityloop.simulation.habits import ask_sometimes, finish
from cityloop.stages.handle import (
    AssistReason,
    RateReason,
    ReturnReason,
    WhistleReason,
    end_whistle,
    finish_assist,
    finish_task,
    rate_unit,
    reach_stage,
    report_in,
    return_task,
    sign_assist,
    sign_task,
    sound_whistle,
)
from cityloop.stages.inspect import DismissReason, ask_again, dismiss_appeal, inspect_case, lodge_appeal, uphold_appeal

PASSED = 0.88  # share of inspections that pass
WAITED = 0.6  # share of leads that wait for who helps them
UPHELD = 0.4
DONE_SAID = (
    "已清理完毕，路面恢复整洁。",
    "已修复并试用，工作正常。",
    "现场已处理，垃圾清运干净。",
    "已劝离并恢复原状。",
    "损坏部件已更换完成。",
)
APPEALED = ("现场已按要求处置，照片为证。", "材料供应受阻，已提前说明。", "该处不属我单位管养范围。")
JOINT = "街道会同各单位现场办公，明确分工，问题已处理。"


def _sign(turn: Turn) -> None:
    case = turn.case
    sign_task(turn.tx, case.id, by=turn.by, now=turn.now, policy=turn.policy)
    assert case.due_at, "a case that waits to be signed for has a deadline"
    finish(turn.world.agenda, case.id, turn.now, case.due_at)
    ask_sometimes(turn.world.agenda, case.id, turn.now, case.due_at)


def _return(turn: Turn) -> None:
    reason = ReturnReason.not_ours.value  # the other reasons are asked for
    return_task(turn.tx, turn.case.id, reason=reason, note="", by=turn.by, policy=turn.policy, now=turn.now)


def _finish(turn: Turn) -> None:
    case, without = turn.case, ""
    if assists_open(turn.tx, case):
        if turn.random.random() < WAITED:
            turn.world.agenda.after(turn.now, "finish", case.id, 60, 600)
            return
        without = turn.random.choice((AssistReason.too_slow, AssistReason.not_needed)).value
    task = task_get(turn.tx, case.task_id)
    assert task, "a case that is handled has a task"
    for step in stages_in(task.stages)[task.stage or 0 : -1]:
        reach_stage(turn.tx, case.id, stage=step.code, note="", by=turn.by, policy=turn.policy, now=turn.now)
    finish_task(
        turn.tx, case.id, photos=(), note=turn.random.choice(DONE_SAID), by=turn.by, policy=turn.policy, now=turn.now,
        without_assist=without,
    )  # fmt: skip


def _handler(turn: Turn) -> Caller | None:
    """Somebody of the unit that is answerable, while it is: a finished or held case is nobody's turn."""
    if turn.deed.what == "finish" and turn.case.state != "handling":
        return None
    return turn.world.crew.who_may(P.case_handle, turn.case)


def _sign_assist(turn: Turn) -> None:
    sign_assist(turn.tx, turn.case.id, by=turn.by, units=turn.units, now=turn.now)


def _finish_assist(turn: Turn) -> None:
    note = turn.random.choice(DONE_SAID)
    finish_assist(
        turn.tx, turn.case.id, photos=(), note=note, by=turn.by, units=turn.units, policy=turn.policy, now=turn.now
    )


def _whistle(turn: Turn) -> None:
    street = next(seat.unit for seat in turn.caller.seats)
    others = sorted(unit for unit in turn.world.crew.handling if not unit.startswith("street-"))
    units = [UnitId(unit) for unit in turn.random.sample(others, turn.random.choice((1, 2, 2, 3)))]
    reason = turn.random.choice((WhistleReason.many_needed, WhistleReason.duty_unclear, WhistleReason.long_standing))
    sound_whistle(
        turn.tx, turn.case.id, units=units, reason=reason.value, note="", by=turn.by, street=street, policy=turn.policy,
        now=turn.now,
    )  # fmt: skip


def _report_in(turn: Turn) -> None:
    report_in(turn.tx, turn.case.id, by=turn.by, units=turn.units, now=turn.now)


def _caller_of_whistle(turn: Turn) -> Caller | None:
    whistle = whistle_last(turn.tx, turn.case.id)
    return turn.world.crew.of_unit(whistle.street, P.case_whistle) if whistle else None


def _end_whistle(turn: Turn) -> None:
    end_whistle(turn.tx, turn.case.id, record=JOINT, by=turn.by, street=turn.units, policy=turn.policy, now=turn.now)


def _rate(turn: Turn) -> None:
    score = turn.random.choices((5, 4, 3, 2, 1), (45, 30, 15, 6, 4))[0]
    reason = RateReason.prompt if score >= 4 else RateReason.late if score == 3 else RateReason.ineffective
    rate_unit(
        turn.tx, turn.case.id, unit=turn.deed.about, score=score, reason=reason.value, by=turn.by, street=turn.units,
        now=turn.now,
    )  # fmt: skip


def _inspect(turn: Turn) -> None:
    inspect_case(
        turn.tx, turn.case.id, passed=turn.random.random() < PASSED, photos=(), note=turn.random.choice(SEEN_SAID),
        by=turn.by, units=turn.units, policy=turn.policy, now=turn.now,
    )  # fmt: skip


def _inspect_elsewhere(turn: Turn) -> None:
    seat = turn.world.crew.with_permission(P.case_inspect)
    assert seat, "the pack has collectors who inspect"
    ask_again(turn.tx, turn.case.id, post=PostId(seat.name), policy=turn.policy, now=turn.now)


def _appeal(turn: Turn) -> None:
    about: About = turn.deed.about
    wanted = {About.overdue: "overdue", About.returned: "returned", About.rework: "is_rework"}[about]
    tasks = [each for each in task_list_of(turn.tx, turn.case.id) if each.unit in turn.units and each.kind == "handle"]
    counted = [each for each in tasks if (each.outcome == wanted if about is About.returned else getattr(each, wanted))]
    if counted:
        words = turn.random.choice(APPEALED)
        lodge_appeal(
            turn.tx, counted[-1].id, about=about, words=words, by=turn.by, units=turn.units, policy=turn.policy,
            now=turn.now,
        )  # fmt: skip


def _appellant(turn: Turn) -> Caller | None:
    """Somebody of a unit that worked on it."""
    worked = [each.unit for each in task_list_of(turn.tx, turn.case.id) if each.unit and each.kind == "handle"]
    return turn.world.crew.of_unit(worked[-1], P.case_appeal) if worked else None


def _judge_appeal(turn: Turn) -> None:
    said = {"by": turn.by, "policy": turn.policy, "now": turn.now}
    if turn.random.random() < UPHELD:
        uphold_appeal(turn.tx, turn.case.id, turn.deed.about, words="情况属实，予以剔除。", **said)
    else:
        dismiss_appeal(
            turn.tx, turn.case.id, turn.deed.about, reason=DismissReason.unproved.value, words="", **said
        )


def _who_signed(turn: Turn) -> Caller | None:
    return turn.world.crew.known(AccountId(turn.deed.about))


WAYS = {
    "sign": Way(_handler, _sign), "return": Way(_handler, _return), "finish": Way(_handler, _finish),
    "sign_assist": Way(of_unit(P.case_assist), _sign_assist), "finish_assist": Way(_who_signed, _finish_assist),
    "whistle": Way(whoever(P.case_whistle), _whistle), "report_in": Way(of_unit(P.case_report_in), _report_in),
    "end_whistle": Way(_caller_of_whistle, _end_whistle), "rate": Way(_caller_of_whistle, _rate),
    "inspect": Way(at_post(P.case_inspect), _inspect), "inspect_elsewhere": Way(whoever(P.case_close), _inspect_elsewhere),
    "appeal": Way(_appellant, _appeal), "judge_appeal": Way(whoever(P.case_judge), _judge_appeal),
}  # fmt: skip
