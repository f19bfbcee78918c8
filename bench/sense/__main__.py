"""What observations cost, each figure beside the plain way and the physical limit of the same run.

QUICK=1 takes about a minute; else a hundred million observations go in, and memory is looked at. Figures are measured on
a shared machine: read ratios, not absolute times.
"""

import asyncio
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.bare import bare_insert
from bench.city import report_bodies
from bench.load import closed, http
from bench.machine import Server, rss_mb, say
from bench.sense import pack
from bench.sense.bodies import ROWS, moments, requests
from bench.sense.city import KEYS, STREAMS, THINGS, made, stream_name
from bench.sense.events import loud, to_case_p95_s
from bench.sense.nab import DATA, nab_score
from bench.sense.past import ROWS as PAST_ROWS
from bench.sense.past import hourly_mean_s
from bench.sense.storm import storm
from bench.staff import NAME, PASSWORD
from cityloop.packs import load
from cityloop.telemetry.log import START, Position, follow, logs_in

QUICK = bool(os.environ.get("QUICK"))
ROUNDS = 24 if QUICK else 2_000  # of all streams
WARM_ROUNDS = 30
BARE_ROUNDS = 8 if QUICK else 40
POSTS = 6_000 if QUICK else 60_000
POST_WARM = 3_000
EVENTS = 40 if QUICK else 200
STORM_S = 8.0 if QUICK else 60.0
HEARD = 4_000 if QUICK else 40_000
BROKER = ("127.0.0.1", 1883)
figures: dict[str, float] = {}


def main() -> None:
    """Measure, and say what was measured."""
    started = time.perf_counter()
    home = Path(tempfile.mkdtemp(prefix="cityloop-sense-"))
    os.environ["CITYLOOP_MQTT_URL"] = f"mqtt://{BROKER[0]}:{BROKER[1]}"
    try:
        layer = pack.made(home / "bench_sense")
        keys = made(home / "city", str(layer))
        say(f"a city of {STREAMS:,} streams stands after {time.perf_counter() - started:.0f} s")
        server = Server(home=home / "city", pack=str(layer))
        server.wait_until_idle(300)  # what follows from the registering of so many devices
        try:
            lines(server, keys)
            last_values(server)
            posts(server, keys)
            hearing(server)
            loud(server, keys[0], 0)
            figures["event_to_case_p95_s"] = to_case_p95_s(server, keys[0], EVENTS)
            say(f"from an observation that a rule minds to its case: p95 {figures['event_to_case_p95_s']:.2f} s of {EVENTS} events")
            bodies = report_bodies(load("demo"), 500)
            figures.update(storm(server, keys, bodies, STORM_S, times=100.0) | storm(server, keys, bodies, STORM_S))
        finally:
            server.stop()
        bare(home)
        past(home / "past")
        if DATA.exists():
            figures["nab_score"] = nab_score().normalised
    finally:
        shutil.rmtree(home, ignore_errors=True)
    say(f"took {time.perf_counter() - started:.0f} s, load {os.getloadavg()[0]:.1f}")
    print(json.dumps({name: round(value, 4) for name, value in figures.items()}))


