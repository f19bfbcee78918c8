"""A city moves to another database, on either engine: every table, proved equal on both sides; then the source is closed for good."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from msgspec import Struct

from cityloop.db import Database, DatabaseClosed, open_database
from cityloop.db.tables import Table
from cityloop.domain.ids import CityId
from cityloop.journal import Journal
from cityloop.journal.replay import Difference, differences, replay
from cityloop.journal.tlog import Peaks, leaves_of
from cityloop.keeping.chest import digest_of
from cityloop.keeping.making import Progress, nobody, tables_of_schema
from cityloop.keeping.model import CopyDiffers, NotEmpty, SchemaUnknown, StillRuns
from cityloop.keeping.restoring import HALF, begin_fast, end_fast, must_be_empty
from cityloop.keeping.rows import Engine, load, packed, pages

try:
    import fcntl
except ImportError:  # not a POSIX system: whoever moves a city stops it
    fcntl = None  # type: ignore[assignment]

STAYS = frozenset({"process", "presence"})
ALIVE = timedelta(seconds=10)


class Proof(Struct, frozen=True, kw_only=True):
    """What one side holds: the digest of each table's rows, the journal's size and its root over every fact."""

    size: int
    root: str
    rows: int
    tables: dict[str, str]


class Moved(Struct, frozen=True, kw_only=True):
    """A city that moved, with what was found equal."""

    proof: Proof
    replayed: int  # rows of derived tables that a replay in the new place gives again
    seconds: float


def move(source: Database, url: str, *, journal: Journal, home: Path, on_progress: Progress = nobody) -> Moved:
    """Copy every table into an empty database, prove both sides equal, and close the source for good.

    Begun again after it was cut short, it ends what is left to do.
    Refuses with `StillRuns`, `NotEmpty`, `SchemaUnknown` or `CopyDiffers`; then the source is what it was.
    """
    began = time.monotonic()
    away = f"this city moved to {place_of(url)}; start it there"
    try:
        migrations = source.migrated()
        closed = False
    except DatabaseClosed as error:
        if error.detail != away:
            raise
        closed, migrations = True, _migrations_of(source)
    target = Database(url, source.city)
    try:
        if closed:  # what was left to do is to let the target be opened
            return _opened(source, target, migrations, journal, began, on_progress)
        tables = moving(migrations)
        must_stand_still(source, home)
        _prepared(target, migrations)
        begin_fast(target)
        _held(source)
        try:
            _copied(source, target, tables, on_progress)
            here, there = proof_of(source.engine, source.city, tables), proof_of(target.engine, source.city, tables)
            same(here, there)
            _close(source, away)
            source.engine.commit()
        except BaseException:
            source.engine.rollback()
            raise
        return _opened(source, target, migrations, journal, began, on_progress)
    finally:
        target.close()


def moving(migrations: list[str]) -> dict[str, Table]:
    """The tables that move."""
    return {name: table for name, table in tables_of_schema(migrations).items() if name not in STAYS}


def place_of(url: str) -> str:
    """A database's address without its password."""
    parts = urlsplit(url)
    return f"{parts.hostname}{f':{parts.port}' if parts.port else ''}{parts.path}" if parts.scheme.startswith("postgres") else url


def proof_of(engine: Engine, city: str, tables: dict[str, Table]) -> Proof:
    """Read every table once more, and say what is there."""
    digests, rows_read, size, peaks = {}, 0, 0, Peaks()
    for name, table in sorted(tables.items()):
        so_far = b""
        places = [list(table.columns).index(each) for each in ("salt", "body")] if name == "fact" else []
        for rows in pages(engine, city, table):
            so_far = digest_of(packed(rows), so_far)
            rows_read += len(rows)
            if places:
                peaks.add(leaves_of([row[places[0]] + row[places[1]] for row in rows]))
                size += len(rows)
        digests[name] = so_far.hex()
    return Proof(size=size, root=peaks.root.hex(), rows=rows_read, tables=digests)


def same(here: Proof, there: Proof) -> None:
    """Refuses with `CopyDiffers` where the two sides are not the same."""
    other = sorted(name for name, digest in here.tables.items() if there.tables.get(name) != digest)
    if other or here != there:
        raise CopyDiffers(f"The copy differs in {', '.join(other[:5]) or 'the journal'}; empty the target and begin again, and report it.")


