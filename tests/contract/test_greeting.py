"""A crowd at the door comes in at once, however long a turn of the loop takes."""

import asyncio
import errno
import socket
from typing import ClassVar

import uvloop

from cityloop.app.greeting import AGAIN_S, AT_ONCE, Greeting

TURNS = 16  # of the loop, from one who knocks to one who is in


class Guest(asyncio.Protocol):
    """Counts who is in."""

    inside: ClassVar[list[asyncio.BaseTransport]] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.inside.append(transport)


def run(story) -> None:
    """Runs a story at a door. Whoever is in is sent away at the end: with a connection open this loop does not close."""

    async def told(door: socket.socket) -> None:
        Guest.inside.clear()
        greeting = Greeting(door, Guest)
        try:
            await story(door, greeting)
        finally:
            greeting.end()
            for each in Guest.inside:
                each.abort()
            await asyncio.sleep(0.01)

    with socket.create_server(("127.0.0.1", 0), backlog=2 * AT_ONCE) as door:
        uvloop.run(told(door))


async def some_turns() -> None:
    for _ in range(TURNS):
        await asyncio.sleep(0)


def test_all_who_stand_at_the_door_are_let_in_within_a_few_turns():
    """Not one for each turn: of a crowd the last would wait for as many turns as there are people before them."""

    async def story(door, greeting) -> None:
        crowd = [socket.create_connection(door.getsockname()) for _ in range(AT_ONCE + 20)]
        try:
            await some_turns()
            assert len(Guest.inside) == AT_ONCE + 20
        finally:
            for each in crowd:
                each.close()

    run(story)


def test_nobody_is_let_in_once_it_has_ended():
    async def story(door, greeting) -> None:
        greeting.end()
        with socket.create_connection(door.getsockname()):
            await some_turns()
        assert Guest.inside == []

    run(story)


def test_with_no_file_left_the_loop_rests_and_lets_in_once_there_are_some():
    """A flood takes every file: looking at each turn would only burn what the others need."""

    async def story(door, greeting) -> None:
        looked, real = 0, greeting._door

        class Full:
            """A door for which the system has no more files."""

            def accept(self) -> None:
                nonlocal looked
                looked += 1
                raise OSError(errno.EMFILE, "too many open files")

            def fileno(self) -> int:
                return real.fileno()

        greeting._door = Full()
        try:
            with socket.create_connection(door.getsockname()):
                await asyncio.sleep(AGAIN_S / 2)
                assert looked == 1
                greeting._door = real
                await asyncio.sleep(AGAIN_S)
                assert len(Guest.inside) == 1
        finally:
            greeting._door = real

    run(story)
