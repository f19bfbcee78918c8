"""A city leaves with everything: open formats, a dictionary of every column, and a script that verifies it without us."""

import csv
import json
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol

from msgspec import Struct

from cityloop.db import Database
from cityloop.db.tables import TABLES, Table
from cityloop.domain.cells import never_run
from cityloop.domain.time import utc_text
from cityloop.files import FileStore
from cityloop.files.model import FileMissing
from cityloop.keeping.leaving_words import README, columns_said, left_said, why_left
from cityloop.keeping.making import Progress, nobody
from cityloop.keeping.model import NotEmpty
from cityloop.keeping.rows import Engine, pages

FOLDERS = ("files", "bulletins", "models", "telemetry/segments")
FACTS_IN_FILE = 100_000


class Taken(Struct, frozen=True, kw_only=True):
    """What was taken along."""

    tables: int
    rows: int
    facts: int
    files: int
    bytes: int


class Areas(Protocol):
    """What a pack says of where things are; `policy` is one."""

    cells: Any
    areas: Any
    components: Any
    landmarks: Any


def leave(
    database: Database, home: Path, to: Path, *, packs: Mapping[str, Mapping[str, Mapping[str, bytes]]], policy: Areas, keys: Mapping[str, str],
    checker: bytes, on_progress: Progress = nobody,
) -> Taken:  # fmt: skip
    """Write everything into an empty folder. `packs`: digest -> layer -> file -> bytes; `keys`: origin -> verifier key.

    Refuses with `NotEmpty`.
    """
    if to.exists() and any(to.iterdir()):
        raise NotEmpty(f"{to} holds something already; give an empty folder.")
    to.mkdir(parents=True, exist_ok=True)
    engine = database.connect(read_only=True)
    try:
        engine.begin()
        tables, rows = _tables(engine, database.city, to, on_progress)
        facts = _journal(engine, database.city, to, keys)
        _photos(engine, database.city, home, to)
        at = utc_text(database.clock())
    finally:
        engine.rollback()
        engine.close()
    for digest, layers in packs.items():
        for layer, files in layers.items():
            for name, content in files.items():
                _write(to / "packs" / digest[:16] / layer / name, content)
    _geometry(to, policy, database)
    _files(home, to)
    _papers(to, database.city, at, tables, checker)
    count, size = _manifest(to)
    return Taken(tables=len(tables), rows=rows, facts=facts, files=count, bytes=size)


def goes(table: Table) -> bool:
    """Whether a table leaves with the city; the others are named with the reason."""
    return not why_left(table)


def _tables(engine: Engine, city: str, to: Path, on_progress: Progress) -> tuple[dict[str, int], int]:
    import pyarrow as pa  # a while to load
    import pyarrow.parquet as pq

    kinds = {"text": pa.string(), "bytes": pa.binary(), "int": pa.int64(), "real": pa.float64()}
    counts: dict[str, int] = {}
    going = [table for table in TABLES.values() if goes(table)]
    for no, table in enumerate(going, 1):
        schema = pa.schema([(name, kinds[kind]) for name, kind in table.columns.items()])
        folder = to / "tables" / table.kind.value
        folder.mkdir(parents=True, exist_ok=True)
        counts[table.name] = 0
        with pq.ParquetWriter(folder / f"{table.name}.parquet", schema, compression="zstd") as wide, (folder / f"{table.name}.csv").open(
            "w", encoding="utf-8-sig", newline=""
        ) as lines:
            writer = csv.writer(lines)
            writer.writerow(table.columns)
            for rows in pages(engine, city, table):
                open_rows = [_opened(table, row) for row in rows]
                wide.write_table(pa.Table.from_arrays([pa.array(column, kind) for column, kind in zip(zip(*open_rows, strict=True), schema.types, strict=True)], schema=schema))
                writer.writerows([_cell(part) for part in row] for row in open_rows)
                counts[table.name] += len(rows)
        on_progress(no, len(going))
    return counts, sum(counts.values())


def _opened(table: Table, row: tuple) -> tuple:
    """A row without the keys of sealed files: what they seal is in photos/, opened."""
    if table.name != "vault":
        return row
    names = list(table.columns)
    if row[names.index("file")] is None:
        return row
    return tuple(b"" if name == "bytes" else part for name, part in zip(names, row, strict=True))


def _cell(part: Any) -> Any:
    if isinstance(part, bytes):
        try:
            part = part.decode()
        except UnicodeDecodeError:
            return f"hex:{part.hex()}"
    return never_run(part) if isinstance(part, str) else part


