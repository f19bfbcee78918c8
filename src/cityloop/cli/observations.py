"""`cityloop observations`: what devices said, by the file."""

from pathlib import Path
from typing import Annotated

import typer

from cityloop.cli.say import city, console, progress, wrong
from cityloop.doors.past import import_past, mapping_in
from cityloop.telemetry.segments import faults_of

app = typer.Typer(help="What devices said.", no_args_is_help=True)
SOME_BAD = 3  # the exit code where some cells could not come in


@app.command("import")
def import_observations(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A CSV file with a line of names; also .gz.")],
    mapping: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="The TOML file that says which column is what.")],
    judge: Annotated[bool, typer.Option("--judge", help="Let the rules judge it as if it came now; else it is history.")] = False,
    bad: Annotated[Path | None, typer.Option(help="Where to list bad cells; else beside the file.")] = None,
) -> None:
    """Bring in observations of the past. What came in before does not come in twice; an interrupted import goes on.

    No rule looks at them, unless --judge. Bad cells are listed in a CSV with line, column and what to do; the exit code is then 3.

    Example: cityloop observations import station.csv.gz --mapping station.toml
    """
    said = mapping_in(mapping)
    with city() as parts, progress(f"importing {file.name}") as done:
        log = parts.senses.log if judge else parts.senses.past
        tally = import_past(file, said, parts.register.refresh(), parts.senses.history, log.append, bad=bad, on_progress=done)
    console.print(f"{tally.new:,} new, {tally.same:,} known already, {tally.bad:,} bad.", markup=False)
    if tally.bad_rows:
        wrong(f"{tally.bad:,} values could not come in; {tally.bad_rows} says which, why and what to do.")
        raise typer.Exit(SOME_BAD)


@app.command("abandon")
def abandon(
    segments: Annotated[list[str], typer.Argument(help="Files of observations that `cityloop check` names as missing or damaged.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask once more.")] = False,
) -> None:
    """Give files of observations up that are lost and cannot be brought back: what waits for them goes on without. A fact says so.

    Example: cityloop observations abandon 2026-03-06.0.17
    """
    if not yes:
        typer.confirm(f"Give up {', '.join(segments)} for good?", abort=True)
    with city() as parts:
        lost = dict(faults_of(parts.senses.segments))
        if whole := [each for each in segments if each not in lost]:
            wrong(f"{', '.join(whole)}: as sealed, or no such file; nothing is given up. See which are lost: cityloop check")
            raise typer.Exit(1)
        parts.senses.segments.give_up(segments, parts.database.clock())
    console.print(f"{len(segments)} files of observations are given up.", markup=False)
