"""A city beside which another process reads: here both are in one process, on one loop, at the two ends of a real way."""

import asyncio
import contextlib
import socket
from collections.abc import Callable, Iterator
from typing import Any

from msgspec.structs import replace

from cityloop import app as joined
from cityloop.app.reading import answers_of
from cityloop.http.handing import Hand, Hands
from tests.pages_world import City
from tests.serving import app_of


class Beside:
    """What reads beside a city; `hands` are the city's."""

    def __init__(self, parts: joined.Parts, hands: Hands, run: Callable[..., Any], way: Any):
        self.parts, self.hands, self._run, self._way = parts, hands, run, way

    @property
    def answered(self) -> int:
        """How many reads it has answered."""
        return self.hands.answered

    def die(self) -> None:
        """Let go of the way without a word."""
        self._run(self._way.abort)


@contextlib.contextmanager
def read_beside(city: City) -> Iterator[Beside]:
    """Have the reads of a city answered by another application that only reads, and has a database of its own to read by."""
    settings = replace(city.parts.settings, role=joined.READ, database="")
    parts = joined.join(settings, clock=city.parts.database.clock)
    joined.open_city(parts)
    run, hands = city.server.blocking_portal.call, city.app.state.edges.hands
    with app_of(parts) as app:

        async def begin() -> tuple[Any, Any]:
            loop, (ours, theirs) = asyncio.get_running_loop(), socket.socketpair()
            way, _ = await loop.create_unix_connection(lambda: answers_of(parts, app, lambda: None), sock=theirs)
            hand = Hand(hands.all)
            mine, _ = await loop.create_unix_connection(lambda: hand, sock=ours)
            while hand not in hands.all:
                await asyncio.sleep(0)
            return mine, way

        mine, way = run(begin)
        try:
            yield Beside(parts, hands, run, way)
        finally:
            run(mine.abort)
            run(way.abort)
    parts.close()
