"""`cityloop up`: the server, in one process on the embedded database, in several on PostgreSQL."""

import os
import socket
import sys
from enum import StrEnum
from typing import Annotated

import typer
from msgspec.structs import replace
from rich.markup import escape

from cityloop.app import HOW, Parts, Settings, settings_from, socket_given
from cityloop.cli.demo import keys, opened, sign_ins
from cityloop.cli.say import console, wrong
from cityloop.cli.serving import serve
from cityloop.cli.supervise import Supervisor, roles_of
from cityloop.domain.errors import Invalid

FIRST_GIVEN = 3  # sd_listen_fds(3)


class Role(StrEnum):
    """What a server does."""

    all = "all"
    web = "web"
    worker = "worker"


class TooManyProcesses(Invalid):
    """The embedded database has one writer."""

    code = "cli.too_many_processes"


def up(
    host: Annotated[str | None, typer.Option(help="Where to listen.")] = None,
    port: Annotated[int | None, typer.Option(help="On which port.")] = None,
    processes: Annotated[int | None, typer.Option(min=1, max=64, help="More than one needs PostgreSQL.")] = None,
    workers: Annotated[int | None, typer.Option(min=0, max=64, help="Processes that do the city's work; those that answer then only answer.")] = None,
    readers: Annotated[int | None, typer.Option(min=0, max=16, help="Processes that answer reads beside the one that writes an embedded database.")] = None,
    role: Annotated[Role | None, typer.Option(help="What this server does.")] = None,
    demo: Annotated[bool, typer.Option("--demo", help="An empty city first gets a simulated week.")] = False,
) -> None:
    """Start the city, and say where to look and whom to sign in as.

    Example: cityloop up --demo --port 8080
    """
    given = {"host": host, "port": port, "processes": processes, "workers": workers, "readers": readers, "role": role and role.value}
    settings = replace(settings_from(), **{name: value for name, value in given.items() if value is not None})
    count = len(roles_of(settings))
    if count > 1 and not settings.database:
        raise TooManyProcesses(
            "More than one process needs PostgreSQL; set CITYLOOP_DATABASE=postgresql://…, or use one."
        )
    door = given_door() or listening(settings)
    parts = opened(settings, demo=demo)
    greet(parts)
    if count == 1 and settings.role != "worker":
        try:
            serve(parts, door, grace_s=HOW["timeout_graceful_shutdown"])
        finally:
            parts.close()
        return
    parts.close()
    Supervisor(settings, door, HOW["timeout_graceful_shutdown"]).run()


def given_door() -> socket.socket | None:
    """The door that a service manager holds for us, so that who comes while we are away waits there; None without one."""
    pid, count = socket_given()
    if pid != os.getpid() or count != 1:
        return None
    return socket.socket(fileno=FIRST_GIVEN)


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
