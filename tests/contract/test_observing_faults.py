"""Faults of those who send and of what we stand on, each tried on the real processes: what was answered is there."""

import json
import secrets
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest
from bench.faults.cluster import OwnPostgres, programs
from bench.faults.town import listens
from bench.machine import Server
from tests.engines import POSTGRES, Places

from cityloop.app import Settings, join, open_city
from cityloop.people.keys import key_drawn
from cityloop.telemetry.batch import joined
from cityloop.telemetry.log import follow, logs_in

LINES = {"content-type": "application/x-ndjson"}
AT = 1_770_000_000_000_000


class Sensed:
    """A city with a device of eight streams, and a partner who sends for it."""

    def __init__(self, home: Path, database: str):
        self.home, self.database, self.key = home, database, key_drawn()
        self.city = f"c{secrets.token_hex(6)}"
        self.servers: list[Server] = []
        parts = join(Settings(city=self.city, home=str(home), database=database, pack="demo"))
        open_city(parts)
        listens(parts, self.key)
        parts.close()

    def start(self) -> Server:
        """Its server, in a process of its own."""
        self.servers.append(Server(home=self.home, database=self.database, city=self.city, forked=True))
        return self.servers[-1]

    def client(self, key: str | None = None) -> httpx.Client:
        """Somebody who sends."""
        return httpx.Client(
            base_url=f"http://127.0.0.1:{self.servers[-1].port}", headers=LINES | {"authorization": f"Bearer {key or self.key}"}, timeout=20,
        )  # fmt: skip

    def kept(self) -> dict[int, int]:
        """How often each moment is on the disk."""
        found: dict[int, int] = {}
        batch = joined([piece for folder in logs_in(self.home / "telemetry" / "log") for _, piece in follow(folder)])
        for at in batch.at.tolist():
            found[at] = found.get(at, 0) + 1
        return found


@pytest.fixture
def sensed(places: Places, tmp_path) -> Iterator[Sensed]:
    found = Sensed(tmp_path, places.url() if places.engine == "postgres" else "")
    found.start()
    yield found
    for each in found.servers:
        each.stop(hard=True)


def lines(first: int, count: int) -> tuple[bytes, list[int]]:
    """A body of observations, each of a moment of its own."""
    moments = [AT + first + number for number in range(count)]
    return "\n".join(json.dumps({"stream": f"f-1/s{at % 8}", "at": at, "value": at % 97}) for at in moments).encode(), moments


class Sender(threading.Thread):
    """Sends bodies one after the other until it is told to stop, and remembers what was answered."""

    def __init__(self, sensed: Sensed, number: int, rows: int = 400, most: int = 10_000):
        super().__init__()
        self.client, self.number, self.rows, self.most = sensed.client(), number, rows, most
        self.answered: list[int] = []
        self.refused: list[httpx.Response] = []
        self.is_over = threading.Event()

    def run(self) -> None:
        with self.client:
            self._send()

    def _send(self) -> None:
        for turn in range(self.most):
            if self.is_over.is_set():
                return
            body, moments = lines(self.number * 100_000_000 + turn * self.rows, self.rows)
            try:
                answer = self.client.post("/v1/observations", content=body)
            except httpx.HTTPError:
                continue
            if answer.status_code == 201:
                if answer.json()["kept"] == self.rows:  # else some went aside: more than one stream may say
                    self.answered += moments
            else:
                self.refused.append(answer)


def sending(sensed: Sensed, count: int, **more: int) -> list[Sender]:
    found = [Sender(sensed, number, **more) for number in range(count)]
    for each in found:
        each.start()
    return found


def wait_for(senders: list[Sender], rows: int) -> None:
    until = time.monotonic() + 60
    while sum(len(each.answered) for each in senders) < rows:
        assert time.monotonic() < until, "nothing is answered"
        time.sleep(0.01)


def over(senders: list[Sender]) -> list[int]:
    for each in senders:
        each.is_over.set()
    for each in senders:
        each.join(30)
    return [at for each in senders for at in each.answered]


def test_killed_in_the_middle_of_a_batch_nothing_answered_is_lost(sensed):
    """`kill -9` under load, twice, with the last file torn besides: each observation that was answered is there, once."""
    answered: list[int] = []
    for turn in range(2):
        senders = [Sender(sensed, turn * 10 + number) for number in range(4)]
        for each in senders:
            each.start()
        wait_for(senders, 8_000)
        sensed.servers[-1].stop(hard=True)
        answered += over(senders)
        newest = max((sensed.home / "telemetry" / "log").glob("*/*.obs"))
        newest.write_bytes(newest.read_bytes() + b"CLO1\x05\x00")
        sensed.start()
    kept = sensed.kept()
    assert len(answered) >= 16_000
    assert [at for at in answered if kept.get(at) != 1] == []
    with sensed.client() as client:
        body, moments = lines(900_000_000, 10)
        assert client.post("/v1/observations", content=body).status_code == 201
    assert set(moments) <= sensed.kept().keys()


