"""A server that is told to stop stops, though somebody follows its stream; on each engine, with the real processes."""

import json
import os
import secrets
import signal
import time
from collections.abc import Iterator

import httpx
import pytest
from bench.machine import Server
from tests.contract.patient import GRACE_S
from tests.engines import Places
from tests.people_world import PASSWORD, hashed

from cityloop import people
from cityloop.app import Settings, join, open_city
from cityloop.db import Tx
from cityloop.domain.policy import Policy
from cityloop.people import Person

SOON_S = GRACE_S / 3  # far from a moment, and far from the minute that the server would wait


@pytest.fixture
def server(places: Places, tmp_path) -> Iterator[Server]:
    """The city's own server, in two processes where the database allows it, and a leader who may follow."""
    database = places.url() if places.engine == "postgres" else ""
    city = f"c{secrets.token_hex(6)}"  # tests share one database server
    parts = join(Settings(city=city, home=str(tmp_path), database=database))
    open_city(parts)
    parts.writer.change(lambda tx: _leader(tx, parts.book.in_force()))
    parts.close()
    running = Server(home=tmp_path, database=database, processes=2 if database else 1, entry="tests.contract.patient", city=city)
    yield running
    running.stop(hard=True)


def _leader(tx: Tx, policy: Policy) -> None:
    account = people.open_account(tx, sign_in_name="gao.tao", person=Person(name="Gao Tao"))
    people.set_password(tx, account, hashed(), must_change=False)
    people.take_post(tx, account, "duty-leader-1", policy=policy)


def ended(server: Server, told: signal.Signals) -> tuple[str, int | None]:
    """Why the stream said that it ended, and what the server left with; None while it runs."""
    here = f"http://127.0.0.1:{server.port}"
    with httpx.Client(base_url=here, headers={"origin": here}, timeout=SOON_S) as leader:
        answer = leader.post("/sign-in", data={"name": "gao.tao", "password": PASSWORD, "next": "/plain"})
        assert answer.status_code == 303, answer.text
        with leader.stream("GET", "/v1/facts/stream") as stream:
            lines = stream.iter_lines()
            assert next(lines).startswith("retry:")
            until = time.monotonic() + SOON_S
            os.kill(server.process.pid, told)
            why = ""
            for line in lines:
                if line.startswith("event: end"):
                    why = json.loads(next(lines).removeprefix("data: "))["why"]
                if time.monotonic() > until:  # only heartbeats: it waits for us
                    break
    while server.process.poll() is None and time.monotonic() < until:
        time.sleep(0.05)
    return why, server.process.poll()


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_does_not_wait_for_who_follows(server, told):
    """Ctrl-C, and what a service manager sends: the stream says that the server stops, and all is over."""
    why, left_with = ended(server, told)

    assert why == "server_stops"
    assert left_with is not None, "it still runs"
