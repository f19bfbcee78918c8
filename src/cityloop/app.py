"""The one place where parts are joined. Reads the settings and passes values; nothing else reads the environment."""

import asyncio
import contextlib
import gc
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import structlog
from litestar import Litestar
from litestar.di import Provide
from litestar.exceptions import NotFoundException
from msgspec import Struct

from cityloop import cases, desk, knowledge, notices, pages, people, revise, teaching
from cityloop.db import Database, Tx, open_database
from cityloop.domain.facts import Fact, Told
from cityloop.domain.ids import CityId
from cityloop.domain.policy import Policy
from cityloop.doors import DOORS, adviser, hotline, webhooks
from cityloop.field import census, duty
from cityloop.files import FileStore
from cityloop.http import EXCEPTION_HANDLERS, Edge
from cityloop.http.door import READERS, door_of
from cityloop.http.limits import Buckets
from cityloop.http.secret import secret_in
from cityloop.journal import Delivery, ErasedList, Handler, Journal, Timer, Timers, Writer
from cityloop.journal.apply import APPLY as JOURNAL_APPLY
from cityloop.journal.prove import Proofs
from cityloop.journal.seal import Sealer
from cityloop.notices import MessageBox, Outbox, Sms, Target, Wire, networks, sms_named
from cityloop.packs.book import PackBook
from cityloop.stages import dispatch, evaluate, filing, handle, inspect, intake, sense, understand

log = structlog.get_logger("cityloop")
STAGES = (sense, intake, understand, filing, dispatch, handle, inspect, evaluate)
ROOMS = (*STAGES, *DOORS, duty, census, revise, knowledge, desk, teaching)  # that may react, have timers, or own facts
SEAL_EVERY_S = 1.0
TELL_EVERY_S = 0.5
SENDERS = 4
SEND_EVERY_S = 2.0
LOOK_BACK_EVERY_S = 1.0
TEACH_EVERY_S = 60.0
TRAINING = (sys.executable, "-m", "cityloop", "learn", "train")
IDLE_S = 0.1
GATHER_S = 0.008  # between deliveries that keep up: a few facts together cost little more than one


class Settings(Struct, frozen=True, kw_only=True):
    """What an installation chooses. Each is an environment variable CITYLOOP_ and its name in capitals."""

    city: str = "demo"
    home: str = "var/demo"  # files, keys, the embedded database
    database: str = ""  # a postgresql:// address; empty is the embedded database in `home`
    pack: str = "demo"  # adopted when the city has none yet
    origin: str = "cityloop.localhost"  # the name under which checkpoints are signed
    host: str = "127.0.0.1"
    port: int = 8000
    processes: int = 1  # more than one needs PostgreSQL
    hotline_url: str = ""  # where the hotline's system takes what we answer to its orders; empty: nowhere
    hotline_key: str = ""  # the bearer token that it wants
    hotline_source: str = "12345"  # whose orders these are
    adviser_url: str = ""  # an OpenAI-compatible endpoint that is asked for a second look, up to its /v1; empty: nobody is asked
    adviser_key: str = ""  # the bearer token that it wants
    adviser_model: str = ""  # the model's name there
    adviser_seconds: float = 8.0  # an answer is whole within these, or is none
    adviser_day_max: int = 200  # questions a day
    private_networks: str = ""  # networks inside to which webhooks may be sent, e.g. 10.0.0.0/8; empty: none

    @property
    def database_url(self) -> str:
        return self.database or str(Path(self.home) / "city.db")


def settings_from(environment: dict[str, str] | None = None) -> Settings:
    """The settings in the environment."""
    given = os.environ if environment is None else environment
    found: dict[str, Any] = {}
    for name, kind in Settings.__annotations__.items():
        if (value := given.get(f"CITYLOOP_{name.upper()}")) is not None:
            found[name] = kind(value)
    return Settings(**found)


def settings_of(settings: Settings) -> dict[str, str]:
    """The same as an environment, for a process that is started beside the server."""
    return {f"CITYLOOP_{name.upper()}": str(getattr(settings, name)) for name in Settings.__annotations__}


class Parts(Struct, kw_only=True):
    """A city's parts, joined."""

    settings: Settings
    database: Database
    journal: Journal
    writer: Writer
    book: PackBook
    models: teaching.ModelBook
    trainer: teaching.Trainer
    files: FileStore
    delivery: Delivery
    timers: Timers
    messages: MessageBox
    sealer: Sealer
    proofs: Proofs
    erased: ErasedList
    outbox: Outbox
    tries: revise.Tries
    second_looks: adviser.Adviser | None = None
    wires: tuple[Wire, ...] = ()

    def close(self) -> None:
        """Let everything go."""
        self.trainer.close()
        for wire in self.wires:
            wire.close()
        self.tries.close()
        self.writer.close()
        self.database.close()


