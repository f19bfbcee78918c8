"""A worker on the bus: judges the shards whose lease it holds; another goes on where it stopped.

The state of a shard lies in the object store, with the number of the last message that is in it. Whoever takes a shard over loads
it and reads on from there: what its forerunner judged after that is judged again, gives the same events under the same ids, and
the server keeps each once. A worker that lost its lease and does not know it cannot save: the pointer to the state has moved.
"""

import asyncio
import time
from collections.abc import Callable, Iterable
from typing import Any

import msgspec
import structlog
from nats.errors import Error as BusError
from nats.errors import TimeoutError as NoneCame
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy, KeyValueConfig
from nats.js.errors import BadRequestError, KeyNotFoundError, KeyWrongLastSequenceError, NotFoundError

from cityloop.domain.errors import kind_of
from cityloop.domain.sensing import Event
from cityloop.outgrown.bus import ID, LISTENS, UNTIL, Names
from cityloop.outgrown.carrying import Piece, event_bytes, event_key, judged, piece_of, snapshot_bytes, snapshot_in
from cityloop.stages.sense.rules.kernel import NEVER, Plan, State, carried, listened, state_of
from cityloop.stages.sense.service.snapshot import Snapshot

log = structlog.get_logger("cityloop")
LEASE_S = 5.0
MESSAGES = 512  # judged at once
SAVE_EVERY = 4096  # messages
SAVE_EVERY_S = 10.0


class _Pointer(msgspec.Struct, frozen=True, kw_only=True):
    """Where the state of a shard lies: the object's name, and the last message that is in it."""

    name: str
    seq: int


class Lost(Exception):
    """Another worker has the shard."""


