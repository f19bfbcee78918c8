"""How a batch stands in a file: a head with its length and its checksum, then its columns, one after the other."""

import struct
from collections.abc import Iterator
from zlib import crc32

import numpy as np

from cityloop.telemetry.batch import Batch

MAGIC = b"CLO1"
_HEAD = struct.Struct("<4sIII")  # magic, rows, what follows, checksum of rows, what follows and columns
_SAID = struct.Struct("<II")
HEAD_BYTES = _HEAD.size
ROWS_MAX = 1 << 22  # of one frame: a length beyond it is no length
_TRACKS = 1  # what follows: the fourth column too
_ROW_BYTES = 20


def framed(batch: Batch) -> bytes:
    """The bytes of a batch. Shape: numbers of streams, moments, values, and tracks where there are any."""
    has_tracks = bool(batch.track.any())
    said = _SAID.pack(batch.size, _TRACKS if has_tracks else 0)
    columns = b"".join(
        np.ascontiguousarray(column, kind).tobytes()
        for column, kind in zip(batch, ("<i4", "<i8", "<f8", "<i8"), strict=True)
        if kind != "<i8" or column is batch.at or has_tracks
    )
    return MAGIC + said + crc32(columns, crc32(said)).to_bytes(4, "little") + columns


def frames_in(data: bytes) -> Iterator[tuple[int, Batch]]:
    """The whole frames at the beginning of these bytes: where each ends, and what it holds. Ends at what is none."""
    start, size = 0, len(data)
    while size - start >= HEAD_BYTES:
        magic, rows, follows, checksum = _HEAD.unpack_from(data, start)
        if magic != MAGIC or rows > ROWS_MAX or follows > _TRACKS:
            return
        first = start + HEAD_BYTES
        end = first + rows * (_ROW_BYTES + (8 if follows else 0))
        if end > size or crc32(memoryview(data)[first:end], crc32(_SAID.pack(rows, follows))) != checksum:
            return
        yield end, _columns(data, first, rows, bool(follows))
        start = end


def length_said(data: bytes) -> int:
    """How long the frame is that begins here, by its head; 0 where no frame begins."""
    if len(data) < HEAD_BYTES:
        return 0
    magic, rows, follows, _ = _HEAD.unpack_from(data)
    good = magic == MAGIC and rows <= ROWS_MAX and follows <= _TRACKS
    return HEAD_BYTES + rows * (_ROW_BYTES + (8 if follows else 0)) if good else 0


def _columns(data: bytes, first: int, rows: int, has_tracks: bool) -> Batch:
    stream = np.frombuffer(data, "<i4", rows, first)
    at = np.frombuffer(data, "<i8", rows, first + 4 * rows)
    value = np.frombuffer(data, "<f8", rows, first + 12 * rows)
    track = np.frombuffer(data, "<i8", rows, first + 20 * rows) if has_tracks else np.zeros(rows, np.int64)
    return Batch(stream, at, value, track)