def _journal(engine: Engine, city: str, to: Path, keys: Mapping[str, str]) -> int:
    """Every fact with its exact bytes and its salt, and every signed head."""
    folder = to / "journal"
    folder.mkdir(parents=True)
    names = list(TABLES["fact"].columns)
    seq, body, salt = names.index("seq"), names.index("body"), names.index("salt")
    count, out = 0, None
    for rows in pages(engine, city, TABLES["fact"]):
        for row in rows:
            if count % FACTS_IN_FILE == 0:
                if out:
                    out.close()
                out = (folder / f"facts-{count + 1:010d}.jsonl").open("w", encoding="utf-8")
            assert out
            out.write(json.dumps({"seq": row[seq], "salt": row[salt].hex(), "body": row[body].decode()}, ensure_ascii=False) + "\n")
            count += 1
    if out:
        out.close()
    given = {"city": city}
    origins = engine.fetch("SELECT no, name, first_seq FROM origin WHERE city = :city ORDER BY no", given)[1]
    heads = []
    for no, name, first in origins:
        signed = engine.fetch("SELECT size, root, note FROM checkpoint WHERE city = :city AND origin = :no ORDER BY size", given | {"no": no})[1]
        heads.append({
            "origin": name, "first_seq": first, "key": keys.get(name, ""),
            "checkpoints": [{"size": size, "root": bytes(root).hex(), "note": note} for size, root, note in signed],
        })  # fmt: skip
    _write(folder / "logs.json", json.dumps(heads, ensure_ascii=False, indent=1).encode())
    return count


def _photos(engine: Engine, city: str, home: Path, to: Path) -> None:
    """Photos as they were sent, opened with the keys of the vault."""
    store = FileStore(home / "files")
    for id, key, file in engine.fetch("SELECT id, bytes, file FROM vault WHERE city = :city AND file IS NOT NULL ORDER BY id", {"city": city})[1]:
        try:
            raw = store.open_sealed(file, bytes(key))
        except FileMissing:
            continue
        _write(to / "photos" / f"{id}{_ending(raw)}", raw)


def _ending(raw: bytes) -> str:
    for begins, ending in ((b"\xff\xd8", ".jpg"), (b"\x89PNG", ".png"), (b"RIFF", ".webp")):
        if raw.startswith(begins):
            return ending
    return ".bin"


def _geometry(to: Path, policy: Areas, database: Database) -> None:
    """Where things are, as GeoJSON in WGS 84 / CGCS2000."""
    folder = to / "geometry"
    folder.mkdir(parents=True, exist_ok=True)
    _features(folder / "cells.geojson", (({"code": each.code, "duty_grid": each.duty_grid}, {"type": "Polygon", "coordinates": [[list(point) for point in each.ring]]}) for each in policy.cells))
    _features(
        folder / "components.geojson",
        (({"code": each.code, "class": each.class_key, "owner": each.owner, "state": each.state}, _point(each.lon, each.lat)) for each in policy.components),
    )
    with database.reading() as tx:
        cases = tx.tuples("SELECT id, number, class_key, state, lon, lat FROM case_file WHERE city = :city AND lon IS NOT NULL ORDER BY id")
        things = tx.tuples("SELECT id, key, kind, state, lon, lat FROM thing WHERE city = :city AND lon IS NOT NULL ORDER BY id")
    for name, rows in (("cases", cases), ("things", things)):
        second, third = ("number", "class") if name == "cases" else ("key", "kind")
        _features(folder / f"{name}.geojson", (({"id": a, second: b, third: c, "state": d}, _point(lon, lat)) for a, b, c, d, lon, lat in rows))


def _point(lon: float, lat: float) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [lon, lat]}


def _features(path: Path, found: Iterator[tuple[dict[str, Any], dict[str, Any]]]) -> None:
    with path.open("w", encoding="utf-8") as out:
        out.write('{"type": "FeatureCollection", "features": [')
        for no, (said, where) in enumerate(found):
            out.write((",\n" if no else "\n") + json.dumps({"type": "Feature", "properties": said, "geometry": where}, ensure_ascii=False))
        out.write("\n]}\n")


def _files(home: Path, to: Path) -> None:
    for folder in FOLDERS:
        for path in sorted((home / folder).rglob("*")) if (home / folder).exists() else ():
            if path.is_file() and path.name not in ("lock", "under_way.json") and path.parent.name != "fresh":
                _write(to / path.relative_to(home), path.read_bytes())


def _papers(to: Path, city: str, at: str, tables: Mapping[str, int], checker: bytes) -> None:
    with (to / "dictionary.csv").open("w", encoding="utf-8-sig", newline="") as out:
        lines = csv.writer(out)
        lines.writerow(("table", "kind", "column", "type", "key", "rows", "left_out"))
        for table in TABLES.values():
            for name, kind in table.columns.items():
                lines.writerow((table.name, table.kind.value, name, kind, "key" if name in table.key else "", tables.get(table.name, ""), why_left(table)))
    _write(to / "README.md", README.format(city=city, at=at, left=left_said(), kinds=columns_said()).encode())
    _write(to / "verify_case.py", checker)
    _write(to / "verify_all.py", (Path(__file__).parent / "verify_all.py").read_bytes())


def _manifest(to: Path) -> tuple[int, int]:
    """The digest of every file, so that a missing or changed one is seen."""
    count, size = 0, 0
    with (to / "SHA256SUMS").open("w", encoding="utf-8") as out:
        for path in sorted(to.rglob("*")):
            if path.is_file() and path.name != "SHA256SUMS":
                raw = path.read_bytes()
                out.write(f"{sha256(raw).hexdigest()}  {path.relative_to(to).as_posix()}\n")
                count, size = count + 1, size + len(raw)
    return count, size


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


