"""`cityloop evidence`: the proof of one case, to hand to somebody who does not trust us."""

from pathlib import Path
from typing import Annotated

import typer

from cityloop.cli.case import IdOrNumber, case_of
from cityloop.cli.journal import verifier
from cityloop.cli.say import city, console
from cityloop.pages.bundle import archive_of, evidence_of, sealed_rows


def evidence(
    case: IdOrNumber,
    out: Annotated[Path | None, typer.Option(help="Where to write; evidence-NUMBER.zip here if it is left out.")] = None,
) -> None:
    """All facts of a case with their proofs, a verifier that needs only Python, and how to use it, as a ZIP.

    Example: cityloop evidence S010120260306-0001 --out case.zip
    """
    with city() as parts:
        with parts.database.reading() as tx:
            found = sealed_rows(tx, case_of(tx, case))
        made = evidence_of(
            found, parts.proofs, lambda log: str(verifier(parts, log.name)), city=parts.database.city,
            now=parts.database.clock(),
        )  # fmt: skip
    path = out or Path(f"evidence-{made.number or made.case}.zip")
    path.write_bytes(archive_of(made))
    console.print(f"{len(made.facts)} facts are proved in {path}; unpack it and run: python3 verify_case.py evidence.json")
