"""One step of the kernel: a batch, and how far the watermark is."""

import numpy as np

from cityloop.domain.sensing import Event
from cityloop.stages.sense.rules.kernel.levels import levels
from cityloop.stages.sense.rules.kernel.neighbours import neighbours
from cityloop.stages.sense.rules.kernel.plan import NEVER, Plan
from cityloop.stages.sense.rules.kernel.runs import ticked
from cityloop.stages.sense.rules.kernel.silence import born, silence
from cityloop.stages.sense.rules.kernel.sites import together
from cityloop.stages.sense.rules.kernel.sorting import Floats, Ints, Rows, ordered
from cityloop.stages.sense.rules.kernel.state import State
from cityloop.stages.sense.rules.kernel.tracks import tracks
from cityloop.stages.sense.rules.kernel.unusual import unusual
from cityloop.stages.sense.rules.kernel.windows import sums, windows
from cityloop.telemetry import Batch

TICKED = ("level", "window", "silence", "sum", "track", "unusual", "near")


def step(plan: Plan, state: State, batch: Batch, until: int = NEVER) -> tuple[State, list[Event]]:
    """Judge a batch. `until`: the watermark: whatever is older has come. Units: microseconds since 1970, UTC.

    The events do not depend on how the input is cut into batches. What spans streams, and what happens because nothing came,
    is judged when the watermark has passed it. The state that is given is used up: its columns are written into.
    """
    events: list[Event] = []
    last = state.streams["last"]
    rows = ordered(batch, last)
    if rows is not None:
        gaps, still = _steps(rows, state.streams["value"])
        levels(plan, state.pairs["level"], rows, events)
        windows(plan, state.pairs["window"], rows, gaps, still, events)
        silence(plan, state.pairs["silence"], rows, gaps, events)
        sums(plan, state.pairs["sum"], rows, events)
        unusual(plan, state.pairs["unusual"], rows, events)
        last[rows.stream] = rows.at[rows.end]
        state.streams["value"][rows.stream] = rows.value[rows.end]
    tracks(plan, state.pairs["track"], state.lists["track"], rows, until, last, events)
    neighbours(plan, state.pairs["near"], state.lists["near"], state.lists["grid"], rows, until, events)
    if until > NEVER:
        born(plan, state.pairs["silence"])
        for name in TICKED:
            ticked(plan, plan.families[name], state.pairs[name], until, events)
    together(plan, state.lists["site"], state.lists["site_on"], until, events)
    return state, sorted(events, key=lambda each: (each.at, each.kind.value, each.rule, each.stream, each.track))


def _steps(rows: Rows, value: Floats) -> tuple[Ints, Floats]:
    """Of each row the time since the one before; of each segment the least difference between two that follow."""
    gaps, away = np.empty_like(rows.at), np.empty_like(rows.value)
    gaps[1:], away[1:] = np.diff(rows.at), np.abs(np.diff(rows.value))
    known = rows.before != NEVER
    gaps[rows.start] = np.where(known, rows.at[rows.start] - rows.before, 0)
    away[rows.start] = np.where(known, np.abs(rows.value[rows.start] - value[rows.stream]), np.inf)
    return gaps, np.minimum.reduceat(away, rows.start)
