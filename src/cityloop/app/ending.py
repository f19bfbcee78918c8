"""A server that ends without dropping anybody: its work goes to others at once, what still comes is answered, then it goes."""

import asyncio
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import uvicorn
from litestar import Litestar

from cityloop.app.greeting import Greeting
from cityloop.pages import end_streams

KEPT_ALIVE_S = 5  # an idle connection is closed after it, by uvicorn's own rule
POLITE_S = KEPT_ALIVE_S + 1
LOOK_S = 0.02
SAY_CLOSE = (b"connection", b"close")
HOW: dict[str, Any] = {
    "loop": "uvloop", "http": "cityloop.http.patience:Patient", "ws": "none", "log_level": "warning", "access_log": False,
    "log_config": None, "proxy_headers": False, "server_header": False, "timeout_graceful_shutdown": 10,
    "timeout_keep_alive": KEPT_ALIVE_S,
}  # fmt: skip


class Ending(uvicorn.Server):
    """The server of one process. `on_ready` is called once it answers.

    Told to stop it says so at /readyz and hands its leases over; takes what comes for `drain_s` more, so that a balancer
    sees it; lets the door go to others; and where others stand at the door (`is_polite`) it answers whoever is still
    connected with "connection: close", until each has gone or was idle for as long as any connection may be.
    """

    def __init__(
        self, app: Litestar, *, drain_s: float = 0, is_polite: bool = False, on_ready: Callable[[], None] = lambda: None,
        how: dict[str, Any] = HOW,
    ):  # fmt: skip
        super().__init__(uvicorn.Config(app, **how))
        self.city = app
        self.drain_s = drain_s
        self.is_polite = is_polite or drain_s > 0
        self.on_ready = on_ready

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        one = partial(self.config.http_protocol_class, config=self.config, server_state=self.server_state, app_state=self.lifespan.state)
        self.greetings = [Greeting(each, one) for each in sockets or []]
        self.on_ready()

    async def shutdown(self, sockets: Any = None) -> None:
        self.city.state.watch.stopping = True  # /readyz says it
        await self.city.state.hand_over()
        await self._wait(lambda: False, self.drain_s)
        for greeting in self.greetings:
            greeting.end()
        for each in [*self.servers, *(sockets or [])]:
            each.close()
        end_streams(self.city)
        if self.is_polite:
            self.server_state.default_headers = [*self.server_state.default_headers, SAY_CLOSE]
            await self._wait(lambda: not self.server_state.connections, POLITE_S)
        await super().shutdown(sockets)

    async def _wait(self, over: Callable[[], bool], most_s: float) -> None:
        until = time.monotonic() + most_s
        while not over() and not self.force_exit and time.monotonic() < until:
            await asyncio.sleep(LOOK_S)
