"""Kill the server without warning, again and again under load: what was acknowledged is there, and nothing is half."""

import asyncio
import contextlib
import json
import random
import shutil
import tempfile
from pathlib import Path

from msgspec import Struct

from bench.city import report_bodies
from bench.faults.half import halves
from bench.faults.town import FREE
from bench.load.asking import _Connection, http
from bench.machine import Postgres, Server
from cityloop.app import Settings, apply_of_all
from cityloop.db import Database, open_database
from cityloop.journal import Journal
from cityloop.journal.prove import verify
from cityloop.journal.replay import differences, replay
from cityloop.journal.tlog import load_key
from cityloop.packs import load

CONNECTIONS = 16
ACKS_MAX = 200  # between two kills; in the mean half of it
MORE_S = 0.05
STUCK_S = 60  # a server that acknowledges nothing is killed all the same

class Faults(Struct, kw_only=True):
    """What a run of kills came to."""

    engine: str
    kills: int = 0
    acknowledged: int = 0
    lost: int = 0
    half: dict[str, int] = {}
    facts: int = 0
    replay_differences: int = 0
    verify_faults: int = 0

    @property
    def sound(self) -> bool:
        return not (self.lost or any(self.half.values()) or self.replay_differences or self.verify_faults)


class Rig:
    """A city on one engine that is killed and started again over the same data."""

    def __init__(self, engine: str, seed: int, *, entry: str = "cityloop.cli"):
        self.chance = random.Random(seed)
        self.found = Faults(engine=engine)
        self.home = Path(tempfile.mkdtemp(prefix="cityloop-faults-"))
        self.postgres = Postgres() if engine == "postgres" else None
        self.database_url = self.postgres.url if self.postgres else ""
        self.bodies = [http("POST", "/v1/reports", body) for body in report_bodies(load("demo"), 500, seed)]
        self.acknowledged: set[str] = set()
        self.entry = entry

    def __enter__(self) -> "Rig":
        return self

    def __exit__(self, *_: object) -> None:
        if self.postgres:
            self.postgres.drop()
        shutil.rmtree(self.home, ignore_errors=True)

    def server(self) -> Server:
        return Server(home=self.home, database=self.database_url, entry=self.entry, environment=FREE, forked=True)

    def database(self) -> Database:
        return open_database(self.database_url or Settings(home=str(self.home)).database_url, "bench")

    def kill_once(self) -> None:
        """Load, then no power."""
        server = self.server()
        try:
            asyncio.run(self._load_until_death(server, self.chance.randrange(ACKS_MAX), self.chance.uniform(0, MORE_S)))
        finally:
            server.stop(hard=True)
        self.found.kills += 1
        self._look()

    async def _load_until_death(self, server: Server, acks: int, more_s: float) -> None:
        """Load until so many more are acknowledged, and a little longer: a slow machine is killed as far on as a quick one."""
        loop = asyncio.get_running_loop()
        until, enough = len(self.acknowledged) + acks, asyncio.Event()

        async def one(number: int) -> None:
            try:
                _, connection = await loop.create_connection(_Connection, "127.0.0.1", server.port)
                while True:
                    status, body = await connection.ask(self.bodies[number % len(self.bodies)])
                    if status == 201:
                        self.acknowledged.add(json.loads(body)["id"])
                    if len(self.acknowledged) >= until:
                        enough.set()
                    number += 1
            except (ConnectionError, OSError):
                return

        running = [asyncio.create_task(one(self.chance.randrange(500))) for _ in range(CONNECTIONS)]
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(enough.wait(), STUCK_S)
        await asyncio.sleep(more_s)
        server.stop(hard=True)
        await asyncio.wait(running, timeout=5)
        for task in running:
            task.cancel()

    def _look(self) -> None:
        """After each kill: every acknowledged report is there, and nothing is half."""
        database = self.database()
        with database.reading() as tx:
            there = {row.id for row in tx.all("SELECT id FROM report WHERE city = :city")}
            for what, many in halves(tx).items():
                self.found.half[what] = max(self.found.half.get(what, 0), many)
            self.found.facts = tx.value("SELECT size FROM log_head WHERE city = :city") or 0
        database.close()
        self.found.acknowledged = len(self.acknowledged)
        self.found.lost = len(self.acknowledged - there)

    def finish(self) -> Faults:
        """Start once more, let everything be handled, and compare it with a replay.

        By the honest server: one that lies about commits does not know itself how far it got once a change is undone.
        """
        server = Server(home=self.home, database=self.database_url, forked=True)
        try:
            server.wait_until_idle(120)
        finally:
            server.stop()
        database = self.database()
        target = open_database(str(self.home / "replayed.db"), database.city)
        replay(database, target, Journal(apply_of_all()))
        self.found.replay_differences = len(differences(database, target)[1])
        keys = self.home / "keys"
        checked = verify(database, lambda name: load_key(keys / f"{name.replace('/', '_')}.key").verifier)
        self.found.verify_faults = len(checked.faults)
        with database.reading() as tx:
            waiting = tx.value("SELECT count(*) FROM report WHERE city = :city AND case_id IS NULL")
            self.found.half["a report that no case took up"] = waiting
        target.close()
        database.close()
        return self.found


def run(engine: str, kills: int, *, seed: int = 1, entry: str = "cityloop.cli", on_kill=lambda found: None) -> Faults:
    """Kill the server so many times over one city's data."""
    with Rig(engine, seed, entry=entry) as rig:
        for _ in range(kills):
            rig.kill_once()
            on_kill(rig.found)
        return rig.finish()
