"""How long a connection may take, and how many an address may have: what happens before a request is one.

uvicorn waits for ever for a first byte, for the rest of a head, for the rest of a body, and counts no bytes of a head. One look a
second at all connections ends those that take too long; nothing is timed for each request. What is counted is looks, not seconds:
while we ourselves stood still nobody was slow, and what they sent meanwhile is read before the next look.
"""

from asyncio import AbstractEventLoop
from collections import Counter
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from cityloop.http.away import Away
from cityloop.http.lanes import HEAD_MAX
from cityloop.http.outward import crowd_of
from cityloop.http.problems import PROBLEM, members_of

HEAD_S = 10.0  # until the head of a request is there, from the connection or the request before on
BODY_S, BODY_BYTES_A_S = 20.0, 1024  # after these seconds a body must have come at this pace on the average
LOOK_S = 1.0
HELD_MAX = 512 * 1024  # bytes of a body that were read and nobody has taken yet
CONNECTIONS_MAX = 1_000  # of one address: a bureau behind one has hundreds
_WORDS = {408: "Request Timeout", 429: "Too Many Requests", 431: "Request Header Fields Too Large"}


class Patient(HttpToolsProtocol):
    """uvicorn's protocol, with an end to its patience."""

    head_s, body_s, bytes_a_s, look_s, connections_max = HEAD_S, BODY_S, BODY_BYTES_A_S, LOOK_S, CONNECTIONS_MAX
    crowds: Counter[str] = Counter()  # of this process
    _looking: set[AbstractEventLoop] = set()

    def connection_made(self, transport: Any) -> None:
        """Let one in, unless its address has too many already."""
        super().connection_made(transport)
        self.away: Away | None = getattr(getattr(self.app, "state", None), "away", None)
        self.waits_for, self.looks, self.came, self.is_sent_away = "head", 0, 0, False
        self.crowd = self._crowd()
        self.crowds[self.crowd] += 1
        if self.crowd and self.crowds[self.crowd] > self.connections_max:
            self.end(429, "edge.too_many_connections", f"An address may have {self.connections_max} connections; close some.")
        if self.loop not in self._looking:
            self._looking.add(self.loop)
            self.loop.call_later(self.look_s, self.look)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget one."""
        self.crowds[self.crowd] -= 1
        if self.crowds[self.crowd] <= 0:
            del self.crowds[self.crowd]
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Count what comes."""
        self.came += len(data)
        super().data_received(data)
        if self.waits_for == "head" and self.came > HEAD_MAX and not self.transport.is_closing():
            self.end(431, "edge.head_too_large", f"The headers may have {HEAD_MAX} bytes; send fewer.")

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self.waits_for, self.looks, self.is_sent_away = "head", 0, False

    def on_headers_complete(self) -> None:
        """Its head is there: who must come again is told so, and nothing else is made of it."""
        if no := self._no():
            self.is_sent_away = True
            self.transport.write(no)
        else:
            super().on_headers_complete()
        self.waits_for, self.looks, self.came = "body", 0, 0

    def on_body(self, body: bytes) -> None:
        """Some of its body is there. A photo is read in a few turns of the loop: uvicorn holds 64 KiB, and waits a turn for each."""
        if self.is_sent_away or self.cycle.response_complete:
            return
        self.cycle.body += body
        if len(self.cycle.body) > HELD_MAX:
            self.flow.pause_reading()
        self.cycle.message_event.set()

    def on_message_complete(self) -> None:
        """All of it is there."""
        if self.is_sent_away:
            self.on_response_complete()
        else:
            super().on_message_complete()
        self.waits_for, self.came = "", 0

    def _no(self) -> bytes | None:
        """What is answered at once; only where the connection stays, and nothing of an earlier request is on its way."""
        if self.away is None or self.expect_100_continue or self.parser.should_upgrade() or not self.parser.should_keep_alive():
            return None
        if self.cycle is not None and not self.cycle.response_complete:
            return None
        default = self.server_state.default_headers
        if self.parser.get_http_version() != "1.1" or any(name == b"connection" for name, _ in default):
            return None
        self.scope["method"] = self.parser.get_method().decode("ascii")
        return self.away.answer(self.scope, self.url, default)

    def is_too_slow(self) -> bool:
        """Whether this one has used up our patience, at one more look. While we hold back its bytes it is not its fault."""
        self.looks += 1
        took_s = self.looks * self.look_s
        if self.waits_for == "head":
            return took_s > self.head_s
        if self.waits_for == "body" and not self.flow.read_paused:
            return took_s > self.body_s and self.came < (took_s - self.body_s) * self.bytes_a_s
        return False

    def look(self) -> None:
        """End what takes too long, among all connections of this server."""
        for each in [one for one in self.connections if isinstance(one, Patient) and one.is_too_slow()]:
            each.end(408, "edge.too_slow", "The request did not come in time; send it again, over a better line.")
        if self.connections:
            self.loop.call_later(self.look_s, next(iter(self.connections)).look)
        else:
            self._looking.discard(self.loop)

    def end(self, status: int, code: str, detail: str) -> None:
        """Say why, where nothing else was said yet, and close."""
        if not self.transport.is_closing():
            if not self.is_sent_away and (self.cycle is None or self.cycle.response_complete or not self.cycle.response_started):
                body = members_of(status, code, detail, {})
                head = f"HTTP/1.1 {status} {_WORDS[status]}\r\ncontent-type: {PROBLEM}\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n"
                self.transport.write(head.encode() + body)
            self.transport.close()

    def _crowd(self) -> str:
        """Under which name it is counted; under none where it is this machine or a proxy of ours, which speak for many."""
        edges = getattr(getattr(self.app, "state", None), "edges", None)
        host = self.client[0] if self.client else ""
        return "" if not host or edges is None or edges.speaks_for_many(host) else crowd_of(host)
