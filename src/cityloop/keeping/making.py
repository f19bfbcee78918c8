"""A backup of a running city: one moment of every table, then the files that it names. The writer never waits."""

import json
import time
from collections.abc import Callable, Collection, Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from cityloop.db import Database, Kind
from cityloop.db.durable import write_durable
from cityloop.db.tables import Table, migration_files, tables_after
from cityloop.domain.time import utc_text
from cityloop.journal.tlog import entry
from cityloop.keeping.chest import Chest
from cityloop.keeping.model import LEFT_OUT_FOLDERS, LEFT_OUT_TABLES, Chunk, Head, Kept, Point
from cityloop.keeping.rows import FACTS, Engine, chunks, key_of, packed

PIECE = 16_000_000  # bytes of a file in one piece
TRIES = 3
PROGRAM = "0.1"
Progress = Callable[[int, int], None]
STORED = {".jpg", ".parquet", ".webp", ".png", ".zip", ".gz", ".pdf", ".docx", ".xlsx"}  # packed already


class Stand(Struct, frozen=True):
    """Where a city stands in one moment."""

    size: int
    leaf: str
    recorded: str
    head: Head | None


class Gone(Exception):
    """A file that the tables name went while it was copied."""


def nobody(done: int, of: int) -> None:
    """Tells nobody how far it is."""


def make(
    database: Database, home: Path, chest: Chest, *, kind: str = "full", on_progress: Progress = nobody, erased: Collection[str] = ()
) -> Point:
    """Back up everything, as it is in one moment. `erased` are ids that were erased, known beside the database.

    Refuses with `BackupBusy` or `BackupFull`; what was made before stays whole.
    """
    with chest.alone():
        for left in range(TRIES - 1, -1, -1):
            try:
                return _made(database, home, chest, kind, on_progress, erased)
            except Gone:
                if not left:
                    raise
    raise AssertionError("tries end above")


def _made(database: Database, home: Path, chest: Chest, kind: str, on_progress: Progress, erased: Collection[str]) -> Point:
    began, at = time.monotonic(), datetime.now(UTC)
    before = last_full(chest, database.city)
    ahead = {path for path in _files_in(home) if path.startswith("telemetry/")}
    logs = {each.path: each for each in kept_files(home, chest, sorted(ahead), before, Count())}  # they may be sealed meanwhile
    count = Count()
    engine = database.connect(read_only=True)
    try:
        engine.begin()
        migrations = tuple(database.migrated())
        tables = tables_of_schema(migrations)
        stand = stand_of(engine, database.city)
        of = stand.size + 1
        segments: list[str] = []
        found: dict[str, tuple[Chunk, ...]] = {}
        for table in sorted(tables.values(), key=lambda each: (each.name != "fact", each.name)):
            if table.name in LEFT_OUT_TABLES:
                continue
            reused = _facts_kept(engine, database.city, before) if table.name == "fact" else ()
            found[table.name] = kept_rows(engine, database.city, table, chest, count, reused, segments, lambda rows: on_progress(min(rows, of), of))
        erased = sorted({*erased, *(row[0] for row in engine.fetch("SELECT id FROM erased WHERE city = :city", {"city": database.city})[1])})
    finally:
        engine.rollback()
        engine.close()
    files = {each.path: each for each in kept_files(home, chest, _files_in(home), before, count)}
    files = logs | files
    if any(f"telemetry/segments/{each[:7]}/{each}.parquet" not in files for each in segments):
        raise Gone
    point = Point(
        kind=kind, at=utc_text(at), city=database.city, engine="postgresql" if database.on_postgres else "sqlite",
        program=PROGRAM, migrations=migrations, size=stand.size, leaf=stand.leaf, recorded=stand.recorded, head=stand.head,
        base="", after=0, tables=found, columns={name: tuple(tables[name].columns) for name in found}, files=tuple(files.values()), erased=erased_piece(chest, erased, count),
        bytes=count.all, new_bytes=count.new, seconds=time.monotonic() - began,
    )  # fmt: skip
    chest.add(point)
    on_progress(of, of)
    return point


class Count:
    """How many bytes a backup names, and how many of them are new."""

    def __init__(self) -> None:
        self.all = 0
        self.new = 0

    def put(self, chest: Chest, content: bytes, *, pack: bool = True) -> str:
        """Keep a piece and count it."""
        name, written = chest.put(content, pack=pack)
        self.all += len(content)
        self.new += written
        return name


def tables_of_schema(migrations: Collection[str]) -> dict[str, Table]:
    """The tables as these migrations leave them."""
    return tables_after(path for path in migration_files() if path.stem in migrations)


