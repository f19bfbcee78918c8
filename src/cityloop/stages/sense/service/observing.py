"""Observations in: streams by their names, what cannot be kept aside, the rest on the disk before anybody is answered."""

import asyncio
import math
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

import numpy as np

from cityloop.domain.calendar import epoch_us
from cityloop.stages.sense.model import Named, Register, Taken, TooMuch
from cityloop.stages.sense.rules import sifting
from cityloop.stages.sense.rules.reading import Odd, Rows, lines_read, slices
from cityloop.stages.sense.rules.sifting import Streams, rows_of, streams_of
from cityloop.stages.sense.service.asides import Asides
from cityloop.stages.sense.service.meter import Meter
from cityloop.stages.sense.store import asides as store
from cityloop.telemetry.batch import Batch, joined
from cityloop.telemetry.gather import Gather
from cityloop.telemetry.log import Log, Position

BEHIND_BYTES_MAX = 128 << 20  # some six million observations that are kept and not yet judged
PIECES = 3  # of long bodies that are read in one turn: some milliseconds each
SMALL = 64  # rows: so few are told from what came just before

_ONE = Taken(kept=1, aside={})


class _Fit(NamedTuple):
    """What is kept of some rows, what is not, and which rows nobody knows."""

    batch: Batch
    odd: list[Odd]
    again: int
    unknown: list[store.AsideValue]


