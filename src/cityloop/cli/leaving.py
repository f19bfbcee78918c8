"""`cityloop leave`: a city takes everything along, in open formats."""

from pathlib import Path
from typing import Annotated

import typer

import cityloop
from cityloop.cli.journal import verifier
from cityloop.cli.say import city, console, progress
from cityloop.journal.prove import origins
from cityloop.keeping.leaving import leave as leave_city
from cityloop.packs.layers import unarchive


def leave(to: Annotated[Path, typer.Option("--to", help="An empty folder.")]) -> None:
    """Write everything that the city has into a folder, in open formats, with a script that verifies it without Cityloop.

    Example: cityloop leave --to /mnt/leaving
    """
    with city() as parts:
        parts.sealer.start()
        parts.sealer.seal()
        with parts.database.reading() as tx:
            keys = {each.name: str(verifier(parts, each.name)) for each in origins(tx)}
            kept = tx.tuples("SELECT digest, bytes FROM pack_version WHERE city = :city ORDER BY digest")
        packs = {digest: {layer.id: layer.files for layer in unarchive(bytes(raw))} for digest, raw in kept}
        checker = (Path(cityloop.__file__).parent / "pages" / "takeaway" / "verify_case.py").read_bytes()
        with progress("taking tables along") as done:
            taken = leave_city(
                parts.database, Path(parts.settings.home), to, packs=packs, policy=parts.book.in_force(), keys=keys, checker=checker, on_progress=done
            )
    console.print(
        f"{taken.tables} tables with {taken.rows:,} rows, {taken.facts:,} facts, {taken.files:,} files, {taken.bytes / 1e6:,.1f} MB are in {to}. "
        f"Verify them without us: python3 {to}/verify_all.py",
        highlight=False,
    )