def join(settings: Settings, **swapped: Any) -> Parts:
    """Open a city and join its parts. `swapped` replaces a part, e.g. the clock, in tests."""
    home = Path(settings.home)
    clock = swapped.get("clock")
    extra = {"clock": clock} if clock else {}
    database = open_database(settings.database_url, CityId(settings.city), **extra)
    journal = Journal(apply_of_all())
    writer = Writer(database, journal)
    book = PackBook(writer)
    files = FileStore(home / "files")
    ours, theirs = Wire(None), Wire(networks(settings.private_networks))
    return Parts(
        settings=settings,
        database=database,
        journal=journal,
        writer=writer,
        book=book,
        models=teaching.ModelBook(writer, FileStore(home / "models"), book.in_force),
        trainer=teaching.Trainer(TRAINING, dict(os.environ) | settings_of(settings)),
        files=files,
        delivery=Delivery(writer, handlers_of(book), process=f"{os.getpid()}"),
        timers=Timers(writer, timers_of(book)),
        messages=messages_of(writer, book, swapped.get("sms")),
        sealer=Sealer(writer, home / "keys", f"{settings.origin}/{settings.city}"),
        proofs=Proofs(database),
        erased=ErasedList(home / "keys" / "erased.txt"),
        outbox=Outbox(writer, lambda tx: targets_of(tx, settings, book, ours, theirs)),
        tries=revise.Tries(writer, book),
        second_looks=adviser.set_up(
            writer, book.in_force, url=settings.adviser_url, key=settings.adviser_key, model=settings.adviser_model,
            seconds=settings.adviser_seconds, day_max=settings.adviser_day_max,
        ),
        wires=(ours, theirs),
    )


def targets_of(tx: Tx, settings: Settings, book: PackBook, ours: Wire, theirs: Wire) -> list[Target]:
    """Whoever is told of facts from outside: the hotline, and those who subscribed."""
    found: list[Target] = []
    if settings.hotline_url:
        way = hotline.HttpHotline(settings.hotline_url, settings.hotline_key, ours, settings.hotline_source)
        found.append(hotline.HotlineTarget(way))
    source = f"//{settings.origin}/{settings.city}"
    return [*found, *webhooks.targets(tx, source=source, policy=book.in_force(), wire=theirs)]


def apply_of_all() -> dict[type[Fact], Callable[[Tx, Told], None]]:
    """The one apply of every fact."""
    found = {**JOURNAL_APPLY, **cases.APPLY, **people.APPLY}
    for room in ROOMS:
        found |= getattr(room, "APPLY", {})
    return found


def handlers_of(book: PackBook, rooms: Sequence[Any] = ROOMS) -> list[Handler]:
    """The stages that react, each with the policy in force when it does."""

    found = []
    for stage in rooms:
        if on := getattr(stage, "ON", None):
            reacts = {fact: tuple(_bound(each, book) for each in functions) for fact, functions in on.items()}
            ahead = getattr(stage, "AHEAD", None) or (lambda tx, told, policy: None)
            found.append(Handler(name=stage.__name__.rpartition(".")[2], on=reacts, ahead=_bound(ahead, book)))
    return found


def timers_of(book: PackBook, rooms: Sequence[Any] = (*ROOMS, cases)) -> dict[str, Callable[[Tx, Timer], None]]:
    """What each kind of timer does, with the policy in force when it is due."""

    return {kind: _bound(react, book) for room in rooms for kind, react in getattr(room, "TIMERS", {}).items()}


def _bound(react: Callable[[Tx, Any, Policy], None], book: PackBook) -> Callable[[Tx, Any], None]:
    """A reaction, with the policy in force when it happens."""
    return lambda tx, what: react(tx, what, book.in_force())


def messages_of(writer: Writer, book: PackBook, sms: Sms | None = None) -> MessageBox:
    """The way out for messages to people: by the port that the pack in force names, or by the one that is given."""
    return MessageBox(
        writer,
        lambda: sms or sms_named(book.in_force().settings.sms_provider),
        lambda tx, each: inspect.message_for(tx, each.report_id, each.says, policy=book.in_force()),
    )


def open_city(parts: Parts) -> None:
    """Before the door opens: erase again what a restore brought back, adopt the pack, find the log that grows."""
    back = parts.writer.whole(parts.erased.again, actor="machine:erase")
    people.delete_files(parts.writer, back, files=parts.files)
    parts.book.open(parts.settings.pack)
    parts.models.refresh()
    parts.sealer.start()


