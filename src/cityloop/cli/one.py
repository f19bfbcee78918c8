"""One process of a server, started by its supervisor or in its own place: `one ROLE DOOR SAY GRACE`.

ROLE is web, worker or all, or "supervisor", which takes over those named in SAY. DOOR is the descriptor of the listening
socket, SAY that of a pipe by which it says that it answers; or, where nobody stands above it, "-" and how often it was renewed.
With ROLE read, DOOR is the way to the process that it reads for.
"""

import asyncio
import contextlib
import ctypes
import os
import signal
import socket
import sys
from collections.abc import Callable
from functools import partial

import msgspec
from msgspec.structs import replace

from cityloop.app import (
    READ,
    Parts,
    Settings,
    begun,
    create_app,
    hand_over,
    join,
    open_city,
    plain_logs,
    read_for,
    settings_from,
)
from cityloop.cli.heaps import share_heaps
from cityloop.cli.serving import ALONE, serve
from cityloop.cli.supervise import Kept, Supervisor

DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG


def main(role: str, door: str, say: str, grace: str) -> None:
    """Be it until told to end."""
    share_heaps()
    settings = settings_from()
    listening = socket.socket(fileno=int(door))
    if role == "supervisor":
        Supervisor(settings, listening, float(grace), msgspec.json.decode(say, type=Kept)).run()
        return
    if role == READ:
        read(replace(settings, role=role), listening)
        return
    parent = os.getppid()
    if not say.startswith(ALONE):
        ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGTERM)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)  # it is said to the supervisor, who renews one after the other
        if os.getppid() != parent:
            return
    parts = join(replace(settings, role=role))
    try:
        open_city(parts)
        ready = None if say.startswith(ALONE) else partial(said, int(say))
        if role == "worker":
            listening.close()
            asyncio.run(work(parts, ready or (lambda: None)))
        else:
            serve(parts, listening, grace_s=float(grace), on_ready=ready, rolls=0 if ready else int(say[1:]))
    finally:
        parts.close()


def read(settings: Settings, way: socket.socket) -> None:
    """Read for another process, and end with it at the latest."""
    ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGKILL)
    parts = join(settings)
    try:
        open_city(parts)
        read_for(parts, create_app(parts), way)
    finally:
        parts.close()


def said(pipe: int) -> None:
    """Tell the supervisor that we answer."""
    with contextlib.suppress(BrokenPipeError):
        os.write(pipe, b"1")
    os.close(pipe)


async def work(parts: Parts, on_ready: Callable[[], None]) -> None:
    """Do the city's work without a door."""
    plain_logs(parts.settings.log_level)
    told = asyncio.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(each, told.set)
    running = begun(parts)
    on_ready()
    await told.wait()
    await hand_over(parts, running)


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    main(*sys.argv[1:])
