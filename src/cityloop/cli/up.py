"""`cityloop up`: the server, in one process on the embedded database, in several on PostgreSQL."""

import asyncio
import contextlib
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from typing import Annotated, Any

import typer
import uvicorn
from litestar import Litestar
from msgspec.structs import replace
from rich.markup import escape

from cityloop.app import Parts, Settings, create_app, join, open_city, settings_from
from cityloop.cli.demo import keys, opened, sign_ins
from cityloop.cli.say import console, wrong
from cityloop.domain.errors import Invalid
from cityloop.pages import end_streams
from cityloop.simulation.senses import talking

WORKER = "cityloop.cli.up:worker"
HOW: dict[str, Any] = {
    "loop": "uvloop", "http": "httptools", "log_level": "warning", "access_log": False, "timeout_graceful_shutdown": 10,
}  # fmt: skip


class TooManyProcesses(Invalid):
    """The embedded database has one writer."""

    code = "cli.too_many_processes"


def up(
    host: Annotated[str | None, typer.Option(help="Where to listen.")] = None,
    port: Annotated[int | None, typer.Option(help="On which port.")] = None,
    processes: Annotated[int | None, typer.Option(min=1, max=64, help="More than one needs PostgreSQL.")] = None,
    demo: Annotated[bool, typer.Option("--demo", help="An empty city first gets a simulated week.")] = False,
) -> None:
    """Start the city, and say where to look and whom to sign in as.

    Example: cityloop up --demo --port 8080
    """
    given = {"host": host, "port": port, "processes": processes}
    settings = replace(settings_from(), **{name: value for name, value in given.items() if value is not None})
    if settings.processes > 1 and not settings.database:
        raise TooManyProcesses(
            "More than one process needs PostgreSQL; set CITYLOOP_DATABASE=postgresql://…, or use one."
        )
    door = listening(settings)
    parts = opened(settings, demo=demo)
    greet(parts)
    if settings.processes == 1:
        try:
            with contextlib.suppress(KeyboardInterrupt):  # Ctrl-C is how one stops it
                uvicorn.Server(uvicorn.Config(served(parts), **HOW)).run(sockets=[door])
        finally:
            parts.close()
        return
    parts.close()
    door.close()  # each worker gets it from the supervisor, which binds it anew
    os.environ.update({f"CITYLOOP_{name.upper()}": str(getattr(settings, name)) for name in Settings.__struct_fields__})
    uvicorn.run(
        WORKER, factory=True, host=settings.host, port=settings.port, workers=settings.processes,
        timeout_worker_healthcheck=60, **HOW,
    )  # fmt: skip


def worker() -> Litestar:
    """One of several processes: its own parts, on the shared port. Its settings come from the parent's environment."""
    parts = join(settings_from())
    open_city(parts)
    return served(parts)


def served(parts: Parts) -> Litestar:
    """The city's server, which stops soon after it is told to, whoever follows its stream. In a made-up city devices talk."""
    made_up = parts.book.in_force().simulated
    return create_app(parts, around=[streams_end_first, *([talking] if made_up else [])])


@contextlib.asynccontextmanager
async def streams_end_first(app: Litestar) -> AsyncIterator[None]:
    """A signal to stop lets those go who follow the stream; then the server waits for what is under way, as ever.

    A stream has no end of its own, so that the server would wait for it as long as it waits for anything.
    """
    loop = asyncio.get_running_loop()

    def stop(number: int, frame: Any) -> None:
        loop.call_soon_threadsafe(end_streams, app)
        before[number](number, frame)

    before: dict[int, Any] = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)}
    for each in before:
        signal.signal(each, stop)
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def listening(settings: Settings) -> socket.socket:
    """The door, opened before anything else is done; a port that is taken ends it with a clear word."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    door = socket.socket(family, socket.SOCK_STREAM)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind((settings.host, settings.port))
        door.listen(2048)
    except OSError as error:
        door.close()
        wrong(
            f"Nobody can listen on {settings.host}:{settings.port}: {error.strerror}. "
            f"Stop what runs there, or choose another port: cityloop up --port {settings.port + 1}"
        )
        sys.exit(1)
    door.set_inheritable(True)
    return door


PLACES = (
    ("residents", "/"), ("staff", "/console"), ("work outside", "/work"), ("the wall", "/board"),
    ("without script", "/plain"), ("the interface", "/docs"),
)  # fmt: skip


def greet(parts: Parts) -> None:
    """Say where to look, and whom to sign in as."""
    settings, policy = parts.settings, parts.book.in_force()
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host
    where = f"http://{host}:{settings.port}"
    name = " · ".join(policy.name.values())
    console.print(f"\n[bold]{escape(name)}[/bold]" + ("  (simulated 模拟)" if policy.simulated else ""))
    for label, path in PLACES:
        console.print(f"  {label:<15} {where}{path}", highlight=False)
    for role, sign_in_name, password in sign_ins(parts):
        console.print(f"  sign in as      {sign_in_name:<24} {password:<20} {role}", highlight=False, markup=False)
    for system, _, key in keys(parts):
        console.print(f"  come in as      {system:<24} Authorization: Bearer {key}", highlight=False, markup=False)
    console.print("  stop with Ctrl-C\n")
