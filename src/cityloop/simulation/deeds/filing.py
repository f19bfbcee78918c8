"""Deeds of the supervision centre before a case is filed."""

from cityloop.domain.ids import CaseId, ReportId
from cityloop.simulation.deeds.turn import P, Turn, Way, at_post, whoever
from cityloop.stages.filing import (
    CompletionReason,
    PartReason,
    RefusalReason,
    accept_case,
    ask_verify,
    demand_completion,
    file_case,
    join_case,
    part_report,
    refuse_case,
    verify_case,
)
from cityloop.stages.filing.model import PlaceAsked, VerifyFirst

FOUND = 0.92  # share of verifications that find what was reported
SEEN_SAID = ("现场情况属实。", "已到现场查看。", "")


def _accept(turn: Turn) -> None:
    case, truth = turn.case, turn.world.truths.get(ReportId(turn.case.report_id))
    right = truth is None or (case.class_key == truth.class_key and case.rule == truth.rule)
    place = None if case.cell or truth is None else PlaceAsked(lon=truth.lon, lat=truth.lat)
    accept_case(
        turn.tx, case.id, policy=turn.policy, now=turn.now, class_key=None if right else truth.class_key,
        rule=None if right else truth.rule, place=place,
    )  # fmt: skip


def _refuse(turn: Turn) -> None:
    reason = turn.random.choice((RefusalReason.below_condition, RefusalReason.not_ours, RefusalReason.private_matter))
    refuse_case(turn.tx, turn.case.id, reason=reason.value, note="", policy=turn.policy, now=turn.now)


def _join(turn: Turn) -> None:
    join_case(turn.tx, turn.case.id, CaseId(turn.deed.about), now=turn.now)


def _part(turn: Turn) -> None:
    reason = turn.random.choice(tuple(PartReason))
    part_report(
        turn.tx, turn.case.id, ReportId(turn.deed.about), reason=reason.value, policy=turn.policy, now=turn.now
    )  # fmt: skip


def _ask_verify(turn: Turn) -> None:
    ask_verify(turn.tx, turn.case.id, policy=turn.policy, now=turn.now)


def _verify(turn: Turn) -> None:
    found, note = turn.random.random() < FOUND, turn.random.choice(SEEN_SAID)
    verify_case(turn.tx, turn.case.id, found=found, by=turn.by, note=note, policy=turn.policy, now=turn.now)


def _file(turn: Turn) -> None:
    try:
        file_case(turn.tx, turn.case.id, policy=turn.policy, now=turn.now)
    except VerifyFirst:  # nobody found it on site, or nobody was sent
        reason = RefusalReason.not_found
        refuse_case(turn.tx, turn.case.id, reason=reason.value, note="", policy=turn.policy, now=turn.now)


def _complete(turn: Turn) -> None:
    reason = turn.random.choice((CompletionReason.place_vague, CompletionReason.class_doubtful))
    demand_completion(turn.tx, turn.case.id, reason=reason.value, note="", policy=turn.policy, now=turn.now)


WAYS = {
    "accept": Way(whoever(P.case_accept), _accept), "refuse": Way(whoever(P.case_file), _refuse),
    "join": Way(whoever(P.case_accept), _join), "part": Way(whoever(P.case_accept), _part),
    "ask_verify": Way(whoever(P.case_accept), _ask_verify),
    "verify": Way(at_post(P.case_verify), _verify), "file": Way(whoever(P.case_file), _file),
    "complete": Way(whoever(P.case_file), _complete),
}  # fmt: skip
