"""All processes of a running server are renewed under load: nobody is refused, nothing that was acknowledged is lost."""

import http.client
import json
import os
import secrets
import signal
import threading
import time
from collections.abc import Iterator

import pytest
from bench.city import report_bodies
from bench.machine import Server
from tests.engines import Places
from typer.testing import CliRunner

from cityloop.app import Settings
from cityloop.cli import root
from cityloop.cli.restart import running
from cityloop.db import open_database
from cityloop.packs import load

REST_S = 0.02
PATIENCE_S = 90  # a request that waits at the door of a machine that does much else
DOORS = (True, True, False, False)  # two that stay connected, two that come anew each time


class Callers:
    """People who report and read without a pause, some over one connection, some over a new one each time."""

    def __init__(self, port: int):
        self.port = port
        self.bodies = [json.dumps(each) if isinstance(each, dict) else each for each in report_bodies(load("demo"), 50, 7)]
        self.acknowledged: set[str] = set()
        self.asked, self.failed, self.slowest_s = 0, [], 0.0
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._call, args=(number, stays)) for number, stays in enumerate(DOORS)]

    def __enter__(self) -> "Callers":
        for each in self._threads:
            each.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for each in self._threads:
            each.join(PATIENCE_S)

    def _call(self, number: int, stays: bool) -> None:
        line, turn = None, number
        while not self._over.is_set():
            line = line or http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
            turn += 1
            began = time.monotonic()
            try:
                if turn % 3:
                    line.request("POST", "/v1/reports", self.bodies[turn % len(self.bodies)], {"content-type": "application/json"})
                else:
                    line.request("GET", "/health")
                answer = line.getresponse()
                said = answer.read()
                if answer.status not in (200, 201):
                    self.failed.append(f"{answer.status} {said[:200]!r}")
                elif answer.status == 201:
                    self.acknowledged.add(json.loads(said)["id"])
                if answer.will_close or not stays:
                    line.close()
                    line = None
            except (OSError, http.client.HTTPException) as error:
                self.failed.append(repr(error))
                line.close()
                line = None
            self.asked += 1
            self.slowest_s = max(self.slowest_s, time.monotonic() - began)
            self._over.wait(REST_S)
        if line:
            line.close()


@pytest.fixture
def server(places: Places, tmp_path, monkeypatch) -> Iterator[Server]:
    """The city's own server: two processes that answer and one that works where the database allows it, else one."""
    database = places.url() if places.engine == "postgres" else ""
    monkeypatch.setenv("CITYLOOP_WORKERS", "1" if database else "0")
    city = f"c{secrets.token_hex(6)}"
    started = Server(home=tmp_path, database=database, processes=2 if database else 1, city=city)
    for name, value in {"CITY": city, "HOME": str(tmp_path), "DATABASE": database}.items():
        monkeypatch.setenv(f"CITYLOOP_{name}", value)
    yield started
    started.stop(hard=True)


def pids(server: Server) -> set[int]:
    """The processes that serve or work now."""
    return {each.pid for each in running(Settings(home=str(server.home))).processes}


def counted(server: Server) -> set[int]:
    """The processes that write down how they are, for whoever asks for the city's numbers."""
    return {int(each.stem) for each in (server.home / "operate").glob("*.counts")}


def until(true, seconds: float = PATIENCE_S) -> bool:
    """Whether it came true."""
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.05)
    return true()


def _another_takes_the_place_of_one_that_died(server: Server) -> None:
    (first, *_), before = pids(server), pids(server)
    os.kill(first, signal.SIGKILL)
    assert until(lambda: first not in pids(server) and len(pids(server)) == len(before))
    assert server.process.poll() is None


def test_every_process_is_watched(server):
    """Those without a door too: who judges, seals and hears the broker is nobody else."""
    assert until(lambda: counted(server) == pids(server))
    assert CliRunner().invoke(root.app, ["restart"]).exit_code == 0
    assert until(lambda: counted(server) == pids(server))


def test_all_processes_are_renewed_and_nobody_is_refused(server, places):
    before = pids(server)
    with Callers(server.port) as callers:
        assert until(lambda: callers.asked > 40)
        began = time.monotonic()
        done = CliRunner().invoke(root.app, ["restart"])
        took_s, then = time.monotonic() - began, callers.asked
        assert until(lambda: callers.asked > then + 40)
    print(f"{places.engine}: renewed in {took_s:.1f} s; {callers.asked} requests, {len(callers.failed)} failed, "
          f"{len(callers.acknowledged)} reports acknowledged, slowest {callers.slowest_s:.2f} s")

    assert done.exit_code == 0, done.output
    assert callers.failed == []
    if places.engine == "postgres":
        assert not before & pids(server)
        _another_takes_the_place_of_one_that_died(server)
    assert server.process.pid == running(Settings(home=str(server.home))).pid  # a service manager sees no change
    database = open_database(server.database or str(server.home / "city.db"), os.environ["CITYLOOP_CITY"])
    with database.reading() as tx:
        there = {row.id for row in tx.all("SELECT id FROM report WHERE city = :city")}
    database.close()
    assert callers.acknowledged <= there
