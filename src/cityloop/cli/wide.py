"""`cityloop wide`: the facts as columns, made and looked over."""

import typer

from cityloop.cli.say import city, console, progress, wrong

app = typer.Typer(help="The archive: facts as columns, and the city as it was after any of them.", no_args_is_help=True)


@app.command("build")
def build() -> None:
    """Hear every fact that the archive has not heard, and seal it. The server does so while it runs.

    Example: cityloop wide build
    """
    with city() as parts:
        archive = parts.wide.archive()
        with progress("facts heard") as done:
            heard = archive.build(done)
        files = archive.files()
        size = sum(each.size_bytes for each in files) / 1e6
        console.print(
            f"Heard {heard:,} facts; the archive stands at {archive.shadow.at.seq:,}, in {len(files)} files of {size:,.1f} MB.", highlight=False
        )


@app.command("check")
def check() -> None:
    """Whether every file is whole, and every row is what the same facts make of it.

    Example: cityloop wide check
    """
    with city() as parts:
        archive = parts.wide.archive()
        from cityloop.wide.checking import faults_in  # Ibis takes a while to load
        from cityloop.wide.engines.duckdb import DuckWide

        wide = DuckWide(archive.folder)
        try:
            with progress("tables compared") as done:
                found = list(faults_in(archive, wide, done))
        finally:
            wide.close()
        for each in found:
            console.print(f"{each.where}: {each.what}", markup=False, highlight=False)
        if found:
            wrong(f"{len(found)} faults. Remove the folder {archive.folder} and run `cityloop wide build`: all of it follows from the journal.")
            raise typer.Exit(1)
        console.print(f"Whole: the archive says what {archive.shadow.at.seq:,} facts make.", highlight=False)
