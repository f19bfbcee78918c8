"""What a process that only reads does with the reads that are handed to it: the other end of `handing`."""

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import Any

import structlog

from cityloop.http.asked import REQUEST
from cityloop.http.handing import ADDRESS, Ask, Count, Frames, Marks, Said, frame
from cityloop.http.identity import AS_STRANGER
from cityloop.http.limits import Buckets, Pace

COUNTS: ContextVar[list[Count]] = ContextVar("counts")
log = structlog.get_logger("cityloop.http")
SAY_EVERY_S = 1.0
READY = Said(0, 200, [], b"", "", [])


class Tallies(Buckets):
    """Nobody is sent away here: from whose bucket to take is said to whoever asked, where all are counted. `of` says which."""

    def __init__(self, of: str):
        super().__init__()
        self._of = of

    def take(self, key: str, pace: Pace, now: float) -> None:
        """Say it."""
        COUNTS.get([]).append(Count(self._of, key, pace.per_min, pace.burst, now))


class Answers(asyncio.Protocol):
    """Answers reads by an application. `heed` brings what we know up to the marks of whoever asks; `over` is called at the end."""

    def __init__(self, app: Any, heed: Callable[[Marks], None], over: Callable[[], None]):
        self._app, self._heed, self._over = app, heed, over
        self._frames = Frames(Ask)
        self._running: set[asyncio.Task[None]] = set()

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        self.say()

    def say(self) -> None:
        """Say that we are there, each second: who stands still says nothing."""
        if not self._transport.is_closing():
            self._transport.write(frame(READY))
            asyncio.get_running_loop().call_later(SAY_EVERY_S, self.say)

    def data_received(self, data: bytes) -> None:
        for ask in self._frames.of(data):
            self._running.add(task := asyncio.create_task(self._answer(ask)))
            task.add_done_callback(self._running.discard)

    def connection_lost(self, error: Exception | None) -> None:
        """Nobody asks any more."""
        self._over()

    async def _answer(self, ask: Ask) -> None:
        REQUEST.set(ask.name)
        COUNTS.set(counts := [])
        scope, body = _scope_of(ask), []
        scope[AS_STRANGER] = lambda: counts.append(Count(ADDRESS))
        status, headers = 500, []

        async def send(message: Any) -> None:
            nonlocal status, headers
            if message["type"] == "http.response.start":
                status, headers = message["status"], list(message["headers"])
            else:
                body.append(message.get("body", b""))

        try:
            self._heed(ask.marks)
            await self._app(scope, _once(), send)
        except Exception as error:  # who asked looks themselves
            log.error("fault", path=scope.get("path_template"), exc_info=error)
            status = 500
        template = scope.get("path_template") or ""
        self._transport.write(frame(Said(ask.number, status, headers, b"".join(body), template, counts)))


def _scope_of(ask: Ask) -> dict[str, Any]:
    return {
        "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": ask.http_version, "method": ask.method,
        "path": ask.path, "raw_path": ask.raw_path, "query_string": ask.query, "root_path": "", "headers": ask.headers,
        "client": ask.client, "server": ask.server, "scheme": ask.scheme, "state": {}, "extensions": {},
    }  # fmt: skip


def _once() -> Callable[[], Awaitable[dict[str, Any]]]:
    """What comes with a read: an empty body, then nothing more."""
    came = False

    async def receive() -> dict[str, Any]:
        nonlocal came
        if came:
            await asyncio.get_running_loop().create_future()
        came = True
        return {"type": "http.request", "body": b"", "more_body": False}

    return receive
