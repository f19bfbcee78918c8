"""The city's end of the bus: what is written ahead is sent on, what workers found is told as facts."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cityloop.db import Tx
from cityloop.domain.calendar import epoch_us
from cityloop.domain.policy import Policy
from cityloop.domain.sensing import Event
from cityloop.journal import Writer
from cityloop.outgrown.bus import Names, Sender, connect, set_up, take_events
from cityloop.outgrown.shards import shards_of
from cityloop.stages.sense.model import Register
from cityloop.stages.sense.service.alarms import tell_events
from cityloop.stages.sense.service.planning import Planned, plan_now
from cityloop.telemetry.log import START, follow, logs_in
from cityloop.telemetry.reached import keep_reached, reached_in
from cityloop.telemetry.written import behind_under

LAG = timedelta(seconds=2)  # the watermark stands so far behind the clock
ACTOR = "machine:sense"


class Traveller:
    """Sends what the logs of a city hold, and tells what comes back. One process of the city does it at a time.

    `kept` is the file that holds how far each log was sent; after a crash what may have been sent is sent again.
    """

    def __init__(self, url: str, city: str, shards: int, root: Path, kept: Path, writer: Writer, register: Callable[[], Register], policy: Callable[[], Policy]):
        self._url, self._names, self._shards = url, Names(prefix=city), shards
        self._root, self._kept, self._writer = root, kept, writer
        self._register, self._policy = register, policy
        self._planned: Planned | None = None
        self._sender: Sender | None = None
        self._positions = reached_in(kept)
        self._bus, self._said = None, False

    def behind(self) -> int:
        """How many bytes of the logs are not sent yet."""
        return behind_under(self._root, self._positions)

    async def round(self) -> int:
        """Send what is new and tell what came back; gives how many of both. What takes long is done in a thread."""
        if self._bus is None:
            self._bus = await connect(self._url)
            await set_up(self._bus.jetstream(), self._names)
        js, now = self._bus.jetstream(), self._writer.database.clock()
        planned, shards = await asyncio.to_thread(self._plan, now)
        if shards is not None:
            self._planned, self._sender = planned, Sender(js, self._names, shards, "log")
        assert self._sender, "a plan was made"
        if not self._said:  # before anything that came in since
            await self._sender.listens(epoch_us(now))
            self._said = True
        done = 0
        for folder in logs_in(self._root):
            pieces = follow(folder, self._positions.get(folder.name, START))
            while piece := await asyncio.to_thread(next, pieces, None):
                position, batch = piece
                await self._sender.send(batch, f"{folder.name}.{position.file}.{position.offset}")
                self._positions[folder.name] = position
                done += batch.size
        if done:
            await asyncio.to_thread(keep_reached, self._kept, self._positions)
        await self._sender.tick(epoch_us(now - LAG))
        return done + await take_events(js, self._names, self._taken, wait_s=0.2)

    async def close(self) -> None:
        """Let the connection go."""
        if self._bus is not None:
            await self._bus.close()
            self._bus = None

    def _plan(self, now: datetime) -> tuple[Planned, NDArray[np.int32] | None]:
        """The plan as it is; where it is another than before, also the shard of each stream."""
        planned = plan_now(self._writer.database, self._policy(), self._register(), now, before=self._planned)
        return planned, None if planned is self._planned else shards_of(planned.plan, self._shards)

    async def _taken(self, events: Sequence[Event]) -> None:
        assert self._planned, "a plan was made before anything was sent"
        rules, register, classes = self._planned.rules, self._register(), self._policy().class_of_label

        def told(tx: Tx) -> int:
            return tell_events(tx, [(event, "gone") for event in events], rules, register, classes)

        await self._writer.submit(told, actor=ACTOR)
