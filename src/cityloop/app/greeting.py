"""Whoever stands at the door is let in at once, however much there is to do: a crowd must come in before it can be sent away.

uvloop lets in one for each turn of its loop. While turns are long the kernel's queue runs over, and those who find it full are
heard seconds later, when their own computer tries again: nothing of ours ever told them to come again.
"""

import asyncio
import errno
import socket
from collections.abc import Callable

AT_ONCE = 128  # of one turn: more would keep those waiting who are in already
FULL = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})  # no more may be open
AGAIN_S = 0.5


class Greeting:
    """Lets in all who stand at a door, beside the loop's own way."""

    def __init__(self, door: socket.socket, protocol: Callable[[], asyncio.BaseProtocol]):
        self._loop = asyncio.get_running_loop()
        self._door = door.dup()
        self._door.setblocking(False)
        self._protocol = protocol
        self._coming: set[asyncio.Task] = set()
        self._again: asyncio.TimerHandle | None = None
        self._look()

    def end(self) -> None:
        """Let nobody in any more. Once it has ended this does nothing."""
        if self._door.fileno() < 0:
            return
        if self._again:
            self._again.cancel()
        self._loop.remove_reader(self._door)
        self._door.close()

    def _look(self) -> None:
        self._again = None
        self._loop.add_reader(self._door, self._let_in)

    def _let_in(self) -> None:
        for _ in range(AT_ONCE):
            try:
                one, _address = self._door.accept()
            except OSError as error:  # nobody is left, or they have gone
                if error.errno in FULL:  # who stands there stands there in the next turn too: look away until some have left
                    self._loop.remove_reader(self._door)
                    self._again = self._loop.call_later(AGAIN_S, self._look)
                return
            one.setblocking(False)
            task = self._loop.create_task(self._loop.connect_accepted_socket(self._protocol, one))
            self._coming.add(task)
            task.add_done_callback(self._come)

    def _come(self, task: asyncio.Task) -> None:
        self._coming.discard(task)
        if not task.cancelled():
            task.exception()  # one who has gone meanwhile is no fault of ours
