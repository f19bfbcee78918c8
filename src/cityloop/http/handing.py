"""Reads are handed on: to processes that only read, beside the one that writes, where the database is a file.

Whoever comes was let in already; here it is asked who looks it up. What such a process cannot answer, or does not live to
answer, is looked up by the one that asked: a read may be done twice. A frame is four bytes of length, then MessagePack.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from time import monotonic
from types import MappingProxyType
from typing import Any

from msgspec import Struct, msgpack

from cityloop.http.asked import REQUEST
from cityloop.http.headers import Header
from cityloop.http.limits import Buckets, CameTooOften, Pace

LENGTH = 4
LOOKS = 3
PEOPLE, STRANGERS, ADDRESS = "people", "strangers", "address"
# what is asked most, and is in the tables alone: nothing of it lives in the memory of whoever writes
HANDED = (
    "/tiles/", "/v1/cases", "/v1/map", "/v1/orders", "/v1/places", "/v1/problems", "/v1/public/", "/v1/reports/", "/v1/screens/board",
    "/v1/screens/brief", "/v1/screens/case/", "/v1/screens/hot", "/v1/screens/queue", "/v1/why",
)  # fmt: skip
# sent bit by bit, or made of more than the tables
STAYS = (".csv", ".xlsx", ".pdf", ".docx", ".parquet", ".zip", "/stream", "/compared", "/photo-text", "/evidence")
BROUGHT = frozenset({b"authorization", b"x-api-key", b"cookie"})
REFUSED_MAX = 1_000


class Marks(Struct, frozen=True, array_like=True):
    """What whoever asks knows: who reads must know no less."""

    people: int = 0  # how often a session, a seat or an account was changed here
    pack: str = ""  # the digest in force


class Ask(Struct, frozen=True, array_like=True):
    """A read, handed on."""

    number: int
    name: str  # of the request, in the log
    marks: Marks
    method: str
    path: str
    raw_path: bytes
    query: bytes
    headers: list[Header]
    client: tuple[str, int] | None
    server: tuple[str, int | None] | None
    scheme: str
    http_version: str


class Count(Struct, frozen=True, array_like=True):
    """From whose bucket the request is to be taken; counted in one place. `of` is "people" (and keys), "strangers", or "address" for
    whoever turned out to be nobody."""

    of: str
    key: str = ""
    per_min: int = 0
    burst: int = 0
    now: float = 0.0


class Said(Struct, frozen=True, array_like=True):
    """The answer."""

    number: int
    status: int
    headers: list[Header]
    body: bytes
    template: str  # the path of the route
    counts: list[Count]


class Frames:
    """Cuts what comes in over a socket into messages."""

    def __init__(self, kind: type[Any]):
        self._decode: Callable[[memoryview], Any] = msgpack.Decoder(kind).decode
        self._held = bytearray()

    def of(self, data: bytes) -> list[Any]:
        """The messages that are whole by now."""
        held, found, at = self._held, [], 0
        held += data
        with memoryview(held) as seen:
            while at + LENGTH <= len(held):
                ends = at + LENGTH + int.from_bytes(seen[at : at + LENGTH], "big")
                if ends > len(held):
                    break
                found.append(self._decode(seen[at + LENGTH : ends]))
                at = ends
        del held[:at]
        return found


_encode = msgpack.Encoder().encode


def frame(message: Ask | Said) -> bytes:
    """A message as it is sent."""
    raw = _encode(message)
    return len(raw).to_bytes(LENGTH, "big") + raw


class Hand(asyncio.Protocol):
    """The way to one process that reads. It stands among the `others` from its first word until it is silent or lost."""

    def __init__(self, others: "list[Hand]", heard_at: float = 0.0):
        self.waiting: dict[int, asyncio.Future[Said | None]] = {}
        self.heard_at = heard_at  # when it last said that it is there
        self._others = others
        self._frames = Frames(Said)
        self._number = 0

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answers; and each second that it is there: the number 0."""
        for said in self._frames.of(data):
            if said.number == 0:
                self.heard_at = monotonic()
                if self not in self._others:
                    self._others.append(self)
            elif (asked := self.waiting.pop(said.number, None)) and not asked.done():
                asked.set_result(said)

    def connection_lost(self, error: Exception | None) -> None:
        """What it has not answered nobody has."""
        self.leave()
        waiting, self.waiting = self.waiting, {}
        for asked in waiting.values():
            if not asked.done():
                asked.set_result(None)

    def leave(self) -> None:
        """Be asked nothing more, until it is heard again."""
        if self in self._others:
            self._others.remove(self)

    async def ask(self, make: Callable[[int], Ask]) -> Said | None:
        """The answer, or None where it died of it or before."""
        self._number += 1
        number, asked = self._number, asyncio.get_running_loop().create_future()
        self._transport.write(frame(make(number)))
        self.waiting[number] = asked
        return await asked  # whoever went away meanwhile leaves their place to be taken by the answer


