"""The server of one city: its routes, its edge, and what runs beside them."""

import contextlib
import gc
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import structlog
from litestar import Litestar, Request
from litestar.datastructures import State
from litestar.di import Provide
from litestar.exceptions import NotFoundException

from cityloop import cases, notices, operate, pages, people
from cityloop.app.edges import beating, edges_of, pace_of
from cityloop.app.parts import ROOMS, Parts
from cityloop.app.running import begun, hand_over
from cityloop.app.settings import Settings
from cityloop.app.watching import VERSION, keep_use, traced_by, watch_of
from cityloop.domain.errors import CityloopError, Invalid
from cityloop.http import EXCEPTION_HANDLERS, Edge
from cityloop.http.asked import named
from cityloop.http.away import Away
from cityloop.http.door import READERS, door_of
from cityloop.http.handing import PEOPLE, STRANGERS
from cityloop.http.lanes import FORM_MAX, PARTS_MAX
from cityloop.http.limits import Buckets
from cityloop.http.logs import libraries_too, without_values
from cityloop.http.outward import hosts, networks
from cityloop.http.secret import secret_in
from cityloop.notices.wire import Wire

LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40}


class LevelUnknown(Invalid):
    """A level of the log that there is not."""

    code = "cli.level_unknown"


def plain_logs(level: str = "info") -> None:
    """One line of JSON an event. A traceback without the values in it, which may be personal.

    Refuses with `LevelUnknown`.
    """
    if level not in LEVELS:
        raise LevelUnknown(f"{level[:20]} is no level of the log; set CITYLOOP_LOG_LEVEL to one of {', '.join(LEVELS)}.")
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(LEVELS[level]),
        processors=[
            named,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            without_values,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=lambda *_: Lines(),
    )
    libraries_too()


class Lines(structlog.PrintLogger):
    """Lines on stdout. A disk that takes no more of them is no reason to refuse what somebody asks for."""

    def msg(self, message: str) -> None:
        with contextlib.suppress(OSError):
            super().msg(message)

    log = debug = info = warn = warning = fatal = failure = err = error = critical = exception = msg


Around = Callable[[Litestar], contextlib.AbstractAsyncContextManager[None]]


LOADED_AHEAD = ("pandas", "pyarrow.compute")
SWITCH_S = 0.0005  # threads that reckon with columns let go soon: whoever reports waits for a few of these, not for tens of 5 ms


def create_app(parts: Parts, *, around: Sequence[Around] = ()) -> Litestar:
    """The server of one city. `around` begins and ends with it, e.g. what listens for a signal to stop."""
    return Skeleton(routes()).of(parts, around=around)


class Skeleton:
    """A server of these routes, of no city yet. It serves one city at a time, and another one once that has ended."""

    def __init__(self, handlers: Sequence[Any]):
        self._app = Litestar(
            route_handlers=handlers,
            dependencies={"door": Provide(door_of), "parts": Provide(parts_of, sync_to_thread=False)},
            exception_handlers={**EXCEPTION_HANDLERS, NotFoundException: pages.unknown_page},
            openapi_config=pages.docs_config("Cityloop", VERSION),
            lifespan=[life],
            request_max_body_size=FORM_MAX,
            multipart_form_part_limit=PARTS_MAX,
            debug=False,
            logging_config=None,
        )
        self._inner = self._app.asgi_handler
        self._functions = operate.functions_of(self._app)

    def of(self, parts: Parts, *, around: Sequence[Around] = ()) -> Litestar:
        """The server of this city."""
        plain_logs(parts.settings.log_level)
        app, readers = self._app, ThreadPoolExecutor(READERS, "reader")
        edge = edge_of(parts, readers)
        edges = edges_of(self._inner, parts, readers, {PEOPLE: edge.buckets, STRANGERS: edge.strangers})
        app.state = State()
        app.state.parts, app.state.readers, app.state.around, app.state.edges = parts, readers, around, edges
        app.state.edge, app.state.ear, app.state.inner = edge, parts.ear, self._inner
        app.state.providers = people.providers_in(Path(parts.settings.home) / "keys", fetch_by(parts.settings))
        app.state.watch = parts.watch = watch_of(parts, (app, readers))
        parts.watch.use = operate.Use(parts.watch.requests, self._functions)
        app.state.now_file = Path(parts.settings.home) / "now.columns"
        app.asgi_handler = counted = operate.Counted(edges, parts.watch.requests, traced_by(parts))  # around all: what is unknown counts, too
        app.state.away = Away(edges, counted.beforehand)
        return app


def edge_of(parts: Parts, readers: ThreadPoolExecutor) -> Edge:
    """What every request of this city shares."""
    return Edge(
        database=parts.database,
        writer=parts.writer,
        policy=parts.book.in_force,
        identify=partial(people.identify, parts.database, parts.book),
        readers=readers,
        behind=parts.delivery.behind,
        buckets=Buckets(share=parts.settings.processes),
        stepped_at=partial(people.stepped_at_now, parts.database),
        person_pace=pace_of(parts.settings.person_per_min),
        secret=secret_in(Path(parts.settings.home) / "keys" / "secret"),
        cipher=parts.settings.cipher,
    )


def parts_of(request: Request) -> Parts:
    """The dependency that gives a route the parts of its city."""
    return request.app.state.parts


@contextlib.asynccontextmanager
async def life(app: Litestar) -> AsyncIterator[None]:
    """What runs as long as the server does."""
    state = app.state
    settle_memory()
    running = begun(state.parts)
    state.hand_over = partial(hand_over, state.parts, running)
    try:
        async with contextlib.AsyncExitStack() as stack:
            await stack.enter_async_context(beating(state.edges))
            for each in state.around:
                await stack.enter_async_context(each(app))
            yield
    finally:
        state.watch.stopping = True
        with contextlib.suppress(CityloopError, *state.parts.database.engine.broken):  # a minute's use is no reason not to stop
            await keep_use(state.parts)
        await state.hand_over()
        state.readers.shutdown()


def fetch_by(settings: Settings) -> Callable[..., people.Reply]:
    """How providers are asked: by the guard of webhooks, so that no name of theirs leads to an address inside by itself."""
    wire = Wire(networks(settings.private_networks), only=hosts(settings.outside_hosts))

    def fetch(method: str, url: str, headers: dict[str, str], body: bytes = b"") -> people.Reply:
        status, read, error = wire.ask(method, url, headers, body)
        return people.Reply(status=status, body=read, error=error)

    return fetch


def settle_memory() -> None:
    """Load what is wanted sooner or later, and tell the collector that it stays: it need not look through the city's pack again
    and again. pyarrow asks for pandas with its first column: a second in which nobody would be answered.
    """
    for name in LOADED_AHEAD:
        import_module(name)
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    sys.setswitchinterval(SWITCH_S)


def routes() -> Sequence[Any]:
    """All routes, in the order of the loop, then those of every room, people and pages."""
    return [route for room in (*ROOMS, cases, people, notices, pages, operate) for route in room.ROUTES]
