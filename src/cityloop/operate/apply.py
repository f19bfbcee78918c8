"""What each fact of a drill does to its row, and what a day's use adds."""

from collections.abc import Callable

import msgspec
from msgspec.structs import replace

from cityloop.db import Tx
from cityloop.domain.facts import DrillEnded, DrillStarted, Fact, Told, UseCounted
from cityloop.operate.drills import DrillRow
from cityloop.operate.use import UseRow


def started(tx: Tx, told: Told[DrillStarted]) -> None:
    fact = told.fact
    row = DrillRow(
        id=fact.drill_id, no=told.no, faults=msgspec.json.encode(fact.faults).decode(), each_s=fact.each_s, simulated=fact.simulated,
        started_at=fact.at, started_by=told.actor,
    )  # fmt: skip
    tx.put("drill", row)


def ended(tx: Tx, told: Told[DrillEnded]) -> None:
    fact = told.fact
    row = tx.get("drill", DrillRow, fact.drill_id)
    assert row, f"{told.subject} was not started"
    tx.put("drill", replace(row, no=told.no, ended_at=fact.at, whole=fact.whole, results=msgspec.json.encode(fact.results).decode()))


def use_counted(tx: Tx, told: Told[UseCounted]) -> None:
    for each in told.fact.functions:
        tx.sum("use_day", UseRow(day=told.fact.day, function=each.function, calls=each.calls))


APPLY: dict[type[Fact], Callable[[Tx, Told], None]] = {DrillStarted: started, DrillEnded: ended, UseCounted: use_counted}
