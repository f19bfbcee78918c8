"""A city comes back: the newest full point before the moment, what was shipped after it, and the facts up to the moment."""

import shutil
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from cityloop.db import Database
from cityloop.db.tables import Table, migration_files
from cityloop.domain.ids import CityId
from cityloop.journal import Journal
from cityloop.journal.replay import replay
from cityloop.journal.tlog import entry
from cityloop.keeping.chest import Chest
from cityloop.keeping.forgetting import forget_in_tables
from cityloop.keeping.making import Progress, nobody, stand_of, tables_of_schema
from cityloop.keeping.model import BackupDamaged, Chunk, NoBackup, NotEmpty, Point, SchemaUnknown
from cityloop.keeping.rows import Engine, load, unpacked
from cityloop.keeping.standing import acting_at, all_known, cut_facts, known_facts

STAGED = "restoring"
HALF = "a restore or a move into it did not end; empty it and begin again"


class Restored(Struct, frozen=True, kw_only=True):
    """What came back."""

    point: Point
    size: int  # facts
    recorded: str  # when the last of them was
    newest: int  # facts that the folder knows of
    unknown: int  # facts left out because this program does not know their kind; they stay in the folder
    applied: int  # facts after the full point, whose tables were made by applying them
    files: int
    erased: int  # pieces that were erased once more
    seconds: float


def chosen(
    chest: Chest, city: str, *, to_seq: int | None = None, to_moment: str | None = None, back: bool = False
) -> tuple[Point, list[Point]]:  # fmt: skip
    """The full point to begin with, and the points after it up to and with the one that holds the moment; that may be the next full one.

    With `back` it is the last one that this program knows, and what newer programs told after it.
    Refuses with `NoBackup`.
    """
    points = [point for point in map(chest.point, chest.point_names()) if not city or point.city == city]
    if back and points:
        known = [each for each in points if is_known_point(each)]
        if not known:
            raise NoBackup("No point of this folder is of a program as old as this one; use a newer one.")
        full = shipped_to_last([each for each in known if not each.base], points)
        return full, [each for each in points if each.base == full.name or (each.at > full.at and not is_known_point(each))]
    if not points:
        raise NoBackup("The folder holds no backup of this city; give the right folder, or the right CITYLOOP_CITY.")
    fulls = [each for each in points if not each.base]

    def reaches(point: Point) -> bool:
        if to_seq is not None:
            return point.size <= to_seq
        return to_moment is None or point.recorded <= to_moment

    early = [each for each in fulls if reaches(each)]
    if not early:
        raise NoBackup(f"The oldest backup is of fact {fulls[0].size:,}, recorded {fulls[0].recorded}; nothing reaches further back.")
    full = shipped_to_last(early, points)
    after: list[Point] = []
    for each in points:
        if full.size == to_seq:
            break
        if each.base == full.name:
            after.append(each)
            if not reaches(each) or each.size == to_seq:
                break
    last = after[-1] if after else full
    if reaches(last) and last.size != to_seq:  # what was told between it and the next full point lies in that
        after += [each for each in fulls if each.at > last.at and not reaches(each) and goes_on(chest, last, each)][:1]
    return full, after


def goes_on(chest: Chest, point: Point, later: Point) -> bool:
    """Whether the facts of a later full point go on from those of a point, and are not another past."""
    place = {name: no for no, name in enumerate(later.columns["fact"])}
    chunk = next((each for each in later.tables["fact"] if each.last[0] >= point.size), None)
    found = [row for row in unpacked(chest.get(chunk.piece)) if row[place["seq"]] == point.size] if chunk else []
    return point.size == 0 or any(entry(bytes(row[place["salt"]]), bytes(row[place["body"]])).hex() == point.leaf for row in found)


