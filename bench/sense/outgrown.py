"""The same observations judged in one process, and over NATS JetStream by a worker: observations a second.

    python -m bench.sense.outgrown
"""

import asyncio
import os
import secrets
import time

import numpy as np

from bench.machine import say
from cityloop.domain.ids import StreamId, ThingId
from cityloop.domain.sensing import Colour, LifeState, Observing, RuleKind, SenseRule, Stream, Thing
from cityloop.outgrown.bus import Names, Sender, connect, set_up
from cityloop.outgrown.carrying import judged
from cityloop.outgrown.shards import shards_of
from cityloop.outgrown.worker import Worker
from cityloop.stages.sense.model import Register
from cityloop.stages.sense.rules.kernel import NEVER, plan_of, state_of
from cityloop.telemetry import batch_of

URL = os.environ.get("CITYLOOP_BENCH_NATS", "nats://127.0.0.1:4222")
STREAMS, ROUNDS, SHARDS = 10_000, 40, 4
RULES = [
    SenseRule(code=f"r{no}", kind=kind, colour=Colour.yellow, limit=limit, window_s=window)
    for no, (kind, limit, window) in enumerate(
        [(RuleKind.above, 75.0, 0.0), (RuleKind.above, 115.0, 0.0), (RuleKind.below, 5.0, 0.0), (RuleKind.rise, 90.0, 300.0),
         (RuleKind.fall, 90.0, 300.0), (RuleKind.frozen, 0.0, 600.0), (RuleKind.missing, 0.0, 900.0), (RuleKind.beyond, 0.0, 0.0)]
    )
]  # fmt: skip


def register() -> Register:
    things = [
        Thing(id=ThingId(f"t{no}"), key=f"t{no}", kind="air", name="", state=LifeState.live, where=None, cell=None, site="", component=None,
              owner=None, vendor="", model="", installed_at=None, calibrated_at=None, calibrate_by=None, live_url="", still_url="",
              properties={}, simulated=True)
        for no in range(1, STREAMS + 1)
    ]  # fmt: skip
    streams = [
        Stream(id=StreamId(f"s{no}"), no=no, thing=ThingId(f"t{no}"), key="pm25", property="pm25", unit="", observing=Observing.measurement,
               every_s=60, least=0.0, most=500.0, words=(), is_open=False, is_closed=False)
        for no in range(1, STREAMS + 1)
    ]  # fmt: skip
    return Register(version=1, things={each.id: each for each in things}, streams={each.no: each for each in streams}, by_key={})


def batches():
    drawn, numbers = np.random.default_rng(5), np.arange(1, STREAMS + 1)
    return [batch_of(numbers, np.full(STREAMS, 1_772_380_800_000_000 + no * 60_000_000), drawn.normal(50, 7, STREAMS)) for no in range(ROUNDS)]


async def over_nats(plan, said) -> tuple[float, float]:
    names = Names(prefix=f"b_{secrets.token_hex(4)}")
    bus = await connect(URL)
    js, of = bus.jetstream(), shards_of(plan, SHARDS)
    await set_up(js, names)
    plans = [plan_of(RULES, register(), only=frozenset(np.flatnonzero(of[1:] == shard) + 1)) for shard in range(SHARDS)]
    try:
        began = time.perf_counter()
        sender = Sender(js, names, of, "bench")
        for no, batch in enumerate(said):
            await sender.send(batch, str(no))
        sent = time.perf_counter() - began
        worker = Worker(js, names, lambda shard: plans[shard], "w0")
        began = time.perf_counter()
        task = asyncio.create_task(worker.run(range(SHARDS)))
        while worker.judged < STREAMS * ROUNDS:
            await asyncio.sleep(0.01)
        return sent, time.perf_counter() - began
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        for stream in (names.observed, names.told, f"KV_{names.leases}", f"KV_{names.states}", f"OBJ_{names.states}"):
            await js.delete_stream(stream)
        await bus.close()


def main() -> None:
    plan, said = plan_of(RULES, register()), batches()
    began = time.perf_counter()
    judged(plan, state_of(plan), ((batch, NEVER) for batch in said))
    alone = time.perf_counter() - began
    began, state = time.perf_counter(), state_of(plan)
    for batch in said:
        state, _ = judged(plan, state, [(batch, NEVER)])
    cut = time.perf_counter() - began
    sent, worked = asyncio.run(over_nats(plan, said))
    rows = STREAMS * ROUNDS
    say(f"in_process_obs_per_s {rows / alone:,.0f} (in pieces of {STREAMS:,}: {rows / cut:,.0f})")
    say(f"nats_sent_obs_per_s {rows / sent:,.0f}")
    say(f"nats_judged_obs_per_s {rows / worked:,.0f}")
    say(f"load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
