"""A small city to bring files into, and files as other systems write them."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.import_world import bring
from tests.world import PACKS

from cityloop import cases, people
from cityloop.db import Database
from cityloop.journal import Journal, Writer
from cityloop.journal.apply import APPLY as JOURNAL_APPLY
from cityloop.packs.book import PackBook


class City:
    """A city of tests/packs/mini, without a server."""

    def __init__(self, database: Database, folder: Path):
        self.database = database
        self.folder = folder
        self.writer = Writer(database, Journal({**JOURNAL_APPLY, **cases.APPLY, **people.APPLY}))
        self.book = PackBook(self.writer)
        self.book.adopt(PACKS / "mini", actor="machine:start")

    def bring(self, path: Path, mapping: str, **more):
        return bring(self.writer, self.book.in_force(), self.folder, path, mapping, **more)

    def rows(self, sql: str) -> list[tuple]:
        with self.database.reading() as tx:
            return tx.tuples(sql)

    @property
    def numbers(self) -> list[str]:
        return [row[0] for row in self.rows("SELECT number FROM case_file WHERE city = :city ORDER BY number")]

    @property
    def facts(self) -> int:
        return self.rows("SELECT size FROM log_head WHERE city = :city")[0][0]


@pytest.fixture
def town(places, tmp_path) -> City:
    """The city, on each engine."""
    found = City(places.open(), tmp_path)
    yield found
    found.writer.close()


@pytest.fixture
def embedded(tmp_path) -> Callable[[], City]:
    """The same on the embedded engine alone, for what the engine does not matter to."""
    from cityloop.db import open_database

    opened = []

    def make() -> City:
        database = open_database(str(tmp_path / "city.db"), "town")
        opened.append(database)
        return City(database, tmp_path)

    yield make
    for each in opened:
        each.close()
