"""What was erased stays erased: in tables that came back, and in the pieces of older backups."""

from collections.abc import Collection, Iterator
from datetime import datetime
from pathlib import Path

import msgspec
from msgspec.structs import replace

from cityloop.db.tables import Kind, Table
from cityloop.domain.time import utc_text
from cityloop.journal.vault import NAMES_ITEM
from cityloop.keeping.chest import Chest
from cityloop.keeping.making import Progress, nobody, tables_of_schema
from cityloop.keeping.model import Chunk
from cityloop.keeping.rows import Engine, packed, unpacked


def item_columns(tables: Collection[Table]) -> Iterator[tuple[Table, str]]:
    """Each table of which rows go with a vault item, and the column that names the item."""
    for table in tables:
        if table.name in ("vault", "vault_mark"):
            yield table, "id"
        elif table.kind in (Kind.vault, Kind.index):
            yield from ((table, name) for name in NAMES_ITEM if name in table.columns)


def forget_in_tables(engine: Engine, city: str, ids: Collection[str], now: datetime, tables: Collection[Table]) -> tuple[int, set[str]]:
    """Remove every row that is or was made from an erased item; gives how many items came back, and the files that are nobody's now."""
    back, files = 0, set()
    known = {row[0] for row in engine.fetch("SELECT id FROM erased WHERE city = :city", {"city": city})[1]}
    for id in ids:
        given = {"city": city, "id": id}
        if there := engine.fetch("SELECT file FROM vault WHERE city = :city AND id = :id", given)[1]:
            back += 1
            files |= {row[0] for row in there if row[0]}
            files |= {row[0] for row in engine.fetch("SELECT digest FROM file_shown WHERE city = :city AND photo = :id", given)[1]}
            for table, column in item_columns(tables):
                engine.execute(f"DELETE FROM {table.name} WHERE city = :city AND {column} = :id", given)
        if id not in known:
            engine.execute("INSERT INTO erased (city, id, at) VALUES (:city, :id, :at)", given | {"at": utc_text(now)})
    return back, {name for name in files if not _named(engine, city, name)}


def forget_in_points(chest: Chest, ids: Collection[str], *, on_progress: Progress = nobody) -> int:
    """Rewrite the pieces of every point that still hold an erased item, and let the old pieces and files go; gives how many pieces.

    What was looked for before is not looked for again.
    """
    done = set(msgspec.msgpack.decode(chest.note("forgotten") or b"\x90", type=list[str]))
    new = set(ids) - done
    if not new:
        return 0
    swapped: dict[str, Chunk | None] = {}
    names = chest.point_names()
    for no, name in enumerate(names, 1):
        point = chest.point(name)
        tables = tables_of_schema(point.migrations)
        held = dict(point.tables)
        gone: set[str] = set()
        for table, column in item_columns([tables[each] for each in point.tables]):
            if table.name in ("vault", "file_shown"):
                gone |= _files_of(chest, table, column, held[table.name], new)
            held[table.name] = tuple(_without(chest, table, column, held[table.name], new, swapped))
        files = tuple(each for each in point.files if Path(each.path).name not in gone)
        if held != point.tables or files != point.files:
            chest.add(replace(point, tables=held, files=files))
        on_progress(no, len(names))
    removed = sweep(chest)
    chest.note("forgotten", msgspec.msgpack.encode(sorted(done | new)))
    return removed


def _files_of(chest: Chest, table: Table, column: str, chunks: Collection[Chunk], ids: set[str]) -> set[str]:
    """Files that erased items name, and no other."""
    names = list(table.columns)
    item, file = names.index(column), names.index("file" if table.name == "vault" else "digest")
    mine, others = set(), set()
    for chunk in chunks:
        for row in unpacked(chest.get(chunk.piece)):
            (mine if row[item] in ids else others).add(row[file])
    return {each for each in mine - others if each}


def _without(
    chest: Chest, table: Table, column: str, chunks: Collection[Chunk], ids: set[str], swapped: dict[str, Chunk | None]
) -> Iterator[Chunk]:  # fmt: skip
    place = list(table.columns).index(column)
    for chunk in chunks:
        if chunk.piece not in swapped:
            rows = unpacked(chest.get(chunk.piece))
            left = [row for row in rows if row[place] not in ids]
            if len(left) == len(rows):
                swapped[chunk.piece] = chunk
            else:
                swapped[chunk.piece] = Chunk(chest.put(packed(left))[0], len(left), chunk.first, chunk.last) if left else None
        if one := swapped[chunk.piece]:
            yield one


def sweep(chest: Chest) -> int:
    """Remove the pieces that no point names; gives how many."""
    named: set[str] = set()
    for name in chest.point_names():
        point = chest.point(name)
        named |= {chunk.piece for chunks in point.tables.values() for chunk in chunks}
        named |= {piece for each in point.files for piece in each.pieces} | {point.erased}
    unnamed = chest.names() - named
    chest.remove(unnamed)
    return len(unnamed)


def _named(engine: Engine, city: str, file: str) -> bool:
    given = {"city": city, "file": file}
    return bool(
        engine.fetch("SELECT 1 FROM vault WHERE city = :city AND file = :file LIMIT 1", given)[1]
        or engine.fetch("SELECT 1 FROM file_shown WHERE city = :city AND digest = :file LIMIT 1", given)[1]
    )
