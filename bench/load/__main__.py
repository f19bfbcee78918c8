"""A whole city for an hour: residents report, people work, read and search, devices speak; then more than it can bear.

QUICK=1 takes about a minute over 20 thousand old cases; else an hour over a million. CITYLOOP_LOAD_ENGINE is sqlite, or
postgres, CITYLOOP_LOAD_PROCESSES how many, CITYLOOP_LOAD_READERS how many read beside, CITYLOOP_LOAD_S how long, CITYLOOP_LOAD_CASES how many old cases.
"""

import asyncio
import contextlib
import json
import os
import shutil
import tempfile
import time
import urllib.request
from pathlib import Path

from bench.load.city import Town, home_in, made
from bench.load.mix import FIELD, HOUR, READS, WRITES, Bodies, Mix
from bench.load.watch import Sample, growth, looking
from bench.load.work import Work
from bench.machine import Postgres, Server, say
from bench.staff import PASSWORD
from cityloop.app import Settings

QUICK = os.environ.get("QUICK") == "1"
ENGINE = os.environ.get("CITYLOOP_LOAD_ENGINE", "sqlite")
PROCESSES = int(os.environ.get("CITYLOOP_LOAD_PROCESSES", "2" if ENGINE == "postgres" else "1"))
READERS = os.environ.get("CITYLOOP_LOAD_READERS", "0" if ENGINE == "postgres" else "1")
CASES = int(os.environ.get("CITYLOOP_LOAD_CASES", "20000" if QUICK else "1000000"))
SECONDS = float(os.environ.get("CITYLOOP_LOAD_S", "15" if QUICK else "3600"))
STEP_S = 5.0 if QUICK else 60.0
PARTS = 10
KNEE = (1.25, 1.5, 2.0, 3.0)
OVERLOAD, OVERLOAD_S = 5.0, 6.0 if QUICK else 60.0
WRITE_MAX_MS, READ_MAX_MS = 250.0, 150.0
figures: dict[str, float] = {}


def main() -> None:
    """Measure, and say what was measured."""
    started, folder = time.perf_counter(), Path(tempfile.mkdtemp(prefix="cityloop-load-"))
    base = Postgres() if ENGINE == "postgres" else None
    try:
        home = home_in(folder)
        town = made(Settings(city="bench", home=str(home), database=base.url if base else ""), CASES)
        say(f"a city of {CASES:,} old cases on {ENGINE}, {PROCESSES} process(es), {READERS} that read beside, stands after {time.perf_counter() - started:.0f} s")
        server = Server(home=home, database=base.url if base else "", processes=PROCESSES, sheds=True, environment={"CITYLOOP_READERS": READERS})
        try:
            run(server, town)
        finally:
            server.stop()
    finally:
        if base:
            base.drop()
        shutil.rmtree(folder, ignore_errors=True)
    say(f"took {time.perf_counter() - started:.0f} s")
    print(json.dumps({name: round(value, 3) for name, value in figures.items()}))


def run(server: Server, town: Town) -> None:
    """The hour, the knee, and five times as much."""
    work, bodies = Work(town, tokens(server, town)), Bodies(town, int(HOUR["report"] / 3_600 * SECONDS * 1.2) + 10_000)
    stretch(server, work, bodies, 1.0, 3.0 if QUICK else 30.0)  # until it runs as it will
    samples: list[Sample] = []
    cpu = server.cpu_s()
    mix = stretch(server, work, bodies, 1.0, SECONDS, samples)
    figures["write_p95_ms"], figures["read_p95_ms"], figures["errors"] = mix.p95_ms(WRITES), mix.p95_ms(READS), mix.errors + mix.shed
    figures["cores"] = (server.cpu_s() - cpu) / SECONDS
    figures["memory_growth"] = growth([each.rss_mb for each in samples])
    figures["files_growth"] = growth([float(each.files) for each in samples])
    figures["rss_mb"] = samples[-1].rss_mb
    told(f"{SECONDS:.0f} s of the hour's traffic", mix)
    say(f"  {figures['cores']:.2f} cores of our processes; memory {samples[0].rss_mb:.0f} to {samples[-1].rss_mb:.0f} MB, files {samples[0].files} to {samples[-1].files}")
    by_tenths(mix, samples)
    knee(server, work, bodies)
    overload(server, work, bodies)


