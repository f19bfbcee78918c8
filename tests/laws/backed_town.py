"""A small city with a home and a folder of backups, for laws of what comes back."""

from pathlib import Path

from tests.engines import Places
from tests.laws.journal_world import ALL, count, delivery_of, facts_of, receive, writer_of

from cityloop.db import Database, open_database
from cityloop.journal import Journal
from cityloop.journal.replay import replay
from cityloop.journal.seal import Sealer
from cityloop.keeping import Chest, Follower, make, restore

SECRET = b"correct horse battery staple"
JOURNAL = Journal(ALL)


class City:
    """A small city with a home, a backup folder and a follower."""

    def __init__(self, places: Places, folder: Path):
        self.folder = folder
        self.home = folder / "home"
        self.home.mkdir()
        self.database = places.open()
        self.writer = writer_of(self.database)
        self.delivery = delivery_of(self.writer)
        self.sealer = Sealer(self.writer, self.home / "keys", "test.example/city")
        self.sealer.start()
        self.chest = Chest.at(folder / "backup", SECRET, begin=True)
        self.follower = Follower(self.database, self.home, self.chest)

    @property
    def size(self) -> int:
        return len(facts_of(self.database))

    def whole_at(self, seq: int) -> int:
        """How long the journal was before or at a fact, without half of what one transaction told."""
        with self.database.reading() as tx:
            recorded = [row[0] for row in tx.tuples("SELECT recorded_at FROM fact WHERE city = :city ORDER BY seq")]
        return next(no for no in range(seq, -1, -1) if no in (0, len(recorded)) or recorded[no - 1] != recorded[no])

    def live(self, deeds: str) -> None:
        """r: a report comes in; d: handlers act; s: the log is sealed; f: what is new is shipped; b: a full backup."""
        for deed in deeds:
            {
                "r": lambda: self.writer.change(receive), "d": self.delivery.step, "s": self.sealer.seal, "f": self.follower.round,
                "b": lambda: make(self.database, self.home, self.chest),
            }[deed]()  # fmt: skip

    def restored(self, name: str, url: str = "", **to) -> tuple[Database, Path]:
        home = self.folder / name
        url = url or str(home / "city.db")
        self.last = restore(self.chest, home, url, journal=JOURNAL, **to)
        return Database(url, self.database.city), home

    def tables_at(self, seq: int, name: str) -> Database:
        target = open_database(str(self.folder / f"{name}.db"), self.database.city)
        replay(self.database, target, JOURNAL, until=seq)
        return target


def each_once(database: Database) -> None:
    """After handlers have done what there is to do, every report was understood once and became one case."""
    writer = writer_of(database)
    delivery_of(writer).drain()
    kinds = [kind for *_, kind in facts_of(database)]
    reports = kinds.count("ReportReceived")
    assert (kinds.count("ReportUnderstood"), kinds.count("CaseOpened")) == (reports, reports), kinds
    assert count(database, "held") == 0
