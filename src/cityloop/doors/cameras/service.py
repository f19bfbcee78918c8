"""What cameras saw becomes observations: streams are opened as they are needed, repeats are left out, unknown cameras wait."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import AsyncExitStack
from datetime import datetime
from typing import Protocol

import numpy as np
from msgspec import Struct

from cityloop.db import Tx
from cityloop.domain.policy import Policy
from cityloop.domain.sensing import Observing, Thing
from cityloop.doors.cameras import rules
from cityloop.doors.cameras.model import Seen
from cityloop.doors.cameras.rules import Recent, Sighting
from cityloop.journal import Writer
from cityloop.stages.sense.model import DeviceRetired, KeyTaken, Named, Register, Taken
from cityloop.stages.sense.rules.describing import StreamAsked
from cityloop.stages.sense.service.book import RegisterBook
from cityloop.stages.sense.service.register import open_stream
from cityloop.telemetry.batch import Batch

STREAMS_MAX = 200  # of one camera: labels and zones are words of others, who may draw them at random
TURNS = 64  # cameras that are served at once
ACTOR = "machine:cameras"
DETECTION, ALIVE = "seen", "alive"  # properties


class Takes(Protocol):
    """Whoever keeps observations."""

    def taken(self, what: Named, *, source: str, now: datetime) -> Awaitable[Taken]: ...


class SeenTaken(Struct, frozen=True, kw_only=True):
    """What became of what was seen. `again`: came before, and is kept once."""

    kept: int
    again: int
    aside: dict[str, int]


class Cameras:
    """The way of what cameras see into the observations of the city.

    `recall` gives what was kept lately, also before this process began: a feed may begin again where it broke off.
    """

    def __init__(
        self, sensing: Takes, register: RegisterBook, writer: Writer, policy: Callable[[], Policy],
        recall: Callable[[], Iterable[Batch]] = tuple,
    ):  # fmt: skip
        self._sensing, self._register, self._writer, self._policy = sensing, register, writer, policy
        self._recall: Callable[[], Iterable[Batch]] | None = recall
        self._recent = Recent()
        self._things: tuple[int, dict[str, Thing]] = (-1, {})
        self._opening, self._turns = asyncio.Lock(), [asyncio.Lock() for _ in range(TURNS)]

    async def take(self, seen: Sequence[Seen], *, now: datetime) -> SeenTaken:
        """Keep what was seen; gives what became of it once it is on the disk.

        Refuses with `TooMuch`; then nothing was kept, and the same may come again. Emits `StreamOpened`.
        """
        rows = rules.sightings(seen, self._by_key(), self._policy())
        await self._open(rows)
        async with AsyncExitStack() as stack:  # what comes twice at once waits for what became of the first
            for place in sorted({hash(each.camera) % len(self._turns) for each in rows}):
                await stack.enter_async_context(self._turns[place])
            return await self._taken(rows, seen[0].source, now) if rows else SeenTaken(kept=0, again=0, aside={})

    async def _taken(self, rows: Sequence[Sighting], source: str, now: datetime) -> SeenTaken:
        fresh, sames = self._recent.fresh(rows, self._register.now().by_key)
        if not fresh:
            return SeenTaken(kept=0, again=len(rows), aside={})
        named = Named(
            [each.key for each in fresh], [each.at for each in fresh], [each.value for each in fresh],
            [each.track for each in fresh],
        )  # fmt: skip
        taken = await self._sensing.taken(named, source=source, now=now)
        self._recent.remember(sames)
        return SeenTaken(kept=taken.kept, again=len(rows) - len(fresh), aside=taken.aside)

    def _by_key(self) -> dict[str, Thing]:
        register = self._register.now()
        if self._things[0] != register.version:
            self._things = register.version, rules.by_key(register.things.values())
        return self._things[1]

    async def _open(self, rows: Sequence[Sighting]) -> None:
        """Know what came lately, and open the streams that known cameras have not had yet."""
        if self._recall is None and not self._missing(rows, self._register.now()):
            return
        async with self._opening:
            if self._recall is not None:
                self._recent.remember(await asyncio.to_thread(recalled, self._recall(), self._register.now()))
                self._recall = None
            missing = self._missing(rows, self._register.refresh())
            if missing:
                await self._writer.submit(lambda tx: opened(tx, missing, self._policy()), actor=ACTOR)
                self._register.refresh()

    def _missing(self, rows: Sequence[Sighting], register: Register) -> list[Sighting]:
        wanted = {each.key: each for each in rows if each.thing is not None and each.key not in register.by_key}
        if not wanted:
            return []
        counts: dict[str, int] = {}
        for stream in register.streams.values():
            counts[stream.thing] = counts.get(stream.thing, 0) + 1
        found = []
        for each in wanted.values():
            assert each.thing is not None
            counts[each.thing.id] = counts.get(each.thing.id, 0) + 1
            if counts[each.thing.id] <= STREAMS_MAX:
                found.append(each)
        return found


def recalled(batches: Iterable[Batch], register: Register) -> list[tuple[int, int, int]]:
    """By what rows of detections are known again."""
    numbers = np.array([no for no, each in register.streams.items() if each.observing is Observing.detection], np.int32)
    found: list[tuple[int, int, int]] = []
    for batch in batches:
        some = batch.at_rows(np.isin(batch.stream, numbers))
        found += zip(some.stream.tolist(), some.track.tolist(), some.at.tolist(), strict=True)
        found = found[-rules.RECENT_MAX :]
    return found


def opened(tx: Tx, rows: Sequence[Sighting], policy: Policy) -> int:
    """Open a stream for each row; how many there are now that were not there before. What another opened meanwhile is there.

    Emits `StreamOpened`.
    """
    count = 0
    for row in rows:
        assert row.thing is not None
        sees = row.words is not None
        asked = StreamAsked(
            key=row.stream, property=DETECTION if sees else ALIVE, words=row.words or (),
            observing=Observing.detection if sees else Observing.truth, least=0.0, most=1.0,
        )  # fmt: skip
        try:
            open_stream(tx, row.thing.id, asked, policy=policy)
            count += 1
        except (KeyTaken, DeviceRetired):
            continue
    return count
