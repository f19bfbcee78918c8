"""CSV and JSON lines, also packed with gzip, in any encoding that the mapping declares."""

import csv
import gzip
import io
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import msgspec

from cityloop.doors.files.model import FileUnreadable, Line, Mapping
from cityloop.doors.files.read.table import Table, short

CELL_MAX = 1 << 20  # characters: a longer cell is a quote that was never closed
SEEN_FOR_COLUMNS = 200  # records of JSON lines whose members are taken for the columns


def bytes_of(path: Path) -> IO[bytes]:
    """The file's bytes, unpacked: what they are packed with is seen from their first, not from the name."""
    with path.open("rb") as raw:
        packed = raw.read(2) == b"\x1f\x8b"
    return gzip.open(path, "rb") if packed else path.open("rb")  # type: ignore[return-value]


def text_of(path: Path, encoding: str) -> IO[str]:
    """The file as text. Line ends stay as they are; a mark of byte order is no text."""
    named = "utf-8-sig" if encoding.lower().replace("_", "-") in ("utf-8", "utf8") else encoding
    return io.TextIOWrapper(bytes_of(path), encoding=named, newline="")


def open_csv(path: Path, mapping: Mapping) -> Table:
    """A table of a CSV. Refuses with `FileUnreadable`."""
    csv.field_size_limit(CELL_MAX)
    delimiter = "\t" if path.name.lower().removesuffix(".gz").endswith(".tsv") else mapping.delimiter
    with text_of(path, mapping.encoding) as lines:
        header = _record(csv.reader(lines, delimiter=delimiter), path, skip=mapping.header_row - 1)
    if not header:
        raise FileUnreadable(f"{path.name} is empty; export it again.")
    columns = [each.strip() for each in header]

    def read(wanted: list[str]) -> Iterator[Line]:
        places = [columns.index(each) for each in wanted]
        width = len(columns)
        with text_of(path, mapping.encoding) as lines:
            rows = csv.reader(lines, delimiter=delimiter)
            _record(rows, path, skip=mapping.header_row - 1)
            while True:
                at = rows.line_num + 1
                row = _record(rows, path)
                if row is None:
                    return
                if len(row) == width:
                    yield Line(at, [row[place] for place in places])
                elif row:
                    yield Line(at, [""] * len(places), None, short(width - len(row), width))

    return Table(columns=columns, read=read)


def open_jsonl(path: Path, mapping: Mapping) -> Table:
    """A table of JSON lines; `a.b` is the member b of the member a. Refuses with `FileUnreadable`."""
    columns: dict[str, None] = {}
    with text_of(path, mapping.encoding) as lines:
        for _, line in zip(range(SEEN_FOR_COLUMNS), lines, strict=False):
            try:
                columns |= dict.fromkeys(_flat(msgspec.json.decode(line)) if line.strip() else ())
            except (msgspec.DecodeError, AttributeError):
                continue
    if not columns:
        raise FileUnreadable(f"{path.name} holds no JSON object in its first lines; write one object a line.")

    def read(wanted: list[str]) -> Iterator[Line]:
        with text_of(path, mapping.encoding) as lines:
            for at, line in enumerate(lines, 1):
                if not line.strip():
                    continue
                try:
                    found = _flat(msgspec.json.decode(line))
                    yield Line(at, [found.get(each) for each in wanted])
                except (msgspec.DecodeError, AttributeError):
                    odd = {"": ("the line is no JSON object", "write one object a line")}
                    yield Line(at, [None] * len(wanted), None, odd)

    return Table(columns=list(columns), read=read)


def _record(rows: Iterator[list[str]], path: Path, *, skip: int = 0) -> list[str] | None:
    try:
        for _ in range(skip):
            next(rows, None)
        return next(rows, None)
    except csv.Error as error:
        raise FileUnreadable(
            f"{path.name} near line {rows.line_num}: {error}; look for a quote that is not closed."  # type: ignore[attr-defined]
        ) from None


def _flat(found: dict, before: str = "") -> dict:
    flat = {}
    for name, value in found.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{before}{name}.")
        else:
            flat[f"{before}{name}"] = value
    return flat