def by_tenths(mix: Mix, samples: list[Sample]) -> None:
    """How it went from the beginning to the end: what grows shows here."""
    each = SECONDS / PARTS
    for part in range(PARTS):
        begins, ends = part * each, (part + 1) * each
        mine = samples[len(samples) * part // PARTS : len(samples) * (part + 1) // PARTS]
        cores = (mine[-1].cpu_s - mine[0].cpu_s) / (each * (len(mine) - 1) / len(mine)) if len(mine) > 1 else float("nan")
        say(f"  to {ends:5.0f} s: writes p95 {mix.p95_ms(WRITES, begins, ends):.0f} ms, reads p95 {mix.p95_ms(READS, begins, ends):.0f} ms, "
            f"{mix.sent_away(begins, ends)} asked to come again, {cores:.2f} cores")  # fmt: skip


def knee(server: Server, work: Work, bodies: Bodies) -> None:
    """How much more traffic keeps the limits."""
    figures["knee_times"] = 1.0 if figures["write_p95_ms"] <= WRITE_MAX_MS and figures["read_p95_ms"] <= READ_MAX_MS else 0.0
    for times in KNEE:
        mix = stretch(server, work, bodies, times, STEP_S)
        told(f"{times:g} times as much", mix)
        server.wait_until_idle(300)
        if mix.shed or mix.errors or mix.p95_ms(WRITES) > WRITE_MAX_MS or mix.p95_ms(READS) > READ_MAX_MS:
            break
        figures["knee_times"] = times


def overload(server: Server, work: Work, bodies: Bodies) -> None:
    """Five times as much: who may wait is asked to come again, and work in the field goes on."""
    mix = stretch(server, work, bodies, OVERLOAD, OVERLOAD_S)
    told(f"{OVERLOAD:g} times as much", mix)
    field = mix.p95_ms(FIELD)
    field_shed = sum(mix.kinds[name].statuses.get(status, 0) for name in FIELD for status in (429, 503))
    figures["field_p95_ms_overload"], figures["shed"] = field, mix.shed
    figures["shed_ok"] = float(mix.shed > 0 and mix.errors == 0 and field_shed == 0 and field <= WRITE_MAX_MS)


def stretch(server: Server, work: Work, bodies: Bodies, times: float, seconds: float, samples: list[Sample] | None = None) -> Mix:
    """So much traffic for so long."""
    mix = Mix(server.port, work, bodies, times)

    async def go() -> None:
        looks = asyncio.create_task(looking(server, samples if samples is not None else [], max(0.5, seconds / 100)))
        await mix.run(seconds)
        looks.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await looks

    asyncio.run(go())
    return mix


def told(what: str, mix: Mix) -> None:
    """A line for each kind."""
    say(f"{what}: writes p95 {mix.p95_ms(WRITES):.0f} ms, reads p95 {mix.p95_ms(READS):.0f} ms, {mix.errors} errors, {mix.shed} asked to come again")
    for name, kind in mix.kinds.items():
        ordered = sorted(kind.latencies) or [float("nan")]
        middle, late = ordered[len(ordered) // 2] * 1_000, ordered[int(len(ordered) * 0.95)] * 1_000
        say(f"  {name:8} {dict(sorted(kind.statuses.items()))} p50 {middle:.0f} ms, p95 {late:.0f} ms, worst {ordered[-1] * 1_000:.0f} ms")
    if mix.nothing or mix.stale:
        say(f"  nobody could act {mix.nothing} times; {mix.stale} times the case had been moved meanwhile")


def tokens(server: Server, town: Town) -> dict[str, str]:
    """Everybody signs in; by post."""
    found = {}
    for post, name in town.people.items():
        asked = json.dumps({"name": name, "password": PASSWORD, "as_token": True}).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{server.port}/v1/sessions", asked, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            found[post] = json.loads(answer.read())["token"]
    return found


if __name__ == "__main__":
    main()
