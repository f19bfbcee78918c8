"""What cameras saw becomes observations: streams are opened as they are needed, repeats are left out, unknown cameras wait."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Protocol

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

STREAMS_MAX = 200  # of one camera: labels and zones are words of others, who may draw them at random
ACTOR = "machine:cameras"
DETECTION, ALIVE = "detection", "alive"  # properties


class Takes(Protocol):
    """Whoever keeps observations."""

    def taken(self, what: Named, *, source: str, now: datetime) -> Awaitable[Taken]: ...


class SeenTaken(Struct, frozen=True, kw_only=True):
    """What became of what was seen. `again`: came before, and is kept once."""

    kept: int
    again: int
    aside: dict[str, int]


class Cameras:
    """The way of what cameras see into the observations of the city."""

    def __init__(self, sensing: Takes, register: RegisterBook, writer: Writer, policy: Callable[[], Policy]):
        self._sensing, self._register, self._writer, self._policy = sensing, register, writer, policy
        self._recent = Recent()
        self._things: tuple[int, dict[str, Thing]] = (-1, {})
        self._opening = asyncio.Lock()

    async def take(self, seen: Sequence[Seen], *, now: datetime) -> SeenTaken:
        """Keep what was seen; gives what became of it once it is on the disk.

        Refuses with `TooMuch`; then nothing was kept, and the same may come again. Emits `StreamOpened`.
        """
        rows = rules.sightings(seen, self._by_key(), self._policy())
        fresh = self._recent.fresh(rows)
        if not fresh:
            return SeenTaken(kept=0, again=len(rows), aside={})
        await self._open(fresh)
        named = Named(
            [each.key for each in fresh], [each.at for each in fresh], [each.value for each in fresh],
            [each.track for each in fresh],
        )  # fmt: skip
        taken = await self._sensing.taken(named, source=seen[0].source, now=now)
        self._recent.remember(each for each in fresh if each.thing is not None)
        return SeenTaken(kept=taken.kept, again=len(rows) - len(fresh), aside=taken.aside)

    def _by_key(self) -> dict[str, Thing]:
        register = self._register.now()
        if self._things[0] != register.version:
            self._things = register.version, rules.by_key(register.things.values())
        return self._things[1]

    async def _open(self, rows: Sequence[Sighting]) -> None:
        """Open the streams that known cameras have not had yet."""
        if not self._missing(rows, self._register.now()):
            return
        async with self._opening:
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
