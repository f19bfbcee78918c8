"""The rows that could not come in: a CSV with line, column, value, what is wrong and what to do."""

import csv
import os
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from msgspec.structs import astuple

from cityloop.domain.cells import never_run
from cityloop.doors.files.model import Bad

COLUMNS = ("line", "column", "value", "what_is_wrong", "what_to_do")


class BadRows:
    """The file of bad rows. It is made with the first; of an interrupted import the ones that stand are kept."""

    def __init__(self, path: Path, *, kept: int):
        self.path = path
        self._out: IO[str] | None = None
        self._ends: dict[int, int] = {}  # how many rows -> where in the file they end
        if not kept and path.exists():
            path.unlink()
        elif kept and path.exists():
            self._open_after(kept)

    def write(self, rows: Sequence[Bad], *, after: int) -> None:
        """Write rows behind the first `after`, durably. Done again, it takes the place of what it did before."""
        if not rows:
            return
        if self._out is None:
            self._out = self.path.open("w", newline="", encoding="utf-8-sig")  # a spreadsheet reads it as it is
            csv.writer(self._out).writerow(COLUMNS)
            self._out.flush()
            self._ends[after] = self._out.tell()
        self._out.seek(self._ends[after])
        self._out.truncate()
        csv.writer(self._out).writerows([safe(each) for each in astuple(row)] for row in rows)
        self._out.flush()
        os.fsync(self._out.fileno())
        self._ends = {after: self._ends[after], after + len(rows): self._out.tell()}

    def close(self) -> None:
        """Let the file go."""
        if self._out:
            self._out.close()

    def _open_after(self, kept: int) -> None:
        with self.path.open(newline="", encoding="utf-8-sig") as before:
            rows = [row for _, row in zip(range(kept + 1), csv.reader(before), strict=False)]
        self._out = self.path.open("w", newline="", encoding="utf-8-sig")
        csv.writer(self._out).writerows(rows)
        self._out.flush()
        self._ends[kept] = self._out.tell()


def safe(value: object) -> object:
    """A cell that a spreadsheet will not take for a formula.

    >>> safe("=1+1"), safe(3)
    ("'=1+1", 3)
    """
    return never_run(value) if isinstance(value, str) else value
