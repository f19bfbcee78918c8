"""What each fact of a device does to the register."""

from collections.abc import Callable

import msgspec
from msgspec.structs import asdict, replace

from cityloop.db import Tx
from cityloop.domain import facts as f
from cityloop.domain.facts import Fact, StreamSaid, Told
from cityloop.stages.sense.store.rows import StreamRow, ThingRow


def registered(tx: Tx, told: Told[f.ThingRegistered]) -> None:
    fact = told.fact
    tx.put(
        "thing",
        ThingRow(
            id=fact.thing_id, no=told.no, state=fact.state, simulated=fact.simulated, registered_at=fact.at,
            changed_at=told.recorded_at, state_why="", state_at=fact.at, state_by=told.actor, **asdict(fact.said),
        ),
    )  # fmt: skip
    for each in fact.streams:
        tx.put("stream", _stream(fact.thing_id, each))


def changed(tx: Tx, told: Told[f.ThingChanged]) -> None:
    tx.put("thing", replace(_thing(tx, told), **asdict(told.fact.said)))


def state_changed(tx: Tx, told: Told[f.ThingStateChanged]) -> None:
    fact = told.fact
    row = replace(
        _thing(tx, told), state=fact.state, state_why=fact.why, state_at=fact.at, state_by=told.actor, state_alarm=fact.alarm
    )  # fmt: skip
    tx.put("thing", row)


def stream_opened(tx: Tx, told: Told[f.StreamOpened | f.StreamChanged]) -> None:
    tx.put("thing", _thing(tx, told))
    tx.put("stream", _stream(told.fact.thing_id, told.fact.stream))


def stream_closed(tx: Tx, told: Told[f.StreamClosed]) -> None:
    tx.put("thing", _thing(tx, told))
    row = tx.get("stream", StreamRow, told.fact.stream_id)
    assert row, f"stream {told.fact.stream_id} was not opened"
    tx.put("stream", replace(row, is_closed=True))


def _thing(tx: Tx, told: Told) -> ThingRow:
    """The row of the fact's device, as changed by it."""
    row = tx.get("thing", ThingRow, told.fact.thing_id)
    assert row, f"{told.subject} was not registered"
    return replace(row, no=told.no, changed_at=told.recorded_at)


def _stream(thing: str, said: StreamSaid) -> StreamRow:
    values = asdict(said) | {"words": msgspec.json.encode(said.words).decode()}
    return StreamRow(thing=thing, is_closed=False, **values)


APPLY: dict[type[Fact], Callable[[Tx, Told], None]] = {
    f.ThingRegistered: registered,
    f.ThingChanged: changed,
    f.ThingStateChanged: state_changed,
    f.StreamOpened: stream_opened,
    f.StreamChanged: stream_opened,
    f.StreamClosed: stream_closed,
}
