"""The edge: what every request meets before any route, in one pass. Who it is by address, whether it may come, what it may bring.

It stands around the whole application, so that an unknown path meets it too. What it does not do: who somebody is and what
they may (`identity`), what a body says (the routes).
"""

from collections.abc import Callable
from functools import lru_cache, partial
from time import monotonic
from typing import Any

from litestar.types import ASGIApp, HTTPResponseStartEvent, Message, Receive, Scope, Send
from msgspec import Struct

from cityloop.domain.errors import CityloopError
from cityloop.http import lanes
from cityloop.http.handing import Hands
from cityloop.http.headers import Header, headers_for, with_safe
from cityloop.http.identity import AS_STRANGER
from cityloop.http.limits import Buckets, CameTooOften, Pace
from cityloop.http.noted import NOTED
from cityloop.http.outward import Network, crowd_of, plain, within
from cityloop.http.problems import PROBLEM, members_of, status_of
from cityloop.http.refusals import (
    AddressTooLong,
    BodyTooLarge,
    GivenTwice,
    HeadTooLarge,
    Overloaded,
    TooManyTries,
    WrongHost,
)
from cityloop.http.seen import Seen, behind, name_in, seen_in
from cityloop.http.shed import SENSE_AT_ONCE, Lane, Limits, Load, Pulse, Shedder, pressure_of, retry_after_s
from cityloop.http.turns import REPORT, Turns

TRIES = Pace(per_min=60, burst=60)  # wrong passwords, codes that lead nowhere: of an address
LET_IN = "cityloop_let_in"  # in a scope: how much there was to do as its head came
GUESSED = ("/v1/sessions", "/sign-in", "/v1/track", "/track/", "/v1/questionnaires/", "/survey/")  # where one can guess


class Chosen(Struct, frozen=True, kw_only=True):
    """What the installation chose of the edge."""

    hosts: frozenset[str] = frozenset()  # none: any
    proxies: tuple[Network, ...] = ()
    stranger: Pace | None = None
    strict_transport_s: int = 0


