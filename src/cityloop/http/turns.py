"""Turns: whoever can wait begins a few in each turn of the loop, in the order in which they came; work in the field begins at once.

Else all that came in while the loop was busy would be done in one long turn, and who is on duty would wait for all of it at each
step of theirs.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from time import monotonic

AT_ONCE = 4  # that begin in a turn; most are done with in some milliseconds each


class Turns:
    """Those that wait for their turn, of one loop."""

    def __init__(self, clock: Callable[[], float] = monotonic):
        self._clock = clock
        self._waiting: deque[tuple[float, asyncio.Future[None]]] = deque()
        self._begun = 0  # in this turn
        self._loop: asyncio.AbstractEventLoop | None = None  # which looks at its next turn who comes next

    def __len__(self) -> int:
        return len(self._waiting)

    def waits_s(self, now: float) -> float:
        """How long the first has been waiting. Units: seconds."""
        return now - self._waiting[0][0] if self._waiting else 0.0

    async def mine(self) -> None:
        """Wait for one's turn: no longer than this one where few came."""
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            self._loop, self._begun = loop, 0
            self._waiting.clear()
            loop.call_soon(self._next, loop)
        if self._begun < AT_ONCE and not self._waiting:
            self._begun += 1
            return
        turn = loop.create_future()
        self._waiting.append((self._clock(), turn))
        await turn

    def _next(self, loop: asyncio.AbstractEventLoop) -> None:
        self._begun = 0
        while self._waiting and self._begun < AT_ONCE:
            _, turn = self._waiting.popleft()
            if not turn.done():  # whoever went away has left their place
                turn.set_result(None)
                self._begun += 1
        if self._begun:
            loop.call_soon(self._next, loop)
        elif self._loop is loop:
            self._loop = None
