"""Observations as a file of columns: sorted, each moment once, compressed, on the disk before anybody hears of it."""

import os
from collections.abc import Iterable, Iterator
from hashlib import file_digest
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from cityloop.db.durable import make_folder, sync_folder
from cityloop.domain.errors import kind_of
from cityloop.telemetry.batch import Batch, batch_of
from cityloop.telemetry.model import SegmentLost

GROUP_ROWS = 131_072
RAW = pa.schema([("stream", pa.int32()), ("at", pa.int64()), ("value", pa.float64()), ("track", pa.int64())])
THIN = pa.schema(
    [("stream", pa.int32()), ("at", pa.int64()), ("count", pa.int64()), ("mean", pa.float64()), ("least", pa.float64()), ("most", pa.float64())]
)  # fmt: skip


def last_of_each(batch: Batch) -> Batch:
    """Sorted by stream, moment and track; of what came for the same, the last."""
    order = _sorted(batch)
    made = batch.at_rows(order)
    if not made.size:
        return made
    new = (made.stream[1:] != made.stream[:-1]) | (made.at[1:] != made.at[:-1]) | (made.track[1:] != made.track[:-1])
    return made.at_rows(np.append(new, True))


def _sorted(batch: Batch) -> NDArray[np.intp]:
    """A stable order by stream, moment, track. One number a row sorts three times as fast as three, where it has room."""
    if not batch.size or batch.track.any():
        return np.lexsort((batch.track, batch.at, batch.stream))
    first, low = int(batch.at.min()), int(batch.stream.min())
    bits = (int(batch.at.max()) - first).bit_length()
    if bits + (int(batch.stream.max()) - low).bit_length() > 62:
        return np.lexsort((batch.at, batch.stream))
    key = (batch.stream.astype(np.int64) - low << bits) + (batch.at - first)
    return np.argsort(key, kind="stable")


def raw_table(batch: Batch) -> pa.Table:
    """A batch as a table: the same bytes. (Made of its arrays by name, it would load pandas where that is installed.)"""
    made = [
        pa.Array.from_buffers(field.type, batch.size, [None, pa.py_buffer(np.ascontiguousarray(column))])
        for field, column in zip(RAW, batch, strict=True)
    ]
    return pa.Table.from_arrays(made, schema=RAW)


def write_columns(path: Path, tables: Iterable[pa.Table], schema: pa.Schema) -> tuple[str, int]:
    """Write tables one after another into a file, whole or not at all; gives its digest and size. Durable when it returns."""
    make_folder(path.parent)
    part = path.with_suffix(".part")
    with open(part, "wb") as file:
        with pq.ParquetWriter(file, schema, compression="zstd", use_dictionary=True, write_page_index=True) as writer:
            for table in tables:
                writer.write_table(table, row_group_size=GROUP_ROWS)
        file.flush()
        os.fsync(file.fileno())
    found = digest_of(part), part.stat().st_size
    part.rename(path)
    sync_folder(path.parent)
    return found


def read_raw(path: Path, rows: int) -> Iterator[Batch]:
    """The observations of a file, so many rows at a time.

    Refuses with `SegmentLost`.
    """
    try:
        with pq.ParquetFile(path) as file:
            for part in file.iter_batches(batch_size=rows, columns=RAW.names, use_threads=False):
                yield batch_of(*(part[name].to_numpy() for name in RAW.names))
    except (OSError, pa.ArrowException) as error:
        raise lost(path, error) from error


def digest_of(path: Path) -> str:
    """The sha256 of a file, in hex."""
    with open(path, "rb") as file:
        return file_digest(file, "sha256").hexdigest()


def lost(path: Path, error: Exception) -> SegmentLost:
    """The refusal of a file that cannot be read."""
    return SegmentLost(
        f"The observations of {path.stem} cannot be read; run `cityloop check` and bring the file back from a backup.",
        log=kind_of(error),
    )
