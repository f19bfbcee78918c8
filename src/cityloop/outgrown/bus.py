"""Observations and events on NATS JetStream: what the streams are called, how observations are sent, how events are taken.

A message holds about a hundred observations of one shard, in the order in which they came. Whoever sends again what may have been
sent sends it under the same id, and the server keeps it once.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import nats
import numpy as np
from msgspec import Struct
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy, StorageType, StreamConfig
from nats.js.errors import BadRequestError
from numpy.typing import NDArray

from cityloop.domain.sensing import Event
from cityloop.outgrown.carrying import NOTHING, bytes_of, event_in
from cityloop.outgrown.shards import divided
from cityloop.telemetry import Batch

ROWS = 100  # of a message
UNDER_WAY = 4096  # messages that are sent and not yet answered for
SAME_FOR_S = 3600.0  # how long the server knows a message's id
UNTIL = "Cityloop-Until"
LISTENS = "Cityloop-Listens"
ID = "Nats-Msg-Id"


class Names(Struct, frozen=True, kw_only=True):
    """What things are called on the bus. `prefix` is the city's: letters, digits, _ and -."""

    prefix: str

    @property
    def observed(self) -> str:
        return f"{self.prefix}_obs"

    @property
    def told(self) -> str:
        return f"{self.prefix}_events"

    @property
    def leases(self) -> str:
        return f"{self.prefix}_leases"

    @property
    def states(self) -> str:
        return f"{self.prefix}_states"

    def obs(self, shard: int | str) -> str:
        return f"{self.prefix}.obs.{shard}"

    def event(self, shard: int | str) -> str:
        return f"{self.prefix}.event.{shard}"


async def connect(url: str) -> Any:
    """A connection that comes back for ever."""
    return await nats.connect(url, max_reconnect_attempts=-1, reconnect_time_wait=0.5)


async def set_up(js: JetStreamContext, names: Names, *, keep_s: float = 3 * 86_400, bytes_max: int = -1) -> None:
    """Make the streams that are not there: observations, kept some days whoever read them, and events."""
    for name, subject in ((names.observed, names.obs("*")), (names.told, names.event("*"))):
        config = StreamConfig(
            name=name, subjects=[subject], storage=StorageType.FILE, max_age=keep_s, max_bytes=bytes_max, duplicate_window=SAME_FOR_S,
        )  # fmt: skip
        try:
            await js.add_stream(config)
        except BadRequestError as error:
            if error.err_code != 10058:  # it is there, made otherwise
                raise


class Sender:
    """Sends batches to their shards. `source` names who sends, so that ids of two senders are not the same."""

    def __init__(self, js: JetStreamContext, names: Names, shards: NDArray[np.int32], source: str):
        self._js, self._names, self._source = js, names, source
        self.shards = shards

    async def send(self, batch: Batch, place: str) -> int:
        """Send a batch that stands at a place of the log; gives how many messages that made, once the server keeps them all."""
        waiting: list[asyncio.Future] = []
        count = 0
        for count, (shard, piece) in enumerate(divided(batch, self.shards, ROWS), 1):
            headers = {ID: f"{self._source}.{place}.{count}"}
            waiting.append(await self._js.publish_async(self._names.obs(shard), bytes_of(piece), headers=headers))
            if len(waiting) >= UNDER_WAY:
                await asyncio.gather(*waiting)
                waiting.clear()
        await asyncio.gather(*waiting)
        return count

    async def tick(self, until: int) -> None:
        """Tell every shard how far the watermark is: whatever is older has been sent. Units: microseconds since 1970, UTC."""
        data = bytes_of(NOTHING)
        for shard in np.unique(self.shards).tolist():
            headers = {UNTIL: str(until), ID: f"{self._source}.until.{until}.{shard}"}
            await self._js.publish(self._names.obs(shard), data, headers=headers)

    async def listens(self, since: int) -> None:
        """Tell every shard that a server listens from this moment on. Units: microseconds since 1970, UTC."""
        data = bytes_of(NOTHING)
        for shard in np.unique(self.shards).tolist():
            headers = {LISTENS: str(since), ID: f"{self._source}.listens.{since}.{shard}"}
            await self._js.publish(self._names.obs(shard), data, headers=headers)


async def take_events(
    js: JetStreamContext, names: Names, taken: Callable[[Sequence[Event]], Awaitable[None]], *, durable: str = "city", wait_s: float = 1.0
) -> int:  # fmt: skip
    """Give events to the city, some at a time; what `taken` has made durable is acknowledged. Gives how many; 0: none came."""
    config = ConsumerConfig(deliver_policy=DeliverPolicy.ALL, ack_policy=AckPolicy.EXPLICIT, ack_wait=60)
    sub = await js.pull_subscribe(names.event("*"), durable=durable, stream=names.told, config=config)
    try:
        found = await sub.fetch(200, timeout=wait_s)
    except TimeoutError:
        return 0
    await taken([event_in(each.data) for each in found])
    for each in found:
        await each.ack()
    return len(found)
