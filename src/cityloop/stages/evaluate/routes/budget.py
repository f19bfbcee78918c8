"""HTTP of 以效定资: proposals for the next quarter, simulated before people decide."""

from datetime import date, datetime
from typing import Any

import msgspec
from litestar import Response, get, post
from msgspec import Struct

from cityloop.domain.facts import BudgetLine
from cityloop.domain.permission import Permission
from cityloop.http import Door, needs
from cityloop.stages.evaluate.model import Period, Span
from cityloop.stages.evaluate.routes.scoring import READ, SPAN, span_asked
from cityloop.stages.evaluate.service import budget
from cityloop.stages.evaluate.service.budget import BudgetSimulated
from cityloop.stages.evaluate.store.scoring.entries import BudgetRow, budget_list

LIST_MAX = 40


class BudgetAsked(Struct, kw_only=True):
    """From which scheme's sheet, over the period that holds a day."""

    scheme: str
    on: date
    period: Period = Period.quarter


class DecisionOfBudget(Struct, kw_only=True):
    """The lines that are taken, by their places from 0; none: it is turned down."""

    taken: list[int] = []


class BudgetView(Struct, kw_only=True):
    """A proposal, with what people decided. `taken` None: it waits."""

    id: str
    scheme: str
    quarter: str
    first_day: date
    last_day: date
    seq: int
    pack: str
    lines: list[BudgetLine]
    proposed_at: datetime
    proposed_by: str
    taken: list[int] | None
    decided_at: datetime | None
    decided_by: str | None


@get("/v1/budgets/simulation", guards=READ, dependencies=SPAN)
async def get_budget_simulation(
    door: Door, span: Span, scheme: str, above: float | None = None, below: float | None = None
) -> list[BudgetSimulated]:
    """What the rules would propose from a period and the three before it; with other ends, if they are given."""
    policy, now = door.policy, door.now
    return await door.read(
        lambda tx: budget.simulate_budget(tx, scheme, span, policy=policy, now=now, above=above, below=below)
    )  # fmt: skip


@get("/v1/budgets", guards=READ)
async def get_budgets(door: Door) -> list[BudgetView]:
    """The newest proposals, with what was decided."""
    return [_view(each) for each in await door.read(lambda tx: budget_list(tx, LIST_MAX))]


@post("/v1/budgets", status_code=201, guards=[needs(Permission.budget_propose)])
async def post_budget(data: BudgetAsked, door: Door) -> Response[BudgetView]:
    """Put what the rules propose for the quarter after a period before people."""
    by, policy, span = door.caller.account or "", door.policy, span_asked(door, period=data.period, on=data.on)
    return await _shown(door, await door.change(lambda tx: budget.propose_budget(tx, data.scheme, span, policy=policy, by=by)))


@post("/v1/budgets/{budget_id:str}/decision", status_code=201, guards=[needs(Permission.budget_decide)])
async def post_budget_decision(budget_id: str, data: DecisionOfBudget, door: Door) -> Response[BudgetView]:
    """Take some lines of a proposal, or none. Never who proposed it."""
    by = door.caller.account or ""
    return await _shown(door, await door.change(lambda tx: budget.decide_budget(tx, budget_id, taken=data.taken, by=by)))


async def _shown(door: Door, id: str) -> Response[BudgetView]:
    row = await door.read(lambda tx: tx.get("budget_proposal", BudgetRow, id))
    assert row, "it was just written"
    return Response(_view(row), status_code=201)


def _view(row: BudgetRow) -> BudgetView:
    return BudgetView(
        id=row.id, scheme=row.scheme, quarter=row.quarter, first_day=date.fromisoformat(row.first_day),
        last_day=date.fromisoformat(row.last_day), seq=row.seq, pack=row.pack_seen,
        lines=msgspec.json.decode(row.lines, type=list[BudgetLine]), proposed_at=row.proposed_at, proposed_by=row.proposed_by,
        taken=msgspec.json.decode(row.taken) if row.taken else None, decided_at=row.decided_at, decided_by=row.decided_by,
    )  # fmt: skip


ROUTES: list[Any] = [get_budget_simulation, get_budgets, post_budget, post_budget_decision]
