"""A load generator in one process: keep-alive connections, closed loop or open loop, as little CPU as it can."""

import asyncio
import time
from collections.abc import Callable

Request = Callable[[int], bytes]


class _Connection(asyncio.Protocol):
    """One keep-alive connection; answers come in the order of requests."""

    def __init__(self) -> None:
        self.buffer = b""
        self.head = b""  # of the last answer
        self.waiting: asyncio.Future | None = None
        self.lost = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head, found, rest = self.buffer.partition(b"\r\n\r\n")
        if not found:
            return
        length = 0
        for line in head.split(b"\r\n")[1:]:
            if line[:15].lower() == b"content-length:":
                length = int(line[15:])
        if len(rest) >= length and self.waiting:
            status = int(head[9:12])
            body, self.buffer, self.head = rest[:length], rest[length:], head
            waiting, self.waiting = self.waiting, None
            if not waiting.done():
                waiting.set_result((status, body))

    def connection_lost(self, exc: Exception | None) -> None:
        self.lost = True
        if self.waiting and not self.waiting.done():
            self.waiting.set_exception(exc or ConnectionResetError())

    def ask(self, raw: bytes) -> "asyncio.Future[tuple[int, bytes]]":
        self.waiting = asyncio.get_running_loop().create_future()
        self.transport.write(raw)
        return self.waiting


class Run:
    """What a run gave: latencies in seconds, answers by status, wall seconds, bodies if asked for."""

    def __init__(self) -> None:
        self.latencies: list[float] = []
        self.statuses: dict[int, int] = {}
        self.bodies: list[bytes] = []
        self.errors = 0
        self.seconds = 0.0

    def share(self, quantile: float) -> float:
        """A quantile of the latencies. Units: seconds."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(len(ordered) * quantile))] if ordered else float("nan")


def http(method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None) -> bytes:
    """A request's bytes."""
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost"]
    if body or method == "POST":
        lines += [f"Content-Length: {len(body)}"]
    merged = {"Content-Type": "application/json"} if body else {}
    lines += [f"{name}: {value}" for name, value in (merged | (headers or {})).items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


async def closed(
    port: int,
    request: Request,
    *,
    count: int,
    connections: int,
    keep: bool = False,
    on_done: Callable[[int], None] = lambda n: None,
) -> Run:
    """Each connection asks again as soon as it was answered, until `count` requests were sent."""
    run = Run()
    next_number = iter(range(count))
    loop = asyncio.get_running_loop()

    async def one() -> None:
        _, connection = await loop.create_connection(_Connection, "127.0.0.1", port)
        for number in next_number:
            started = time.perf_counter()
            try:
                status, body = await connection.ask(request(number))
            except ConnectionError:
                run.errors += 1
                return
            run.latencies.append(time.perf_counter() - started)
            run.statuses[status] = run.statuses.get(status, 0) + 1
            if keep:
                run.bodies.append(body)
            on_done(number)
        connection.transport.close()

    started = time.perf_counter()
    await asyncio.gather(*(one() for _ in range(connections)))
    run.seconds = time.perf_counter() - started
    return run


async def opened(port: int, request: Request, *, per_s: int, seconds: float, connections: int = 64) -> Run:
    """Requests leave at fixed moments, answered or not; latency counts from the moment when each was due."""
    run = Run()
    loop = asyncio.get_running_loop()
    free: asyncio.Queue = asyncio.Queue()
    for _ in range(connections):
        free.put_nowait((await loop.create_connection(_Connection, "127.0.0.1", port))[1])

    async def one(number: int, due: float) -> None:
        connection = await free.get()
        status, _ = await connection.ask(request(number))
        run.latencies.append(time.perf_counter() - due)
        run.statuses[status] = run.statuses.get(status, 0) + 1
        free.put_nowait(connection)

    started = time.perf_counter()
    running = []
    for number in range(int(per_s * seconds)):
        due = started + number / per_s
        pause = due - time.perf_counter()
        if pause > 0:
            await asyncio.sleep(pause)
        running.append(asyncio.create_task(one(number, due)))
    await asyncio.gather(*running)
    run.seconds = time.perf_counter() - started
    while not free.empty():
        free.get_nowait().transport.close()
    return run