class Edges:
    """Stands before an application. `waits` tells how many changes and reads wait in this process; without `limits` nobody is sent away."""

    def __init__(
        self, inner: ASGIApp, chosen: Chosen, *, waits: Callable[[], tuple[int, int]] = lambda: (0, 0), buckets: Buckets | None = None,
        limits: Limits | None = Limits(), hands: Hands | None = None, clock: Callable[[], float] = monotonic,
    ):  # fmt: skip
        self.inner = inner
        self.chosen = chosen
        self.shedder = Shedder()
        self.pulse = Pulse()
        self.turns = Turns(clock)
        self.hands = hands or Hands()  # to processes that read for us, where there are any
        self.under_way = 0
        self.sensing = 0
        self._waits = waits
        self._limits = limits
        self._buckets = buckets or Buckets()
        self._clock = clock

    def speaks_for_many(self, host: str) -> bool:
        """Whether an address is no stranger's own: this machine's, or that of a proxy of ours."""
        try:
            found = plain(host)
        except ValueError:
            return True
        return found.is_loopback or within(found, self.chosen.proxies)

    def load(self) -> Load:
        """How much waits now."""
        now, (changes, reads) = self._clock(), self._waits()
        return Load(
            late_s=self.pulse.late_s(now), turn_s=self.turns.waits_s(now), turns=len(self.turns), changes=changes, reads=reads,
            under_way=self.under_way,
        )  # fmt: skip

    def safe_headers(self, scope: Any, path: str) -> tuple[Header, ...]:
        """What every answer to a request says. `scope` has its method and scheme."""
        strict_s = self.chosen.strict_transport_s if scope["scheme"] == "https" else 0
        return headers_for(path, scope["method"], strict_transport_s=strict_s)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or say why not."""
        if scope["type"] != "http":
            await self.inner(scope, receive, send)
            return
        seen = seen_in(scope["headers"])
        self._who(scope, seen)
        path, method = scope["path"], scope["method"]
        safe = self.safe_headers(scope, path)
        crowd = crowd_of(scope["client"][0]) if scope.get("client") else "?"
        guess = path.startswith(GUESSED)
        lane = lanes.lane_of(method, path, known=seen.known, search=b"q=" in scope["query_string"])

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._note(message, guess, crowd)
                message["headers"] = with_safe(message["headers"], safe)
            await send(message)

        try:
            self._may(scope, seen, path, lane, crowd, guess)
        except CityloopError as refusal:
            NOTED.note(scope, status_of(refusal), refusal.code)
            await _say(answer, refusal)
            return
        counts = not path.endswith("/stream")  # who follows a stream waits for hours, and costs nothing meanwhile
        self.under_way += counts
        self.sensing += lane is Lane.sense
        try:
            if lane <= Lane.look and not seen.brings and await self._handed(scope, path, answer):
                return
            if lane < Lane.sense:
                await self.turns.mine(REPORT if lane is Lane.report else 1)
            await self.inner(scope, _counted(receive, lanes.body_max(path, seen.kind)) if seen.chunked else receive, answer)
        except CameTooOften as refusal:
            NOTED.note(scope, status_of(refusal), refusal.code)
            await _say(answer, refusal)
        finally:
            self.under_way -= counts
            self.sensing -= lane is Lane.sense

    async def _handed(self, scope: Scope, path: str, answer: Send) -> bool:
        """Whether another process answered that reads for us.

        Refuses with `CameTooOften`.
        """
        return self.hands.takes(scope, path) and await self.hands.answer(scope, answer, scope.get(AS_STRANGER))  # type: ignore[arg-type]

    def _who(self, scope: Scope, seen: Seen) -> None:
        """Put the address and the scheme right where a proxy of ours speaks for somebody. From anybody else it says nothing."""
        proxies = self.chosen.proxies
        client = scope.get("client")
        if not proxies or not client or not (seen.for_whom or seen.scheme):
            return
        try:
            ours = within(plain(client[0]), proxies)
        except ValueError:
            return
        if ours and (found := behind(seen.for_whom, proxies)):
            scope["client"] = (found, 0)
        if ours and seen.scheme in ("http", "https"):
            scope["scheme"] = seen.scheme  # type: ignore[typeddict-item]

    def _may(self, scope: Scope, seen: Seen, path: str, lane: Lane, crowd: str, guess: bool) -> None:
        """Refuses with `WrongHost`, `HeadTooLarge`, `AddressTooLong`, `GivenTwice`, `BodyTooLarge`, `CameTooOften` or `Overloaded`."""
        chosen = self.chosen
        if chosen.hosts and name_in(seen.host) not in chosen.hosts and not path.startswith(lanes.ALWAYS[:4]):
            raise WrongHost("This city answers under other names than the one that was asked for; use one that it was given.")
        if seen.size > lanes.HEAD_MAX or len(scope["headers"]) > lanes.HEADERS_MAX:
            raise HeadTooLarge(f"The headers may have {lanes.HEAD_MAX} bytes and {lanes.HEADERS_MAX} lines; send fewer.", most=lanes.HEAD_MAX)
        if len(path) > lanes.PATH_MAX or len(scope["query_string"]) > lanes.QUERY_MAX:
            raise AddressTooLong(
                f"A path may have {lanes.PATH_MAX} bytes and a question {lanes.QUERY_MAX}; ask for less at once.", most=lanes.QUERY_MAX
            )
        if name := lanes.given_twice(path, scope["query_string"]):
            raise GivenTwice(f"The question says {name[:40]!r} more than once; say it once.")
        if seen.length > lanes.BODY_LEAST and seen.length > (most := lanes.body_max(path, seen.kind)):
            raise _too_large(most)
        now = self._clock()
        if guess and self._buckets.is_empty(f"tries/{crowd}", TRIES, now):
            raise TooManyTries("Too many wrong tries came from this address; wait a little, then look at what you enter.", retry_after_s=5)
        if path.startswith(lanes.ALWAYS):
            return
        if chosen.stranger and not is_here(crowd):
            take = partial(self._buckets.take, f"address/{crowd}", chosen.stranger, now)
            if seen.known:
                scope[AS_STRANGER] = take  # type: ignore[literal-required]  # whether they are known shows when they are asked
            else:
                take()
        if refusal := self._too_much(scope, lane):
            raise refusal

    def too_much_for(self, scope: Any, path: str, query: bytes) -> Overloaded | None:
        """The same as soon as the head is there. Not of strangers whose pace is counted first, nor where a body would have to be
        read that may be large. `scope` has its method, headers and client."""
        seen = seen_in(scope["headers"])
        crowd = crowd_of(scope["client"][0]) if scope.get("client") else "?"
        if seen.chunked or seen.length > lanes.BODY_LEAST or path.startswith(lanes.ALWAYS):
            return None
        if self.chosen.stranger and not seen.known and (seen.for_whom or not is_here(crowd)):
            return None
        return self._too_much(scope, lanes.lane_of(scope["method"], path, known=seen.known, search=b"q=" in query))

    def _too_much(self, scope: Any, lane: Lane) -> Overloaded | None:
        """What somebody is told who comes while there is too much to do, where they can wait. Asked once more when their turn comes:
        many come in at once, and who is far behind has become late meanwhile."""
        if self._limits is None:
            return None
        before = scope.get(LET_IN)
        self.pulse.came += before is None
        pressure = pressure_of(self.load(), self._limits)
        if lane <= Lane.look:
            pressure = max(pressure, self.hands.busy / self._limits.handed)
        scope[LET_IN] = pressure
        full = lane is Lane.sense and self.sensing >= SENSE_AT_ONCE
        if not full and self.shedder.lets_in(lane, pressure, before=before):
            return None
        self.shedder.sent_away[lane] += full
        return Overloaded("There is too much to do at this moment; it was not looked at. Come again.", retry_after_s=retry_after_s(pressure))

    def _note(self, message: HTTPResponseStartEvent, guess: bool, crowd: str) -> None:
        if guess and message["status"] in (401, 404):
            self._buckets.count(f"tries/{crowd}", TRIES, self._clock())


@lru_cache(maxsize=4096)
def is_here(crowd: str) -> bool:
    """Whether it is this very machine that asks: the operator, or a proxy that nobody named. Then strangers are not told apart."""
    try:
        return plain(crowd.partition("/")[0]).is_loopback
    except ValueError:
        return False


def _too_large(most: int) -> BodyTooLarge:
    return BodyTooLarge(f"A request to this address may bring {most} bytes; send less, or in parts.", most=most)


def _counted(receive: Receive, most: int) -> Receive:
    """A body that did not say how long it is, as far as it may go."""
    came = 0

    async def counting() -> Any:
        nonlocal came
        message = await receive()
        came += len(message.get("body", b""))
        if came > most:
            raise _too_large(most)
        return message

    return counting


async def _say(send: Send, refusal: CityloopError) -> None:
    """Answer without having looked at the body."""
    status, headers, body = no_of(refusal)
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})


def no_of(refusal: CityloopError) -> tuple[int, list[Header], bytes]:
    """Status, headers and body of an answer that says no."""
    status = status_of(refusal)
    body = members_of(status, refusal.code, refusal.detail, refusal.more)
    headers = [(b"content-type", PROBLEM.encode()), (b"content-length", b"%d" % len(body)), (b"cache-control", b"no-store")]
    if "retry_after_s" in refusal.more:
        headers.append((b"retry-after", b"%d" % refusal.more["retry_after_s"]))
    if isinstance(refusal, BodyTooLarge | HeadTooLarge):
        headers.append((b"connection", b"close"))  # else all of it would have to be read
    return status, headers, body
