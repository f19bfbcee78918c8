"""A real server, and clients that take their time: no one of them holds a connection for long, and nobody else notices."""

import asyncio
import json
import time
from collections import Counter
from types import SimpleNamespace

import pytest
import uvicorn
import uvloop

from cityloop.http.patience import Patient


class Hurried(Patient):
    """As patient as ours, on a faster clock."""

    head_s, body_s, bytes_a_s, look_s, connections_max = 0.4, 0.4, 4096, 0.05, 20
    crowds = Counter()


class Echo:
    """Reads a body, and says how long it was."""

    state = SimpleNamespace(edges=SimpleNamespace(speaks_for_many=lambda host: False))

    async def __call__(self, scope, receive, send):
        if scope["type"] == "lifespan":
            while True:
                message = await receive()
                await send({"type": f"{message['type']}.complete"})
                if message["type"] == "lifespan.shutdown":
                    return
        came, more = 0, True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            came, more = came + len(message.get("body", b"")), message.get("more_body", False)
        body = b"%d" % came
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(body))]})
        await send({"type": "http.response.body", "body": body})


async def talked(port: int, *said: bytes, pause_s: float = 0.0, most_s: float = 5.0) -> bytes:
    """What a server answers to pieces that come with a pause between them, until it closes or has answered."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)

    async def speak() -> None:
        for each in said:
            writer.write(each)
            await writer.drain()
            await asyncio.sleep(pause_s)

    speaking = asyncio.create_task(speak())
    try:
        return await asyncio.wait_for(reader.read(4096), most_s)
    except ConnectionResetError:
        return b""
    finally:
        speaking.cancel()
        await asyncio.gather(speaking, return_exceptions=True)
        writer.close()


@pytest.fixture
def on_a_server():
    """Runs a coroutine function of a port beside a server."""

    def run(story):
        async def both():
            config = uvicorn.Config(Echo(), http=Hurried, log_config=None, port=0, host="127.0.0.1", lifespan="on", proxy_headers=False)
            server = uvicorn.Server(config)
            server.install_signal_handlers = lambda: None  # type: ignore[method-assign]
            running = asyncio.create_task(server.serve())
            while not server.started:
                await asyncio.sleep(0.01)
            port = server.servers[0].sockets[0].getsockname()[1]
            try:
                return await story(port)
            finally:
                server.should_exit = True
                await running

        return uvloop.run(both())  # as in earnest: its timers come before what was sent

    return run


GOOD = b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\n\r\nhello"


def status(answer: bytes) -> int:
    return int(answer[9:12]) if answer else 0


def test_who_says_nothing_is_let_go(on_a_server):
    answer = on_a_server(lambda port: talked(port))
    assert status(answer) == 408
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["code"] == "edge.too_slow"


def test_a_head_that_drips_is_let_go(on_a_server):
    """The attack called slowloris: a header every now and then, for ever."""
    drops = [b"GET / HTTP/1.1\r\nhost: a\r\n", *[b"x-%d: 1\r\n" % each for each in range(100)]]
    assert status(on_a_server(lambda port: talked(port, *drops, pause_s=0.1))) == 408


def test_a_body_that_drips_is_let_go(on_a_server):
    drops = [b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1000\r\n\r\n", *[b"x"] * 100]
    assert status(on_a_server(lambda port: talked(port, *drops, pause_s=0.05))) == 408


def test_a_slow_line_is_not_shut_out(on_a_server):
    """A phone at the edge of its network sends slowly, and steadily."""
    pieces = [b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 20480\r\n\r\n", *[b"x" * 1024] * 20]
    answer = on_a_server(lambda port: talked(port, *pieces, pause_s=0.06))
    assert status(answer) == 200
    assert answer.endswith(b"20480")


def test_a_head_without_end_is_refused(on_a_server):
    drops = [b"GET / HTTP/1.1\r\nhost: a\r\n", *[b"x-%d: " % each + b"1" * 4000 + b"\r\n" for each in range(20)]]
    assert status(on_a_server(lambda port: talked(port, *drops))) == 431


def test_an_address_has_so_many_connections(on_a_server):
    """The rest are told; once some are closed, others come in."""

    async def story(port):
        held = [await asyncio.open_connection("127.0.0.1", port) for _ in range(20)]
        refused = await talked(port)
        for _, writer in held:
            writer.close()
        await asyncio.sleep(0.1)
        return refused, await talked(port, GOOD)

    refused, later = on_a_server(story)
    assert (status(refused), status(later)) == (429, 200)
    assert not Hurried.crowds


def test_others_do_not_notice(on_a_server):
    """While two dozen drip, whoever asks plainly is answered, on one connection many times."""

    async def story(port):
        slow = [asyncio.create_task(talked(port, b"GET / HTTP/1.1\r\n", b"a: b\r\n", pause_s=0.2)) for _ in range(15)]
        answers = [await talked(port, GOOD) for _ in range(10)]
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for _ in range(8):  # one connection, longer than the patience for a head
            writer.write(GOOD)
            answers.append(await reader.readuntil(b"\r\n\r\n") + await reader.readexactly(1))
            await asyncio.sleep(0.1)
        writer.close()
        return answers, await asyncio.gather(*slow)

    answers, slow = on_a_server(story)
    assert {status(each) for each in answers} == {200}
    assert {status(each) for each in slow} <= {408, 0}


def test_while_we_stand_still_nobody_is_slow(on_a_server):
    """The loop is busy for longer than the patience for a head; what came meanwhile is read, and answered."""

    async def story(port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.sleep(0.02)
        writer.write(GOOD)
        time.sleep(3 * Hurried.head_s)  # as a long piece of work on the loop would
        answer = await asyncio.wait_for(reader.read(4096), 5)
        writer.close()
        return answer

    assert status(on_a_server(story)) == 200


HIDDEN = b"GET /hidden HTTP/1.1\r\nhost: a\r\n\r\n"
ENDS = {
    "both": b"content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
    "both, the other way round": b"transfer-encoding: chunked\r\ncontent-length: 5\r\n\r\n0\r\n\r\n",
    "two lengths": b"content-length: 0\r\ncontent-length: 40\r\n\r\n",
    "a length with a sign": b"content-length: +0\r\n\r\n",
    "an unknown coding": b"transfer-encoding: xchunked\r\n\r\n0\r\n\r\n",
    "a space before the colon": b"transfer-encoding : chunked\r\n\r\n0\r\n\r\n",
    "a size that is none": b"transfer-encoding: chunked\r\n\r\n0x0\r\n\r\n",
}


@pytest.mark.parametrize("name", ENDS)
def test_where_a_request_ends_is_never_a_matter_of_opinion(on_a_server, name):
    """Smuggling: a proxy and we would read another end; then the rest is somebody's hidden request. It is refused, and no more is read."""
    said = b"POST / HTTP/1.1\r\nhost: a\r\n" + ENDS[name] + HIDDEN
    answer = on_a_server(lambda port: talked(port, said))
    assert status(answer) == 400, answer
    assert answer.count(b"HTTP/1.1") == 1
