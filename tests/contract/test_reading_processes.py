"""A real server with a process that reads for it: it is started, dies, comes again, and ends with the server."""

import asyncio
import http.client
import os
import signal
import sys
import threading
import time
import urllib.request
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest
from bench.machine import Server
from hypothesis import given
from hypothesis import strategies as st

from cityloop.app import Settings, reading
from cityloop.http.edges import Chosen, Edges
from cityloop.http.handing import LOOKS, Count, Frames, Hands, Said, frame
from cityloop.http.shed import Limits

PATIENCE_S = 60
SAIDS = st.builds(
    Said, st.integers(0, 2**40), st.integers(100, 599), st.lists(st.tuples(st.binary(), st.binary()), max_size=3), st.binary(max_size=300), st.text(),
    st.lists(st.builds(Count, st.text(), st.text(), st.integers(0, 9), st.integers(0, 9), st.floats(allow_nan=False)), max_size=2),
)  # fmt: skip


@given(st.lists(SAIDS, max_size=6), st.lists(st.integers(0, 3000), max_size=8))
def test_frames_are_whole_however_they_come(saids, cuts):
    raw = b"".join(frame(each) for each in saids)
    edges = sorted({0, len(raw), *(cut % (len(raw) + 1) for cut in cuts)})
    frames = Frames(Said)
    assert [each for at, ends in pairwise(edges) for each in frames.of(raw[at:ends])] == saids


@pytest.fixture(scope="module")
def server():
    found = Server(forked=True, environment={"CITYLOOP_READERS": "1"})
    yield found
    found.stop()


def numbers(server) -> dict[str, float]:
    """What /metrics says of reading."""
    with urllib.request.urlopen(f"http://127.0.0.1:{server.port}/metrics", timeout=PATIENCE_S) as answer:
        lines = answer.read().decode().splitlines()
    return {line.split()[0].partition("{")[0]: float(line.split()[-1]) for line in lines if line.startswith("cityloop_read")}


def until(told, what: str) -> None:
    ends = time.monotonic() + PATIENCE_S
    while not told():
        assert time.monotonic() < ends, what
        time.sleep(0.05)


def reader_of(server) -> int:
    """The process that reads, once it is up."""
    until(lambda: numbers(server)["cityloop_reading_processes"] == 1, "it came up")
    found = [pid for pid in server.pids if b"\0read\0" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    assert len(found) == 1
    return found[0]


def ask(line: http.client.HTTPConnection) -> int:
    """Ask for what only who is signed in may read; the answer, whole, is that they are not."""
    line.request("GET", "/v1/cases")
    answer = line.getresponse()
    said = answer.read()
    assert b"needs_sign_in" in said, (answer.status, answer.headers.items(), said)
    return answer.status


def test_killed_again_and_again_nobody_notices(server):
    """Four people ask without a pause; each of their questions is answered, before, while and after nobody reads for the server."""
    over, statuses = threading.Event(), []

    def person() -> None:
        with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE_S)) as line:
            while not over.is_set():
                statuses.append(ask(line))

    first = reader_of(server)
    people = [threading.Thread(target=person) for _ in range(4)]
    for each in people:
        each.start()
    try:
        handed = numbers(server)["cityloop_reads_handed_total"]
        until(lambda: numbers(server)["cityloop_reads_handed_total"] > handed + 20, "it answers")
        os.kill(first, signal.SIGKILL)
        second = reader_of_next(server, first)
        handed = numbers(server)["cityloop_reads_handed_total"]
        until(lambda: numbers(server)["cityloop_reads_handed_total"] > handed + 20, "the next one answers")
        os.kill(second, signal.SIGKILL)
        reader_of_next(server, second)
    finally:
        over.set()
        for each in people:
            each.join(PATIENCE_S)
    assert set(statuses) == {401}
    assert (server.home / "server.log").read_text().count('"reader_ended"') >= 2


def reader_of_next(server, before: int) -> int:
    until(lambda: before not in server.pids, "it died")
    return reader_of(server)


