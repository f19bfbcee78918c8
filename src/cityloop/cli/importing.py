"""`cityloop import`: old cases, reports, people and places of another system's files."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from cityloop.app import settings_from, settle_memory
from cityloop.cli.say import city, console, progress, table, wrong
from cityloop.doors.files import (
    IN_PACK,
    Import,
    Kind,
    Mapping,
    Tally,
    columns_of,
    compare_file,
    format_of,
    import_file,
    import_into,
    import_people,
    mapping_in,
    sketch,
)
from cityloop.doors.files.compare import Report

SOME_BAD = 3  # the exit code where some rows could not come in


def import_(
    file: Annotated[Path, typer.Argument(help="CSV (also .gz), XLSX, JSON lines, GeoJSON or shapefile.")],
    mapping: Annotated[Path | None, typer.Option(help="The TOML file that says which column is what.")] = None,
    sketch_: Annotated[bool, typer.Option("--sketch", help="Write a first mapping from the file's header.")] = False,
    kind: Annotated[Kind, typer.Option(help="With --sketch: what the rows are.")] = Kind.cases,
    compare: Annotated[bool, typer.Option("--compare", help="Change nothing; list what differs from the cases here.")] = False,
    into: Annotated[Path | None, typer.Option(help="The pack's folder, for units, areas, components, roads, landmarks and doors.")] = None,
    bad: Annotated[Path | None, typer.Option(help="Where to list bad rows; else beside the file.")] = None,
    out: Annotated[Path | None, typer.Option(help="With --compare: where to list differences; else beside the file.")] = None,
    datum_is_right: Annotated[bool, typer.Option("--datum-is-right", help="The places are in the declared datum.")] = False,
) -> None:
    """Bring in what another system exported. Rows that came in before do not come in twice; an interrupted import goes on.

    Imported facts say so, and nothing follows from them: no notice, no webhook, no timer. Bad rows are listed in a CSV with
    line, column and what to do, and the exit code is then 3.

    Example: cityloop import cases.csv.gz --mapping old_system.toml
    """
    if sketch_:
        print(_sketched(file, mapping, kind))
        return
    if mapping is None:
        raise typer.BadParameter("say --mapping, or --sketch to write a first one", param_hint="--mapping")
    found, digest = mapping_in(mapping)
    if compare:
        _compare(file, found, out or file.with_name(f"{file.name}.differences.csv"))
        return
    if (into is not None) != (found.kind in IN_PACK):
        said = f"{found.kind} belong in a pack: say --into" if into is None else f"{found.kind} belong in no pack: leave --into out"
        raise typer.BadParameter(said, param_hint="--into")
    if into:
        folder = Path(settings_from().home) / "imports"
        now = datetime.now(UTC)
        tally = import_into(into, file, found, folder=folder, bad=bad, datum_is_right=datum_is_right, now=now)
    else:
        tally = _into_city(file, found, digest, bad, datum_is_right)
    _say(tally, found)
    if tally.bad:
        raise typer.Exit(SOME_BAD)


def _into_city(file: Path, mapping: Mapping, digest: str, bad: Path | None, datum_is_right: bool) -> Tally:
    with city() as parts, progress(f"importing {file.name}") as done:
        settle_memory()
        folder = Path(parts.settings.home) / "imports"
        policy = parts.book.in_force()
        if mapping.kind is Kind.people:
            return import_people(parts.writer, policy, file, mapping, folder=folder, bad=bad)
        asked = Import(
            path=file, mapping=mapping, mapping_digest=digest, folder=folder, bad=bad, datum_is_right=datum_is_right,
            on_progress=done,
        )  # fmt: skip
        return import_file(parts.writer, policy, asked)


def _say(tally: Tally, mapping: Mapping) -> None:
    said = [(tally.added, "new"), (tally.same, "known already"), (tally.renewed, "told otherwise now"),
            (tally.differing, "differ and were left: somebody here has gone on with them"), (tally.bad, "bad")]  # fmt: skip
    parts = ", ".join(f"{count:,} {words}" for count, words in said if count)
    speed = f", {tally.records / tally.seconds:,.0f} rows/s" if tally.seconds else ""
    console.print(f"{tally.records:,} {mapping.kind} of {mapping.source}: {parts or 'none'}{speed}.", markup=False)
    for note in tally.notes:
        console.print(note, markup=False)
    if tally.bad_rows:
        wrong(f"{tally.bad:,} rows could not come in; {tally.bad_rows} says which, why and what to do.")


def _sketched(file: Path, mapping: Path | None, kind: Kind) -> str:
    """A mapping's text. An existing mapping helps to open the file: its encoding, sheet and header row count."""
    known = mapping_in(mapping)[0] if mapping else None
    return sketch(columns_of(file, known), kind, source=file.name.partition(".")[0], format=format_of(file))


def _compare(file: Path, mapping: Mapping, out: Path) -> None:
    with city() as parts, console.status(f"comparing {file.name}"):
        report = compare_file(
            parts.database, parts.book.in_force(), file, mapping, Path(parts.settings.home) / "imports", out
        )
    console.print(shown(report))
    console.print(f"{sum(report.found.values()):,} differences are listed in {out}.", markup=False)


def shown(report: Report):
    """The comparison as a table: a line for each department, a column for each kind of difference."""
    kinds = sorted({what for _, what in report.found})
    rows = table("department", "rows", *kinds, "in time", "late")
    for name in [*report.departments, ""]:
        mine = [name] if name else report.departments
        counts = [sum(report.found[each, what] for each in mine) for what in kinds]
        timely = [
            sum(n for (each, there, _), n in report.verdicts.items() if each in mine and there is said)
            for said in (True, False)
        ]
        total = sum(report.rows[each] for each in mine)
        rows.add_row(escape(name or "all"), *(f"{each:,}" for each in [total, *counts, *timely]))
    return rows
