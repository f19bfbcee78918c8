"""Processes that answer reads for the one that writes: started with it, started again where one dies, ended with it.

Where the database is a file one process writes. What is read most is looked up beside it, so that who is on duty waits for
nobody who reads. Nobody needs these processes: without them all goes as before.
"""

import asyncio
import contextlib
import os
import signal
import socket
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from time import monotonic

import structlog
import uvloop
from litestar import Litestar
from msgspec.structs import replace

from cityloop import people
from cityloop.app.parts import READ, Parts
from cityloop.app.rounds import QUICK_S, pause_s, stopped
from cityloop.app.settings import Settings, environment_with
from cityloop.domain.errors import kind_of
from cityloop.http.handed import Answers, Tallies
from cityloop.http.handing import PEOPLE, STRANGERS, Hand, Hands, Marks

COMMAND = (sys.executable, "-m", "cityloop.cli.one", READ)
LOOK_S = 1.0
START_S, SILENT_S, STUCK_S = 120.0, 3.0, 15.0  # until its first word; after its last it is asked nothing more, and then ended
END_S = 5.0
NICE = 5  # who writes goes first where both want a core
GOES_FIRST = "500"  # where there is no memory left: proc(5)
log = structlog.get_logger("cityloop")


@contextlib.asynccontextmanager
async def read_beside(app: Litestar) -> AsyncIterator[None]:
    """Have as many processes read as the settings say, as long as the server runs."""
    state, parts = app.state, app.state.parts
    if not parts.settings.readers or parts.database.on_postgres:
        yield
        return
    running = [asyncio.create_task(kept(state.edges.hands, parts.settings)) for _ in range(parts.settings.readers)]
    try:
        yield
    finally:
        await stopped(running)


async def kept(hands: Hands, settings: Settings) -> None:
    """Keep one such process, for ever."""
    died = 0
    while True:
        began, why = monotonic(), ""
        try:
            await one(hands, settings)
        except OSError as error:  # there is no memory for it, or no more processes may be
            why = kind_of(error)
        died = died + 1 if monotonic() - began < QUICK_S else 0
        log.warning("reader_ended", again_s=pause_s(died), why=why)
        await asyncio.sleep(pause_s(died))


async def one(hands: Hands, settings: Settings) -> None:
    """One such process, from its start to its end."""
    ours, theirs = socket.socketpair()
    hand = Hand(hands.all, monotonic() + START_S)
    transport, _ = await asyncio.get_running_loop().create_unix_connection(lambda: hand, sock=ours)
    try:
        with theirs:
            process = await started(theirs, settings)
        over = asyncio.ensure_future(process.wait())
        try:
            while not over.done() and not transport.is_closing():
                await asyncio.wait({over}, timeout=LOOK_S)
                silent_s = monotonic() - hand.heard_at
                if silent_s > SILENT_S:
                    hand.leave()
                if silent_s > STUCK_S:
                    kill(process)
        finally:
            transport.abort()
            await ended(process, over)
    finally:
        transport.abort()


async def started(way: socket.socket, settings: Settings) -> Process:
    """A process that reads for whoever holds the other end of the way."""
    told = (str(way.fileno()), "-", "0")
    return await asyncio.create_subprocess_exec(*COMMAND, *told, pass_fds=[way.fileno()], env=environment_with(replace(settings, role=READ)))


async def ended(process: Process, over: asyncio.Future[int]) -> None:
    """The end of a process whose way was let go: it sees that, or is killed."""
    try:
        await asyncio.wait({over}, timeout=END_S)
    finally:
        if not over.done():
            kill(process)
    await over


def kill(process: Process) -> None:
    """End it hard, if it has not ended."""
    with contextlib.suppress(ProcessLookupError):
        process.kill()


def read_for(parts: Parts, app: Litestar, way: socket.socket) -> None:
    """Be such a process, until whoever asks lets go of the way to us."""
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)  # said to whoever asks as well; they let go of us when they need us no more
    os.nice(NICE)
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(GOES_FIRST)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_read(parts, app, way))


async def _read(parts: Parts, app: Litestar, way: socket.socket) -> None:
    over = asyncio.Event()
    async with app.lifespan():
        await asyncio.get_running_loop().create_unix_connection(lambda: answers_of(parts, app, over.set), sock=way)
        await over.wait()


def answers_of(parts: Parts, app: Litestar, over: Callable[[], None]) -> Answers:
    """The end of the way at which an application answers for another process."""
    app.asgi_handler = app.state.inner  # no edge: whoever asks let them in
    app.state.edge.buckets, app.state.edge.strangers = Tallies(PEOPLE), Tallies(STRANGERS)
    return Answers(app, heeding(parts), over)


def heeding(parts: Parts) -> Callable[[Marks], None]:
    """What brings a process that reads up to the marks of whoever asks."""
    known = Marks()

    def heed(marks: Marks) -> None:
        nonlocal known
        if marks == known:
            return
        if marks.people != known.people:
            people.forget(parts.database)
        if marks.pack != parts.writer.pack:
            parts.book.refresh()
        known = marks

    return heed