class Worker:
    """Judges shards. `plan` gives the plan of a shard; `name` is this worker's own."""

    def __init__(self, js: JetStreamContext, names: Names, plan: Callable[[int], Plan], name: str, *, lease_s: float = LEASE_S, save_every: int = SAVE_EVERY):
        self._js, self._names, self._plan, self._name = js, names, plan, name
        self._lease_s, self._save_every = lease_s, save_every
        self.judged = 0  # observations, since it began

    async def run(self, shards: Iterable[int]) -> None:
        """Judge these shards, as far as no other worker does, until cancelled."""
        await self.set_up()
        async with asyncio.TaskGroup() as group:
            for shard in shards:
                group.create_task(self._stand_by(shard))

    async def set_up(self) -> None:
        """Make the places for leases and states that are not there."""
        for make in (
            self._js.create_key_value(KeyValueConfig(bucket=self._names.leases, ttl=self._lease_s)),
            self._js.create_key_value(KeyValueConfig(bucket=self._names.states, history=1)),
            self._js.create_object_store(self._names.states),
        ):
            try:
                await make
            except BadRequestError as error:
                if error.err_code != 10058:  # it is there, made otherwise
                    raise

    async def _stand_by(self, shard: int) -> None:
        """Take the shard whenever nobody has it, and judge it as long as it is ours."""
        while True:
            lease = await self._lease(shard)
            if lease is not None:
                holding = asyncio.create_task(self._hold(shard, lease))
                working = asyncio.create_task(self._work(shard))
                done, pending = await asyncio.wait({holding, working}, return_when=asyncio.FIRST_COMPLETED)
                for each in pending:
                    each.cancel()
                await asyncio.gather(*pending, return_exceptions=True)
                for each in done:
                    if (fault := each.exception()) and not isinstance(fault, Lost):
                        log.error("a shard stumbled; somebody takes it over", shard=shard, fault=kind_of(fault))
            await asyncio.sleep(self._lease_s / 5)

    async def _lease(self, shard: int) -> int | None:
        try:
            leases = await self._js.key_value(self._names.leases)
            return await leases.create(f"shard.{shard}", self._name.encode())
        except (BusError, TimeoutError):  # somebody has it, or lets it go just now, or the bus is away
            return None

    async def _hold(self, shard: int, lease: int) -> None:
        leases = await self._js.key_value(self._names.leases)
        while True:
            await asyncio.sleep(self._lease_s / 4)
            try:
                lease = await leases.update(f"shard.{shard}", self._name.encode(), last=lease)
            except (BusError, TimeoutError) as error:
                raise Lost from error

    async def _work(self, shard: int) -> None:
        plan = self._plan(shard)
        kept, seq, revision = await self._load(shard)
        state, until, ended = taken_over(kept, plan)
        await self._tell(shard, ended)
        config = ConsumerConfig(
            deliver_policy=DeliverPolicy.BY_START_SEQUENCE, opt_start_seq=seq + 1, ack_policy=AckPolicy.NONE, inactive_threshold=30,
        )  # fmt: skip
        sub = await self._js.pull_subscribe(self._names.obs(shard), stream=self._names.observed, config=config)
        since, saved_at, saved = 0, time.monotonic(), seq
        while True:
            try:
                found = await sub.fetch(MESSAGES, timeout=0.5)
            except (NoneCame, TimeoutError):
                found = []
            if (new := self._plan(shard)) is not plan:
                state, ended = carried(plan, state, new, at=until)
                plan = new
                await self._tell(shard, ended)
            if found:
                for listens, pieces in heard(found):
                    if listens is not None:
                        listened(plan, state.pairs["silence"], until, listens)
                    state, events = judged(plan, state, pieces)
                    await self._tell(shard, events)
                    until = max([until, *(each for _, each in pieces)])
                    self.judged += sum(batch.size for batch, _ in pieces)
                seq = found[-1].metadata.sequence.stream
                since += len(found)
            if seq > saved and (since >= self._save_every or time.monotonic() - saved_at >= SAVE_EVERY_S):
                revision = await self._save(shard, snapshot_bytes(Snapshot(plan, state, {}, until)), seq, revision)
                since, saved_at, saved = 0, time.monotonic(), seq

    async def _tell(self, shard: int, events: Iterable[Event]) -> None:
        for event in events:
            await self._js.publish(self._names.event(shard), event_bytes(event), headers={ID: event_key(event)})

    async def _load(self, shard: int) -> tuple[Snapshot | None, int, int]:
        """What was saved, the last message that is in it, and the revision of the pointer to it."""
        states = await self._js.key_value(self._names.states)
        try:
            entry = await states.get(f"shard.{shard}")
        except (KeyNotFoundError, NotFoundError):
            return None, 0, 0
        pointer = msgspec.json.decode(entry.value or b"", type=_Pointer)
        objects = await self._js.object_store(self._names.states)
        kept = await objects.get(pointer.name)
        return snapshot_in(kept.data or b""), pointer.seq, entry.revision or 0

    async def _save(self, shard: int, kept: bytes, seq: int, revision: int) -> int:
        """Keep the state under a name of its own, then turn the pointer to it. Refuses with `Lost` where another did."""
        objects: Any = await self._js.object_store(self._names.states)
        states = await self._js.key_value(self._names.states)
        pointer = _Pointer(name=f"{shard}.{seq}.{self._name}", seq=seq)
        await objects.put(pointer.name, kept)
        try:
            before = (await states.get(f"shard.{shard}")).value if revision else None
            turned = await states.update(f"shard.{shard}", msgspec.json.encode(pointer), last=revision)
        except (KeyWrongLastSequenceError, BadRequestError) as error:
            raise Lost from error
        if before and (old := msgspec.json.decode(before, type=_Pointer).name) != pointer.name:
            await objects.delete(old)
        return turned


def heard(messages: Iterable[Any]) -> list[tuple[int | None, list[Piece]]]:
    """Messages in their order, divided where a server began to listen: since when, and the pieces from there on."""
    found: list[tuple[int | None, list[Piece]]] = [(None, [])]
    for each in messages:
        headers = each.headers or {}
        if listens := headers.get(LISTENS):
            found.append((int(listens), []))
        found[-1][1].append(piece_of(each.data, headers.get(UNTIL)))
    return found


def taken_over(kept: Snapshot | None, plan: Plan) -> tuple[State, int, list[Event]]:
    """The state under this plan, how far the watermark was, and what ended because the plan is another than when it was saved."""
    if kept is None:
        return state_of(plan), NEVER, []
    state, ended = carried(kept.plan, kept.state, plan, at=kept.until)
    return state, kept.until, ended
