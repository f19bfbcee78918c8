"""Receivers that are slow on purpose: a call to one ends in time, and it holds up neither the others nor the end of the server."""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from types import SimpleNamespace

import pytest
from tests.engines import Clock

from cityloop.app import apply_of_all, running
from cityloop.db import Tx
from cityloop.domain.facts import HeldSkipped, Told
from cityloop.journal import Journal, Writer
from cityloop.notices import Answer, HttpParcel, Outbox, Parcel, Wire, outbox, turn
from cityloop.operate import Turns

ANSWER_S, EVERY_S, LASTS_S = 0.4, 0.1, 5.0
SOON_S = 2.0  # longer than a call may last, and less than the receiver would go on
HEADS = {
    "status": b"HTTP/1.1 20",
    "head": b"HTTP/1.1 200 OK\r\nx-more: ",
    "body": b"HTTP/1.1 200 OK\r\ncontent-length: 5000\r\n\r\n",
    "chunks": b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1000\r\n",
}


@contextmanager
def dripping(begins: bytes) -> Iterator[str]:
    """Somebody listens, begins to answer at once and goes on a byte at a time."""
    over = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))

    def drip(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.recv(65_536)
            connection.sendall(begins)
            until = time.monotonic() + LASTS_S
            while time.monotonic() < until and not over.wait(EVERY_S):
                connection.sendall(b"0")

    def listen() -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=drip, args=(listener.accept()[0],), daemon=True).start()

    threading.Thread(target=listen, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
    finally:
        over.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


@contextmanager
def impatient() -> Iterator[Wire]:
    wire = Wire(None, answer_s=ANSWER_S)
    try:
        yield wire
    finally:
        wire.close()


@pytest.mark.parametrize(
    ("drips", "status", "error"), [("status", 0, "timeout"), ("head", 0, "timeout"), ("body", 200, None), ("chunks", 200, None)]
)
def test_a_post_ends_in_time_however_slowly_the_answer_comes(drips, status, error):
    """Whoever said a status has said all that we want."""
    began = time.monotonic()
    with dripping(HEADS[drips]) as url, impatient() as wire:
        answer = wire.post(HttpParcel(key="k", subject="s", seq=1, url=url, headers={}, body=b"{}"))
    assert time.monotonic() - began < SOON_S
    assert (answer.status, answer.error) == (status, error)


@pytest.mark.parametrize("drips", ["head", "body"])
def test_a_question_ends_in_time_too(drips):
    """There the body is wanted: half of one is none."""
    began = time.monotonic()
    with dripping(HEADS[drips]) as url, impatient() as wire:
        assert wire.ask("GET", url, {}) == (0, b"", "ReadTimeout")
    assert time.monotonic() - began < SOON_S


class Slow:
    """A target that takes all, each after a while."""

    ends, types, begins_after = False, ("HeldSkipped",), 0

    def __init__(self, name: str, takes_s: float):
        self.name, self.takes_s = name, takes_s
        self.got: list[int] = []
        self.let_go = threading.Event()

    def parcel(self, tx: Tx, told: Told) -> Parcel:
        return Parcel(key=told.id, subject=told.subject, seq=told.seq)

    def send(self, parcel: Parcel) -> Answer:
        self.let_go.wait(self.takes_s)
        self.got.append(parcel.seq)
        return Answer(status=200)

    def gave_up(self, tx: Tx, why: str) -> None:
        raise AssertionError("it is never given up")


@pytest.fixture
def writer(places) -> Iterator[Writer]:
    """A city that has told of more than fits into a turn."""
    clock = Clock()
    writer = Writer(places.open(clock=clock), Journal(apply_of_all()))
    for which in range(outbox.ROUND):
        told = HeldSkipped(handler=f"h{which}", fact_id="x", reason="x", at=clock.now)
        writer.change(lambda tx, told=told: tx.emit(told))
    yield writer
    writer.close()


def test_as_many_slow_targets_as_there_are_senders_hold_up_nobody(writer, monkeypatch):
    """Each has its turn and no more; what is left for it goes in its next one."""
    monkeypatch.setattr(turn, "NEW_S", 0.3)
    slow, quick = [Slow(f"slow{which}", 0.1) for which in range(running.SENDERS)], Slow("told", 0.0)
    sender = Outbox(writer, lambda tx: [*slow, quick])

    async def until_told() -> float:
        began = time.monotonic()
        with ThreadPoolExecutor(running.SENDERS) as pool:
            while not quick.got and time.monotonic() < began + SOON_S:
                await sender.round(pool)
            return time.monotonic() - began

    assert asyncio.run(until_told()) < SOON_S
    assert all(0 < len(each.got) < outbox.ROUND for each in slow)
    for each in slow:
        each.takes_s = 0.0
    sender = Outbox(writer, lambda tx: [*slow, quick])
    while sender.step():
        pass
    assert all(sorted(set(each.got)) == list(range(1, outbox.ROUND + 1)) for each in (*slow, quick))


def test_the_end_of_the_server_waits_for_no_receiver(writer):
    """The loop goes on while one of them still keeps its thread; and nothing more is sent by it."""
    hangs = Slow("hangs", LASTS_S)
    parts = SimpleNamespace(outbox=Outbox(writer, lambda tx: [hangs]), turns=Turns())

    async def ended_after() -> float:
        telling = asyncio.create_task(running.tell(parts))
        while not parts.outbox._on_the_way:
            await asyncio.sleep(0.01)
        began = time.monotonic()
        telling.cancel()
        with suppress(asyncio.CancelledError):
            await telling
        took = time.monotonic() - began
        hangs.let_go.set()
        await asyncio.sleep(0.2)
        return took

    assert asyncio.run(ended_after()) < SOON_S
    assert hangs.got == [1]
