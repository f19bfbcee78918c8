"""Use cases of points beside the lines and of budgets: simulated, proposed, decided by people."""

from collections.abc import Iterable
from datetime import date, datetime

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from cityloop.db import Tx
from cityloop.domain.calendar import calendar_in
from cityloop.domain.facts import BudgetDecided, BudgetLine, BudgetProposed, EntryReason, PointsEntered, PointsWithdrawn
from cityloop.domain.ids import AccountId
from cityloop.domain.policy import Policy
from cityloop.domain.policy.scoring import BudgetRule
from cityloop.stages.evaluate.model import Against, Span
from cityloop.stages.evaluate.model.scoring import (
    BudgetDone,
    BudgetEmpty,
    BudgetUnknown,
    BudgetWaits,
    EntryGone,
    EntryUnknown,
    EntryWrong,
)
from cityloop.stages.evaluate.rules import days_against, span_of
from cityloop.stages.evaluate.rules.scoring.budget import MILLI, budget_lines, next_quarter
from cityloop.stages.evaluate.service.scoring import scheme_of, sheet_of
from cityloop.stages.evaluate.store.fair.exclusions import excluded_in
from cityloop.stages.evaluate.store.scoring.entries import BudgetRow, EntryRow, budget_open

POINTS_MAX = 100.0
BACK = 3  # earlier periods that a simulation tells of too


class BudgetSimulated(Struct, frozen=True, kw_only=True):
    """What the rules would have proposed from one period's sheet."""

    first_day: date
    last_day: date
    objects: int  # that have a score
    lines: tuple[BudgetLine, ...]


def enter_points(
    tx: Tx, *, scheme: str, object: str, day: date, points: float, reason: str, by: AccountId, policy: Policy
) -> str:  # fmt: skip
    """加减分: give an object points beside its lines, or take some away.

    Refuses with `SchemeUnknown` or `EntryWrong`. Emits `PointsEntered`.
    """
    known = scheme_of(scheme, policy)
    milli = round(points * MILLI)
    if not milli or abs(points) > POINTS_MAX:
        raise EntryWrong(f"{points:g} points are none; give from 0.001 to {POINTS_MAX:g}, negative to take them away.")
    if (known.bonus_max if milli > 0 else known.deduction_max) <= 0:
        side = "bonus_max" if milli > 0 else "deduction_max"
        raise EntryWrong(f"Scheme {scheme} counts no such points; its {side} in score_schemes.csv is 0.")
    if reason not in tuple(EntryReason):
        raise EntryWrong(f"{reason[:40]!r} is no reason; give one of {', '.join(EntryReason)}.")
    id = tx.new_id()
    tx.emit(
        PointsEntered(
            entry_id=id, scheme=scheme, object=object, day=day, points_milli=milli, reason=EntryReason(reason), by=by, at=tx.now
        )
    )  # fmt: skip
    return id


def withdraw_points(tx: Tx, id: str, *, by: AccountId) -> str:
    """Count an entry no more.

    Refuses with `EntryUnknown` or `EntryGone`. Emits `PointsWithdrawn`.
    """
    tx.hold([f"score_entry/{id}"])
    row = tx.get("score_entry", EntryRow, id)
    if row is None:
        raise EntryUnknown(f"There are no points {id[:60]}; look for them in /v1/scores/entries.")
    if row.withdrawn_at:
        raise EntryGone("These points were withdrawn already; nothing is left to do.")
    tx.emit(PointsWithdrawn(entry_id=id, by=by, at=tx.now))
    return id


def simulate_budget(
    tx: Tx, scheme: str, span: Span, *, policy: Policy, now: datetime, above: float | None = None, below: float | None = None
) -> list[BudgetSimulated]:
    """What the rules would propose from a period and from those before it, with their ends moved if others are given.

    Refuses with `SchemeUnknown` or `BudgetEmpty`.
    """
    rules = tuple(_moved(_rules(scheme, policy), above, below))
    calendar, found = calendar_in(policy), []
    for _ in range(BACK + 1):
        sheet = sheet_of(tx, scheme, span, policy=policy, now=now, exclusions=excluded_in(tx, span))
        scored = sum(1 for each in sheet.scores if each.points is not None)
        found.append(
            BudgetSimulated(first_day=span.first_day, last_day=span.last_day, objects=scored, lines=budget_lines(rules, sheet.scores))
        )  # fmt: skip
        span = span_of(*days_against(Against.before, span.first_day, span.last_day), calendar)
    return found


def propose_budget(tx: Tx, scheme: str, span: Span, *, policy: Policy, by: AccountId) -> str:
    """Put what the rules propose for the quarter after a period before people.

    Refuses with `SchemeUnknown`, `BudgetEmpty` or `BudgetWaits`. Emits `BudgetProposed`.
    """
    rules, quarter = _rules(scheme, policy), next_quarter(span.last_day)
    if budget_open(tx, scheme, quarter):
        raise BudgetWaits(f"A proposal for {quarter} waits already; decide it first.")
    sheet = sheet_of(tx, scheme, span, policy=policy, now=tx.now, exclusions=excluded_in(tx, span))
    lines = budget_lines(rules, sheet.scores)
    if not lines:
        raise BudgetEmpty(f"No score of {span.first_day} to {span.last_day} lies beyond the ends of a rule; nothing is proposed.")
    id = tx.new_id()
    tx.emit(
        BudgetProposed(
            budget_id=id, scheme=scheme, quarter=quarter, first_day=span.first_day, last_day=span.last_day, seq=sheet.seq,
            pack_seen=policy.digest, lines=lines, by=by, at=tx.now,
        )
    )  # fmt: skip
    return id


def decide_budget(tx: Tx, id: str, *, taken: Iterable[int], by: AccountId) -> str:
    """Take some lines of a proposal, or none. Who proposed it does not decide it.

    Refuses with `BudgetUnknown` or `BudgetDone`. Emits `BudgetDecided`.
    """
    tx.hold([f"budget/{id}"])
    row = tx.get("budget_proposal", BudgetRow, id)
    if row is None:
        raise BudgetUnknown(f"There is no proposal {id[:60]}; see /v1/budgets.")
    if row.decided_at:
        raise BudgetDone("It was decided already; a decision stands.")
    if row.proposed_by == by:
        raise BudgetDone("You proposed it; somebody else decides it.")
    chosen, count = tuple(sorted(set(taken))), len(msgspec.json.decode(row.lines))
    if any(not 0 <= each < count for each in chosen):
        raise BudgetUnknown(f"The proposal has the lines 0 to {count - 1}; name some of them.")
    tx.emit(BudgetDecided(budget_id=id, taken=chosen, by=by, at=tx.now))
    return id


def _rules(scheme: str, policy: Policy) -> tuple[BudgetRule, ...]:
    scheme_of(scheme, policy)
    found = tuple(each for each in policy.scoring.budget if each.scheme == scheme)
    if not found:
        raise BudgetEmpty(f"No rule of budget_rules.csv looks at {scheme}; add one, or choose another scheme.")
    return found


def _moved(rules: Iterable[BudgetRule], above: float | None, below: float | None) -> Iterable[BudgetRule]:
    """The rules with other ends, each where it has one."""
    for each in rules:
        yield replace(
            each, above=each.above if above is None or each.above is None else above,
            below=each.below if below is None or each.below is None else below,
        )  # fmt: skip
