"""A cell as what it means: pure; what cannot be meant says what is wrong and what to do."""

import re
from collections.abc import Mapping as Given
from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from cityloop.doors.files.model import BadCell, Cell
from cityloop.doors.files.read.sheets import serial_moment

DIGITS_KEPT = 15  # significant digits of a number in a spreadsheet
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[eE]\+?\d+")
SERIALS = (10_000, 80_000)  # days of a spreadsheet that may be meant as a moment: 1927 to 2119
ISO = ("iso", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S")  # read many times faster than by strptime
LOST = "the code was a number, and digits of it are lost"
AS_TEXT = "format the column as text in the other system's export, and export it again"


def text(cell: Cell) -> str:
    """A cell as plain text without outer blanks."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    said = cell if type(cell) is str else str(cell)
    if said.isprintable():
        return said.strip()
    return "".join(each for each in said if each.isprintable() or each == "\n").strip()


def code(column: str, cell: Cell) -> str:
    """A cell that is a code: digits that a spreadsheet may have taken for a number.

    >>> code("ObjID", 101.0), code("ObjID", "0101")
    ('101', '0101')
    """
    if isinstance(cell, bool):
        raise BadCell(column, cell, "the code is true or false", AS_TEXT)
    if cell is None or cell == "":
        return ""
    if isinstance(cell, int | float):
        whole = int(cell)
        if whole != cell or len(str(abs(whole))) > DIGITS_KEPT:
            raise BadCell(column, cell, LOST, AS_TEXT)
        return str(whole)
    said = text(cell)
    if said.isdigit():
        return said
    if _SCIENTIFIC.fullmatch(said):
        raise BadCell(column, said, LOST, AS_TEXT)
    return said[:-2] if said.endswith(".0") and said[:-2].isdigit() else said


def moment(column: str, cell: Cell, form: str, zone: ZoneInfo) -> datetime | None:
    """A moment in UTC; None where the cell is empty. A wall time that comes twice is its first coming."""
    if cell is None or cell == "":
        return None
    try:
        if type(cell) is str and form in ISO:  # nearly always
            said = cell.strip()
            at = datetime.fromisoformat(said) if said else None
        elif isinstance(cell, datetime):
            at = cell
        elif isinstance(cell, int | float) and not isinstance(cell, bool):
            if not SERIALS[0] <= cell <= SERIALS[1]:
                raise ValueError
            at = serial_moment(float(cell))
        else:
            said = cell.strip()
            if not said:
                return None
            at = datetime.strptime(said, form)
    except (ValueError, AttributeError, TypeError):
        shown = "a date with a time, like 2026-03-06T16:00:00" if form == "iso" else f"written as {form}"
        raise BadCell(column, cell, f"it is no moment {shown}", "put it right, or say time_format in the mapping") from None
    if at is None:
        return None
    try:
        return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
    except OverflowError:
        raise BadCell(column, cell, "the moment is beyond the calendar", "put it right") from None


def number(column: str, cell: Cell) -> float | None:
    """A number; None where the cell is empty."""
    if cell is None or cell == "":
        return None
    try:
        return float(cell.strip()) if isinstance(cell, str) else float(cell)
    except (ValueError, TypeError):
        raise BadCell(column, cell, "it is no number", "write degrees or metres like 28.2282") from None


def worded(column: str, cell: Cell, words: Given[str, str] | None) -> str:
    """Our word for the file's; the file's own where the mapping translates nothing."""
    said = code(column, cell)
    if not words or not said:
        return said
    if said not in words:
        raise BadCell(column, said, "the mapping has no word of ours for it", f"add it to the values of {column}")
    return words[said]


@lru_cache(64)
def zone(name: str) -> ZoneInfo:
    """A zone by its name."""
    return ZoneInfo(name)
