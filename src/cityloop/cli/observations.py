"""`cityloop observations`: what devices said, by the file."""

from pathlib import Path
from typing import Annotated

import typer

from cityloop.cli.say import city, console, progress, wrong
from cityloop.doors.past import import_past, mapping_in

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
