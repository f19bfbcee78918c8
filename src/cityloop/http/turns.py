"""Turns: whoever can wait begins a few in each turn of the loop, in the order in which they came; work in the field begins at once.

Else all that came in while the loop was busy would be done in one long turn, and who is on duty would wait for all of it at each
step of theirs.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from time import monotonic

AT_ONCE = 4  # reads that begin in a turn; most are done with in a millisecond or two
REPORT = 2  # as many reads as a report weighs


class Turns:
    """Those that wait for their turn, of one loop."""

    def __init__(self, clock: Callable[[], float] = monotonic):
        self._clock = clock
        self._waiting: deque[tuple[float, int, asyncio.Future[None]]] = deque()
        self._begun = 0  # in this turn
        self._loop: asyncio.AbstractEventLoop | None = None  # which looks at its next turn who comes next

    def __len__(self) -> int:
        return len(self._waiting)

    def waits_s(self, now: float) -> float:
        """How long the first has been waiting. Units: seconds."""
        return now - self._waiting[0][0] if self._waiting else 0.0

    async def mine(self, weight: int = 1) -> None:
        """Wait for one's turn: no longer than this one where few came. `weight` is 1 to AT_ONCE."""
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            self._loop, self._begun = loop, 0
            self._waiting.clear()
            loop.call_soon(self._next, loop)
        if self._begun + weight <= AT_ONCE and not self._waiting:
            self._begun += weight
            return
        turn = loop.create_future()
        self._waiting.append((self._clock(), weight, turn))
        await turn

    def _next(self, loop: asyncio.AbstractEventLoop) -> None:
        self._begun = 0
        while self._waiting and self._begun + self._waiting[0][1] <= AT_ONCE:
            _, weight, turn = self._waiting.popleft()
            if not turn.done():  # whoever went away has left their place
                turn.set_result(None)
                self._begun += weight
        if self._begun:
            loop.call_soon(self._next, loop)
        elif self._loop is loop:
            self._loop = None
