"""`cityloop move`: a city from one database to another, with proof."""

from pathlib import Path
from typing import Annotated

import typer

from cityloop.app import apply_of_all
from cityloop.cli.backing_up import running
from cityloop.cli.say import console, progress
from cityloop.journal import Journal
from cityloop.keeping.moving import move as move_city


def move(
    to: Annotated[str, typer.Option("--to", help="postgresql://… of an empty database; or `sqlite`: a file in the home.")],
) -> None:
    """Move a stopped city to another database, and prove that both hold the same. The old one is never opened again.

    Example: cityloop move --to postgresql://cityloop@db.example/cityloop
    """
    with running() as (settings, source):
        home = Path(settings.home)
        url = str(home / "city.db") if to == "sqlite" else to
        with progress("moving") as done:
            found = move_city(source, url, journal=Journal(apply_of_all()), home=home, on_progress=done)
    console.print(
        f"{found.proof.size:,} facts under root {found.proof.root[:16]}…, {found.proof.rows:,} rows of {len(found.proof.tables)} tables are the same "
        f"on both sides; a replay there gives the same {found.replayed:,} rows. {found.seconds:.1f} s.",
        highlight=False,
    )
    console.print("The old database is closed for good. Next: " + ("unset CITYLOOP_DATABASE" if to == "sqlite" else f"set CITYLOOP_DATABASE={to}"), highlight=False, markup=False)
    console.print("Then: cityloop check, cityloop up", highlight=False)