def must_stand_still(source: Database, home: Path) -> None:
    """Refuses with `StillRuns` while a server of the city lives."""
    with source.reading() as tx:
        beats = tx.tuples("SELECT id FROM process WHERE city = :city AND seen_at > :since", since=datetime.now(UTC) - ALIVE)
    if beats or any(_is_locked(path) for path in home.rglob("lock") if path.parent.name != "files"):
        raise StillRuns("A server of this city runs, or ran a few seconds ago; stop it, then move.")


def _is_locked(path: Path) -> bool:
    if fcntl is None:
        return False
    with path.open("rb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
    return False


def _prepared(target: Database, migrations: list[str]) -> None:
    """The target's tables, empty. Refuses with `NotEmpty` or `SchemaUnknown`."""
    try:
        there = target.migrated()
    except DatabaseClosed:
        raise NotEmpty("The target holds a move or a restore that did not end, or a city that moved away; empty it, or give another.") from None
    must_be_empty(target)
    if set(there) - set(migrations):
        raise SchemaUnknown("The target has tables of a newer version than the city; start the city once with this version, then move.")
    target.migrate(only=migrations)
    target.mark(HALF)


def _held(source: Database) -> None:
    """Nobody writes until we end."""
    source.engine.begin()
    if source.on_postgres:
        source.engine.connection.execute("LOCK TABLE log_head, fact IN SHARE ROW EXCLUSIVE MODE")


def _copied(source: Database, target: Database, tables: dict[str, Table], on_progress: Progress) -> None:
    engine, city, done = source.engine, source.city, 0
    total = sum(engine.fetch(f"SELECT count(*) FROM {name} WHERE city = :city", {"city": city})[1][0][0] for name in tables)
    target.engine.begin()
    for name, table in tables.items():
        for rows in _all(engine, city, table):
            load(target.engine, name, tuple(table.columns), rows)
            done += len(rows)
            on_progress(done, total)
    target.engine.commit()


def _all(engine: Engine, city: str, table: Table) -> Iterator[list[tuple]]:
    yield from pages(engine, city, table)


def _close(source: Database, away: str) -> None:
    """Nobody opens the source again, and whatever still has it open tells no fact there."""
    source.mark(away)
    run = source.engine.connection.execute
    if source.on_postgres:
        run(
            "CREATE OR REPLACE FUNCTION cityloop_moved() RETURNS trigger LANGUAGE plpgsql AS "
            "'BEGIN RAISE EXCEPTION ''this city moved away''; END'"
        )
        quoted = source.city.replace("'", "''")
        name = f"moved_{source.city.encode().hex()[:40]}"
        run(f"CREATE TRIGGER {name} BEFORE INSERT ON fact FOR EACH ROW WHEN (NEW.city = '{quoted}') EXECUTE FUNCTION cityloop_moved()")
    else:
        run("CREATE TRIGGER moved_away BEFORE INSERT ON fact BEGIN SELECT RAISE(ABORT, 'this city moved away'); END")


def _opened(source: Database, target: Database, migrations: list[str], journal: Journal, began: float, on_progress: Progress) -> Moved:
    """Replay in the new place, and let it be opened."""
    tables = moving(migrations)
    proof = proof_of(target.engine, target.city, tables)
    same(proof_of(source.engine, source.city, tables), proof)
    rows, found = replayed(target, journal, on_progress)
    if found:
        raise CopyDiffers(f"A replay in the new place gives other rows of {found[0].table}; was the city sound? cityloop journal replay")
    end_fast(target)
    target.unmark(HALF)
    return Moved(proof=proof, replayed=rows, seconds=time.monotonic() - began)


def replayed(database: Database, journal: Journal, on_progress: Progress = nobody) -> tuple[int, tuple[Difference, ...]]:
    """Replay a city aside; gives how many rows were compared, and which differ."""
    with TemporaryDirectory(prefix="cityloop-replay-") as folder:
        aside = open_database(str(Path(folder) / "replay.db"), CityId(database.city))
        try:
            replay(database, aside, journal, on_progress=on_progress)
            return differences(database, aside)
        finally:
            aside.close()


def _migrations_of(source: Database) -> list[str]:
    rows = source.engine.fetch("SELECT name FROM migration", {})[1]
    return sorted(row[0] for row in rows if not row[0].startswith("!"))


