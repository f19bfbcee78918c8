"""A crowd at the door comes in at once, however long a turn of the loop takes."""

import asyncio
import socket
from typing import ClassVar

import uvloop

from cityloop.app.greeting import AT_ONCE, Greeting

TURNS = 4  # of the loop, from one who knocks to one who is in


class Guest(asyncio.Protocol):
    """Counts who is in."""

    inside: ClassVar[list[asyncio.BaseTransport]] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.inside.append(transport)


def test_all_who_stand_at_the_door_are_let_in_within_a_few_turns():
    """Not one for each turn: of a crowd the last would wait for as many turns as there are people before them."""
    with socket.create_server(("127.0.0.1", 0), backlog=2 * AT_ONCE) as door:
        crowd = [socket.create_connection(door.getsockname()) for _ in range(AT_ONCE + 20)]
        try:
            uvloop.run(_let_in(door))
        finally:
            for each in crowd:
                each.close()


async def _let_in(door: socket.socket) -> None:
    greeting = Greeting(door, Guest)
    for _ in range(TURNS):
        await asyncio.sleep(0.001)
    assert len(Guest.inside) >= AT_ONCE
    for _ in range(TURNS):
        await asyncio.sleep(0.001)
    assert len(Guest.inside) == AT_ONCE + 20
    greeting.end()
    with socket.create_connection(door.getsockname()):
        for _ in range(TURNS):
            await asyncio.sleep(0.001)
    assert len(Guest.inside) == AT_ONCE + 20, "the door is closed"
    for each in Guest.inside:
        each.abort()
    await asyncio.sleep(0.01)
