"""The traffic of a city: each kind of request at its own rate, leaving when it is due whether others were answered or not."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from math import inf

from msgspec import Struct

from bench.load.asking import _Connection
from bench.load.bodies import observations, reports, reports_with_photo
from bench.load.city import Town
from bench.load.work import Work

HOUR = {"report": 108_000, "photo": 12_000, "move": 400_000, "case": 200_000, "list": 300_000, "search": 100_000, "tile": 60_000, "observe": 4_000}
# `case` is what people open without acting; each move opens a case first, which makes 600,000 of a million reads
WRITES, FIELD = ("report", "photo", "move", "observe"), ("move", "observe")
READS = ("case", "list", "search", "tile")
WAIT_MAX_S, IDLE_MAX_S = 30.0, 3.0


class Kind(Struct, kw_only=True):
    """What came of one kind of request. Units: seconds."""

    latencies: list[float] = []
    moments: list[float] = []  # of each of them, when it was due
    sent_away: list[float] = []  # when who was asked to come again was due
    statuses: dict[int, int] = {}
    without_wait: int = 0  # told to come again, and not when
    errors: int = 0


class Bodies:
    """What reporters and devices send, drawn before anything is measured: whoever draws a photo keeps nobody waiting."""

    def __init__(self, town: Town, count: int):
        self.of: dict[str, Iterator[bytes]] = {
            "report": reports(town.policy, count), "photo": reports_with_photo(town.policy), "observe": observations(town.key),
        }  # fmt: skip
        for each in self.of.values():
            next(each)


class Mix:
    """One stretch of traffic, `times` as much as the hour of the benchmark has. Each who asks has a connection: nobody waits
    for another's answer."""

    def __init__(self, port: int, work: Work, bodies: Bodies, times: float = 1.0):
        self.port, self.work, self.bodies, self.times = port, work, bodies, times
        self.kinds: dict[str, Kind] = {name: Kind(latencies=[], moments=[], sent_away=[], statuses={}) for name in HOUR}
        self.nothing = self.stale = 0
        self.began = 0.0
        self._free: list[tuple[float, _Connection]] = []  # since when, by whom

    async def run(self, seconds: float) -> None:
        """Send for so long, and wait for what is still asked."""
        self.began = time.perf_counter()
        await asyncio.gather(*(self._send(name, seconds) for name in HOUR))
        for _, each in self._free:
            each.transport.close()

    async def _send(self, name: str, seconds: float) -> None:
        per_s, began, running = HOUR[name] / 3_600 * self.times, time.perf_counter(), set()
        one: Callable[[float], Awaitable[None]] = {"move": self._move, "case": self._case, "list": self._list}.get(name, self._plain(name))
        for number in range(int(per_s * seconds)):
            due = began + (number + 0.5) / per_s
            if (pause := due - time.perf_counter()) > 0:
                await asyncio.sleep(pause)
            running.add(task := asyncio.create_task(one(due)))  # type: ignore[arg-type]
            task.add_done_callback(running.discard)
        await asyncio.gather(*running)

    async def ask(self, kind: str, raw: bytes, due: float) -> tuple[int, bytes]:
        """Ask, and write down what came of it. Status 0 is no answer."""
        kept = self.kinds[kind]
        connection = None
        try:
            connection = await self._connection()
            status, body = await asyncio.wait_for(connection.ask(raw), WAIT_MAX_S)
            self._free.append((time.perf_counter(), connection))
        except (OSError, TimeoutError):
            kept.errors += 1
            if connection:
                connection.transport.abort()
            status, body = 0, b""
        kept.statuses[status] = kept.statuses.get(status, 0) + 1
        if status in (429, 503):
            kept.without_wait += b"retry-after" not in connection.head.lower()
            kept.sent_away.append(due)
        elif status:
            kept.latencies.append(time.perf_counter() - due)
            kept.moments.append(due)
        return status, body

    async def _connection(self) -> _Connection:
        """One that is free, the last used first; where none is, a new one. One that was idle for long is let go before the
        server does."""
        while self._free:
            since, free = self._free.pop()
            if not free.lost and time.perf_counter() - since < IDLE_MAX_S:
                return free
            free.transport.close()
        return (await asyncio.get_running_loop().create_connection(_Connection, "127.0.0.1", self.port))[1]

    def _plain(self, name: str) -> Callable[[float], Awaitable[None]]:
        async def one(due: float) -> None:
            raw = next(self.bodies.of[name]) if name in self.bodies.of else getattr(self.work, name)()
            await self.ask(name, raw, due)

        return one

    async def _case(self, due: float) -> None:
        await self.ask("case", self.work.read_old(), due)

    async def _list(self, due: float) -> None:
        raw, post = self.work.list()
        status, body = await self.ask("list", raw, due)
        if status == 200 and post:
            self.work.taken_up(body, post)

    async def _move(self, due: float) -> None:
        """Whoever is next opens the case, and acts."""
        if not self.work.pool:
            self.nothing += 1
            return
        chosen = self.work.pool.popleft()
        status, seen = await self.ask("case", self.work.read(chosen.id, chosen.post), due)
        if status != 200:
            self.work.pool.append(chosen)
            return
        deed = self.work.move(seen)
        if deed is None:
            self.nothing += 1
            return
        status, _ = await self.ask("move", deed[0], time.perf_counter())
        if status == 412:
            self.stale += 1
        if status in (201, 412, 429, 503, 0):
            self.work.pool.append(chosen)

    def p95_ms(self, names: tuple[str, ...], begins: float = 0.0, ends: float = inf) -> float:
        """The 95th percentile over these kinds, of what was due in [begins, ends) seconds after we began. Units: ms."""
        begins, ends = self.began + begins, self.began + ends
        ordered = sorted(
            took for name in names for took, due in zip(self.kinds[name].latencies, self.kinds[name].moments, strict=True) if begins <= due < ends
        )
        return ordered[int(len(ordered) * 0.95)] * 1_000 if ordered else float("nan")

    def sent_away(self, begins: float, ends: float) -> int:
        """How many were asked to come again of those due in [begins, ends) seconds after we began."""
        return sum(begins <= due - self.began < ends for kind in self.kinds.values() for due in kind.sent_away)

    @property
    def errors(self) -> int:
        """Answers that are neither what was asked for nor a refusal that says when to come again; a case that somebody else
        moved meanwhile is none."""
        bad = sum(count for kind in self.kinds.values() for status, count in kind.statuses.items() if status not in (200, 201, 202, 204, 304, 412, 429, 503))
        return bad + sum(kind.without_wait for kind in self.kinds.values())

    @property
    def shed(self) -> int:
        """Requests that were asked to come again."""
        return sum(kind.statuses.get(429, 0) + kind.statuses.get(503, 0) for kind in self.kinds.values())
