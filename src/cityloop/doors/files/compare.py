"""A parallel run: each row of the other system's export beside our case, and where the two tell otherwise."""

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from itertools import islice
from pathlib import Path

from msgspec import Struct, field

from cityloop.db import Database, Tx
from cityloop.db.tx import Row as Seen
from cityloop.domain.lifecycle import OVER, State
from cityloop.domain.policy import Policy
from cityloop.domain.time import moment
from cityloop.doors.files import datum, rules, store, values
from cityloop.doors.files.badrows import safe
from cityloop.doors.files.copies import copied
from cityloop.doors.files.mapping import columns_checked
from cityloop.doors.files.model import BadCell, Kind, Line, Mapping, MappingWrong, Row
from cityloop.doors.files.read import open_table
from cityloop.doors.files.rules import Reading
from cityloop.places import locate

BATCH = 250
COLUMNS = ("department", "number", "what", "there", "here")
MISSING_HERE, MISSING_THERE, NO_VERDICT, UNREADABLE = "missing here", "missing there", "verdict blank there", "unreadable"
NOBODY = "(none)"


class Difference(Struct, frozen=True, kw_only=True):
    """One thing that the two systems tell otherwise of a case."""

    department: str
    number: str
    what: str
    there: str
    here: str


class Report(Struct, kw_only=True):
    """What a comparison came to: rows and differences by department, and how verdicts of in time agree."""

    rows: Counter = field(default_factory=Counter)  # department -> rows
    found: Counter = field(default_factory=Counter)  # (department, what) -> differences
    verdicts: Counter = field(default_factory=Counter)  # (department, in time there, in time here) -> rows

    @property
    def departments(self) -> list[str]:
        """Every department that has a row or a difference."""
        return sorted({*self.rows, *(department for department, _ in self.found)})


def compare_file(database: Database, policy: Policy, path: Path, mapping: Mapping, folder: Path, out: Path) -> Report:
    """Compare an export with the cases here, by source and key, else by number; write each difference to a CSV.

    A case of ours that began within the export's time and that no row names is missing there. Nothing is changed.
    Refuses with `FileUnreadable`, `FileChanged`, `ColumnMissing` or `MappingWrong`.
    """
    if mapping.kind is not Kind.cases:
        raise MappingWrong(f"Only cases can be compared, not {mapping.kind}; give an export of cases.")
    report = Report()
    wanted = [*mapping.wanted, *([mapping.compare.on_time] if mapping.compare else [])]
    with copied(path, folder, mapping) as copy, out.open("w", newline="", encoding="utf-8-sig") as to:
        table = open_table(copy.path, mapping)
        columns_checked(mapping, table.columns)
        reading = Reading(
            mapping=mapping, policy=policy, convert=datum.converter(mapping.datum), locate=partial(locate, policy),
            now=database.clock(), file=copy.digest[:12],
        )  # fmt: skip
        write = csv.writer(to)
        write.writerow(COLUMNS)
        for each in _differences(database, table.read(wanted), reading, report):
            report.found[each.department, each.what] += 1
            write.writerow([safe(part) for part in (each.department, each.number, each.what, each.there, each.here)])
    return report


def _differences(database: Database, lines: Iterator[Line], reading: Reading, report: Report) -> Iterator[Difference]:
    seen: set[str] = set()
    first: datetime | None = None
    last: datetime | None = None
    with database.reading() as tx:
        while batch := list(islice(lines, BATCH)):
            rows: list[tuple[Row, str]] = []
            for line in batch:
                try:
                    row = rules.row_of(Line(line.no, line.cells[: len(reading.mapping.wanted)], line.shape, line.odd), reading)
                    rows.append((row, values.text(line.cells[-1]) if reading.mapping.compare else ""))
                except BadCell as no:
                    yield Difference(department=NOBODY, number="", what=UNREADABLE, there=f"line {line.no}", here=no.detail)
            for row, _ in rows:
                first = min(first or row.opened_at, row.opened_at)
                last = max(last or row.opened_at, row.opened_at)
            yield from _of_batch(tx, rows, reading, report, seen)
        if first and last:
            for case in store.case_list_between(tx, first, last):
                if case.id not in seen:
                    yield _between(case.unit, case.number or case.id, MISSING_THERE, "", case.state)


def _of_batch(
    tx: Tx, rows: Sequence[tuple[Row, str]], reading: Reading, report: Report, seen: set[str]
) -> Iterator[Difference]:
    ids = [f"{row.origin.source}/{row.origin.key}" for row, _ in rows]
    by_id = store.case_by_imported(tx, ids) if ids else {}
    by_number = store.case_by_number(tx, [row.number for row, _ in rows if row.number])
    as_of = reading.as_of()
    for (row, verdict), id in zip(rows, ids, strict=True):
        report.rows[row.unit or NOBODY] += 1
        case = by_id.get(id) or by_number.get(row.number or "")
        if case is None:
            yield _between(row.unit, row.number or row.origin.key, MISSING_HERE, _state(row), "")
            continue
        seen.add(case.id)
        yield from _beside(row, case)
        if reading.mapping.compare:
            yield from _verdicts(row, case, verdict, reading.mapping, as_of, report)


def _beside(row: Row, case: Seen) -> Iterator[Difference]:
    name = row.number or row.origin.key
    there_over = _state(row) in OVER
    if there_over != (case.state in OVER) or (there_over and _state(row) != case.state):
        yield _between(row.unit, name, "state", _state(row), case.state)
    if row.unit != case.unit:
        yield _between(row.unit, name, "unit", row.unit or "", case.unit or "")
    for what, there, here in (("deadline", row.due_at, case.due_at), ("closed", row.closed_at, case.closed_at)):
        if there != (moment(here) if here else None):
            yield _between(row.unit, name, what, there.isoformat() if there else "", here or "")


def _verdicts(
    row: Row, case: Seen, verdict: str, mapping: Mapping, as_of: datetime, report: Report
) -> Iterator[Difference]:
    assert mapping.compare
    name, department = row.number or row.origin.key, row.unit or NOBODY
    due, closed = (moment(at) if at else None for at in (case.due_at, case.closed_at))
    here = rules.on_time(due, closed, as_of)
    there = mapping.compare.values.get(verdict)
    report.verdicts[department, there, here] += 1
    if there is None:
        yield _between(row.unit, name, NO_VERDICT, verdict, _said(here))
    elif there != here:
        yield _between(row.unit, name, "in time", _said(there), _said(here))


def _state(row: Row) -> str:
    return row.state or (State.closed if row.closed_at else "open")


def _said(in_time: bool) -> str:
    return "in time" if in_time else "late"


def _between(unit: str | None, number: str, what: str, there: str, here: str) -> Difference:
    return Difference(department=unit or NOBODY, number=number, what=what, there=there, here=here)
