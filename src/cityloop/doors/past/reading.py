"""Rows of a file as observations: numbers where they are numbers, moments by the clock that the mapping names, the rest is told."""

import csv
import gzip
import io
import math
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import IO, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cityloop.domain.calendar import epoch_us
from cityloop.doors.past.mapping import PastMapping, PastMappingWrong

ROWS = 200_000  # of a piece


class BadCell(NamedTuple):
    """What could not come in: where it stands, what it is, why, and what to do."""

    line: int
    column: str
    value: str
    why: str
    remedy: str


class Read(NamedTuple):
    """A piece of a file: names of streams, moments in microseconds since 1970, values; what was bad; how many bytes are read."""

    keys: list[str]
    at: list[int]
    value: list[float]
    bad: list[BadCell]
    done_bytes: int


def read_file(path: Path, mapping: PastMapping) -> Iterator[Read]:
    """The observations of a file, piece by piece.

    Refuses with `PastMappingWrong` where the file lacks a column of the mapping.
    """
    with path.open("rb") as raw:
        plain: IO[bytes] = gzip.GzipFile(fileobj=raw) if path.suffix == ".gz" else raw  # type: ignore[assignment]
        with io.TextIOWrapper(plain, encoding=mapping.encoding, errors="replace", newline="") as text:
            reader = csv.reader(text, delimiter=mapping.delimiter)
            head = next(reader, [])
            places = _places(head, mapping, path.name)
            moment = _moment_by(mapping)
            read = Read([], [], [], [], 0)
            for row in reader:
                _row(read, row, reader.line_num, places, mapping, moment)
                if len(read.at) >= ROWS or len(read.bad) >= ROWS:
                    yield read._replace(done_bytes=raw.tell())
                    read = Read([], [], [], [], 0)
            yield read._replace(done_bytes=raw.tell())


class _Places(NamedTuple):
    width: int
    thing: int | None
    at: tuple[int, ...]
    streams: tuple[tuple[int, str, str], ...]  # place, column, key of the stream


def _places(head: list[str], mapping: PastMapping, name: str) -> _Places:
    where = {column.strip(): place for place, column in enumerate(head)}
    named = [*mapping.at.columns, *filter(None, (mapping.at.column, mapping.thing_column)), *mapping.streams]
    if missing := [column for column in named if column not in where]:
        raise PastMappingWrong(f"{name} has no column {', '.join(missing[:5])}; it has {', '.join(list(where)[:20])}.")
    at = tuple(where[column] for column in mapping.at.columns or (mapping.at.column,))
    streams = tuple((where[column], column, key) for column, key in mapping.streams.items())
    return _Places(len(head), where[mapping.thing_column] if mapping.thing_column else None, at, streams)


def _moment_by(mapping: PastMapping):  # a cached function
    try:
        zone = ZoneInfo(mapping.at.zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise PastMappingWrong(f"{mapping.at.zone!r} is no time zone; say e.g. Asia/Shanghai or UTC.") from None

    @lru_cache(4096)
    def moment(parts: tuple[str, ...]) -> int:
        if mapping.at.columns:
            numbers = [int(part) for part in parts]
            found = datetime(*(numbers + [1, 1][len(numbers) - 1 :] if len(numbers) < 3 else numbers))  # type: ignore[arg-type]
        elif mapping.at.format:
            found = datetime.strptime(parts[0].strip(), mapping.at.format)
        else:
            found = datetime.fromisoformat(parts[0].strip())
        return epoch_us(found if found.tzinfo else found.replace(tzinfo=zone))

    return moment


def _row(read: Read, row: list[str], line: int, places: _Places, mapping: PastMapping, moment) -> None:
    if not row:
        return
    if len(row) != places.width:
        read.bad.append(BadCell(line, "", "", f"{len(row)} cells where the head has {places.width}", "mend the line"))
        return
    parts = tuple(row[place] for place in places.at)
    try:
        at = moment(parts)
    except (ValueError, OverflowError, TypeError):
        column = mapping.at.column or "/".join(mapping.at.columns)
        read.bad.append(BadCell(line, column, "/".join(parts)[:60], "no moment", "mend it, or say at.format in the mapping"))
        return
    thing = mapping.thing if places.thing is None else row[places.thing].strip()
    for place, column, key in places.streams:
        said = row[place].strip()
        if said in mapping.missing:
            continue
        try:
            value = float(said)
        except ValueError:
            value = math.nan
        if math.isfinite(value):
            read.keys.append(f"{thing}/{key}")
            read.at.append(at)
            read.value.append(value)
        else:
            read.bad.append(BadCell(line, column, said[:60], "no finite number", "mend it, or name it in `missing`"))
