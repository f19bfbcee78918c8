"""Files of columns: whole and on the disk, or not there at all."""

import os
from collections.abc import Iterable
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from cityloop.db.durable import make_folder, sync_folder

GROUP_ROWS = 131_072


def write_table(path: Path, table: pa.Table) -> int:
    """Write a table; gives its size. Durable when it returns. Units: bytes."""
    make_folder(path.parent)
    part = path.with_suffix(".part")
    pq.write_table(table, part, compression="zstd", row_group_size=GROUP_ROWS)
    return _whole(part, path)


def write_query(connection: duckdb.DuckDBPyConnection, path: Path, sql: str) -> tuple[int, int]:
    """Write the rows of a SELECT; gives how many, and the size. Durable when it returns. Units: bytes."""
    make_folder(path.parent)
    part = path.with_suffix(".part")
    connection.execute(f"COPY ({sql}) TO '{part}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {GROUP_ROWS})")
    rows = pq.read_metadata(part).num_rows
    return rows, _whole(part, path)


def _whole(part: Path, path: Path) -> int:
    with open(part, "rb") as file:
        os.fsync(file.fileno())
    part.rename(path)
    sync_folder(path.parent)
    return path.stat().st_size


def remove_others(folder: Path, named: Iterable[str]) -> int:
    """Remove the files that nobody names, which a round left that did not end; gives how many."""
    known, count = {str(folder / each) for each in named}, 0
    for path in [*folder.glob("*/*.parquet"), *folder.glob("*/*.part")]:
        if str(path) not in known:
            path.unlink(missing_ok=True)
            count += 1
    return count
