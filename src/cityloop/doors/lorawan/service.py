"""Uplinks become observations: an uplink that several gateways or tries brought is kept once."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import datetime
from hashlib import sha256
from typing import Protocol

import msgspec
from msgspec import Struct

from cityloop.domain.calendar import epoch_us
from cityloop.doors.lorawan.model import Uplink
from cityloop.stages.sense.model import Named, Register, Taken
from cityloop.stages.sense.service.book import RegisterBook

RECENT_MAX = 100_000
TURNS = 64  # devices that are served at once


class Takes(Protocol):
    """Whoever keeps observations."""

    def taken(self, what: Named, *, source: str, now: datetime) -> Awaitable[Taken]: ...


class UplinksTaken(Struct, frozen=True, kw_only=True):
    """What became of uplinks. `again`: uplinks that came before."""

    kept: int
    again: int
    aside: dict[str, int]


class LoraWan:
    """The way of uplinks into the observations of the city."""

    def __init__(self, sensing: Takes, register: RegisterBook):
        self._sensing, self._register = sensing, register
        self._seen: OrderedDict[bytes, None] = OrderedDict()
        self._turns = [asyncio.Lock() for _ in range(TURNS)]

    async def take(self, uplinks: Sequence[Uplink], *, now: datetime) -> UplinksTaken:
        """Keep what uplinks say; gives what became of it once it is on the disk.

        Refuses with `TooMuch`; then nothing was kept, and the same may come again.
        """
        async with AsyncExitStack() as stack:  # what comes twice at once waits for what became of the first
            for place in sorted({hash(each.devices[0]) % TURNS for each in uplinks}):
                await stack.enter_async_context(self._turns[place])
            return await self._taken(uplinks, now)

    async def _taken(self, uplinks: Sequence[Uplink], now: datetime) -> UplinksTaken:
        fresh = {mark: each for each in uplinks if (mark := mark_of(each)) not in self._seen}
        named = named_of(list(fresh.values()), self._register.now(), now)
        taken = await self._sensing.taken(named, source="lorawan", now=now) if named.keys else Taken(kept=0, aside={})
        for mark in fresh:
            self._seen[mark] = None
        while len(self._seen) > RECENT_MAX:
            self._seen.popitem(last=False)
        return UplinksTaken(kept=taken.kept, again=len(uplinks) - len(fresh), aside=taken.aside)


def mark_of(uplink: Uplink) -> bytes:
    """By what an uplink is known again: device, session, counter and what it says; its moment differs from try to try."""
    said = (uplink.devices[0], uplink.session, uplink.count, sorted(uplink.values.items()))
    if uplink.count is None:
        said = (*said, str(uplink.at), sorted(uplink.signs.items()))  # type: ignore[assignment]
    return sha256(msgspec.json.encode(said)).digest()


def named_of(uplinks: Sequence[Uplink], register: Register, now: datetime) -> Named:
    """Observations by their names. Signs of the radio are kept where the device has a stream for them."""
    known = _spelled(register)
    keys, at, value = [], [], []
    for each in uplinks:
        device = next((known[name] for name in each.devices if name in known), each.devices[0])
        moment = epoch_us(each.at or now)
        signs = {name: number for name, number in each.signs.items() if f"{device}/{name}" in register.by_key}
        for name, number in (signs | each.values).items():
            keys.append(f"{device}/{name}")
            at.append(moment)
            value.append(number)
    return Named(keys, at, value)


def _spelled(register: Register) -> Mapping[str, str]:
    """Keys of devices by the ways in which a DevEUI is written."""
    found = {}
    for thing in register.things.values():
        found[thing.key.lower().replace("-", "").replace(":", "")] = thing.key
        found[thing.key] = thing.key
    return found
