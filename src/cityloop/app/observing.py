"""What runs beside a server that senses: brokers and devices are heard, what they say is judged, kept and sent on."""

import asyncio
from functools import partial

import structlog

from cityloop.app.listening import link_of
from cityloop.app.parts import Parts
from cityloop.app.rounds import again, aside, stopped
from cityloop.doors import cameras
from cityloop.telemetry.thinning import Keeping

log = structlog.get_logger("cityloop")
SETTLE_EVERY_S = 1.0
WATCH_EVERY_S = 0.1
WATCHES = "machine:sense"
LISTEN_EVERY_S = 3.0
BROKER_LOOK_S = 0.5
KEEP_EVERY_S = 5.0
TRAVEL_EVERY_S = 0.5
LISTEN_AGAIN_S = 10.0


async def watch(parts: Parts) -> None:
    """Judge what is observed, and tell what a rule finds; by one process of the city. What is heavy is done in a thread."""
    name, watcher = f"{parts.database.city}/watch", parts.senses.watcher
    if parts.settings.telemetry_bus:
        return  # workers do

    async def some() -> bool:
        if not await parts.writer.alone(lambda: parts.database.ready().alone(name)):
            return False
        parts.senses.judge_here(watcher.behind)
        rows = await aside(parts, watcher.look)
        while watcher.waiting:
            await parts.writer.submit(watcher.tell, actor=WATCHES)
            watcher.told()
        await aside(parts, watcher.keep)
        await aside(parts, parts.senses.note_judged)
        return rows > 0

    await again(parts, "judge_observations", some, WATCH_EVERY_S)


async def travel(parts: Parts) -> None:
    """Send what is observed to the workers and tell what they found, where a bus is set up; by one process of the city."""
    settings, senses = parts.settings, parts.senses
    if not settings.telemetry_bus:
        return
    from cityloop.outgrown.traveller import Traveller  # an extra

    traveller = Traveller(
        settings.telemetry_bus, settings.city, settings.telemetry_shards, senses.root, senses.sent, parts.writer, parts.register.now,
        parts.book.in_force,
    )  # fmt: skip
    name = f"{parts.database.city}/watch"

    async def some() -> bool:
        if not await parts.writer.alone(lambda: parts.database.ready().alone(name)):
            return False
        senses.judge_here(traveller.behind)
        return bool(await traveller.round())

    try:
        await again(parts, "send_observations_on", some, TRAVEL_EVERY_S)
    finally:
        await traveller.close()


async def settle_asides(parts: Parts) -> None:
    """Write down what was put aside, put in what waited for streams that are known by now, keep the last values at hand."""

    async def some() -> None:
        await parts.senses.asides.settle()
        await parts.sensing.pour()
        await aside(parts, parts.senses.latest.refresh)

    await again(parts, "settle_asides", some, SETTLE_EVERY_S)


async def listen(parts: Parts) -> None:
    """Hear what devices say to the broker, where one is set up; by one process of the city."""
    name = f"{parts.database.city}/mqtt"
    if not parts.settings.mqtt_url:
        return
    while not await parts.writer.alone(lambda: parts.database.ready().alone(name)):
        await asyncio.sleep(LISTEN_EVERY_S)

    async def some() -> None:
        if parts.cuts.is_cut("broker"):
            return
        parts.link = link_of(parts)
        running = asyncio.create_task(parts.link.run())
        try:
            while not running.done() and not parts.cuts.is_cut("broker"):
                await asyncio.wait([running], timeout=BROKER_LOOK_S)
        finally:
            await stopped([running])
        if not running.cancelled():
            running.result()  # it ends by itself only by a fault

    await again(parts, "hear_the_broker", some, LISTEN_EVERY_S)


async def hear(parts: Parts) -> None:
    """Listen to devices of GB/T 28181, where a port and a password are set; by one process, and by another once it dies."""
    settings = parts.settings
    if not (settings.gb28181_port and settings.gb28181_password):
        return
    clock = parts.database.clock
    talk = cameras.Talk(
        lambda seen: parts.senses.cameras.take(seen, now=clock()), password=settings.gb28181_password, now=clock, host=settings.host
    )
    while True:
        try:
            async with cameras.listening(talk, settings.host, settings.gb28181_port):
                await asyncio.Event().wait()
        except OSError:
            await asyncio.sleep(LISTEN_AGAIN_S)  # another process of the city has the port


async def keep(parts: Parts) -> None:
    """Seal what devices said, merge and thin what is sealed, forget what nobody claimed; by one process of the city. Files are
    made in a thread."""
    name = f"{parts.database.city}/keep"

    async def some() -> int:
        if not await parts.writer.alone(lambda: parts.database.ready().alone(name)):
            return 0
        said, now = parts.book.in_force().settings, parts.database.clock()
        keeping = Keeping(hourly_after_days=said.telemetry_hourly_after_days, keep_days=said.telemetry_keep_days)
        made = await aside(parts, parts.senses.keeper.due, keeping, now)
        await parts.writer.alone(partial(parts.senses.segments.tell, made))
        await aside(parts, parts.senses.segments.settle, made, parts.senses.unread())
        await parts.senses.asides.forget_old()
        return len(made.facts)

    await again(parts, "keep_observations", some, KEEP_EVERY_S)