def shipped_to_last(fulls: Sequence[Point], points: Sequence[Point]) -> Point:
    """Of full points the one that the newest of all these points stands on; `points` are in their order.

    It may be older than another one, where what was shipped afterwards did not go on from that.
    """
    named = {each.name: each for each in fulls}
    return named[next(base for each in reversed(points) if (base := each.base or each.name) in named)]


def restore(
    chest: Chest, home: Path, url: str, *, journal: Journal, city: str = "", to_seq: int | None = None, to_moment: str | None = None,
    on_progress: Progress = nobody, erased: Collection[str] = (), upgrade: bool = True, back: bool = False,
) -> Restored:  # fmt: skip
    """Fill an empty home, and an empty database, with a city as it was. Nothing can be opened before all of it is there.

    Refuses with `NoBackup`, `BackupDamaged`, `NotEmpty` or `SchemaUnknown`.
    """
    began = time.monotonic()
    full, after = chosen(chest, city, to_seq=to_seq, to_moment=to_moment, back=back)
    last = after[-1] if after else full
    must_be_known(full if back else last)
    staged = prepared(home)
    on_server = url.startswith(("postgresql://", "postgres://"))
    database = Database(url if on_server else str(staged / "city.db"), CityId(full.city))
    try:
        must_be_empty(database)
        database.mark(HALF)
        begin_fast(database)
        _migrate(database, full.migrations)
        tables = tables_of_schema(full.migrations)
        size, unknown = _rows_in(database, chest, full, after, tables, to_seq, to_moment, on_progress)
        if size > full.size:
            replay(database, database, journal, after=full.size, until=size, on_progress=on_progress)
        recorded = stand_of(database.engine, full.city).recorded
        listed = all_erased(chest) | set(erased)
        forgotten, files_gone = _again(database, listed, tables)
        count = _files(chest, staged, [full, *after], files_gone)
        if upgrade:
            _migrate(database, None)
        end_fast(database)
        database.unmark(HALF)
    finally:
        database.close()
    moved_in(staged, home)
    newest = max(point.size for point in map(chest.point, chest.point_names()) if point.city == full.city)
    return Restored(
        point=last, size=size, recorded=recorded, newest=newest, unknown=unknown, applied=size - full.size, files=count, erased=forgotten,
        seconds=time.monotonic() - began,
    )  # fmt: skip


def is_known_point(point: Point) -> bool:
    """Whether this program knows all tables of a point."""
    return set(point.migrations) <= {path.stem for path in migration_files()}


def must_be_known(point: Point) -> None:
    """Refuses with `SchemaUnknown` where the tables are of a newer program."""
    unknown = set(point.migrations) - {path.stem for path in migration_files()}
    if unknown:
        raise SchemaUnknown(
            f"The backup was made after {', '.join(sorted(unknown))}, which this program does not know; use the program that made it, "
            "or take the upgrade back: cityloop backup restore --back"
        )


def must_be_empty(database: Database) -> None:
    """Refuses with `NotEmpty` where anything of the city stands there."""
    for table in tables_of_schema(database.migrated()).values():
        if database.engine.fetch(f"SELECT 1 FROM {table.name} WHERE city = :city LIMIT 1", {"city": database.city})[1]:
            raise NotEmpty(f"The database holds {table.name} of {database.city} already; give an empty one.")


def prepared(home: Path) -> Path:
    """An empty folder in the home to fill; the home itself may hold nothing but keys.

    Refuses with `NotEmpty`.
    """
    there = {path.name for path in home.iterdir()} - {"keys", "backups", STAGED} if home.exists() else set()
    if there:
        raise NotEmpty(f"{home} holds {', '.join(sorted(there)[:4])}; give an empty home, or move that away first.")
    staged = home / STAGED
    shutil.rmtree(staged, ignore_errors=True)
    staged.mkdir(mode=0o700, parents=True)
    return staged


def moved_in(staged: Path, home: Path) -> None:
    """Take what was filled into the home, the database last."""
    for path in sorted(staged.iterdir(), key=lambda each: each.name.startswith("city.db")):
        path.rename(home / path.name)
    staged.rmdir()


