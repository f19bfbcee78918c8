"""Ships what is new every few seconds, so that a city comes back to any moment: facts, what lies beside them, files."""

import time
from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cityloop.db import Database
from cityloop.db.tables import Table
from cityloop.db.tx import id_from
from cityloop.domain.time import utc_text
from cityloop.keeping.chest import Chest
from cityloop.keeping.making import (
    PROGRAM,
    Count,
    _files_in,
    erased_piece,
    kept_files,
    kept_rows,
    last_full,
    leaf_at,
    make,
    stand_of,
    tables_of_schema,
)
from cityloop.keeping.model import Chunk, Kept, Point
from cityloop.keeping.rows import Engine, key_of, packed
from cityloop.keeping.standing import SINCE_ITEM, SINCE_MOMENT, shipped_whole

OVERLAP = timedelta(seconds=60)  # longer than any change is under way


class Follower:
    """Ships a city's new facts into a folder, on from the newest full point that lies there, whoever made it; makes one where there is
    none that the journal goes on from, or none that is young enough.
    """

    def __init__(self, database: Database, home: Path, chest: Chest, *, full_after: timedelta = timedelta(hours=26)):
        self.database = database
        self.home = home
        self.chest = chest
        self.full_after = full_after
        self._newest = ""  # the name of the newest full point when the folder was last looked at
        self._full: Point | None = None
        self._last: Point | None = None
        self._files: dict[str, Kept] = {}
        self._listed = -1  # how many were on the list of the erased when the last point was made; unknown at first

    def round(self, erased: Collection[str] = ()) -> Point | None:
        """Ship what is new; None where there is nothing.

        Refuses with `BackupBusy` while somebody else writes into the folder: what is new is shipped later.
        """
        with self.chest.alone():
            if self._taken_up():
                engine = self.database.connect(read_only=True)
                try:
                    engine.begin()
                    if self._goes_on(engine):
                        return self._shipped(engine, erased) if stand_of(engine, self.database.city).size != self._last.size else None
                finally:
                    engine.rollback()
                    engine.close()
        return self._begun(erased)

    def _taken_up(self) -> bool:
        """Whether there is a point to go on from. A full one that came meanwhile is gone on from: a restore begins with the newest."""
        newest = next((name for name in reversed(self.chest.point_names()) if not name.endswith("_shipped")), "")
        if newest != self._newest:
            self._newest = newest
            self._full = self._last = last_full(self.chest, self.database.city)
            self._files = {each.path: each for each in self._full.files} if self._full else {}
            for point in self._shipped_after(self._full) if self._full else ():
                self._last = point
                self._files |= {each.path: each for each in point.files}
        return self._full is not None and datetime.now(UTC) - datetime.fromisoformat(self._full.at) < self.full_after

    def _shipped_after(self, full: Point) -> Iterator[Point]:
        for name in self.chest.point_names():
            if name.endswith("_shipped") and (point := self.chest.point(name)).base == full.name:
                yield point

    def _begun(self, erased: Collection[str]) -> Point:
        self._full = self._last = make(self.database, self.home, self.chest, erased=erased)
        self._newest = self._full.name
        self._files = {each.path: each for each in self._full.files}
        return self._full

    def _goes_on(self, engine: Engine) -> bool:
        """Whether the journal goes on from the last point, in the same tables."""
        same_past = self._last.size == 0 or leaf_at(engine, self.database.city, self._last.size) == self._last.leaf
        return same_past and tuple(self.database.migrated()) == self._full.migrations

    def _shipped(self, engine: Engine, erased: Collection[str]) -> Point:
        began, at, count = time.monotonic(), datetime.now(UTC), Count()
        last, full, city = self._last, self._full, self.database.city
        stand = stand_of(engine, city)
        since = datetime.fromisoformat(last.at) - OVERLAP
        found: dict[str, tuple[Chunk, ...]] = {}
        files: set[str] = set()
        tables = tables_of_schema(full.migrations)
        for table in tables.values():
            name = table.name
            if name == "fact":
                found[name] = kept_rows(engine, city, table, self.chest, count, after=(last.size,))
            elif name == "checkpoint":
                origins = engine.fetch("SELECT no, name FROM origin WHERE city = :city ORDER BY no DESC LIMIT 1", {"city": city})[1]
                same = bool(origins and last.head and last.head.origin == origins[0][1])
                after = (origins[0][0], last.head.size if same else -1) if origins else None
                found[name] = kept_rows(engine, city, table, self.chest, count, after=after)
            elif column := SINCE_ITEM.get(name):
                rows = self._since(engine, table, column, id_from(since))
                files |= self._named(table, rows)
                found[name] = self._piece(table, rows, count)
            elif column := SINCE_MOMENT.get(name):
                found[name] = self._piece(table, self._since(engine, table, column, utc_text(since)), count)
            elif shipped_whole(table):
                found[name] = kept_rows(engine, city, table, self.chest, count)
        paths = [f"files/{each[:2]}/{each[2:4]}/{each}" for each in sorted(files)]
        paths += [each for each in _files_in(self.home) if not each.startswith("files/")]
        new = [each for each in kept_files(self.home, self.chest, paths, full, count) if self._files.get(each.path) != each]
        point = Point(
            kind="shipped", at=utc_text(at), city=city, engine=full.engine, program=PROGRAM, migrations=full.migrations, size=stand.size,
            leaf=stand.leaf, recorded=stand.recorded, head=stand.head, base=full.name, after=last.size, tables=found,
            columns={name: tuple(tables[name].columns) for name in found}, files=tuple(new),
            erased=self._erased(engine, erased, found["erased"], count), bytes=count.all, new_bytes=count.new, seconds=time.monotonic() - began,
        )  # fmt: skip
        self.chest.add(point)
        self._last = point
        self._files |= {each.path: each for each in new}
        return point

    def _erased(self, engine: Engine, listed: Collection[str], since: tuple[Chunk, ...], count: Count) -> str:
        """The piece that lists all that was ever erased: the last point's where nothing was since. The list only grows."""
        if not since and len(listed) == self._listed:
            return self._last.erased
        self._listed = len(listed)
        rows = engine.fetch("SELECT id FROM erased WHERE city = :city", {"city": self.database.city})[1]
        return erased_piece(self.chest, {*listed, *(row[0] for row in rows)}, count)

    def _since(self, engine: Engine, table: Table, column: str, least: str) -> list[tuple]:
        """The rows of late items; by an index on the item, whatever the table's own key is."""
        sql = f"SELECT {', '.join(table.columns)} FROM {table.name} WHERE city = :city AND {column} >= :least"
        rows = engine.fetch(sql, {"city": self.database.city, "least": least})[1]
        return sorted((tuple(bytes(part) if type(part) is memoryview else part for part in row) for row in rows), key=lambda row: key_of(table, row))

    def _piece(self, table: Table, rows: list[tuple], count: Count) -> tuple[Chunk, ...]:
        if not rows:
            return ()
        return (Chunk(count.put(self.chest, packed(rows)), len(rows), key_of(table, rows[0]), key_of(table, rows[-1])),)

    def _named(self, table: Table, rows: list[tuple]) -> set[str]:
        column = {"vault": "file", "file_shown": "digest"}.get(table.name)
        if column is None:
            return set()
        place = list(table.columns).index(column)
        return {row[place] for row in rows if row[place]}
