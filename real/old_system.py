"""The files that a made-up system of before exports: one form for the month and for the benchmark of importing."""

import csv
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

MAPPING = Path(__file__).parent / "mappings" / "old_cases.toml"
STEPS = ("came_in", "accepted", "filed", "sent", "done", "closed")
COLUMNS = ("no", *STEPS, "deadline", "state", "class", "unit", "x", "y", "words", "ended", "caller", "phone")


def write_export(path: Path, rows: Iterable[Sequence[object]]) -> None:
    """A file with a line for each row, in the order of `COLUMNS`; moments as the mapping reads them, nothing as nothing."""
    with path.open("w", newline="", encoding="utf-8") as out:
        write = csv.writer(out)
        write.writerow(COLUMNS)
        write.writerows([_text(each) for each in row] for row in rows)


def _text(value: object) -> object:
    return f"{value:%Y-%m-%d %H:%M:%S}" if isinstance(value, datetime) else value
