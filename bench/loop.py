"""What a report costs: received, classified, filed, dispatched, sealed; beside the bare insert and a large city.

QUICK=1 takes about 45 s and a city of 30 thousand cases; else a million. Figures are measured on a shared machine:
read ratios, not absolute times.
"""

import asyncio
import io
import json
import os
import shutil
import sqlite3
import statistics
import tempfile
import time
from pathlib import Path

from PIL import Image

from bench.bare import bare_insert
from bench.city import fill, report_bodies
from bench.load import Run, closed, http, opened
from bench.machine import Postgres, Server, cpu_s, rss_mb, say
from bench.staff import count_list_statements, signed_in
from cityloop.app import Settings, join, open_city
from cityloop.files import take_in
from cityloop.journal.prove import verify
from cityloop.journal.replay import replay
from cityloop.journal.tlog import load_key
from cityloop.packs import load

QUICK = os.environ.get("QUICK") == "1"
COUNT = 3_000 if QUICK else 30_000
CASES = 30_000 if QUICK else 1_000_000
OPEN_S = 4 if QUICK else 30
REPLAYED = 60_000 if QUICK else None  # facts
WARM = 1_000 if QUICK else 1_500  # until memory, caches and the interpreter have settled
TURNS = 5  # of two servers that are compared
ROUND = 700 if QUICK else 10_000  # reports of one turn
figures: dict[str, float] = {}


def requests(bodies: list[bytes]):
    raw = [http("POST", "/v1/reports", body) for body in bodies]
    return lambda number: raw[number % len(raw)]


def saturate(server: Server, bodies: list[bytes], extra_cpu=lambda: 0.0) -> tuple[float, float, Run]:
    """64 connections as fast as answers come. Gives CPU ms a report until the backlog is empty, reports/s, the run."""
    before, started = server.cpu_s() + extra_cpu(), time.perf_counter()
    run = asyncio.run(closed(server.port, requests(bodies), count=len(bodies), connections=64))
    server.wait_until_idle(120)
    seconds = time.perf_counter() - started
    good = run.statuses.get(201, 0)
    assert good == len(bodies), run.statuses
    return (server.cpu_s() + extra_cpu() - before) / good * 1000, good / seconds, run


def warm(server: Server, policy) -> None:
    """Let it work until it runs as it will. Its reports are none that are counted later: those would only join their cases."""
    asyncio.run(closed(server.port, requests(report_bodies(policy, WARM, seed=1)), count=WARM, connections=64))
    server.wait_until_idle(120)


def sqlite_empty_and_large(policy) -> None:
    bodies = report_bodies(policy, COUNT)
    home = Path(tempfile.mkdtemp(prefix="cityloop-bench-"))
    say(f"SQLite, empty city, {COUNT} reports, 64 connections")
    server = Server()
    warm(server, policy)
    cpu_ms, per_s, run = saturate(server, bodies)
    figures["cpu_ms_report_sqlite"] = cpu_ms
    figures["reports_per_s"] = per_s
    say(f"  ours {cpu_ms:.3f} ms CPU a report, {per_s:,.0f}/s, answer p95 {run.share(0.95) * 1000:.1f} ms")
    open_loop(server, policy)
    figures["rss_mb"] = rss_mb(server.pids)
    server.stop()

    bare_ms, bare_per_s = bare_insert(COUNT)
    figures["bare_insert_cpu_ms"] = bare_ms
    say(f"  bare insert of one row on the same stack {bare_ms:.3f} ms, {bare_per_s:,.0f}/s")

    say(f"SQLite, {CASES:,} cases")
    parts = join(Settings(city="bench", home=str(home), pack="demo"))
    open_city(parts)
    started = time.perf_counter()
    fill(parts, CASES)
    say(f"  filled in {time.perf_counter() - started:.1f} s")
    parts.close()
    large = Server(home=home)
    large.wait_until_idle(600)
    empty = Server()
    compare({"large": large, "empty": empty}, policy)
    empty.stop()
    reading(large)
    large.stop()
    journal(home)


