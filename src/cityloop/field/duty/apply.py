"""What each fact of duty does to its row."""

from collections.abc import Callable

import msgspec
from msgspec.structs import replace

from cityloop.db import Tx
from cityloop.domain.facts import (
    AreaEntered,
    AreaLeft,
    Fact,
    RosterChanged,
    ShiftEnded,
    ShiftStarted,
    Told,
    TrackErasureAsked,
    TrackKept,
)
from cityloop.field.duty.model import RosterDay, Shift


def started(tx: Tx, told: Told[ShiftStarted]) -> None:
    fact = told.fact
    tx.put(
        "shift",
        Shift(
            id=fact.shift_id, no=told.no, account=fact.account_id, post=fact.post, unit=fact.unit, area=fact.area,
            grid=fact.grid, day=fact.day, started_at=fact.at, planned_from=fact.planned_from, planned_to=fact.planned_to,
            simulated=fact.simulated,
        ),
    )  # fmt: skip


def ended(tx: Tx, told: Told[ShiftEnded]) -> None:
    _change(tx, told, is_open=False, ended_at=told.fact.at, ended_for=told.fact.reason, outside_since=None)


def left(tx: Tx, told: Told[AreaLeft]) -> None:
    _change(tx, told, outside_since=told.fact.at, outside_times=_now(tx, told).outside_times + 1)


def entered(tx: Tx, told: Told[AreaEntered]) -> None:
    _change(tx, told, outside_since=None)


def track_kept(tx: Tx, told: Told[TrackKept]) -> None:
    fact, shift = told.fact, _now(tx, told)
    ids = [*msgspec.json.decode(shift.segments, type=list[str]), fact.segment.id]
    _change(
        tx, told, segments=msgspec.json.encode(ids).decode(), positions=shift.positions + fact.positions,
        first_at=min(shift.first_at or fact.first_at, fact.first_at),
        last_at=max(shift.last_at or fact.last_at, fact.last_at),
    )  # fmt: skip


def erasure_asked(tx: Tx, told: Told[TrackErasureAsked]) -> None:
    _change(tx, told, erasure_asked_at=told.fact.at)


def roster_changed(tx: Tx, told: Told[RosterChanged]) -> None:
    fact = told.fact
    tx.put(
        "roster",
        RosterDay(
            id=fact.roster_id, no=told.no, post=fact.post, day=fact.day, begins=fact.begins, ends=fact.ends,
            grid=fact.grid, changed_at=fact.at, changed_by=told.actor,
        ),
    )  # fmt: skip


def _change(tx: Tx, told: Told, **fields: object) -> None:
    tx.put("shift", replace(_now(tx, told), no=told.no, **fields))


def _now(tx: Tx, told: Told) -> Shift:
    shift = tx.get("shift", Shift, told.fact.shift_id)
    assert shift, f"shift {told.fact.shift_id} was not begun"
    return shift


APPLY: dict[type[Fact], Callable[[Tx, Told], None]] = {
    ShiftStarted: started,
    ShiftEnded: ended,
    AreaLeft: left,
    AreaEntered: entered,
    TrackKept: track_kept,
    TrackErasureAsked: erasure_asked,
    RosterChanged: roster_changed,
}
