"""A real server with too much to do: whoever can wait is told so once their head is there, and the connection goes on."""

import asyncio
import json
from collections import Counter
from math import ceil
from types import SimpleNamespace

import pytest
import uvicorn
import uvloop

from cityloop.http.away import Away
from cityloop.http.edges import Chosen, Edges
from cityloop.http.limits import Pace
from cityloop.http.outward import networks
from cityloop.http.patience import Patient
from cityloop.http.shed import LEVELS, Lane, Limits, Shedder
from cityloop.operate.counted import Counted
from cityloop.operate.meter import Requests

LOOK = b"GET /v1/cases?limit=1 HTTP/1.1\r\nhost: a\r\nauthorization: Bearer x\r\n\r\n"
WORK = b"POST /v1/cases/7/signature HTTP/1.1\r\nhost: a\r\nauthorization: Bearer x\r\ncontent-length: 5\r\n\r\nhello"
BRINGS = b"POST /v1/reports HTTP/1.1\r\nhost: a\r\ncontent-length: %d\r\n\r\n"


class City:
    """What stands behind the edge says which path it was asked for, and how much came."""

    def __init__(self, **chosen):
        self.pressure, self.asked = 0.0, []
        self.requests = Requests()
        self.edges = Edges(self.served, Chosen(**chosen), waits=lambda: (ceil(self.pressure * Limits().changes), 0))
        self.counted = Counted(self.edges, self.requests)
        self.state = SimpleNamespace(edges=self.edges, away=Away(self.edges, self.counted.beforehand))

    async def __call__(self, scope, receive, send):
        await self.counted(scope, receive, send)

    async def served(self, scope, receive, send):
        came, more = 0, True
        while more:
            message = await receive()
            came, more = came + len(message.get("body", b"")), message.get("more_body", False)
        self.asked.append(scope["path"])
        body = b"%d" % came
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(body))]})
        await send({"type": "http.response.body", "body": body})


async def beside(city: City, story, http=Patient):
    """What comes of a story of a port, beside a server of the city."""
    server = uvicorn.Server(uvicorn.Config(city, http=http, log_config=None, port=0, host="127.0.0.1", lifespan="off", proxy_headers=False))
    server.install_signal_handlers = lambda: None  # type: ignore[method-assign]
    running = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    try:
        return await story(server.servers[0].sockets[0].getsockname()[1])
    finally:
        server.should_exit = True
        await running


def asked(city: City, *requests: bytes) -> list[tuple[int, dict[str, str], bytes]]:
    """The answers to requests on one connection, one after another."""

    async def one(reader) -> tuple[int, dict[str, str], bytes]:
        head = (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)).decode().split("\r\n")
        headers = dict(line.split(": ", 1) for line in head[1:] if line)
        return int(head[0].split()[1]), headers, await reader.readexactly(int(headers["content-length"]))

    async def story(port: int):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            found = []
            for each in requests:
                writer.write(each)
                found.append(await one(reader))
            return found
        finally:
            writer.close()

    return uvloop.run(beside(city, story))


def test_who_can_wait_is_told_and_the_connection_goes_on():
    """Nothing behind the edge hears of it; it is counted, named, and says what every answer says."""
    city = City()
    city.pressure = LEVELS[Lane.look][1]
    look, work, report, again = asked(city, LOOK, WORK, BRINGS % 5 + b"hello", LOOK)
    city.pressure = 0.0
    status, headers, body = look
    assert (status, again[0], work[0], work[2]) == (503, 503, 200, b"5")
    assert report[0] == 200, "who brings a report comes in for longer"
    assert city.asked == ["/v1/cases/7/signature", "/v1/reports"]
    assert 1 <= int(headers["retry-after"]) <= 30
    said = json.loads(body)
    assert (said["code"], said["status"], said["request"]) == ("edge.overloaded", 503, headers["x-request-id"])
    assert headers["content-type"] == "application/problem+json"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    assert "date" in headers
    assert again[1]["x-request-id"] != headers["x-request-id"]
    assert city.edges.shedder.sent_away == dict.fromkeys(Lane, 0) | {Lane.look: 2}
    assert {key: sum(row[:-1]) for key, row in city.requests._rows.items() if key[2] == 503} == {("GET", "unknown", 503): 2}


