"""Around every request: it gets a name, it is counted and timed, and where traces are kept it is one."""

import itertools
import re
import secrets
import time
from collections.abc import Awaitable, Callable
from typing import Any

import structlog

from cityloop.http.asked import REQUEST
from cityloop.operate.meter import Requests

UNKNOWN = "unknown"
DOORS = frozenset({"/v1/sessions", "/sign-in"})
REFUSED = frozenset({400, 401, 403, 423, 429})
OURS = re.compile(rb"[A-Za-z0-9._-]{8,64}\Z")
log = structlog.get_logger("cityloop.http")
App = Callable[[Any, Any, Any], Awaitable[None]]


class Counted:
    """An ASGI application within another. The answer carries `X-Request-Id`: the one that came, or one of ours."""

    def __init__(self, app: App, requests: Requests, traced: Any = None):
        self._app, self._requests, self._traced = app, requests, traced
        self._first, self._next = secrets.token_hex(4), itertools.count(1).__next__

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        requests, began = self._requests, time.perf_counter()
        name = self._named(scope)
        REQUEST.set(name)
        header = (b"x-request-id", name.encode())
        status = 0

        async def answer(message: Any) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                requests.took(_method(scope), scope.get("path_template") or UNKNOWN, status, time.perf_counter() - began)
                message["headers"] = [*message["headers"], header]
            await send(message)

        requests.running += 1
        try:
            if self._traced is None:
                await self._app(scope, receive, answer)
            else:
                await self._traced(self._app, scope, receive, answer, lambda: status)
        finally:
            requests.running -= 1
            if status in REFUSED and scope["method"] == "POST" and scope.get("path_template") in DOORS:
                requests.refused_sign_ins += 1
            if not status:  # nobody waited for the answer, or we broke before it
                requests.took(_method(scope), scope.get("path_template") or UNKNOWN, 499, time.perf_counter() - began)

    def beforehand(self, scope: Any, status: int) -> str:
        """Count one that was answered as soon as its head was there; gives its name."""
        self._requests.took(_method(scope), UNKNOWN, status, 0.0)
        return self._named(scope)

    def _named(self, scope: Any) -> str:
        for name, value in scope["headers"]:
            if name == b"x-request-id" and OURS.match(value):
                return value.decode()
        return f"{self._first}-{self._next():x}"


METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})


def _method(scope: Any) -> str:
    return scope["method"] if scope["method"] in METHODS else "OTHER"  # a stranger's words are no label
