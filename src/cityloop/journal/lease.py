"""Which process follows which shards: a fair share each, and nobody's when it dies."""

import time
from datetime import datetime, timedelta

from msgspec import Struct

from cityloop.db import Tx
from cityloop.journal.commit import Writer

SHARDS = 8
BEAT_S = 1.0
GONE_S = 5


class _Beat(Struct, frozen=True):
    id: str
    seen_at: datetime


class Leases:
    """The shards that this process holds. On SQLite all of them; on PostgreSQL by locks that end with the connection."""

    def __init__(self, writer: Writer, process: str):
        self.writer = writer
        self.process = process
        self.held: set[int] = set()
        self._engine: object = None
        self._next = 0.0

    def renew(self) -> bool:
        """Say that we live, give back what is more than our share, take what is free. True if anything changed."""
        engine = self.writer.database.ready()
        if engine is not self._engine:
            self._engine, self.held, self._next = engine, set(), 0.0
        if time.monotonic() < self._next:
            return False
        self._next = time.monotonic() + BEAT_S
        before = set(self.held)
        share = -(-SHARDS // self._alive()) if self.writer.database.on_postgres else SHARDS
        while len(self.held) > share:
            engine.let_go(self._name(self.held.pop()))
        for shard in range(SHARDS):
            if len(self.held) < share and shard not in self.held and engine.alone(self._name(shard)):
                self.held.add(shard)
        return self.held != before

    def leave(self) -> None:
        """Give everything back, all else that this process does alone too, and be counted no longer: others need not wait
        until we are missed.
        """
        self.held = set()
        self.writer.database.ready().let_all_go()
        self.writer.whole(
            lambda tx: tx.run("DELETE FROM process WHERE city = :city AND id = :process", process=self.process)
        )

    def others(self, tx: Tx) -> int:
        """How many processes of the city said lately that they live; with us, once we said so."""
        return tx.value(
            "SELECT count(*) FROM process WHERE city = :city AND seen_at > :gone", gone=tx.now - timedelta(seconds=GONE_S)
        )

    def _alive(self) -> int:
        def beat(tx: Tx) -> int:
            tx.put("process", _Beat(self.process, tx.now))
            return self.others(tx)

        return max(1, self.writer.whole(beat))

    def _name(self, shard: int) -> str:
        return f"{self.writer.database.city}/shard/{shard}"
