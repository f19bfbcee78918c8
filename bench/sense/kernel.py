"""The kernel alone: eight rules a stream over many streams, beside a plain copy of the same columns."""

import os
import time
from typing import NamedTuple

import numpy as np

from cityloop.domain.ids import StreamId, ThingId
from cityloop.domain.sensing import Colour, LifeState, Observing, RuleKind, SenseRule, Stream, Thing
from cityloop.stages.sense.model import Register
from cityloop.stages.sense.rules.kernel import plan_of, state_of, step
from cityloop.telemetry import Batch, batch_of

START, SECOND = 1_772_000_000_000_000, 1_000_000
KINDS: tuple[tuple[RuleKind, dict[str, float]], ...] = (
    (RuleKind.above, {"limit": 115, "release": 100, "for_s": 300}), (RuleKind.above, {"limit": 250, "release": 220}),
    (RuleKind.below, {"limit": -5}), (RuleKind.rise, {"limit": 80, "window_s": 600}), (RuleKind.missing, {"window_s": 900}),
    (RuleKind.frozen, {"window_s": 3600}), (RuleKind.beyond, {}), (RuleKind.unusual, {"limit": 1e-4, "window_s": 300}),
)  # fmt: skip


class Figures(NamedTuple):
    """What was measured. Units: observations a second; `copied` is of four columns by memory alone."""

    judged: float
    copied: float
    rows: int
    events: int


def eight_rules() -> list[SenseRule]:
    """Eight rules of seven kinds over one property."""
    colours = tuple(Colour)
    return [
        SenseRule(code=f"r{place}", kind=kind, colour=colours[place % 4], property="pm25", **more)
        for place, (kind, more) in enumerate(KINDS)
    ]


def streams_of(count: int) -> Register:
    """A register of so many devices with one stream each."""
    things, streams = {}, {}
    for no in range(1, count + 1):
        id = ThingId(f"t{no}")
        things[id] = Thing(
            id=id, key=f"k{no}", kind="air", name="", state=LifeState.live, where=None, cell=None, site="", component=None, owner=None,
            vendor="", model="", installed_at=None, calibrated_at=None, calibrate_by=None, live_url="", still_url="", properties={},
            simulated=True,
        )  # fmt: skip
        streams[no] = Stream(
            id=StreamId(f"s{no}"), no=no, thing=id, key="pm25", property="pm25", unit="ug/m3", observing=Observing.measurement,
            every_s=60, least=0, most=1000, words=(), is_open=False, is_closed=False,
        )  # fmt: skip
    return Register(version=1, things=things, streams=streams, by_key={})


def batches(streams: int, rows: int, count: int) -> list[Batch]:
    """Each stream speaks once a minute, one after the other; values wander about a level of their own."""
    chance = np.random.default_rng(1)
    level = chance.uniform(20, 90, streams + 1)
    found = []
    for place in range(count):
        turn = np.arange(rows) + place * rows
        stream = turn % streams + 1
        found.append(batch_of(stream, START + turn * 60 * SECOND // streams, level[stream] + chance.normal(0, 5, rows)))
    return found


def kernel_figures(*, streams: int = 50_000, rows: int = 100_000, count: int = 30, warm: int = 10) -> Figures:
    """Judge batches, after some that only warm the memory."""
    plan = plan_of(eight_rules(), streams_of(streams))
    state, given, events = state_of(plan), batches(streams, rows, count + warm), 0
    spent = copying = 0.0
    for place, batch in enumerate(given):
        began = time.perf_counter()
        state, found = step(plan, state, batch, int(batch.at[-1]) - 5 * SECOND)
        between = time.perf_counter()
        for column in batch:
            column.copy()
        if place >= warm:
            spent, copying, events = spent + between - began, copying + time.perf_counter() - between, events + len(found)
    return Figures(count * rows / spent, count * rows / copying, count * rows, events)


def main() -> None:
    """Print the figures for batches of several sizes."""
    for rows in (10_000, 100_000):
        found = kernel_figures(rows=rows, count=3_000_000 // rows)
        print(
            f"batches of {rows:,}: kernel_obs_per_s {found.judged:,.0f} ({8 * found.judged:,.0f} rules/s), copy {found.copied:,.0f}, "
            f"events {found.events}, load {os.getloadavg()[0]:.1f}"
        )


if __name__ == "__main__":
    main()
