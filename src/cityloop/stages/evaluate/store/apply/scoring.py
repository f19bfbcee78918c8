"""What facts about scores do: points beside the lines, and proposals for a budget."""

from collections.abc import Callable

import msgspec
from msgspec.structs import replace

from cityloop.db import Tx
from cityloop.domain import facts as f
from cityloop.domain.facts import Fact, Told
from cityloop.stages.evaluate.store.scoring.entries import BudgetRow, EntryRow


def entered(tx: Tx, told: Told[f.PointsEntered]) -> None:
    fact = told.fact
    tx.put(
        "score_entry",
        EntryRow(
            id=fact.entry_id, no=told.no, scheme=fact.scheme, object=fact.object, day=fact.day.isoformat(),
            points_milli=fact.points_milli, reason=fact.reason, entered_at=fact.at, entered_by=fact.by,
        ),
    )  # fmt: skip


def withdrawn(tx: Tx, told: Told[f.PointsWithdrawn]) -> None:
    now = tx.get("score_entry", EntryRow, told.fact.entry_id)
    assert now, f"{told.subject} was not entered"
    tx.put("score_entry", replace(now, no=told.no, withdrawn_at=told.fact.at, withdrawn_by=told.fact.by))


def proposed(tx: Tx, told: Told[f.BudgetProposed]) -> None:
    fact = told.fact
    tx.put(
        "budget_proposal",
        BudgetRow(
            id=fact.budget_id, no=told.no, scheme=fact.scheme, quarter=fact.quarter, first_day=fact.first_day.isoformat(),
            last_day=fact.last_day.isoformat(), seq=fact.seq, pack_seen=fact.pack_seen,
            lines=msgspec.json.encode(fact.lines).decode(), proposed_at=fact.at, proposed_by=fact.by,
        ),
    )  # fmt: skip


def decided(tx: Tx, told: Told[f.BudgetDecided]) -> None:
    now = tx.get("budget_proposal", BudgetRow, told.fact.budget_id)
    assert now, f"{told.subject} was not proposed"
    taken = msgspec.json.encode(told.fact.taken).decode()
    tx.put("budget_proposal", replace(now, no=told.no, taken=taken, decided_at=told.fact.at, decided_by=told.fact.by))


APPLY: dict[type[Fact], Callable[[Tx, Told], None]] = {
    f.PointsEntered: entered,
    f.PointsWithdrawn: withdrawn,
    f.BudgetProposed: proposed,
    f.BudgetDecided: decided,
}
