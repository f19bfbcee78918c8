"""From an observation that a rule minds to the case in the queue; and how long until all that came is judged."""

import asyncio
import sqlite3
import time
from datetime import UTC, datetime

from bench.load import closed, http
from bench.machine import Server
from bench.sense.bodies import written
from bench.sense.city import STREAMS_EACH, stream_name

MOST_S = 120.0


def cases(server: Server) -> int:
    """Cases of devices. Asked of the database's file, so that it costs the server nothing."""
    with sqlite3.connect(f"file:{server.home}/city.db?mode=ro", uri=True) as db:
        found = db.execute("SELECT count(*) FROM report WHERE channel = 'device' AND case_id IS NOT NULL").fetchone()[0]
    db.close()
    return found


def loud(server: Server, key: str, thing: int, at: datetime | None = None) -> float:
    """One device says something that a rule minds, now or at a moment; gives the seconds until its case is there."""
    before = cases(server)
    moment = written(at or datetime.now(UTC))
    body = b'{"stream":"%s","at":"%s","value":130.0}' % (stream_name(thing * STREAMS_EACH).encode(), moment)
    raw = http("POST", "/v1/observations", body, {"Authorization": f"Bearer {key}"})
    started = time.perf_counter()
    run = asyncio.run(closed(server.port, lambda _: raw, count=1, connections=1))
    assert run.statuses == {201: 1}, run.statuses
    while cases(server) == before:
        if time.perf_counter() - started > MOST_S:
            raise RuntimeError("what a rule minds made no case")
        time.sleep(0.005)
    return time.perf_counter() - started


def to_case_p95_s(server: Server, key: str, count: int) -> float:
    """Seconds from the observation's sending to its case, of so many devices one after the other."""
    took = sorted(loud(server, key, thing) for thing in range(1, count + 1))
    return took[min(count - 1, int(count * 0.95))]
