"""What each fact of an alarm does to its row."""

from collections.abc import Callable

import msgspec
from msgspec.structs import asdict, replace

from cityloop.db import Tx
from cityloop.domain import facts as f
from cityloop.domain.facts import Fact, Told
from cityloop.stages.sense.store.rows import AlarmRow, MaintenanceRow


def raised(tx: Tx, told: Told[f.AlarmRaised]) -> None:
    fact = told.fact
    about = asdict(fact.about)
    tx.put(
        "alarm",
        AlarmRow(
            id=fact.alarm_id, no=told.no, limit_value=about.pop("limit"), **about, began_at=fact.began_at, raised_at=fact.at,
            told_at=told.recorded_at, value=fact.value, track=fact.track, reasons=msgspec.json.encode(fact.reasons).decode(),
            since=fact.since, until=fact.until, is_camera=fact.is_camera, is_suspect=fact.is_suspect, simulated=fact.simulated,
        ),
    )  # fmt: skip


def cleared(tx: Tx, told: Told[f.AlarmCleared]) -> None:
    fact = told.fact
    tx.put("alarm", replace(_now(tx, told), no=told.no, cleared_at=fact.at, cleared_why=fact.why, end_value=fact.value))


def judged(tx: Tx, told: Told[f.AlarmJudged]) -> None:
    fact = told.fact
    row = replace(
        _now(tx, told), no=told.no, is_true=fact.is_true, judged_for=fact.reason, judged_at=fact.at, judged_by=told.actor
    )
    tx.put("alarm", row)


def maintenance_planned(tx: Tx, told: Told[f.MaintenancePlanned]) -> None:
    fact = told.fact
    row = MaintenanceRow(
        thing_id=fact.thing_id, no=told.no, begins=fact.begins, ends=fact.ends, planned_by=told.actor
    )  # fmt: skip
    tx.put("maintenance", row)


def _now(tx: Tx, told: Told) -> AlarmRow:
    row = tx.get("alarm", AlarmRow, told.fact.alarm_id)
    assert row, f"{told.subject} was not raised"
    return row


APPLY: dict[type[Fact], Callable[[Tx, Told], None]] = {
    f.AlarmRaised: raised,
    f.AlarmCleared: cleared,
    f.AlarmJudged: judged,
    f.MaintenancePlanned: maintenance_planned,
}