def compare(servers: dict[str, Server], policy) -> None:
    """The rate of a large city over that of an empty one: turn by turn, who begins changes, and no report comes twice."""
    for each in servers.values():
        warm(each, policy)
    cpu_ms: dict[str, list[float]] = {name: [] for name in servers}
    rates: dict[str, list[float]] = {name: [] for name in servers}
    for turn in range(TURNS):
        bodies = report_bodies(policy, ROUND, seed=100 + turn)
        for name in sorted(servers, reverse=turn % 2 == 0):
            ms, rate, _ = saturate(servers[name], bodies)
            cpu_ms[name].append(ms)
            rates[name].append(rate)
    figures["rate_large_over_empty"] = over(rates["large"], rates["empty"])
    figures["cpu_empty_over_large"] = over(cpu_ms["empty"], cpu_ms["large"])
    each_rate = " : ".join(", ".join(f"{rate:,.0f}" for rate in rates[name]) for name in ("large", "empty"))
    each_ms = " : ".join(f"{statistics.median(cpu_ms[name]):.3f}" for name in ("large", "empty"))
    say(
        f"  rate large / empty {figures['rate_large_over_empty']:.2f} ({each_rate}); "
        f"of the processor {figures['cpu_empty_over_large']:.2f} ({each_ms} ms)"
    )


def over(above: list[float], below: list[float]) -> float:
    """The median of the turns' ratios."""
    return statistics.median(a / b for a, b in zip(above, below, strict=True))


def open_loop(server: Server, policy) -> None:
    """500 reports a second at fixed moments."""
    bodies = report_bodies(policy, 500 * OPEN_S, seed=9)
    before = server.cpu_s()
    run = asyncio.run(opened(server.port, requests(bodies), per_s=500, seconds=OPEN_S))
    server.wait_until_idle(120)
    cpu_ms = (server.cpu_s() - before) / len(run.latencies) * 1000
    figures["cpu_ms_report_500_per_s"] = cpu_ms
    figures["answer_p95_ms"] = run.share(0.95) * 1000
    figures["dispatched_p95_s"] = delay_p95_s(server, len(bodies))
    say(
        f"  500/s open loop: {cpu_ms:.3f} ms CPU, answer p95 {figures['answer_p95_ms']:.1f} ms, "
        f"report to dispatched p95 {figures['dispatched_p95_s']:.2f} s"
    )


def delay_p95_s(server: Server, last: int) -> float:
    """From the report's receipt to its dispatch, by the recorded moments of the facts."""
    with sqlite3.connect(f"file:{server.home}/city.db?mode=ro", uri=True) as db:
        rows = db.execute(
            "SELECT (julianday(c.dispatched_at) - julianday(r.received_at)) * 86400 FROM case_file c "
            "JOIN report r ON r.city = c.city AND r.id = c.report_id WHERE c.dispatched_at IS NOT NULL "
            "ORDER BY r.id DESC LIMIT ?", [last],
        ).fetchall()  # fmt: skip
    delays = sorted(row[0] for row in rows)
    return delays[int(len(delays) * 0.95)] if delays else float("nan")


def reading(server: Server) -> None:
    """The list of 100 and the case page, alone and under eight connections."""
    headers = signed_in(server)
    page = http("GET", "/v1/cases?limit=100", headers=headers)
    warm = asyncio.run(closed(server.port, lambda _: page, count=20, connections=1, keep=True))
    assert warm.statuses == {200: 20}, warm.statuses
    found = json.loads(warm.bodies[-1])["items"]
    ids = [each["id"] for each in found]
    alone = asyncio.run(closed(server.port, lambda _: page, count=150, connections=1))
    crowd = asyncio.run(closed(server.port, lambda _: page, count=400, connections=8))
    assert set(alone.statuses) == set(crowd.statuses) == {200}, (alone.statuses, crowd.statuses)
    cases = asyncio.run(
        closed(
            server.port,
            lambda n: http("GET", f"/v1/cases/{ids[n % len(ids)]}", headers=headers),
            count=200,
            connections=1,
        )
    )
    assert set(cases.statuses) == {200}, cases.statuses
    figures["list100_p95_ms"] = alone.share(0.95) * 1000
    figures["list100_p95_ms_8"] = crowd.share(0.95) * 1000
    figures["case_page_p95_ms"] = cases.share(0.95) * 1000
    say(
        f"  list of 100: p95 {figures['list100_p95_ms']:.1f} ms alone, {figures['list100_p95_ms_8']:.1f} ms under 8; "
        f"case page p95 {figures['case_page_p95_ms']:.1f} ms"
    )