class Sensing:
    """The way of observations into the log of this process.

    `behind` tells how many bytes of the logs are not judged yet, `ahead_s` how far a device's clock may be ahead.
    """

    def __init__(
        self, log: Log, register: Callable[[], Register], asides: Asides, *, behind: Callable[[], int] = lambda: 0,
        ahead_s: Callable[[], float] = lambda: 300.0, meter: Meter | None = None, behind_max: int = BEHIND_BYTES_MAX,
    ):  # fmt: skip
        self.log, self.asides = log, asides
        self.gather = Gather(log)
        self._register, self._behind, self._ahead_s = register, behind, ahead_s
        self._meter, self._behind_max = meter or Meter(), behind_max
        self._streams = streams_of(register())
        self._poured: int | None = None  # the version of the register for which all that waits was looked through
        self._last: dict[int, tuple[int, float, int]] = {}
        self._looked_at, self._is_behind = 0.0, False
        self._reading = asyncio.Semaphore(PIECES)

    def take(self, named: Named, *, source: str, now: datetime) -> Taken:
        """Keep observations; gives what became of them once they are on the disk. For threads and commands.

        Refuses with `TooMuch` or `NotKept`: then none was kept.
        """
        self.refuse_if_behind()
        fit = self._fit(rows_of(named), [], now)
        if fit.batch.size:
            self.log.append(fit.batch)
            self._remember(fit.batch)
        self.asides.note(fit.odd, source, fit.unknown)
        return Taken(kept=fit.batch.size + fit.again, aside=sifting.counted(fit.odd))

    def take_batch(self, batch: Batch) -> Position:
        """Keep observations of known streams as they are, e.g. history; the place after them.

        Refuses with `NotKept`.
        """
        return self.log.append(batch)

    async def taken(self, what: Named | Sequence[Named], *, source: str, now: datetime) -> Taken:
        """Keep observations; gives what became of them once they are on the disk, and what waits for a claim too.

        Refuses with `TooMuch`, `NotKept` or `CommitFailed`.
        """
        several = [what] if isinstance(what, Named) else what
        return await self.rows_taken([(rows_of(each), []) for each in several], source=source, now=now)

    async def rows_taken(self, read: Sequence[tuple[Rows, list[Odd]]], *, source: str, now: datetime) -> Taken:
        """The same with rows, and with those that could not be read."""
        self.refuse_if_behind()
        fits = [self._fit(rows, odd, now) for rows, odd in read]
        return await self._kept(fits, source)

    async def one_taken(self, key: str, at: int, value: float, *, now: datetime) -> Taken | None:
        """The same with one observation of a known stream, without columns; None where it must go the way of the others."""
        self.refuse_if_behind()
        number, moment = self._streams_now().known[key], epoch_us(now)
        is_good = number != sifting.UNKNOWN and sifting.LEAST_AT <= at <= moment + self._ahead_s() * 1_000_000 and math.isfinite(value)
        if not is_good or not self._meter.fits(number, moment / 1e6):
            return None
        if self._last.get(number) != (at, value, 0):
            await self.gather.append((number, at, value, 0))
            self._last[number] = (at, value, 0)
        return _ONE

    async def lines_taken(self, body: bytes, *, source: str, now: datetime) -> Taken:
        """The same with lines of JSON: others have their turn between pieces of a long body."""
        self.refuse_if_behind()
        fits, moment = [], epoch_us(now)
        for piece in slices(body):
            async with self._reading:  # of all long bodies so many pieces between two turns of the others
                fits.append(self._fit(*lines_read(piece, moment), now))
                await asyncio.sleep(0)
        return await self._kept(fits, source)

    def refuse_if_behind(self) -> None:
        """Take nothing in while too much waits to be judged; looked at some times a second.

        Refuses with `TooMuch`.
        """
        if time.monotonic() - self._looked_at > 0.1:
            self._looked_at, self._is_behind = time.monotonic(), self._behind() > self._behind_max
        if self._is_behind:
            raise TooMuch("More observations wait than can be judged; send these again in a moment.", retry_after_s=2)

    async def pour(self) -> int:
        """Put in what waited for streams that somebody has registered since; how many observations that were.

        All that waits is looked through when the register changed; then only what was written down after that.
        """
        streams, kept = self._streams_now(), self.asides.kept
        self.asides.kept = set()
        try:
            count = await self._pour(streams, None if streams.version != self._poured else kept & streams.known.keys())
        except BaseException:
            self.asides.kept |= kept
            raise
        self._poured = streams.version
        return count

    def close(self) -> None:
        """Let the thread that waits for the disk go."""
        self.gather.close()

    async def _pour(self, streams: Streams, keys: set[str] | None) -> int:
        if keys is not None and not keys:
            return 0
        claimed = await asyncio.to_thread(self.asides.claimed, streams.known, keys)
        for key, batch, rows in claimed:
            await self.gather.append(batch)
            await self.asides.writer.submit(lambda tx, key=key, rows=rows: store.aside_forget(tx, key, rows), actor="machine:sense")
        return sum(batch.size for _, batch, _ in claimed)

    async def _kept(self, fits: Sequence[_Fit], source: str) -> Taken:
        kept = [fit.batch for fit in fits if fit.batch.size]
        odd = [each for fit in fits for each in fit.odd]
        unknown = [each for fit in fits for each in fit.unknown]
        if kept:
            await self.gather.append(kept[0] if len(kept) == 1 else joined(kept))
            for batch in kept:
                self._remember(batch)
        if odd:
            self.asides.note(odd, source, unknown)
            if unknown:
                await self.asides.settle()
        return Taken(kept=sum(fit.batch.size + fit.again for fit in fits), aside=sifting.counted(odd))

    def _streams_now(self) -> Streams:
        register = self._register()
        if register.version != self._streams.version:
            self._streams = streams_of(register)
        return self._streams

    def _fit(self, rows: Rows, odd: list[Odd], now: datetime) -> _Fit:
        moment = epoch_us(now)
        sifted = sifting.sift(rows, self._streams_now(), now=moment, ahead_us=round(self._ahead_s() * 1_000_000))
        batch = sifted.batch
        unknown = [
            store.AsideValue(rows.keys[place], int(rows.at[place]), 0 if rows.tracks is None else int(rows.tracks[place]), float(rows.value[place]))
            for place in sifted.unknown.tolist()
        ]
        found = [*odd, *sifted.odd]
        if (over := self._meter.over(batch.stream, moment / 1e6)) is not None:
            found += [Odd(self._name(int(number)), "flood", float(value)) for number, value in zip(batch.stream[over], batch.value[over], strict=True)]
            batch = batch.at_rows(~over)
        again = 0
        if 0 < batch.size <= SMALL:
            new = self._new_ones(batch)
            again = batch.size - int(new.sum())
            batch = batch.at_rows(new) if again else batch
        return _Fit(batch, found, again, unknown)

    def _new_ones(self, batch: Batch) -> np.ndarray:
        """Which rows are not what their stream said just before: a message that came twice is kept once."""
        rows = zip(*(column.tolist() for column in batch), strict=True)
        return np.fromiter((self._last.get(stream) != tuple(said) for stream, *said in rows), bool, batch.size)

    def _remember(self, batch: Batch) -> None:
        """Only once it is on the disk: what came again may then be answered at once."""
        if batch.size <= SMALL:
            for stream, *said in zip(*(column.tolist() for column in batch), strict=True):
                self._last[stream] = tuple(said)  # type: ignore[assignment]

    def _name(self, number: int) -> str:
        stream = self._streams.by_no[number]
        return f"{self._register().things[stream.thing].key}/{stream.key}"

