"""Memory, files and connections of the server while it works."""

import asyncio
import statistics
from pathlib import Path

from msgspec import Struct

from bench.machine import Server, rss_mb


class Sample(Struct, frozen=True, kw_only=True):
    """One look. `files` counts open files and sockets of all processes."""

    rss_mb: float
    files: int
    cpu_s: float


def look(server: Server) -> Sample:
    """How much there is now."""
    pids = server.pids
    files = sum(len(list(Path(f"/proc/{pid}/fd").iterdir())) for pid in pids)
    return Sample(rss_mb=rss_mb(pids), files=files, cpu_s=server.cpu_s())


async def looking(server: Server, samples: list[Sample], every_s: float) -> None:
    """Look again and again, until it is cancelled."""
    while True:
        samples.append(look(server))
        await asyncio.sleep(every_s)


def growth(values: list[float]) -> float:
    """How many times the last fifth is the second: 1 is flat."""
    fifth = max(1, len(values) // 5)
    return statistics.fmean(values[-fifth:]) / statistics.fmean(values[fifth : 2 * fifth] or values)
