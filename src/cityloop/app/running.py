"""What runs as long as the server does: each a loop that goes on after a fault, which it logs."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

import structlog

from cityloop import operate, teaching
from cityloop.app.observing import hear, keep, listen, settle_asides, travel, watch
from cityloop.app.parts import READ, Parts, beside
from cityloop.app.retaining import retain, sweep
from cityloop.app.rounds import STUMBLED, again, aside, stopped
from cityloop.app.watching import keep_use, tell_risks, tell_use, watch_of
from cityloop.domain.errors import CityloopError
from cityloop.doors import sensorthings
from cityloop.wide import KeptElsewhere

log = structlog.get_logger("cityloop")
T = TypeVar("T")
DELIVER = "deliver_facts"
SEAL_EVERY_S = 1.0
TELL_EVERY_S = 0.5
SENDERS = 4
WITNESS_EVERY_S = 2.0
FRESH_EVERY_S = 1.0
SEND_EVERY_S = 2.0
LOOK_BACK_EVERY_S = 1.0
TEACH_EVERY_S = 60.0
COLUMNS_EVERY_S = 0.5
MANY_A_S = 50  # facts told
REST_WHILE_MANY, REST_MAX_S = 30, 5.0  # times as long as it took to hear some, and at most
IDLE_S = 0.1
GATHER_S = 0.008  # between deliveries that keep up: a few facts together cost little more than one


async def hand_over(parts: Parts, running: list[asyncio.Task]) -> None:
    """End what runs beside the server, and let other processes have at once what this one held. Once: then it is over."""
    if not running:
        return
    await stopped(running)
    running.clear()
    if parts.watch:
        parts.watch.forget_own()
    over, parts.beside = parts.beside, beside()
    await asyncio.to_thread(over.shutdown)
    with contextlib.suppress(CityloopError, *parts.database.engine.broken):  # without a database nobody holds anything
        await parts.writer.alone(parts.delivery.leases.leave)


def freshen(parts: Parts) -> None:
    """See what other processes adopted: pack, models, register."""
    parts.book.refresh()
    parts.models.refresh()
    parts.register.refresh()


async def stay_fresh(parts: Parts) -> None:
    """See it once a second, in a process that follows no facts."""

    async def some() -> None:
        await parts.writer.alone(partial(freshen, parts))

    await again(parts, "stay_fresh", some, FRESH_EVERY_S)


async def follow(parts: Parts) -> None:
    """Deliver facts, and do what is due, as long as the server runs."""
    next_retry = 0.0
    loop = asyncio.get_running_loop()
    while True:
        parts.writer.told.clear()
        try:
            done = 0
            for turn in parts.delivery.turns():
                done += await parts.writer.alone(turn)
                await asyncio.sleep(0)  # requests first
            if loop.time() >= next_retry:
                tried = 0
                for turn in parts.delivery.retries():
                    tried += await parts.writer.alone(turn)
                    await asyncio.sleep(0)
                done += tried + await parts.writer.alone(parts.timers.fire)
                freshen(parts)
                next_retry = loop.time() + (0.0 if tried else FRESH_EVERY_S)
            parts.turns.note(DELIVER, failed=False)
        except Exception:
            log.exception(STUMBLED, work=DELIVER)
            parts.turns.note(DELIVER, failed=True)
            done = 0
            await asyncio.sleep(1.0)
        if done:
            await asyncio.sleep(0 if parts.delivery.busy else GATHER_S)
            continue
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(parts.writer.told.wait(), IDLE_S)


@contextlib.contextmanager
def callers(name: str) -> Iterator[ThreadPoolExecutor]:
    """Threads that call other systems. At the end nothing waits for who is slow to answer: each call ends by itself."""
    pool = ThreadPoolExecutor(SENDERS, name)
    try:
        yield pool
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


async def tell(parts: Parts) -> None:
    """Tell other systems as long as the server runs. What is slow is done in threads of its own."""
    with callers("sender") as pool:
        try:
            await again(parts, "tell_other_systems", partial(parts.outbox.round, pool), TELL_EVERY_S)
        finally:
            parts.outbox.end()


async def send(parts: Parts) -> None:
    """Send the messages that wait; the provider, who may be slow, in a thread."""

    async def some() -> None:
        if parts.book.in_force().settings.sms_provider:
            taken = await parts.writer.alone(parts.messages.take)
            ended = await aside(parts, parts.messages.hand_over, taken)
            await parts.writer.alone(partial(parts.messages.note, ended))

    await again(parts, "send_messages", some, SEND_EVERY_S)


async def look_back(parts: Parts) -> None:
    """Run past decisions again where somebody asked for it."""
    await again(parts, "begin_trials", parts.tries.round, LOOK_BACK_EVERY_S)


async def print_bulletins(parts: Parts) -> None:
    """Make the bulletins that were asked for."""
    await again(parts, "make_bulletins", parts.press.round, LOOK_BACK_EVERY_S)


async def advise(parts: Parts) -> None:
    """Ask for second looks, where somebody is set up to give them."""
    if parts.second_looks:
        with callers("adviser") as pool:
            await again(parts, "ask_for_second_looks", partial(parts.second_looks.round, pool), SEND_EVERY_S)


async def teach(parts: Parts) -> None:
    """See how what decides does; by one process of the city."""
    name = f"{parts.database.city}/teach"

    async def some() -> None:
        if not await parts.writer.alone(lambda: parts.database.ready().alone(name)):
            return
        policy = parts.book.in_force()
        for told in await aside(parts, teaching.look_at_all, parts.writer, policy):
            await parts.writer.alone(partial(teaching.tell_watched, parts.writer, told))

    await asyncio.sleep(TEACH_EVERY_S)
    await again(parts, "watch_what_decides", some, TEACH_EVERY_S)


async def learn(parts: Parts) -> None:
    """Have another model made where the pack wants one; by one process of the city. One that fails counts until it is tried again."""
    name, loop = f"{parts.database.city}/learn", asyncio.get_running_loop()

    async def some() -> None:
        if not await parts.writer.alone(lambda: parts.database.ready().alone(name)):
            return
        parts.trainer.heed(loop.time())
        if not parts.trainer.runs and await aside(parts, teaching.is_due, parts.database, parts.book.in_force()):
            parts.trainer.start(actor="machine:teach", why="lessons")

    await asyncio.sleep(TEACH_EVERY_S)
    await again(parts, "make_models", some, TEACH_EVERY_S)


async def seal(parts: Parts) -> None:
    """Seal what is new, at most once a second: reckoned and shown to the guard aside, kept in turn with the commits."""
    sealer = parts.sealer

    async def some() -> None:
        if await parts.writer.alone(sealer.is_ours) and (sealed := await aside(parts, sealer.sealed)):
            await parts.writer.alone(lambda: sealer.keep(sealed) if sealer.is_ours() else None)

    await again(parts, "seal_the_log", some, SEAL_EVERY_S)


async def be_witnessed(parts: Parts) -> None:
    """Ask those who cosign our heads, where any are set; by one process of the city. Asking is done in a thread."""
    name = f"{parts.database.city}/witness"
    if not parts.witnesses.asked:
        return

    async def some() -> None:
        if await parts.writer.alone(lambda: parts.database.ready().alone(name)):
            said = await asyncio.to_thread(parts.witnesses.round)
            await parts.writer.alone(partial(parts.witnesses.keep, said))

    await again(parts, "ask_witnesses", some, WITNESS_EVERY_S)


async def keep_columns(parts: Parts) -> None:
    """Hear every fact once more, aside, and keep what it did as columns; by one process of the machine, half of its time at most,
    and little of it while many are told: the past can wait, and who reports cannot.
    """
    loop = asyncio.get_running_loop()
    told, looked = 0, loop.time()

    async def some() -> int:
        nonlocal told, looked
        began, before, then = loop.time(), told, looked
        try:
            told, heard = await aside(parts, lambda: (parts.wide.told(), parts.wide.keep()))
        except KeptElsewhere:
            return 0
        looked, took = began, loop.time() - began
        many = told - before > MANY_A_S * (began - then)
        await asyncio.sleep(min(took * REST_WHILE_MANY, REST_MAX_S) if many else took)
        return heard

    await again(parts, "keep_columns", some, COLUMNS_EVERY_S)


async def publish(parts: Parts) -> None:
    """Tell the broker what is new in the words of SensorThings, where it is asked for; by the process that listens to it."""
    if parts.settings.mqtt_url and parts.settings.sta_publish:
        teller = await aside(parts, sensorthings.Teller, parts)
        await again(parts, "tell_the_broker", lambda: aside(parts, teller.round), TELL_EVERY_S)


async def heed_drills(parts: Parts) -> None:
    """Look whether a drill takes something away, or gives it back."""

    async def some() -> None:
        parts.cuts.refresh()

    await again(parts, "heed_drills", some, operate.DRILL_LOOK_EVERY_S)


async def see(parts: Parts) -> None:
    """Look at how all is, and judge the alerts; each process counts, one of the city judges."""
    watch = parts.watch
    if watch is None:
        return
    lag = asyncio.create_task(watch.lag.watch())
    name = f"{parts.database.city}/alerts"

    async def some() -> None:
        await aside(parts, watch.write_own)
        if await parts.writer.alone(lambda: parts.database.ready().alone(name)):
            looked = await aside(parts, watch.look)
            await tell_risks(parts, looked.standings)

    try:
        await again(parts, "look_at_how_all_is", some, operate.LOOK_EVERY_S)
    finally:
        lag.cancel()


async def meter(parts: Parts) -> None:
    """Count our own use: each process writes down what it was asked, and one of the city tells the days that are over."""
    name = f"{parts.database.city}/use"

    async def some() -> None:
        await keep_use(parts)
        if await parts.writer.alone(lambda: parts.database.ready().alone(name)):
            await tell_use(parts)

    await again(parts, "count_our_own_use", some, operate.KEEP_EVERY_S)


ALL: Sequence[Callable[[Parts], Awaitable[None]]] = (
    follow, seal, be_witnessed, tell, send, look_back, print_bulletins, teach, learn, advise, settle_asides, watch, travel, listen, hear, keep,
    keep_columns, publish, retain, sweep, see, meter, heed_drills,
)  # fmt: skip
WEB: Sequence[Callable[[Parts], Awaitable[None]]] = (stay_fresh, settle_asides, see, meter, heed_drills)
BY_ROLE = {"web": WEB, READ: (heed_drills,)}


def begun(parts: Parts) -> list[asyncio.Task]:
    """What runs beside a server: everything, or, where others do the city's work, only what a process of its role needs.

    A process without a door is watched, too: what it alone does nobody else can see.
    """
    parts.watch = parts.watch or watch_of(parts)
    parts.senses.behind = parts.senses.behind_others
    return [asyncio.create_task(work(parts)) for work in BY_ROLE.get(parts.settings.role, ALL)]