def test_it_says_what_the_edge_itself_says():
    """One way or the other: the same status, headers and body, but for the request's own name."""
    city = City()
    city.pressure = LEVELS[Lane.look][1]
    (here,) = asked(city, LOOK)
    city.state.away = None
    (there,) = asked(city, LOOK)
    own = here[1].pop("x-request-id"), there[1].pop("x-request-id")
    for each in (here, there):
        each[1].pop("date")
    assert here[0] == there[0] == 503
    assert {name.lower(): value for name, value in here[1].items() if name != "content-length"} == {
        name.lower(): value for name, value in there[1].items() if name != "content-length"
    }
    assert json.loads(here[2]) | {"request": ""} == json.loads(there[2]) | {"request": ""}
    assert own[0] != own[1]


def test_who_is_let_in_is_sent_away_only_for_what_came_on_top():
    """Half are to go: of twenty ten go, not three quarters. Asked again, as it has become worse, as many go as if asked but once."""
    city = City()
    low, high = LEVELS[Lane.look]
    city.pressure = (low + high) / 2
    codes = [status for status, *_ in asked(city, *[LOOK] * 20)]
    assert (codes.count(503), codes.count(200)) == (10, 10)
    assert city.edges.shedder.sent_away[Lane.look] == 10

    shedder = Shedder()
    through = [each for each in range(1000) if shedder.lets_in(Lane.look, city.pressure)]
    at_last = [each for each in through if shedder.lets_in(Lane.look, low + (high - low) * 0.8, before=city.pressure)]
    assert (len(through), len(at_last)) == (500, 200)


def test_a_small_body_is_passed_over():
    """It comes after the answer, and is not taken for the next request."""
    city = City()
    city.pressure = LEVELS[Lane.report][1]
    sent = b"POST /v1/verdicts HTTP/1.1\r\nhost: b\r\n\r\n" + b"x" * 4000  # looks like a request of its own
    away, work = asked(city, BRINGS % len(sent) + sent, WORK)
    assert (away[0], work[0]) == (503, 200)
    assert city.asked == ["/v1/cases/7/signature"]


def test_who_was_told_and_brings_the_rest_no_more_is_let_go_without_a_second_word():
    """One answer to one request."""

    class Hurried(Patient):
        body_s, bytes_a_s, look_s, crowds = 0.2, 4096, 0.05, Counter()

    city = City()
    city.pressure = LEVELS[Lane.report][1]

    async def story(port: int) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(BRINGS % 100 + b"some")
        said = await asyncio.wait_for(reader.read(), 5)  # until it is closed
        writer.close()
        return said

    said = uvloop.run(beside(city, story, Hurried))
    assert said.startswith(b"HTTP/1.1 503")
    assert said.count(b"HTTP/1.1") == 1


@pytest.mark.parametrize(
    "request_",
    [
        BRINGS % 20_000 + b"x" * 20_000,
        b"POST /v1/reports HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        b"POST /v1/reports HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\ncontent-length: 5\r\n\r\nhello",
        b"GET /v1/cases HTTP/1.0\r\nhost: a\r\nauthorization: Bearer x\r\n\r\n",
        b"GET /v1/cases HTTP/1.1\r\nhost: a\r\nauthorization: Bearer x\r\nconnection: close\r\n\r\n",
    ],
    ids=["large", "chunked", "expects", "old", "closes"],
)
def test_what_cannot_be_told_at_once_goes_the_long_way(request_, monkeypatch):
    """And hears the same there."""
    city = City()
    city.pressure = LEVELS[Lane.report][1]
    monkeypatch.setattr(city.state.away, "_counts", lambda *_: pytest.fail("told at once"))
    ((status, headers, _),) = asked(city, request_)
    assert status == 503
    assert "retry-after" in headers
    assert sum(city.edges.shedder.sent_away.values()) == 1


def test_a_stranger_who_comes_too_often_is_told_that_first():
    """Else a flood from one address would send others away."""
    city = City(stranger=Pace(per_min=60, burst=2), proxies=networks("127.0.0.0/8"))
    city.pressure = LEVELS[Lane.open][1]
    from_afar = b"GET /v1/public/cases HTTP/1.1\r\nhost: a\r\nx-forwarded-for: 203.0.113.9\r\n\r\n"
    codes = [status for status, *_ in asked(city, *[from_afar] * 4)]
    assert codes == [503, 503, 429, 429]

