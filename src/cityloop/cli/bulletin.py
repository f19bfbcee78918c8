"""`cityloop bulletin`: whether a bulletin's files are what the journal alone gives."""

from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from cityloop.app import Parts
from cityloop.cli.say import city, console, progress, wrong
from cityloop.db import open_database
from cityloop.journal.replay import replay as replay_journal
from cityloop.printing import Document, Form, written
from cityloop.stages.evaluate import bulletin_get, document_again, files_in
from cityloop.stages.evaluate.model.bulletin import BulletinRow

app = typer.Typer(help="Bulletins: whether a file is what was told.", no_args_is_help=True)


@app.command("check")
def check(
    id: Annotated[str, typer.Argument(help="The bulletin's id, as /v1/bulletins names it.")],
    out: Annotated[Path | None, typer.Option(help="Also write what was made again into this folder.")] = None,
) -> None:
    """Make a bulletin again from the journal and its pack alone, and compare every file with the digest that was told.

    Example: cityloop bulletin check 0198e1c2-…
    """
    with city() as parts:
        with parts.database.reading() as tx:
            row = bulletin_get(tx, id, seats=[None])
        document = _again(parts, row)
        differ = []
        for file in files_in(row.files):
            raw = written(document, Form(file.form))
            if out:
                out.mkdir(parents=True, exist_ok=True)
                (out / f"{row.kind}-{row.first_day}.{file.form}").write_bytes(raw)
            if sha256(raw).hexdigest() != file.digest:
                differ.append(file.form)
        if differ:
            wrong(f"{', '.join(differ)} came out otherwise; compare the numbers, and the versions of the libraries that write.")
            raise typer.Exit(1)
        console.print(f"Equal: {row.seq:,} facts and pack {row.pack[:12]} give the same {len(files_in(row.files))} files.", highlight=False)


def _again(parts: Parts, row: BulletinRow) -> Document:
    """The document, out of tables that the facts until its `seq` made."""
    with TemporaryDirectory(prefix="cityloop-bulletin-") as folder:
        target = open_database(str(Path(folder) / "replay.db"), parts.database.city)
        try:
            with progress("replaying") as done:
                replay_journal(parts.database, target, parts.journal, on_progress=done, until=row.seq)
            with target.reading() as tx:
                return document_again(tx, row, policy=parts.book.of(row.pack))
        finally:
            target.close()
