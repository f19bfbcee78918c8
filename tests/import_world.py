"""Files of another system for stories and laws: made as a bureau would export them, read through the real door."""

import csv
from collections.abc import Mapping as Given
from pathlib import Path
from typing import Any

from cityloop.domain.policy import Policy
from cityloop.doors.files import Import, Tally, import_file, mapping_in
from cityloop.journal import Writer
from tests.spots import POINTS

COLUMNS = ("no", "came_in", "accepted", "filed", "sent", "done", "closed", "deadline", "state", "class", "unit", "words",
           "ended", "x", "y", "cell", "why")  # fmt: skip
MAPPING = """
source = "old-system"
kind = "cases"
key = ["no"]
as_of = "2026-03-01 00:00"
scheme = "gbt30428_2_2013"

[deadline]
document = "orders of the old system"
clause = "column deadline"
date = "2026"

[columns]
number = "no"
opened_at = "came_in"
accepted_at = "accepted"
filed_at = "filed"
dispatched_at = "sent"
handled_at = "done"
closed_at = "closed"
due_at = "deadline"
state = "state"
class = "class"
unit = "unit"
text = "words"
note = "ended"
lon = "x"
lat = "y"
cell = "cell"
refused_for = "why"
"""


def write_csv(path: Path, rows: list[Given[str, Any]], columns: tuple[str, ...] = COLUMNS) -> Path:
    """A CSV with a line for each row; what a row does not name stays empty."""
    with path.open("w", newline="", encoding="utf-8") as out:
        write = csv.DictWriter(out, columns, restval="")
        write.writeheader()
        write.writerows(rows)
    return path


def bring(
    writer: Writer, policy: Policy, folder: Path, path: Path, mapping: str = MAPPING, **more: Any
) -> Tally:
    """Import a file with a mapping."""
    named = folder / "mapping.toml"
    named.write_text(mapping, encoding="utf-8")
    read, digest = mapping_in(named)
    asked = Import(path=path, mapping=read, mapping_digest=digest, folder=folder / "imports", **more)
    return import_file(writer, policy, asked)


def bring_line(world: Any, no: str, *, kind: str | None = None, cell: str | None = None, **told: str) -> Tally:
    """Import a line into a town of stories, with a kind and a cell of its own words; the case is called by its number."""
    from tests.world import KINDS, SCHEME

    place = dict(zip(("x", "y"), POINTS[cell], strict=True)) if cell else {}
    line = {"no": no, "class": f"{SCHEME}/{KINDS[kind]}" if kind else "", **place, **told}
    tally = bring(world.writer, world.policy, world.folder, write_csv(world.folder / "old.csv", [line]))
    world.drain()
    with world.database.reading() as tx:
        found = tx.one("SELECT id, report_id FROM case_file WHERE city = :city AND number = :no", no=no)
    if found:
        world.called[no], world.reports[no] = found
    return tally


def bad_rows(tally: Tally) -> list[dict[str, str]]:
    """The bad rows that were listed."""
    if tally.bad_rows is None:
        return []
    with tally.bad_rows.open(newline="", encoding="utf-8-sig") as listed:
        return list(csv.DictReader(listed))
