"""Whoever stands at the door is let in at once, however much there is to do: a crowd must come in before it can be sent away.

uvloop lets in one for each turn of its loop. While turns are long the kernel's queue runs over, and those who find it full are
heard seconds later, when their own computer tries again: nothing of ours ever told them to come again.
"""

import asyncio
import socket
from collections.abc import Callable

AT_ONCE = 128  # of one turn: more would keep those waiting who are in already


class Greeting:
    """Lets in all who stand at a door, beside the loop's own way."""

    def __init__(self, door: socket.socket, protocol: Callable[[], asyncio.BaseProtocol]):
        self._loop = asyncio.get_running_loop()
        self._door = door.dup()
        self._door.setblocking(False)
        self._protocol = protocol
        self._coming: set[asyncio.Task] = set()
        self._loop.add_reader(self._door, self._let_in)

    def end(self) -> None:
        """Let nobody in any more."""
        self._loop.remove_reader(self._door)
        self._door.close()

    def _let_in(self) -> None:
        for _ in range(AT_ONCE):
            try:
                one, _address = self._door.accept()
            except OSError:  # nobody is left, or they have gone, or no more files may be open: the next turn looks again
                return
            one.setblocking(False)
            task = self._loop.create_task(self._loop.connect_accepted_socket(self._protocol, one))
            self._coming.add(task)
            task.add_done_callback(self._come)

    def _come(self, task: asyncio.Task) -> None:
        self._coming.discard(task)
        if not task.cancelled():
            task.exception()  # one who has gone meanwhile is no fault of ours