def begin_fast(database: Database) -> None:
    """An own file that nobody else sees yet needs no sync at each step."""
    if not database.on_postgres:
        database.engine.connection.execute("PRAGMA synchronous = OFF")


def end_fast(database: Database) -> None:
    """All of it is on the disk now. SQLite is given no figures of the tables: a city that grew has none, and its plans are those that are tested."""
    if database.on_postgres:
        database.engine.connection.execute("ANALYZE")
    else:
        database.engine.connection.execute("PRAGMA synchronous = FULL")
        database.engine.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _migrate(database: Database, only: Collection[str] | None) -> None:
    """Run migrations while the mark of a half copy stands."""
    database.unmark(HALF)
    done = set(database.migrated())
    if only is not None and (more := done - set(only)):
        database.mark(HALF)
        raise SchemaUnknown(f"The database has {', '.join(sorted(more))} already and the backup is older; give a database of its own.")
    database.migrate(only=only)
    database.mark(HALF)


def _rows_in(
    database: Database, chest: Chest, full: Point, after: list[Point], tables: Mapping[str, Table], to_seq: int | None,
    to_moment: str | None, on_progress: Progress,
) -> tuple[int, int]:  # fmt: skip
    """Every row of the full point, and of what was shipped since; gives the last seq, and how many facts are unknown."""
    engine = database.engine
    engine.begin()
    total = sum(chunk.rows for chunks in full.tables.values() for chunk in chunks)
    done = 0
    for name, chunks in full.tables.items():
        for rows in rows_of(chest, chunks):
            if name == "fact":
                all_known(rows, tables[name])
            load(engine, name, tuple(tables[name].columns), rows)
            if not database.on_postgres:  # in one transaction all of a large city would lie in the write-ahead log first
                engine.commit()
                engine.begin()
            done += len(rows)
            on_progress(done, total)
    size, unknown = full.size, 0
    if after:
        size, unknown = cut_facts(chest, full, after, to_seq, to_moment)
        known_facts(engine, chest, full, after, tables["fact"], size)
        acting_at(engine, chest, full, after, tables, size)
    engine.execute("DELETE FROM log_head WHERE city = :city", {"city": full.city})
    engine.execute("INSERT INTO log_head (city, size) VALUES (:city, :size)", {"city": full.city, "size": size})
    engine.commit()
    return size, unknown


def rows_of(chest: Chest, chunks: Iterable[Chunk]) -> Iterable[list[tuple]]:
    """The rows of pieces. Refuses with `BackupDamaged`."""
    for chunk in chunks:
        rows = unpacked(chest.get(chunk.piece))
        if len(rows) != chunk.rows:
            raise BackupDamaged(f"A piece of the backup holds {len(rows)} rows in place of {chunk.rows}; use another backup.")
        yield rows


def all_erased(chest: Chest) -> set[str]:
    """Whatever was erased, as far as this folder ever heard."""
    names = chest.point_names()
    return set(msgspec.msgpack.decode(chest.get(chest.point(names[-1]).erased), type=list[str])) if names else set()


def _again(database: Database, erased: Collection[str], tables: Mapping[str, Table]) -> tuple[int, set[str]]:
    engine: Engine = database.engine
    engine.begin()
    found, files = forget_in_tables(engine, database.city, erased, datetime.now(UTC), tables.values())
    engine.commit()
    return found, files


def _files(chest: Chest, staged: Path, points: list[Point], gone: Collection[str]) -> int:
    newest = {each.path: each for point in points for each in point.files}
    for path, each in newest.items():
        if Path(path).name in gone:
            continue
        target = staged / path
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with target.open("wb") as out:
            for piece in each.pieces:
                out.write(chest.get(piece))
        if target.stat().st_size != each.size:
            raise BackupDamaged(f"{path} came back with another length; use another backup.")
    return len(newest)

