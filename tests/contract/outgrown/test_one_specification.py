"""Same input, same events: in one process, over NATS with two workers one of which is killed, and on Spark."""

import asyncio
import contextlib
import os
import secrets
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from nats.js.errors import BucketNotFoundError, KeyNotFoundError, NotFoundError
from tests.outgrown_world import RULES, SHARDS, STREAMS, plan_for, the_register, what_was_said

from cityloop.domain.sensing import Event
from cityloop.outgrown.bus import Names, Sender, connect, set_up, take_events
from cityloop.outgrown.carrying import event_key, judged, state_bytes, state_in
from cityloop.outgrown.shards import divided, shards_of
from cityloop.stages.sense.rules.kernel import NEVER, state_of
from cityloop.telemetry import batch_of, joined

NATS = os.environ.get("CITYLOOP_TEST_NATS", "nats://127.0.0.1:4222")
REPO = Path(__file__).parents[3]
SEED = 11


def told(events: list[Event]) -> list[tuple]:
    """Events as a list that does not depend on who told them first."""
    return sorted((each.id, each.kind.value, each.rule, each.stream, each.began_at, each.at, each.value, each.track) for each in events)


@pytest.fixture(scope="module")
def truth() -> list[tuple]:
    """What one process says, of all streams at once."""
    plan = plan_for()
    _, events = judged(plan, state_of(plan), what_was_said(SEED))
    kinds = Counter(each.rule for each in events)
    assert set(kinds) == {each.code for each in RULES}, f"a rule that never speaks proves nothing: {kinds}"
    return told(events)


def test_cut_anyhow_and_by_shards_one_process_says_the_same(truth):
    """Shard by shard, in other pieces, the state put to bytes and back between any two."""
    shards = shards_of(plan_for(), SHARDS)
    events: list[Event] = []
    for shard in range(SHARDS):
        plan = plan_for(shard)
        state = state_of(plan)
        pieces = [(part, NEVER) if part is not None else (batch_of([], [], []), until)
                  for batch, until in what_was_said(SEED)
                  for part in [*(piece for of, piece in divided(batch, shards, 37) if of == shard), *([None] if until != NEVER else [])]]  # fmt: skip
        for start in range(0, len(pieces), 5):
            state, found = judged(plan, state_in(state_bytes(state)), pieces[start : start + 5])
            events += found
    assert told(events) == truth


def test_streams_of_a_site_share_a_shard_and_the_rest_is_spread():
    whole = plan_for()
    shards = shards_of(whole, SHARDS)
    for group in whole.sites:
        assert len({shards[no] for no in group.streams}) == 1
    lone = shards_of(whole._replace(sites=(), near=whole.near * 0), 4)
    assert len(set(lone[1 : STREAMS + 1].tolist())) == 4
    rows = batch_of(np.arange(1, STREAMS + 1), np.zeros(STREAMS), np.zeros(STREAMS))
    pieces = list(divided(rows, lone, 3))
    assert sorted(joined([piece for _, piece in pieces]).stream.tolist()) == list(range(1, STREAMS + 1))
    assert max(piece.size for _, piece in pieces) <= 3
    assert the_register().streams


def test_over_the_bus_one_of_two_workers_is_killed_and_each_event_comes_once(truth):
    """The other goes on where it stopped."""
    assert told(asyncio.run(over_the_bus(kill=True))) == truth


async def over_the_bus(*, kill: bool) -> list[Event]:
    names = Names(prefix=f"t_{secrets.token_hex(5)}")
    bus = await connect(NATS)
    js = bus.jetstream()
    await set_up(js, names)
    workers = [start(names.prefix, f"w{no}") for no in range(2)]
    found: list[Event] = []

    async def taken(events) -> None:
        found.extend(events)

    try:
        assert set(await holders(js, names)) <= {"w0", "w1"}
        sender = Sender(js, names, shards_of(plan_for(), SHARDS), "test")
        pieces = what_was_said(SEED)
        for number, (batch, until) in enumerate(pieces):
            for _ in range(2 if number % 7 == 0 else 1):  # who does not know whether it was sent sends it again
                await sender.send(batch, str(number))
            if until != NEVER:
                await sender.tick(until)
            if number == len(pieces) // 2:
                while len(found) < 20:  # both are at it
                    await take_events(js, names, taken, wait_s=0.5)
            if number == len(pieces) // 2 + 12 and kill:  # in the middle of what was just sent
                victim = int((await holders(js, names))[0][1])
                workers[victim].send_signal(signal.SIGKILL)
        quiet = 0
        while quiet < 4:
            quiet = 0 if await take_events(js, names, taken, wait_s=1.5) else quiet + 1
        if kill:
            assert set(await holders(js, names)) == {f"w{1 - victim}"}, "the other has all"
        return found
    finally:
        for each in workers:
            each.kill()
            each.wait()
        for stream in (names.observed, names.told, f"KV_{names.leases}", f"KV_{names.states}", f"OBJ_{names.states}"):
            with contextlib.suppress(NotFoundError):
                await js.delete_stream(stream)
        await bus.close()


async def holders(js, names: Names) -> list[str]:
    """Who has each shard; waits until each has somebody."""
    until = asyncio.get_running_loop().time() + 60
    while asyncio.get_running_loop().time() < until:
        with contextlib.suppress(NotFoundError, BucketNotFoundError, KeyNotFoundError):
            leases = await js.key_value(names.leases)
            return [((await leases.get(f"shard.{shard}")).value or b"").decode() for shard in range(SHARDS)]
        await asyncio.sleep(0.1)
    raise AssertionError("a shard has nobody")


def start(prefix: str, name: str) -> subprocess.Popen:
    return subprocess.Popen([sys.executable, "-m", "tests.outgrown_world", NATS, prefix, name, "1.5"], cwd=REPO)


def test_an_event_told_again_is_the_same():
    plan = plan_for()
    _, events = judged(plan, state_of(plan), what_was_said(SEED))
    assert len({event_key(each) for each in events}) == len(events)
