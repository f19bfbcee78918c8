"""`cityloop scores`: what was published, and whether the journal alone gives it."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from cityloop.app import Parts
from cityloop.cli.say import city, console, progress, table, wrong
from cityloop.db import open_database
from cityloop.journal.replay import replay as replay_journal
from cityloop.stages.evaluate.model.published import SheetRow
from cityloop.stages.evaluate.service.fair import ScoreDifference, differences_in, scores_in
from cityloop.stages.evaluate.store.fair.sheets import sheet_get, sheet_list

app = typer.Typer(help="Scores: what was published, and whether the journal gives it.", no_args_is_help=True)
SHEETS_MAX = 200
Sheet = Annotated[str, typer.Argument(help="The sheet; none: the one that was published last.")]


@app.command("list")
def list_() -> None:
    """The sheets that were published, the newest first.

    Example: cityloop scores list
    """
    with city() as parts:
        with parts.database.reading() as tx:
            rows = sheet_list(tx, scheme=None, before=None, limit=SHEETS_MAX)
        found = table("sheet", "state", "scores", "seq")
        for row in rows:
            found.add_row(row.id, row.state, str(len(scores_in(row))), f"{row.seq:,}")
        console.print(found if rows else "Nothing was published yet.")


@app.command()
def check(sheet: Sheet = "") -> None:
    """Count a published sheet again from the facts that it names, under the pack that it names, and compare every number.

    Example: cityloop scores check department.2026-03-01.2026-03-31.1
    """
    with city() as parts:
        row = _sheet(parts, sheet)
        facts, found = counted_again(parts, row)
        if facts < row.seq:
            wrong(f"The sheet follows from {row.seq:,} facts, and the journal has {facts:,}: it is of another city.")
            raise typer.Exit(1)
        for each in found[:50]:
            console.print(f"{each.object}: said {each.said}, counted {each.counted}", markup=False, highlight=False)
        if found:
            wrong(f"{len(found)} scores of {row.id} differ from what the journal says.")
            raise typer.Exit(1)
        console.print(f"Equal: {facts:,} facts of the journal alone give the {len(scores_in(row))} scores of {row.id}.", highlight=False)


def counted_again(parts: Parts, row: SheetRow) -> tuple[int, list[ScoreDifference]]:
    """Apply the facts that a sheet follows from to empty tables; how many they were, and what the sheet says otherwise."""
    policy = parts.book.of(row.pack)
    with TemporaryDirectory(prefix="cityloop-scores-") as folder:
        target = open_database(str(Path(folder) / "replay.db"), parts.database.city)
        try:
            with progress("replaying") as done:
                facts = replay_journal(parts.database, target, parts.journal, on_progress=done, until=row.seq)
            with target.reading() as tx:
                return facts, list(differences_in(tx, row, policy=policy))
        finally:
            target.close()


def _sheet(parts: Parts, id: str) -> SheetRow:
    """The sheet that is meant.

    Refuses with `SheetUnknown`.
    """
    with parts.database.reading() as tx:
        last = sheet_list(tx, scheme=None, before=None, limit=1)
        return sheet_get(tx, id or (last[0].id if last else "none"))
