"""Work that goes on as long as the server does: again and again, and what is heavy in a thread."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any, TypeVar

import structlog

from cityloop.app.parts import Parts
from cityloop.db import DatabaseGone
from cityloop.domain.errors import Unavailable

log = structlog.get_logger("cityloop")
T = TypeVar("T")
GONE_S = 1.0
QUICK_S = 10.0  # a process that lived shorter has died of its start
PAUSE_MAX_S = 30.0
STUMBLED = "a work stumbled; it goes on in a moment"


async def aside(parts: Parts, work: Callable[..., T], *given: Any) -> T:
    """Do heavy work in a thread that is waited for before this process lets go of what only one may do."""
    return await asyncio.get_running_loop().run_in_executor(parts.beside, partial(work, *given))


async def again(parts: Parts, name: str, work: Callable[[], Awaitable[object]], every_s: float) -> None:
    """Do it for ever: at once where there was something to do, else after a while; a fault is logged and counted, and it goes on."""
    while True:
        try:
            done = await work()
            parts.turns.note(name, failed=False)
        except Unavailable as error:  # what is gone is known; the place in the program says no more
            log.warning(STUMBLED, work=name, code=error.code)
            if not isinstance(error, DatabaseGone):  # which fails every work, and is told of by itself
                parts.turns.note(name, failed=True)
            await asyncio.sleep(GONE_S)
            continue
        except Exception:
            log.exception(STUMBLED, work=name)
            parts.turns.note(name, failed=True)
            done = None
        await asyncio.sleep(0 if done else every_s)


def pause_s(died: int) -> float:
    """How long to wait before another process is started in the place of one: at once, or growing where each dies of its start.
    `died` counts those in a row.

    >>> [pause_s(died) for died in (0, 1, 2, 9)]
    [0.0, 1.0, 3.0, 30.0]
    """
    return min(2.0**died - 1, PAUSE_MAX_S)


async def stopped(tasks: Sequence[asyncio.Task]) -> None:
    """End tasks. Before Python 3.12 `wait_for` swallows a cancel that comes with what it waited for: then ask again."""
    while pending := [task for task in tasks if not task.done()]:
        for task in pending:
            task.cancel()
        await asyncio.wait(pending, timeout=1.0)
    await asyncio.gather(*tasks, return_exceptions=True)
