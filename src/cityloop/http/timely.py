"""A call that is over in time however slowly the other side speaks: a limit of each read alone lets who drips bytes hold us for days."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from math import inf
from ssl import SSLContext
from time import monotonic
from typing import Any

import httpcore

PIECE = 16 * 1024  # bytes that are written before the time is looked at again
_UNTIL: ContextVar[float] = ContextVar("until", default=inf)  # monotonic seconds


@contextmanager
def over_within(seconds: float) -> Iterator[None]:
    """What is called inside ends by then: with an answer, or as a timeout."""
    token = _UNTIL.set(min(_UNTIL.get(), monotonic() + seconds))
    try:
        yield
    finally:
        _UNTIL.reset(token)


class Timely(httpcore.NetworkStream):
    """A connection that waits no longer than the call that uses it may last."""

    def __init__(self, inner: httpcore.NetworkStream):
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """What has come."""
        return self._inner.read(max_bytes, left_of(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """All of it, or a timeout."""
        for place in range(0, len(buffer), PIECE):
            self._inner.write(buffer[place : place + PIECE], left_of(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        """Let it go."""
        self._inner.close()

    def start_tls(self, ssl_context: SSLContext, server_hostname: str | None = None, timeout: float | None = None) -> "Timely":
        """The same connection, in TLS from here on."""
        return Timely(self._inner.start_tls(ssl_context, server_hostname, left_of(timeout, httpcore.ConnectTimeout)))

    def get_extra_info(self, info: str) -> Any:
        """What else is known of it."""
        return self._inner.get_extra_info(info)


def left_of(timeout: float | None, over: type[httpcore.TimeoutException]) -> float | None:
    """How long may still be waited; raises `over` where nothing is left."""
    left = min(inf if timeout is None else timeout, _UNTIL.get() - monotonic())
    if left <= 0:
        raise over("the call lasted too long")
    return None if left == inf else left
