"""XLSX: row by row, with what a spreadsheet hides: merged cells, formulas without a value, numbers that were codes."""

import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.cell import range_boundaries
from openpyxl.utils.datetime import CALENDAR_WINDOWS_1900, from_excel
from openpyxl.utils.exceptions import InvalidFileException

from cityloop.doors.files.model import Cell, FileUnreadable, Line, Mapping
from cityloop.doors.files.read.packed import looked_at
from cityloop.doors.files.read.table import Table

CHUNK, OVERLAP = 1 << 20, 512
_MERGED = re.compile(rb'<mergeCell [^>]*ref="([A-Z]+[0-9]+:[A-Z]+[0-9]+)"')
_FORMULA = re.compile(rb"<f[ />]")
_BROKEN = re.compile(r"#(REF|VALUE|N/A|DIV/0|NAME\?|NUM|NULL)!?")
FORMULA = ("the cell is a formula whose value the file does not hold", "open the file, let it calculate, save it, or paste values")
Span = tuple[int, int, int, int]  # first column, first row, last column, last row


def open_xlsx(path: Path, mapping: Mapping) -> Table:
    """A table of one sheet. Merged cells all have the value of the first, and the notes say so.

    Refuses with `FileUnreadable`.
    """
    looked_at(path)
    book = _book(path, values=True)
    try:
        sheet = _sheet(book, mapping, path)
        part = sheet._worksheet_path
        epoch = book.epoch
        header = next(sheet.iter_rows(min_row=mapping.header_row, max_row=mapping.header_row, values_only=True), ())
    finally:
        book.close()
    columns = [str(each).strip() if each is not None else "" for each in header]
    while columns and not columns[-1]:
        columns.pop()
    if not columns:
        raise FileUnreadable(f"{path.name} has no header in row {mapping.header_row}; say header_row in the mapping.")
    merged, formulas = _looked_through(path, part)
    if any(first <= mapping.header_row <= last for _, first, _, last in merged):
        raise FileUnreadable(
            f"{path.name} has merged cells in its header, row {mapping.header_row}; unmerge them, one name a column, or say "
            "header_row in the mapping."
        )
    below = [each for each in merged if each[1] > mapping.header_row]
    notes = [f"{len(below)} merged ranges: each of their cells was read as the value of the first."] if below else []

    def read(wanted: list[str]) -> Iterator[Line]:
        places = [columns.index(each) for each in wanted]
        shown = _rows(path, mapping, values=True)
        typed = _rows(path, mapping, values=False) if formulas else None
        held: dict[tuple[int, int], Cell] = {}
        for at, row in enumerate(shown, mapping.header_row + 1):
            written = next(typed, ()) if typed else ()
            row = _filled(list(row), at, below, held) if below else row
            if all(cell is None for cell in row):
                continue
            cells = [_plain(row[place] if place < len(row) else None) for place in places]
            odd = _odd(wanted, places, cells, written)
            yield Line(at, cells, None, odd or None)

    return Table(columns=columns, read=read, notes=notes) if epoch == CALENDAR_WINDOWS_1900 else _of_1904(path)


def serial_moment(days: float) -> datetime:
    """The wall time of a spreadsheet's serial number of days."""
    return from_excel(days)


def _of_1904(path: Path) -> Table:
    raise FileUnreadable(f"{path.name} counts its days from 1904; save it with the usual calendar, or export a CSV.")


def _book(path: Path, *, values: bool) -> Any:
    try:
        return load_workbook(path, read_only=True, data_only=values)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, OSError, ValueError) as error:
        raise FileUnreadable(f"{path.name} is no XLSX: {error}; save it as XLSX, or export a CSV.") from None


def _sheet(book: Any, mapping: Mapping, path: Path) -> Any:
    if mapping.sheet and mapping.sheet not in book.sheetnames:
        raise FileUnreadable(f"{path.name} has no sheet {mapping.sheet}; it has {', '.join(book.sheetnames)}.")
    return book[mapping.sheet] if mapping.sheet else book.worksheets[0]


def _rows(path: Path, mapping: Mapping, *, values: bool) -> Iterator[tuple]:
    book = _book(path, values=values)
    try:
        yield from _sheet(book, mapping, path).iter_rows(min_row=mapping.header_row + 1, values_only=True)
    finally:
        book.close()


def _looked_through(path: Path, part: str) -> tuple[list[Span], bool]:
    """The merged ranges of a sheet, and whether it has formulas: both stand where a stream of rows does not show them."""
    merged: dict[Span, None] = {}
    formulas = False
    with zipfile.ZipFile(path) as packed, packed.open(part.lstrip("/")) as raw:
        before = b""
        while chunk := raw.read(CHUNK):
            text = before + chunk
            formulas = formulas or _FORMULA.search(text) is not None
            merged |= {range_boundaries(each.decode()): None for each in _MERGED.findall(text)}
            before = text[-OVERLAP:]
    return list(merged), formulas


def _filled(row: list[Cell], at: int, merged: list[Span], held: dict[tuple[int, int], Cell]) -> list[Cell]:
    """The row with the first value of each merged range that reaches into it."""
    for left, first, right, last in merged:
        if not first <= at <= last:
            continue
        if at == first:
            held[left, first] = row[left - 1] if left <= len(row) else None
        for place in range(left - 1, min(right, len(row))):
            row[place] = held.get((left, first))
        if at == last:
            held.pop((left, first), None)
    return row


def _plain(cell: Cell) -> Cell:
    if isinstance(cell, date) and not isinstance(cell, datetime):
        return datetime.combine(cell, time())
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return int(cell)
    return cell


def _odd(wanted: list[str], places: list[int], cells: list[Cell], written: tuple) -> dict[str, tuple[str, str]]:
    found = {}
    for name, place, cell in zip(wanted, places, cells, strict=True):
        said = written[place] if place < len(written) else None
        if cell is None and isinstance(said, str) and said.startswith("="):
            found[name] = FORMULA
        elif isinstance(cell, str) and _BROKEN.fullmatch(cell):
            found[name] = (f"the cell holds the error {cell}", "put the formula right, or paste values")
    return found
