"""What travels and what is kept, as bytes: pieces of observations, events, and the state of a shard."""

import io
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import numpy as np

from cityloop.domain.sensing import Event
from cityloop.stages.sense.rules.kernel import NEVER, Plan, State, step
from cityloop.stages.sense.service.snapshot import Snapshot, load, save
from cityloop.telemetry import Batch, batch_of, joined
from cityloop.telemetry.frames import framed, frames_in

NOTHING = batch_of([], [], [])
Piece = tuple[Batch, int]  # observations, and then how far the watermark is; NEVER: it has not moved


class Unreadable(ValueError):
    """Bytes that hold no piece."""


def piece_of(data: bytes, until: str | None) -> Piece:
    """A message as it was sent: a frame, and the watermark beside it."""
    found = next(frames_in(data), None)
    if found is None or found[0] != len(data):
        raise Unreadable(f"{len(data)} bytes are no frame of observations")
    return found[1], int(until) if until else NEVER


def bytes_of(batch: Batch) -> bytes:
    """Observations as a message."""
    return framed(batch)


def judged(plan: Plan, state: State, pieces: Iterable[Piece]) -> tuple[State, list[Event]]:
    """Judge pieces in their order: those between two moves of the watermark at once."""
    events: list[Event] = []
    waiting: list[Batch] = []

    def judge(until: int) -> None:
        nonlocal state
        state, found = step(plan, state, joined(waiting), until)
        events.extend(found)
        waiting.clear()

    for batch, until in pieces:
        waiting.append(batch)
        if until != NEVER:
            judge(until)
    if any(batch.size for batch in waiting):
        judge(NEVER)
    return state, events


def event_bytes(event: Event) -> bytes:
    """An event as a message."""
    return msgspec.json.encode(event)


def event_in(data: bytes) -> Event:
    """An event, of the message that it came with."""
    return msgspec.json.decode(data, type=Event)


def event_key(event: Event) -> str:
    """What makes it the same event when it is told again."""
    return f"{event.id}.{event.kind.value}.{event.at}"


def state_bytes(state: State) -> bytes:
    """A state as bytes: plain columns, nothing that runs."""
    columns = {f"s/{name}": column for name, column in state.streams.items()}
    for mark, part in (("p", state.pairs), ("l", state.lists)):
        columns |= {f"{mark}/{group}/{name}": column for group, found in part.items() for name, column in found.items()}
    out = io.BytesIO()
    np.savez(out, **columns)  # type: ignore[arg-type]
    return out.getvalue()


def state_in(data: bytes) -> State:
    """A state, of its bytes."""
    found = State(streams={}, pairs={}, lists={})
    with np.load(io.BytesIO(data), allow_pickle=False) as columns:
        for path in columns.files:
            mark, *names = path.split("/")
            if mark == "s":
                found.streams[names[0]] = columns[path]
            else:
                (found.pairs if mark == "p" else found.lists).setdefault(names[0], {})[names[1]] = columns[path]
    return found


def snapshot_bytes(kept: Snapshot) -> bytes:
    """A state with the plan that it belongs to, as bytes."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "shard.npz"
        save(path, kept)
        return path.read_bytes()


def snapshot_in(data: bytes) -> Snapshot | None:
    """A state with its plan; None where another version of the program saved it."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "shard.npz"
        path.write_bytes(data)
        return load(path)