def journal(home: Path) -> None:
    """Replay, verification and proofs over the large city."""
    parts = join(Settings(city="bench", home=str(home), pack="demo"))
    open_city(parts)
    second = tempfile.mkdtemp(prefix="cityloop-bench-")
    target = join(Settings(city="bench", home=second))
    started = time.perf_counter()
    facts = replay(parts.database, target.database, parts.journal, until=REPLAYED)
    figures["replay_facts_per_s"] = facts / (time.perf_counter() - started)
    keys = Path(home) / "keys"
    started = time.perf_counter()
    found = verify(parts.database, lambda name: load_key(keys / f"{name.replace('/', '_')}.key").verifier)
    figures["verify_facts_per_s"] = found.facts / (time.perf_counter() - started)
    assert not found.faults, found.faults[:3]
    prover = parts.proofs.prover(1)
    with parts.database.reading() as tx:
        size = tx.value("SELECT max(size) FROM checkpoint WHERE city = :city AND origin = 1")
    many = 4_000
    started = time.perf_counter()
    for number in range(many):
        prover.inclusion(number * 7919 % size, size)
    figures["proofs_per_s"] = many / (time.perf_counter() - started)
    figures["list100_statements"] = count_list_statements(parts)
    say(
        f"  journal of {found.facts:,} facts: replay (of {facts:,}) {figures['replay_facts_per_s']:,.0f}/s, verify "
        f"{figures['verify_facts_per_s']:,.0f}/s, proofs {figures['proofs_per_s']:,.0f}/s"
    )
    parts.close()
    target.close()
    shutil.rmtree(second)
    shutil.rmtree(home)


def postgres(policy) -> None:
    """One process, then two, on a database of their own; the backends' CPU counted too."""
    bodies = report_bodies(policy, COUNT // 2)
    for processes in (1, 2):
        database = Postgres()
        server = Server(database=database.url, processes=processes)
        try:
            warm(server, policy)
            backends = database.backends()
            cpu_ms, per_s, _ = saturate(server, bodies, lambda pids=backends: sum(cpu_s(pid) for pid in pids))
            say(f"PostgreSQL, {processes} process(es): {cpu_ms:.3f} ms CPU a report with the backends, {per_s:,.0f}/s")
            if processes == 1:
                figures["cpu_ms_report_postgres_all"] = cpu_ms
                figures["reports_per_s_postgres"] = per_s
            else:
                figures["reports_per_s_postgres_2"] = per_s
        finally:
            server.stop()
            database.drop()


def photo(policy) -> None:
    """A 12-megapixel photo through the whole chain."""
    noise = Image.effect_noise((1000, 750), 60).resize((4000, 3000), Image.Resampling.BICUBIC)
    picture = Image.merge("RGB", [noise, noise.transpose(Image.Transpose.ROTATE_180), noise])
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85)
    raw = out.getvalue()
    took = []
    for _ in range(5):
        before = time.process_time()
        take_in(raw, policy.settings)
        took.append((time.process_time() - before) * 1000)
    figures["cpu_ms_photo"] = statistics.median(took)
    say(f"a photo of 12 megapixels ({len(raw) / 1e6:.1f} MB): {figures['cpu_ms_photo']:.0f} ms CPU")


def main() -> None:
    started = time.perf_counter()
    policy = load("demo")
    photo(policy)
    sqlite_empty_and_large(policy)
    postgres(policy)
    say(f"took {time.perf_counter() - started:.0f} s")
    print(json.dumps({name: round(value, 4) for name, value in figures.items()}))


if __name__ == "__main__":
    main()
