"""A storm of observations while residents report: a hundred times the normal rate for a minute, and as much as four senders can send."""

import asyncio
import time
from datetime import UTC, datetime

from bench.load import Run, closed, http, opened
from bench.machine import Server, say
from bench.sense.bodies import LINES, MARK, ROWS, templates, written

NORMAL_PER_S = 100.0  # of the demo city: two thousand devices that speak each half minute, some with several streams
RESIDENTS_PER_S = 20


def storm(server: Server, keys: list[str], reports: list[bytes], seconds: float, times: float | None = None) -> dict[str, float]:
    """Residents' p95 before and during the storm, and how many times the normal rate came in. `times`: as many as that are
    sent; None: as many as can be."""
    quiet = asyncio.run(_residents(server, reports, min(5.0, seconds)))
    devices, during = asyncio.run(_both(server, keys, reports, seconds, times))
    kept = devices.statuses.get(201, 0) * ROWS
    refused = sum(count for status, count in devices.statuses.items() if status in (429, 503))
    assert set(devices.statuses) <= {201, 429, 503}, devices.statuses
    assert set(during.statuses) == {201}, during.statuses
    came = kept / devices.seconds / NORMAL_PER_S
    say(
        f"a storm of {devices.seconds:.0f} s: {kept:,} observations kept, {came:,.0f} times the demo city's rate, {refused} requests asked "
        f"to come again; residents' p95 {quiet.share(0.95) * 1000:.0f} ms before, {during.share(0.95) * 1000:.0f} ms during"
    )
    name = "flood" if times is None else "storm"
    return {f"{name}_times_normal": came, f"{name}_resident_p95_ms": during.share(0.95) * 1000}


async def _both(server: Server, keys: list[str], reports: list[bytes], seconds: float, times: float | None) -> tuple[Run, Run]:
    bodies, until = templates(seed=8), time.perf_counter() + seconds
    at = written(datetime.now(UTC))

    def request(number: int) -> bytes:
        nonlocal at
        if number % len(bodies) == 0:
            at = written(datetime.now(UTC))
        headers = LINES | {"Authorization": f"Bearer {keys[number % len(keys)]}"}
        return http("POST", "/v1/observations", bodies[number % len(bodies)].replace(MARK, at), headers)

    async def flood() -> Run:
        whole, began = Run(), time.perf_counter()
        while time.perf_counter() < until:
            run = await closed(server.port, request, count=40 if times is None else 4, connections=4)
            for status, count in run.statuses.items():
                whole.statuses[status] = whole.statuses.get(status, 0) + count
            if 503 in run.statuses:
                await asyncio.sleep(1.0)  # as it was asked to
            if times is not None:
                due = began + sum(whole.statuses.values()) * ROWS / (times * NORMAL_PER_S)
                await asyncio.sleep(max(0.0, due - time.perf_counter()))
        whole.seconds = time.perf_counter() - began
        return whole

    devices, residents = await asyncio.gather(flood(), _residents(server, reports, seconds))
    return devices, residents


async def _residents(server: Server, reports: list[bytes], seconds: float) -> Run:
    return await opened(
        server.port, lambda n: http("POST", "/v1/reports", reports[n % len(reports)]), per_s=RESIDENTS_PER_S, seconds=seconds, connections=8
    )