def lines(server: Server, keys: list[str]) -> None:
    """All streams speak, round after round; durable before each answer, and judged."""
    told = list(moments(WARM_ROUNDS + ROUNDS))
    warm = requests(told[:WARM_ROUNDS], keys)  # who judges moves to a process of its own when there is much: that happens once
    asyncio.run(closed(server.port, lambda _: next(warm), count=WARM_ROUNDS * STREAMS // ROWS, connections=4))
    loud(server, keys[0], THINGS - 2)
    ready = requests(told[WARM_ROUNDS:], keys)
    ready = iter(list(ready)) if QUICK else ready
    count = ROUNDS * STREAMS // ROWS
    before, cpu = rss_mb(server.pids), server.cpu_s()
    seen: list[float] = []

    def done(number: int) -> None:
        if number % (count // 8 or 1) == 0:
            seen.append(rss_mb(server.pids))

    run = asyncio.run(closed(server.port, lambda _: next(ready), count=count, connections=4, on_done=done))
    assert run.statuses == {201: count}, run.statuses
    rows = count * ROWS
    judged_s = loud(server, keys[0], THINGS - 1, at=told[-1])  # a case only where what came before it was judged, not left out
    figures["obs_per_s"] = rows / (run.seconds + judged_s)
    figures["memory_growth"] = seen[-1] / seen[1]  # from an eighth of the way on
    say(
        f"{rows:,} observations by lines, eight rules on each: {rows / run.seconds:,.0f}/s kept, {figures['obs_per_s']:,.0f}/s kept and judged, answer p95 {run.share(0.95) * 1000:.0f} ms, "
        f"{(server.cpu_s() - cpu) / rows * 1e6:.2f} µs CPU each; memory {before:.0f} MB before, then "
        + ", ".join(f"{each:.0f}" for each in seen)
    )


def bare(home: Path) -> None:
    """The same bytes, parsed and appended by one process; and the disk alone."""
    found = {}
    for parse in ("msgspec", "json", "none"):
        done = subprocess.run([sys.executable, "-m", "bench.sense.bare", str(home), str(BARE_ROUNDS), parse], check=True, capture_output=True)
        found[parse] = float(done.stdout)
    figures["share_of_bare"] = figures["obs_per_s"] / found["msgspec"]
    say(
        f"bare parse and append: {found['msgspec']:,.0f}/s by msgspec (we: {figures['share_of_bare']:.0%}), {found['json']:,.0f}/s by "
        f"json.loads ({figures['obs_per_s'] / found['json']:.0%}); the disk alone takes {found['none']:,.0f}/s"
    )


def past(home: Path) -> None:
    """Ten million observations, sealed, read back by the hour."""
    figures["hourly_mean_s"], plain_s, sealed_s = hourly_mean_s(home)
    say(
        f"hourly mean over {PAST_ROWS:,} observations: {figures['hourly_mean_s']:.2f} s from sealed files; {plain_s:.2f} s by one array "
        f"that is sorted already; sealing them took {sealed_s:.0f} s"
    )


def posts(server: Server, keys: list[str]) -> None:
    """One observation a request, by eight partners; beside the bare insert of one row a request."""
    now = time.time_ns() // 1000

    def request(number: int) -> bytes:
        body = b'{"stream":"%s","at":%d,"value":61.5}' % (stream_name(number % STREAMS).encode(), now + number)
        return http("POST", "/v1/observations", body, {"Authorization": f"Bearer {keys[number % KEYS]}"})

    asyncio.run(closed(server.port, request, count=POST_WARM, connections=64))  # until it runs as it will
    before = server.cpu_s()
    run = asyncio.run(closed(server.port, lambda number: request(POST_WARM + number), count=POSTS, connections=64))
    cpu_us = (server.cpu_s() - before) / POSTS * 1e6
    assert run.statuses == {201: POSTS}, run.statuses
    figures["post_per_s"] = POSTS / run.seconds
    bare_ms, per_s = bare_insert(POSTS)
    figures["post_share_of_bare"] = figures["post_per_s"] / per_s
    say(
        f"one a request: {figures['post_per_s']:,.0f}/s, {cpu_us:.0f} µs CPU, p95 {run.share(0.95) * 1000:.0f} ms; "
        f"bare insert {per_s:,.0f}/s, {bare_ms * 1000:.0f} µs (we: {figures['post_share_of_bare']:.0%})"
    )


def hearing(server: Server) -> None:
    """QoS 1 through the broker, until all of it is on the disk."""
    root = server.home / "telemetry" / "log"
    before = {folder.name: last_place(folder) for folder in logs_in(root)}
    started = time.perf_counter()
    device = subprocess.Popen([sys.executable, "-m", "bench.sense.hearing", BROKER[0], str(BROKER[1]), "bench", str(HEARD)])
    count, begun = 0, None
    while count < HEARD and time.perf_counter() - started < 120:
        time.sleep(0.02)
        for folder in logs_in(root):
            for place, batch in follow(folder, before.get(folder.name, START)):
                before[folder.name] = place
                begun = begun or time.perf_counter()
                count += batch.size
    seconds = time.perf_counter() - (begun or started)
    device.wait(60)
    figures["mqtt_qos1_per_s"] = count / seconds if count == HEARD else 0.0
    say(f"MQTT QoS 1: {count:,} of {HEARD:,} kept, {figures['mqtt_qos1_per_s']:,.0f}/s through the broker")


def last_place(folder: Path) -> Position:
    """The end of a log."""
    return max((place for place, _ in follow(folder)), default=START)


def last_values(server: Server) -> None:
    """The last values of all streams, by HTTP."""
    headers = signed(server)
    asked = http("GET", "/v1/observations/latest", headers=headers)
    run = asyncio.run(closed(server.port, lambda _: asked, count=12, connections=1, keep=True))
    assert run.statuses == {200: 12}, run.statuses
    assert len(json.loads(run.bodies[-1])["stream"]) == STREAMS
    figures["last_value_ms"] = statistics.median(run.latencies) * 1000
    say(f"last value of {STREAMS:,} streams by HTTP: {figures['last_value_ms']:.0f} ms, {len(run.bodies[-1]) / 1e6:.1f} MB")


def signed(server: Server) -> dict[str, str]:
    """Headers of somebody who may look."""
    body = json.dumps({"name": NAME, "password": PASSWORD, "as_token": True}).encode()
    run = asyncio.run(closed(server.port, lambda _: http("POST", "/v1/sessions", body), count=1, connections=1, keep=True))
    return {"Authorization": f"Bearer {json.loads(run.bodies[0])['token']}"}


if __name__ == "__main__":
    random.seed(7)
    main()