def test_what_ends_servers_does_not_end_it_alone(server):
    """A service manager tells every process to end: this one goes when nobody asks it any more."""
    reading = reader_of(server)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        os.kill(reading, number)
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE_S)) as line:
        assert ask(line) == 401
    assert reader_of(server) == reading


@pytest.mark.parametrize("hard", [False, True])
def test_it_ends_with_the_server(hard):
    server = Server(forked=True, environment={"CITYLOOP_READERS": "1"})
    try:
        reading = reader_of(server)
        if hard:
            os.kill(server.process.pid, signal.SIGKILL)  # the server alone, and it cannot tell anybody
    finally:
        server.stop()
    until(lambda: not Path(f"/proc/{reading}").exists(), "it ended")


READY_AND_NO_MORE = """
import socket, sys, time
from cityloop.http.handed import READY
from cityloop.http.handing import frame
way = socket.socket(fileno=int(sys.argv[1]))
way.sendall(frame(READY))
time.sleep(600)
"""
SCOPE = {
    "method": "GET", "path": "/v1/cases", "raw_path": b"/v1/cases", "query_string": b"", "headers": [], "client": None, "server": None,
    "scheme": "http", "http_version": "1.1",
}  # fmt: skip


def test_who_answers_no_more_is_ended_and_another_one_starts(monkeypatch):
    """Whoever waited for the answer is sent on, to be answered by the server itself."""
    monkeypatch.setattr(reading, "COMMAND", (sys.executable, "-c", READY_AND_NO_MORE))
    monkeypatch.setattr(reading, "LOOK_S", 0.02)
    monkeypatch.setattr(reading, "SILENT_S", 0.1)
    monkeypatch.setattr(reading, "STUCK_S", 0.3)
    monkeypatch.setattr(reading, "QUICK_S", 0.0)

    async def story() -> list[bool]:
        hands, found = Hands(), []
        keeping = asyncio.create_task(reading.kept(hands, Settings()))
        for _ in range(2):
            async with asyncio.timeout(PATIENCE_S):
                while not hands.all:
                    await asyncio.sleep(0.01)
                asked = asyncio.create_task(hands.answer(SCOPE, None, None))
                while hands.all:
                    await asyncio.sleep(0.01)
                assert not asked.done(), "it is asked nothing more before it is ended"
                found.append(await asked)
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
        return found

    assert asyncio.run(story()) == [False, False]


def test_one_that_cannot_start_is_tried_more_and_more_seldom(monkeypatch):
    pauses, sleep = [], asyncio.sleep

    async def slept(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 4:
            raise asyncio.CancelledError
        await sleep(0)

    monkeypatch.setattr(reading, "COMMAND", ("/nowhere/to/be/found",))
    monkeypatch.setattr(reading.asyncio, "sleep", slept)
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(reading.kept(Hands(), Settings()))
    assert pauses == [1.0, 3.0, 7.0, 15.0]


class Asked:
    """The way to a process that does not answer yet."""

    def __init__(self, waiting: int):
        self.waiting = dict.fromkeys(range(waiting))


def lets_in(edges: Edges, path: str, method: str = "GET") -> bool:
    scope = {"method": method, "headers": [(b"authorization", b"Bearer x")], "client": ("127.0.0.1", 1)}
    return edges.too_much_for(scope, path, b"") is None


def test_what_waits_beside_sends_reads_away_and_nothing_else():
    """And only what waits for longer than a stumble: now, and at each of the last beats."""
    edges = Edges(None, Chosen())
    edges.hands.all.append(Asked(10 * Limits().handed))
    assert lets_in(edges, "/v1/cases"), "it may be a stumble"
    for _ in range(LOOKS):
        edges.hands.look()
    assert not lets_in(edges, "/v1/cases")
    assert not lets_in(edges, "/tiles/cases/1/1/1")
    assert lets_in(edges, "/v1/reports", "POST")
    assert lets_in(edges, "/v1/cases/7/signature", "POST")
    edges.hands.all.append(Asked(0))
    assert not lets_in(edges, "/v1/cases"), "five times too many for two"
    edges.hands.all[:] = [Asked(0)]
    assert lets_in(edges, "/v1/cases"), "it has caught up"