def plain_logs() -> None:
    """One line of JSON an event. A traceback without the values in it, which may be personal."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
    )


Around = Callable[[Litestar], contextlib.AbstractAsyncContextManager[None]]


def create_app(parts: Parts, *, around: Sequence[Around] = ()) -> Litestar:
    """The server of one city. `around` begins and ends with it, e.g. what listens for a signal to stop."""
    plain_logs()
    readers = ThreadPoolExecutor(READERS, "reader")
    edge = Edge(
        database=parts.database,
        writer=parts.writer,
        policy=parts.book.in_force,
        identify=partial(people.identify, parts.database, parts.book),
        readers=readers,
        behind=parts.delivery.behind,
        buckets=Buckets(share=parts.settings.processes),
        secret=secret_in(Path(parts.settings.home) / "keys" / "secret"),
    )

    @contextlib.asynccontextmanager
    async def life(app: Litestar) -> AsyncIterator[None]:
        settle_memory()
        running = [asyncio.create_task(work(parts)) for work in (follow, seal, tell, send, look_back, teach, advise)]
        try:
            yield
        finally:
            await stopped(running)
            readers.shutdown()

    app = Litestar(
        route_handlers=routes(),
        dependencies={"door": Provide(door_of), "parts": Provide(lambda: parts, sync_to_thread=False)},
        exception_handlers={**EXCEPTION_HANDLERS, NotFoundException: pages.unknown_page},
        openapi_config=pages.docs_config("Cityloop", "0.1.0"),
        lifespan=[life, *around],
        request_max_body_size=64 * 1024 * 1024,
        debug=False,
        logging_config=None,
    )
    app.state.edge = edge
    app.state.parts = parts
    app.state.now_file = Path(parts.settings.home) / "now.columns"
    return app


def settle_memory() -> None:
    """Tell the collector that what was loaded stays: it need not look through the city's pack again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def routes() -> Sequence[Any]:
    """All routes, in the order of the loop, then those of every room, people and pages."""
    return [route for room in (*ROOMS, cases, people, notices, pages) for route in room.ROUTES]


async def stopped(tasks: Sequence[asyncio.Task]) -> None:
    """End tasks. Before Python 3.12 `wait_for` swallows a cancel that comes with what it waited for: then ask again."""
    while pending := [task for task in tasks if not task.done()]:
        for task in pending:
            task.cancel()
        await asyncio.wait(pending, timeout=1.0)
    await asyncio.gather(*tasks, return_exceptions=True)


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
                done += await parts.writer.alone(parts.delivery.retry)
                done += await parts.writer.alone(parts.timers.fire)
                parts.book.refresh()
                parts.models.refresh()
                next_retry = loop.time() + 1.0
        except Exception:
            log.exception("delivery stumbled; it goes on in a second")
            done = 0
            await asyncio.sleep(1.0)
        if done:
            await asyncio.sleep(0 if parts.delivery.busy else GATHER_S)
            continue
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(parts.writer.told.wait(), IDLE_S)


async def again(work: Callable[[], Awaitable[object]], every_s: float, fault: str) -> None:
    """Do it for ever: at once where there was something to do, else after a while; a fault is logged, and it goes on."""
    while True:
        try:
            done = await work()
        except Exception:
            log.exception(fault)
            done = None
        await asyncio.sleep(0 if done else every_s)


async def tell(parts: Parts) -> None:
    """Tell other systems as long as the server runs. What is slow is done in threads of its own."""
    with ThreadPoolExecutor(SENDERS, "sender") as pool:
        await again(partial(parts.outbox.round, pool), TELL_EVERY_S, "telling other systems stumbled; it goes on in a second")


async def send(parts: Parts) -> None:
    """Send the messages that wait; the provider, who may be slow, in a thread."""

    async def some() -> None:
        if parts.book.in_force().settings.sms_provider:
            taken = await parts.writer.alone(parts.messages.take)
            ended = await asyncio.to_thread(parts.messages.hand_over, taken)
            await parts.writer.alone(partial(parts.messages.note, ended))

    await again(some, SEND_EVERY_S, "sending stumbled; it goes on in a few seconds")


async def look_back(parts: Parts) -> None:
    """Run past decisions again where somebody asked for it."""
    await again(parts.tries.round, LOOK_BACK_EVERY_S, "a trial could not begin; it is tried again soon")


async def advise(parts: Parts) -> None:
    """Ask for second looks, where somebody is set up to give them."""
    if parts.second_looks:
        with ThreadPoolExecutor(SENDERS, "adviser") as pool:
            await again(partial(parts.second_looks.round, pool), SEND_EVERY_S, "asking for a second look stumbled; it goes on")


async def teach(parts: Parts) -> None:
    """See how what decides does, and have another model made where the pack wants one; by one process of the city."""
    name = f"{parts.database.city}/teach"
    while True:
        await asyncio.sleep(TEACH_EVERY_S)
        try:
            if not await parts.writer.alone(lambda: parts.database.ready().alone(name)):
                continue
            policy = parts.book.in_force()
            for told in await asyncio.to_thread(teaching.look_at_all, parts.writer, policy):
                await parts.writer.alone(partial(teaching.tell_watched, parts.writer, told))
            if not parts.trainer.runs and await asyncio.to_thread(teaching.is_due, parts.database, policy):
                parts.trainer.start(actor="machine:teach", why="lessons")
        except Exception:
            log.exception("watching what decides stumbled; it is tried again in a minute")


async def seal(parts: Parts) -> None:
    """Seal what is new, at most once a second."""

    async def some() -> None:
        await parts.writer.alone(parts.sealer.seal)

    await again(some, SEAL_EVERY_S, "sealing stumbled; it goes on in a second")