def test_the_same_file_twice_is_answered_twice_and_judged_once(sensed):
    """What came again is kept, or known; either way every moment reads as one observation."""
    body, moments = lines(0, 5_000)
    with sensed.client() as client:
        answers = [client.post("/v1/observations", content=body, headers={"idempotency-key": "file-1"}) for _ in range(2)]
        assert [(each.status_code, each.json()["kept"]) for each in answers] == [(201, 5_000)] * 2
    assert sensed.kept() == dict.fromkeys(moments, 1)


def test_a_forged_token_opens_nothing(sensed, tmp_path_factory):
    """Neither one that nobody made, nor one that another city made, nor one that was changed by a letter."""
    other = Sensed(tmp_path_factory.mktemp("other"), sensed.database)
    body, _ = lines(0, 10)
    for key in (key_drawn(), other.key, sensed.key[:-1] + ("a" if sensed.key[-1] != "a" else "b"), "ck_", "nonsense"):
        with sensed.client(key) as client:
            answer = client.post("/v1/observations", content=body)
            assert answer.status_code == 401, (key[:5], answer.text)
    assert sensed.kept() == {}


def test_the_database_is_killed_and_comes_back(sensed):
    """Its connections are cut under load: what was answered is there, and soon everything is answered again."""
    if not sensed.database:
        pytest.skip("the embedded database has no server that could die")
    name = sensed.database.rpartition("/")[2].partition("?")[0]
    senders = sending(sensed, 3)
    wait_for(senders, 4_000)
    for _ in range(3):
        with psycopg.connect(POSTGRES, autocommit=True) as admin:
            admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        time.sleep(0.3)
    so_far = sum(len(each.answered) for each in senders)
    wait_for(senders, so_far + 4_000)
    answered = over(senders)
    kept = sensed.kept()
    assert [at for at in answered if kept.get(at) != 1] == []
    assert {each.status_code for sender in senders for each in sender.refused} <= {500, 503}
    sensed.servers[-1].wait_until_idle(60)


@pytest.fixture
def own_postgres() -> Iterator[OwnPostgres]:
    """A server that may be killed."""
    if not POSTGRES:
        pytest.skip("tried where the specification runs on PostgreSQL")
    if programs() is None:
        pytest.skip("the programs of a PostgreSQL server are not on this machine")
    server = OwnPostgres()
    yield server
    server.forget()


def test_the_server_of_postgres_is_killed_and_started_again(own_postgres, tmp_path):
    """Three times under load, each time gone for a while: nobody restarts us, and what was answered is there, reports too."""
    town = Sensed(tmp_path / "town", own_postgres.url)
    server = town.start()
    senders, reported, answers, reads = sending(town, 2), [], set(), set()
    try:
        wait_for(senders, 2_000)
        for _ in range(3):
            before = len(reported)
            own_postgres.kill()
            until = time.monotonic() + 1.5
            while time.monotonic() < until:
                answers.add(_report(server, reported))
                reads.add(httpx.get(f"http://127.0.0.1:{server.port}/health", timeout=20).status_code)
            own_postgres.start()
            so_far = sum(len(each.answered) for each in senders)
            while len(reported) < before + 5:
                answers.add(_report(server, reported))
            wait_for(senders, so_far + 1_000)
    finally:
        answered = over(senders)
    assert answers == {201, 503}
    assert reads == {503}
    kept = town.kept()
    assert [at for at in answered if kept.get(at) != 1] == []
    server.wait_until_idle(60)
    server.stop()
    with psycopg.connect(own_postgres.url) as looking:
        there = {row[0] for row in looking.execute("SELECT id FROM report WHERE city = %s AND case_id IS NOT NULL", [town.city])}
    assert [each for each in reported if each not in there] == []
    assert len(reported) >= 15


def _report(server: Server, reported: list[str]) -> int:
    """A resident reports; what was answered with an id is put down."""
    answer = httpx.post(
        f"http://127.0.0.1:{server.port}/v1/reports", json={"text": f"路面有坑 {len(reported)}", "lon": 112.5, "lat": 28.5}, timeout=20
    )
    if answer.status_code == 201:
        reported.append(answer.json()["id"])
    elif answer.status_code == 503:
        assert int(answer.headers["retry-after"]) >= 1
        time.sleep(0.1)
    return answer.status_code


def test_residents_report_while_devices_flood(sensed):
    """Devices send as fast as they can; whoever reports is answered each time, and what the devices were answered is kept."""
    senders = sending(sensed, 4, rows=2_000)
    wait_for(senders, 10_000)
    with httpx.Client(base_url=f"http://127.0.0.1:{sensed.servers[-1].port}", timeout=20) as resident:
        answers = [
            resident.post("/v1/reports", json={"text": f"路面有坑 {number}", "lon": 112.5, "lat": 28.5}) for number in range(20)
        ]
    answered = over(senders)
    assert {each.status_code for each in answers} == {201}, answers[0].text
    kept = sensed.kept()
    assert [at for at in answered if at not in kept] == []
    for each in (each for sender in senders for each in sender.refused):
        assert each.status_code in (429, 503)
        assert int(each.headers["retry-after"]) >= 1


