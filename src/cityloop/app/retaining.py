"""What need not stay goes, a little at a time, as long as the server runs."""

import asyncio
import threading
from functools import partial

import structlog

from cityloop.app.parts import Parts
from cityloop.app.rounds import again, aside
from cityloop.domain.calendar import calendar_in
from cityloop.keeping.orphans import sweep_files
from cityloop.keeping.retaining import may_forget, retain_some
from cityloop.people import forget_words

log = structlog.get_logger("cityloop")
RETAIN_FIRST_S, RETAIN_EVERY_S, REST_RETAINED_S = 60.0, 600.0, 0.2
SWEEP_FIRST_S, SWEEP_EVERY_S = 1_800.0, 86_400.0


async def retain(parts: Parts) -> None:
    """Erase what has been kept long enough, a batch at a time; by one process of the city."""
    name, forgot = f"{parts.database.city}/retain", parts.database.clock()
    to_forget = True  # what went before we began may lie in an index yet

    async def some() -> bool:
        nonlocal to_forget, forgot
        if not await parts.writer.alone(lambda: parts.database.ready().alone(name)):
            return False
        policy, now = parts.book.in_force(), parts.database.clock()
        work = partial(retain_some, parts.writer, policy.settings, erased=parts.erased, files=parts.files)
        went = await parts.writer.alone(work)
        to_forget, done = to_forget or went.pieces > 0, any(went)
        if to_forget and not done and may_forget(now.astimezone(calendar_in(policy).zone), forgot):
            await parts.writer.alone(partial(forget_words, parts.writer, wait_ms=0))
            to_forget, forgot = False, now
        await asyncio.sleep(REST_RETAINED_S if done else 0)
        return done

    await asyncio.sleep(RETAIN_FIRST_S)
    await again(parts, "erase_what_is_over", some, RETAIN_EVERY_S)


async def sweep(parts: Parts) -> None:
    """Remove files that nobody names, once a day; by one process of the city."""
    name = f"{parts.database.city}/sweep"

    async def some() -> None:
        if not await parts.writer.alone(lambda: parts.database.ready().alone(name)):
            return
        over = threading.Event()
        try:
            gone = await aside(parts, sweep_files, parts.database, parts.files, over.is_set)
        finally:
            over.set()  # whoever ends the server does not wait for it
        if gone.files:
            log.info("files that nobody names were removed", files=gone.files, size_bytes=gone.size_bytes)

    await asyncio.sleep(SWEEP_FIRST_S)
    await again(parts, "sweep_files", some, SWEEP_EVERY_S)
