"""Use cases of doing again 重办: a closed case is taken up once more, as a reporter was not content."""

from datetime import datetime

import msgspec

from cityloop.cases import Case, case_hold
from cityloop.cases.callbacks import closing_of, verdict_of
from cityloop.db import Tx
from cityloop.domain.calendar import calendar_in
from cityloop.domain.facts import CaseRedone, RuleKept, Solved, VerdictGiven
from cityloop.domain.ids import AccountId, CaseId, UnitId
from cityloop.domain.lifecycle import State, state_after
from cityloop.domain.policy import Policy
from cityloop.domain.time import due_at
from cityloop.stages.inspect import rules
from cityloop.stages.inspect.model import CodeUnknown, RedoReason, RedoSpent, WindowOver
from cityloop.stages.inspect.service.inspecting import last_work

UNIT_GONE = "unit_gone"  # why it goes to the dispatcher where the pack would have the same unit do it


def redo_by_verdict(tx: Tx, fact: VerdictGiven, *, policy: Policy, now: datetime) -> None:
    """Take a case up again where the last word on its last closing asks for it and the city leaves it to the rule.

    Where the days or the rounds are spent it waits for the duty leader. Emits `CaseRedone`.
    """
    if not rules.follows_redo(fact.solved, policy):
        return
    case = case_hold(tx, fact.case_id)
    verdict = verdict_of(tx, fact.report_id, case.id, fact.closing)
    if case.state is not State.closed or fact.closing != closing_of(tx, case.id) or verdict is None:
        return
    if verdict.solved != Solved.no or verdict.answered_at is not None:
        return
    try:
        rules.redo_allowed(case.closed_at or now, case.redos or 0, now, policy)
    except (WindowOver, RedoSpent):
        return
    _tell(tx, case, RedoReason.not_solved, None, policy=policy, now=now)


def redo_case(tx: Tx, case_id: CaseId, *, reason: str, by: AccountId, policy: Policy, now: datetime) -> CaseId:
    """Take a closed case up again: the duty leader decides.

    Refuses with `CodeUnknown`, `WindowOver`, `RedoSpent` or `MoveForbidden`. Emits `CaseRedone`.
    """
    case = case_hold(tx, case_id)
    state_after(CaseRedone.__name__, case.state)
    if reason not in tuple(RedoReason):
        raise CodeUnknown(f"{reason[:30]!r} is no reason; choose one of {', '.join(RedoReason)}.")
    rules.redo_allowed(case.closed_at or now, case.redos or 0, now, policy)
    _tell(tx, case, RedoReason(reason), by, policy=policy, now=now)
    return case.id


def _tell(tx: Tx, case: Case, reason: RedoReason, by: AccountId | None, *, policy: Policy, now: datetime) -> None:
    calendar, settings, work = calendar_in(policy), policy.settings, last_work(tx, case)
    said = {"case_id": case.id, "round": (case.redos or 0) + 1, "by": by, "reason": reason.value, "at": now}
    known = work.unit in policy.unit_by_id
    if settings.redo_to != "unit" or not known:
        tx.emit(
            CaseRedone(
                **said, why=() if known else (UNIT_GONE,), dispatch_limit=settings.dispatch_limit,
                dispatch_due=due_at(now, settings.dispatch_limit, calendar),
            )
        )  # fmt: skip
        return
    limit = msgspec.json.decode(case.rule_kept or "", type=RuleKept).limit
    tx.emit(
        CaseRedone(
            **said, task_id=tx.new_id(), unit=work.unit, assist=msgspec.json.decode(work.assist, type=tuple[UnitId, ...]),
            limit=limit, sign_limit=settings.sign_limit, sign_due=due_at(now, settings.sign_limit, calendar),
            due_at=due_at(now, limit, calendar),
        )
    )  # fmt: skip
