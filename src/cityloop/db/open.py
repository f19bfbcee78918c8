"""Opens a city's database on either engine, and brings its tables up to date."""

import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TypeVar

from cityloop.db import postgres, sqlite
from cityloop.db.durable import make_folder
from cityloop.db.tables import migration_files
from cityloop.db.tx import Tx
from cityloop.domain.errors import Refused, Unavailable, kind_of
from cityloop.domain.ids import CityId

T = TypeVar("T")


def _never() -> bool:
    return False


def _now() -> datetime:
    return datetime.now(UTC)


class DatabaseGone(Unavailable):
    """The database's server does not answer, or went away in the middle of a question."""

    code = "database_gone"


class OnlyReads(Unavailable):
    """This process only reads; another one writes."""

    code = "database.only_reads"


class SchemaNewer(Unavailable):
    """The tables were changed by a version that this one does not know."""

    code = "database.schema_newer"


class DatabaseClosed(Refused):
    """A city that moved away from here, or whose copy was never completed."""

    code = "database_closed"


MARK = "!"  # begins what stands in the table of migrations and is none


class Database:
    """A city's database: one writing connection, and a reading one a thread.

    `url` is a path for SQLite, or a `postgresql://` address.
    """

    def __init__(self, url: str, city: CityId, clock: Callable[[], datetime] = _now, *, only_reads: bool = False):
        self.url = url
        self.city = city
        self.clock = clock
        self.only_reads = only_reads
        self.on_postgres = url.startswith(("postgresql://", "postgres://"))
        self.is_cut: Callable[[], bool] = _never  # in a drill: behave as if the database were gone
        self.engine = self.connect(read_only=only_reads)
        self._local = threading.local()
        self._readers: list[sqlite.Sqlite | postgres.Postgres] = []

    def connect(self, *, read_only: bool = False) -> "sqlite.Sqlite | postgres.Postgres":
        """A connection of one's own.

        Refuses with `DatabaseGone`.
        """
        kind = postgres.Postgres if self.on_postgres else sqlite.Sqlite
        if not self.on_postgres and not read_only:
            make_folder(Path(self.url).parent)
        try:
            return kind(self.url, read_only=read_only)
        except kind.unreachable as error:
            raise DatabaseGone("The database does not answer; try again in a moment.", log=kind_of(error)) from error

    def ready(self) -> "sqlite.Sqlite | postgres.Postgres":
        """The writing connection, opened again if it was lost.

        Refuses with `DatabaseGone` or `OnlyReads`.
        """
        if self.only_reads:
            raise OnlyReads("This process only reads; ask the one that writes.")
        if self.is_cut():
            raise self._cut_off(self.engine)
        if self._is_lost(self.engine):
            self.engine = self.connect()
        return self.engine

    def migrated(self) -> list[str]:
        """The names of the migrations that have run here, in their order; marks that forbid to open it are not among them.

        Refuses with `DatabaseClosed`.
        """
        engine = self.engine
        engine.execute("CREATE TABLE IF NOT EXISTS migration (name text PRIMARY KEY)", {})
        done = sorted(row[0] for row in engine.fetch("SELECT name FROM migration", {})[1])
        for mark in done:
            if mark.startswith(f"{MARK}{self.city}{MARK}"):
                raise DatabaseClosed(mark.split(MARK, 2)[2])
        return [name for name in done if not name.startswith(MARK)]

    def mark(self, why: str) -> None:
        """Let nobody open this city here from now on; `why` is what they are told."""
        self.engine.execute("INSERT INTO migration (name) VALUES (:name)", {"name": f"{MARK}{self.city}{MARK}{why}"})

    def unmark(self, why: str) -> None:
        """Let it be opened again."""
        self.engine.execute("DELETE FROM migration WHERE name = :name", {"name": f"{MARK}{self.city}{MARK}{why}"})

    def migrate(self, *, only: Collection[str] | None = None) -> list[str]:
        """Run the numbered migrations that have not run, or `only` those of them, by one process at a time; gives their names.

        Refuses with `DatabaseClosed` or `SchemaNewer`.
        """
        with self.engine.one_by_one("migrate"):
            return self._migrate(only)

    def _migrate(self, only: Collection[str] | None) -> list[str]:
        words = tuple((postgres.WORDS if self.on_postgres else sqlite.WORDS).items())
        engine = self.engine
        done, files = self.migrated(), migration_files()
        if unknown := set(done) - {path.stem for path in files}:
            raise SchemaNewer(
                f"A newer version has changed this database ({', '.join(sorted(unknown)[:3])}) and this one cannot know what it "
                "means; start the newer version, or restore the backup that was made before the upgrade."
            )
        new = [path for path in files if path.stem not in done and (only is None or path.stem in only)]
        for step in [new] if not done else [[path] for path in new]:  # a new file is made at once, an old one changed step by step
            engine.begin()
            for path in step:
                engine.script(_in_words_of(path, words))
                engine.execute("INSERT INTO migration (name) VALUES (:name)", {"name": path.stem})
            engine.commit()
        return [path.stem for path in new]

    @contextmanager
    def reading(self) -> Iterator[Tx]:
        """A transaction that only reads, on this thread's own connection; sees one moment.

        Refuses with `DatabaseGone`.
        """
        engine = self._begun()
        try:
            yield Tx(engine, self.city, None, self.clock())
        except engine.broken as error:
            if not self._is_lost(engine):
                raise
            raise DatabaseGone("The database went away; ask again in a moment.", log=kind_of(error)) from error
        finally:
            engine.rollback()

    def _begun(self) -> "sqlite.Sqlite | postgres.Postgres":
        """This thread's reading connection, in a transaction; opened again if it was lost."""
        engine = getattr(self._local, "engine", None)
        if self.is_cut():
            raise self._cut_off(engine)
        if engine is not None:
            try:
                engine.begin()
                return engine
            except engine.broken:
                if not self._is_lost(engine):
                    raise
                self._local.engine = None
                self._readers.remove(engine)
        engine = self._local.engine = self.connect(read_only=True)
        self._readers.append(engine)
        engine.begin()
        return engine

    @property
    def connections(self) -> int:
        """How many connections this process holds."""
        return 1 + len(self._readers)

    def _cut_off(self, engine: "sqlite.Sqlite | postgres.Postgres | None") -> DatabaseGone:
        """What is raised in a drill. A connection to a server is closed as well, so that the way back is the real one."""
        if self.on_postgres and engine is not None:
            engine.close()
        return DatabaseGone("The database does not answer; try again in a moment.", log="taken away by a drill")

    def _is_lost(self, engine: "sqlite.Sqlite | postgres.Postgres") -> bool:
        return self.on_postgres and engine.connection.closed

    def close(self) -> None:
        """Close every connection."""
        self.engine.close()
        for engine in self._readers:
            engine.close()
        self._readers.clear()
        self._local = threading.local()


@cache
def _in_words_of(path: Path, words: tuple[tuple[str, str], ...]) -> str:
    """A migration as one engine reads it."""
    text = path.read_text()
    for name, word in words:
        text = text.replace(f"{{{name}}}", word)
    return text


def open_database(url: str, city: CityId, clock: Callable[[], datetime] = _now, *, only_reads: bool = False) -> Database:
    """The city's database with its tables up to date; where it is opened to be read only, whoever writes has seen to that."""
    database = Database(url, city, clock, only_reads=only_reads)
    try:
        if not only_reads:
            database.migrate()
    except BaseException:
        database.close()
        raise
    return database
