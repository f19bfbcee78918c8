"""The edge of this server, set up as the installation chose."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from time import monotonic

from litestar.types import ASGIApp

from cityloop import people
from cityloop.app.parts import Parts
from cityloop.http.edges import Chosen, Edges
from cityloop.http.handing import Hands, Marks
from cityloop.http.limits import Buckets, Pace
from cityloop.http.outward import networks
from cityloop.http.shed import Limits

DAY_S = 86_400


def pace_of(per_min: int) -> Pace | None:
    """So many a minute, a third of them at once; 0 is not counted."""
    return Pace(per_min=per_min, burst=max(1, per_min // 3)) if per_min else None


def edges_of(inner: ASGIApp, parts: Parts, readers: ThreadPoolExecutor, buckets: Mapping[str, Buckets]) -> Edges:
    """What stands before the application. `buckets` count how often people and keys come, and strangers."""
    settings, writer = parts.settings, parts.writer
    chosen = Chosen(
        hosts=frozenset(each.lower() for each in settings.hosts.replace(",", " ").split()),
        proxies=networks(settings.proxies),
        stranger=pace_of(settings.stranger_per_min),
        strict_transport_s=settings.strict_transport_days * DAY_S,
    )
    limits = Limits(late_s=settings.shed_after_ms / 1000) if settings.shed_after_ms else None
    waits = lambda: (writer.waiting, readers._work_queue.qsize())
    hands = Hands(lambda: Marks(people.times_forgotten(parts.database), writer.pack or ""), buckets)
    return Edges(inner, chosen, waits=waits, buckets=Buckets(share=settings.processes), limits=limits, hands=hands)


@contextlib.asynccontextmanager
async def beating(edges: Edges) -> AsyncIterator[None]:
    """The edge knows how late the loop is, as long as the server runs."""
    pulse = edges.pulse

    async def beat() -> None:
        pulse.begin(monotonic())
        while True:
            await asyncio.sleep(pulse.every_s)
            pulse.beat(monotonic())
            edges.hands.look()

    task = asyncio.create_task(beat())
    try:
        yield
    finally:
        task.cancel()
