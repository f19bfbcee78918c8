"""One city for every way of judging: rules of each kind, devices in sites and alone, and what they say, in the order of arrival."""

import asyncio
import random
import sys
from functools import lru_cache
from pathlib import Path

from cityloop.domain.sensing import Observing
from cityloop.outgrown.bus import Names, connect
from cityloop.outgrown.carrying import Piece
from cityloop.outgrown.shards import shards_of
from cityloop.outgrown.worker import Worker
from cityloop.stages.sense.rules.kernel import NEVER, Plan, plan_of
from cityloop.telemetry import Batch, batch_of
from tests.sense_things import register, rule, stream, thing

BEGAN = 1_772_380_800_000_000
S = 1_000_000
STREAMS, SHARDS = 24, 4
RULES = [
    rule("above", property="pm25", limit=75.0, release=60.0, for_s=60),
    rule("below", property="pm25", limit=5.0),
    rule("beyond", property="pm25"),
    rule("rise", property="pm25", limit=60.0, window_s=120),
    rule("frozen", property="pm25", window_s=300, release=0.1),
    rule("missing", property="pm25", window_s=180),
    rule("together", of="above", limit=2.0, window_s=300),
    rule("disagree", property="pm25", limit=70.0, radius_m=15, window_s=60),
    rule("seen", label="heap", limit=0.6, for_s=30),
    rule("count", "crowd", label="car", limit=3.0, window_s=60),
]


def the_register():
    things = [thing(no, site=f"site{no % 3}" if no % 4 == 0 else "") for no in range(1, STREAMS + 1)]
    streams = [
        stream(no, observing=Observing.detection, property="road", words=("road", "heap" if no % 12 == 0 else "car"))
        if no % 6 == 0
        else stream(no, least=0.0, most=500.0)
        for no in range(1, STREAMS + 1)
    ]
    return register(things, streams)


@lru_cache
def plan_for(shard: int | None = None) -> Plan:
    """The plan of all streams, or of a shard's."""
    whole = plan_of(RULES, the_register())
    if shard is None:
        return whole
    shards = shards_of(whole, SHARDS)
    return plan_of(RULES, the_register(), only=frozenset(no for no in range(1, STREAMS + 1) if shards[no] == shard))


def what_was_said(seed: int, minutes: int = 40) -> list[Piece]:
    """Pieces in the order of arrival: late and doubled observations among them, and the watermark now and then."""
    chance = random.Random(seed)
    rows = []
    level = [chance.uniform(20, 80) for _ in range(STREAMS + 1)]
    for second in range(0, minutes * 60, 10):
        for no in range(1, STREAMS + 1):
            if chance.random() < 0.2 or (no == 5 and 600 < second < 1200):
                continue
            at = BEGAN + second * S + no
            if no % 6 == 0:
                rows.append((second + chance.uniform(0, 8), no, at, 0.58 + 0.4 * chance.random(), chance.randint(1, 4)))
                continue
            level[no] += chance.gauss(0, 8) if no != 7 or second > 900 else 0
            value = -20.0 if chance.random() < 0.003 else level[no]
            rows.append((second + chance.uniform(0, 8), no, at, value, 0))
            if chance.random() < 0.02:
                rows.append((second + chance.uniform(0, 9), no, at, value, 0))  # said twice
    rows.sort()
    pieces: list[Piece] = []
    begin = 0
    while begin < len(rows):
        end = min(len(rows), begin + chance.randint(1, 400))
        until = BEGAN + int(rows[end - 1][0] - 10) * S if chance.random() < 0.3 else NEVER
        pieces.append((batch_of(*zip(*(row[1:] for row in rows[begin:end]), strict=True)), until))
        begin = end
    return [*pieces, (NOTHING, BEGAN + (minutes + 30) * 60 * S)]


NOTHING: Batch = batch_of([], [], [])


async def work(url: str, prefix: str, name: str, lease_s: float) -> None:
    """A worker in a process of its own, until it is killed."""
    bus = await connect(url)
    await Worker(bus.jetstream(), Names(prefix=prefix), plan_for, name, lease_s=lease_s, save_every=6).run(range(SHARDS))


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))
    asyncio.run(work(sys.argv[1], sys.argv[2], sys.argv[3], float(sys.argv[4])))