class Hands:
    """All ways to processes that read; mostly there are none. `marks` tells what we know, `buckets` are those of people and keys,
    and of strangers."""

    def __init__(
        self, marks: Callable[[], Marks] = Marks, buckets: Mapping[str, Buckets] = MappingProxyType({}), clock: Callable[[], float] = monotonic
    ):
        self.all: list[Hand] = []
        self.answered = self.returned = 0  # by them; left to us after all
        self._before = deque([0.0] * LOOKS, LOOKS)
        self._marks, self._buckets, self._clock = marks, buckets, clock
        self._refused: dict[tuple[object, ...], float] = {}  # who came too often, and until when they need not be looked up

    def look(self) -> None:
        """See how many questions wait; at each beat of the loop."""
        self._before.append(self._waiting)

    @property
    def busy(self) -> float:
        """How many questions each of them has before it, on the average: now, and at the last looks. One stumble (a page that comes
        from the disk) is none of ours."""
        return min(self._waiting, *self._before)

    @property
    def _waiting(self) -> float:
        return sum(len(hand.waiting) for hand in self.all) / len(self.all) if self.all else 0.0

    def takes(self, scope: Any, path: str) -> bool:
        """Whether they can be asked: a read, of what is in the tables alone."""
        if not self.all or scope["method"] != "GET" or not path.startswith(HANDED) or path.rstrip("/").endswith(STAYS):
            return False
        return not self._refused or self._refused.get(_who(scope), 0.0) <= self._clock()  # who comes too often is refused here, before the work

    async def answer(self, scope: Any, send: Callable[[Any], Awaitable[None]], stranger: Callable[[], None] | None) -> bool:
        """Have a request answered; False where we must look ourselves. `stranger` counts whoever turns out to be nobody.

        Refuses with `CameTooOften`.
        """
        hand = min(self.all, key=lambda each: len(each.waiting))
        said = await hand.ask(lambda number: self._asked(scope, number))
        if said is None or said.status >= 500:  # it could not; whether anybody can will show
            self.returned += 1
            return False
        self.answered += 1
        scope["path_template"] = said.template
        try:
            self._count(said.counts, stranger)
        except CameTooOften as refusal:
            if len(self._refused) >= REFUSED_MAX:
                self._refused.clear()
            self._refused[_who(scope)] = self._clock() + refusal.more["retry_after_s"]
            raise
        await send({"type": "http.response.start", "status": said.status, "headers": said.headers})
        await send({"type": "http.response.body", "body": said.body, "more_body": False})
        return True

    def _count(self, counts: list[Count], stranger: Callable[[], None] | None) -> None:
        for each in counts:
            if each.of != ADDRESS:
                self._buckets[each.of].take(each.key, Pace(per_min=each.per_min, burst=each.burst), each.now)
            elif stranger:
                stranger()

    def _asked(self, scope: Any, number: int) -> Ask:
        return Ask(
            number, REQUEST.get(), self._marks(), scope["method"], scope["path"], scope["raw_path"], scope["query_string"],
            scope["headers"], scope["client"], scope["server"], scope["scheme"], scope["http_version"],
        )  # fmt: skip


def _who(scope: Any) -> tuple[object, ...]:
    """Who asks, as far as that can be seen: by what they bring, and from where."""
    client = scope["client"]
    return (client[0] if client else "", *(value for name, value in scope["headers"] if name in BROUGHT))
