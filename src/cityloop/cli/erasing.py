"""`cityloop erase`: personal data go, for good; the fact stays and says nothing."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from cityloop.cli.say import city, console, progress, wrong
from cityloop.domain.ids import VaultId
from cityloop.domain.time import utc_text
from cityloop.journal import vault_ids
from cityloop.keeping import Chest
from cityloop.keeping.chest import PATIENCE_S
from cityloop.keeping.forgetting import forget_in_points
from cityloop.keeping.keys import secret_of
from cityloop.keeping.needles import LEFT, Certificate, Looked, look, needles_of
from cityloop.people.erasure import delete_files, erase_asked, forget_words


class Why(StrEnum):
    """Why data are erased. The word is told in a fact, so it is a code."""

    asked_by_person = "asked_by_person"
    sent_by_mistake = "sent_by_mistake"
    ordered = "ordered"
    not_needed = "not_needed"


def erase(
    what: Annotated[
        list[str], typer.Argument(help="report/ID, case/ID, account/ID: all of it; or a vault id: that piece.")
    ],
    reason: Annotated[Why, typer.Option(help="Why.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask once more.")] = False,
    backup: Annotated[list[Path] | None, typer.Option(exists=True, file_okay=False, help="A folder of backups to erase in, too; may be given again.")] = None,
    secret: Annotated[Path | None, typer.Option(help="The secret of the backups; else keys/backup.secret.")] = None,
    certificate: Annotated[Path | None, typer.Option(help="Look everywhere for what was erased, and write here what was found: nothing.")] = None,
) -> None:
    """Erase personal data: words, photos, contacts, with their salts and files. A restore does not bring them back.

    Example: cityloop erase report/0198f0e4-… --reason asked_by_person --backup /mnt/backup --certificate erased.json
    """
    if not yes:
        typer.confirm(f"Erase {', '.join(what)} for good?", abort=True)
    subjects = [each for each in what if "/" in each]
    ids = [VaultId(each) for each in what if "/" not in each]
    with city() as parts:
        home = Path(parts.settings.home)
        chests = [
            Chest.at(folder, secret.read_bytes() if secret else secret_of(home), cipher=parts.settings.cipher, patience_s=PATIENCE_S)
            for folder in backup or ()
        ]
        with parts.database.reading() as tx:
            mine = [*ids, *(id for subject in subjects for id in vault_ids(tx, subject))]
        needles, shared = needles_of(parts.database, parts.files, mine) if certificate else ([], 0)
        erasure = parts.writer.change(
            lambda tx: erase_asked(tx, subjects=subjects, ids=ids, reason=reason.value, erased=parts.erased),
            actor="operator",
        )
        gone = delete_files(parts.writer, erasure.files, files=parts.files)
        forget_words(parts.writer)
        console.print(f"{len(erasure.ids)} pieces and {len(gone)} files are erased; the journal says so in erasure/{erasure.id}.")
        rewritten = 0
        for chest in chests:
            with chest.alone(), progress("erasing in backups") as done:
                rewritten += forget_in_points(chest, erasure.ids, on_progress=done)
        if certificate:
            with progress("looking for what is left") as done:
                looked = look(needles, parts.database, home, chests, done)
            made = Certificate(
                city=parts.database.city, erasure=f"erasure/{erasure.id}", at=utc_text(parts.database.clock()), reason=reason.value,
                ids=tuple(erasure.ids), removed_files=len(gone), rewritten_pieces=rewritten, shared=shared, looked=looked, left=LEFT,
            )  # fmt: skip
            certificate.write_bytes(msgspec.json.format(msgspec.json.encode(made)) + b"\n")
            told(looked, certificate)


def told(looked: Looked, path: Path) -> None:
    """Say what a search came to; what was found ends the command."""
    for each in looked.found:
        console.print(f"{each.needles} of what was erased stands in {each.place}", style="red", markup=False)
    if looked.found:
        wrong(f"{len(looked.found)} places still hold something, perhaps the same words of somebody else; {path} lists them.")
        raise typer.Exit(1)
    console.print(
        f"{looked.needles} marks of it were looked for in {looked.rows:,} rows, {looked.files:,} files and {looked.pieces:,} pieces of backups: "
        f"none is there. {path} says so.",
        highlight=False,
    )