def stand_of(engine: Engine, city: str) -> Stand:
    """How far the journal reaches, and its newest signed head."""
    said = {"city": city}
    rows = engine.fetch("SELECT seq, salt, body, recorded_at FROM fact WHERE city = :city ORDER BY seq DESC LIMIT 1", said)[1]
    heads = engine.fetch(
        "SELECT o.name, c.size, c.root FROM origin o JOIN checkpoint c ON c.city = o.city AND c.origin = o.no WHERE o.city = :city "
        "ORDER BY o.no DESC, c.size DESC LIMIT 1",
        said,
    )[1]
    head = Head(heads[0][0], heads[0][1], bytes(heads[0][2]).hex()) if heads else None
    if not rows:
        return Stand(0, "", "", head)
    seq, salt, body, recorded = rows[0]
    return Stand(seq, entry(bytes(salt), bytes(body)).hex(), recorded, head)


def leaf_at(engine: Engine, city: str, seq: int) -> str:
    """The commitment to a fact, hex; empty where there is none."""
    rows = engine.fetch("SELECT salt, body FROM fact WHERE city = :city AND seq = :seq", {"city": city, "seq": seq})[1]
    return entry(bytes(rows[0][0]), bytes(rows[0][1])).hex() if rows else ""


def last_full(chest: Chest, city: str) -> Point | None:
    """The newest point that stands alone."""
    for name in reversed(chest.point_names()):
        if not name.endswith("_shipped") and (point := chest.point(name)).city == city:
            return point
    return None


def kept_rows(
    engine: Engine, city: str, table: Table, chest: Chest, count: Count, reused: tuple[Chunk, ...] = (),
    segments: list[str] | None = None, on_rows: Callable[[int], None] = lambda rows: None, where: str = "", after: tuple | None = None,
    **params: object,
) -> tuple[Chunk, ...]:  # fmt: skip
    """The rows of a table as pieces; `reused` are those that need not be read again."""
    made = list(reused)
    rows_done = sum(each.rows for each in reused)
    place = list(table.columns).index("id") if table.name == "segment" else -1
    for rows in chunks(engine, city, table, reused[-1].last if reused else after, where=where, **params):
        made.append(Chunk(count.put(chest, packed(rows)), len(rows), key_of(table, rows[0]), key_of(table, rows[-1])))
        rows_done += len(rows)
        if segments is not None and place >= 0:
            segments += [row[place] for row in rows]
        if table.name == "fact":
            on_rows(rows_done)
    return tuple(made)


def _facts_kept(engine: Engine, city: str, before: Point | None) -> tuple[Chunk, ...]:
    """The whole chunks of facts in an earlier backup, if this log goes on from it."""
    if before is None or before.size == 0 or leaf_at(engine, city, before.size) != before.leaf:
        return ()
    return tuple(each for each in before.tables["fact"] if each.last[0] % FACTS == 0)


def _files_in(home: Path) -> list[str]:
    """Every file below the home that belongs into a backup."""
    found = []
    for outer in sorted(home.iterdir()) if home.exists() else ():
        if outer.name in LEFT_OUT_FOLDERS or outer.name.startswith("city.db") or outer.name == "now.columns":
            continue
        for path in (outer,) if outer.is_file() else sorted(outer.rglob("*")):
            if path.is_file() and path.name not in ("lock", "under_way.json") and path.parent.name != "fresh" and not path.name.startswith("."):
                found.append(str(path.relative_to(home)))
    return found


def kept_files(home: Path, chest: Chest, paths: Collection[str], before: Point | None, count: Count) -> Iterator[Kept]:
    """Files as pieces; one that has not changed since the backup before is not read again. What goes meanwhile is left."""
    known = {each.path: each for each in before.files} if before else {}
    for path in paths:
        try:
            about = (home / path).stat()
            was = known.get(path)
            if was and (was.size, was.changed_ns) == (about.st_size, about.st_mtime_ns):
                count.all += was.size
                yield was
                continue
            pieces, size = [], 0
            with (home / path).open("rb") as file:
                while content := file.read(PIECE):
                    pack = Path(path).suffix not in STORED and not path.startswith("files/")
                    pieces.append(count.put(chest, content, pack=pack))
                    size += len(content)
            yield Kept(path, size, about.st_mtime_ns, tuple(pieces))
        except FileNotFoundError:
            continue


def erased_piece(chest: Chest, ids: Collection[str], count: Count) -> str:
    """The piece that lists what was ever erased: ids alone, which name nothing any more."""
    return count.put(chest, msgspec.msgpack.encode(sorted(ids)))


def told_last(home: Path, point: Point, chest: Chest, *, checked: bool) -> None:
    """Write the outcome where the operator's page reads it."""
    folder = home / "backups"
    folder.mkdir(mode=0o700, exist_ok=True)
    said = {
        "at": point.at, "kind": point.kind, "size": point.size, "bytes": point.bytes, "new_bytes": point.new_bytes,
        "seconds": round(point.seconds, 3), "checked": checked, "to": str(chest.folder), "point": point.name,
    }  # fmt: skip
    write_durable(folder / "last.json", json.dumps(said, indent=1).encode() + b"\n", replace=True)


def is_personal(table: Table) -> bool:
    """Whether a table may hold what somebody said of themselves or of others."""
    return table.kind in (Kind.vault, Kind.index)
