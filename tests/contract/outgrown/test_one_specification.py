"""Same input, same events: in one process, over NATS with two workers one of which is killed, and on Spark."""

import asyncio
import contextlib
import os
import random
import secrets
import shutil
import signal
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from nats.js.errors import BucketNotFoundError, KeyNotFoundError, NotFoundError
from tests.outgrown_world import RULES, SHARDS, STREAMS, plan_for, the_register, what_was_said

from cityloop.domain.sensing import Event, EventKind
from cityloop.outgrown.bus import Names, Sender, connect, set_up, take_events
from cityloop.outgrown.carrying import event_key, judged, state_bytes, state_in
from cityloop.outgrown.shards import divided, shards_of
from cityloop.stages.sense.rules.kernel import NEVER, state_of
from cityloop.telemetry import batch_of, joined

REPO = Path(__file__).parents[3]
SEED = 11


@pytest.fixture(scope="module")
def nats_url(tmp_path_factory) -> Iterator[str]:
    """A server that is named or listens here, else one of our own."""
    if named := os.environ.get("CITYLOOP_TEST_NATS"):
        yield named
        return
    with contextlib.suppress(OSError):
        socket.create_connection(("127.0.0.1", 4222), 1).close()
        yield "nats://127.0.0.1:4222"
        return
    if not (server := shutil.which("nats-server") or shutil.which("nats-server", path="/usr/sbin")):
        pytest.fail("NATS is not installed; run scripts/install_nats_java.sh as root, then test again.")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [server, "-js", "-a", "127.0.0.1", "-p", str(port), "-sd", str(tmp_path_factory.mktemp("nats"))]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        yield f"nats://127.0.0.1:{port}"
        process.kill()


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


def test_over_the_bus_one_of_two_workers_is_killed_and_each_event_comes_once(truth, nats_url):
    """The other goes on where it stopped."""
    assert told(asyncio.run(over_the_bus(nats_url))) == truth


async def over_the_bus(url: str) -> list[Event]:
    names = Names(prefix=f"t_{secrets.token_hex(5)}")
    bus = await connect(url)
    js = bus.jetstream()
    await set_up(js, names)
    workers = [start(url, names.prefix, f"w{no}") for no in range(2)]
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
            if number == len(pieces) // 2 + 12:  # in the middle of what was just sent
                await saved(js, names, 0)
                victim = int((await holders(js, names))[0][1])
                workers[victim].send_signal(signal.SIGKILL)
        quiet = 0
        while quiet < 4:
            quiet = 0 if await take_events(js, names, taken, wait_s=1.5) else quiet + 1
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


async def saved(js, names: Names, shard: int) -> None:
    """Wait until the state of a shard was saved: who takes it over goes on from there, not from the beginning."""
    states = await js.key_value(names.states)
    for _ in range(200):
        with contextlib.suppress(KeyNotFoundError):
            assert (await states.get(f"shard.{shard}")).value
            return
        await asyncio.sleep(0.1)
    raise AssertionError("the state was never saved")


def start(url: str, prefix: str, name: str) -> subprocess.Popen:
    return subprocess.Popen([sys.executable, "-m", "tests.outgrown_world", url, prefix, name, "1.5"], cwd=REPO)


def test_an_event_told_again_is_the_same():
    plan = plan_for()
    _, events = judged(plan, state_of(plan), what_was_said(SEED))
    assert len({event_key(each) for each in events}) == len(events)


def test_on_spark_keyed_by_shard_each_event_comes_once(truth, tmp_path, monkeypatch):
    """Two cores, several triggers, the rows of a trigger in any order; stopped in the middle, and begun again from its checkpoint."""
    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    assert told(on_spark(tmp_path)) == truth


def on_spark(folder: Path) -> list[Event]:
    pytest.importorskip("pyspark")
    from cityloop.outgrown.cluster import ROWS, judged_on

    spark = the_spark(folder)
    arrivals, out, kept = folder / "arrivals", folder / "events", folder / "checkpoint"
    write_arrivals(arrivals, folder / "later")

    def until_read() -> None:
        rows = spark.readStream.schema(ROWS).option("maxFilesPerTrigger", 2).parquet(str(arrivals))
        query = judged_on(rows, {shard: plan_for(shard) for shard in range(SHARDS)}).writeStream.format("parquet").option("path", str(out))
        running = query.option("checkpointLocation", str(kept)).outputMode("append").trigger(availableNow=True).start()
        assert running.awaitTermination(180)

    try:
        until_read()
        for path in sorted((folder / "later").iterdir()):  # what comes after it was stopped
            path.rename(arrivals / path.name)
        until_read()
        found = spark.read.parquet(str(out)).collect()
    finally:
        spark.stop()
    return [Event(**row.asDict() | {"kind": EventKind(row.kind)}) for row in found]


def the_spark(folder: Path):
    from pyspark.sql import SparkSession

    made = SparkSession.builder.master("local[2]").appName("one specification").config("spark.ui.enabled", "false")
    made = made.config("spark.driver.host", "127.0.0.1").config("spark.driver.bindAddress", "127.0.0.1").config("spark.sql.shuffle.partitions", "2")
    return made.config("spark.driver.memory", "1g").config("spark.sql.warehouse.dir", str(folder / "warehouse")).getOrCreate()


def write_arrivals(first: Path, later: Path) -> None:
    """What was said as files of rows, shuffled within each; a third of the files comes later."""
    first.mkdir()
    later.mkdir()
    shards, counts, rows = shards_of(plan_for(), SHARDS), Counter(), []
    for batch, until in what_was_said(SEED):
        for shard, piece in divided(batch, shards, 1000):
            for stream, at, value, track in zip(*(column.tolist() for column in piece), strict=True):
                rows.append((shard, counts[shard], stream, at, value, track, None))
                counts[shard] += 1
        for shard in range(SHARDS) if until != NEVER else ():
            rows.append((shard, counts[shard], 0, 0, 0.0, 0, until))
            counts[shard] += 1
    chance, size = random.Random(3), -(-len(rows) // 6)
    kinds = [pa.int32(), pa.int64(), pa.int32(), pa.int64(), pa.float64(), pa.int64(), pa.int64()]
    names = ["shard", "seq", "stream", "at", "value", "track", "until"]
    for number in range(6):
        part = rows[number * size : (number + 1) * size]
        chance.shuffle(part)
        columns = [pa.array(column, kind) for column, kind in zip(zip(*part, strict=True), kinds, strict=True)]
        path = (first if number < 4 else later) / f"{number}.parquet"
        pq.write_table(pa.table(columns, names=names), path)
        os.utime(path, (1_700_000_000 + number * 10,) * 2)
