"""`cityloop erase`: personal data go, for good; the fact stays and says nothing."""

from enum import StrEnum
from typing import Annotated

import typer

from cityloop.cli.say import city, console
from cityloop.domain.ids import VaultId
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
) -> None:
    """Erase personal data: words, photos, contacts, with their salts and files. A restore does not bring them back.

    Example: cityloop erase report/0198f0e4-… --reason asked_by_person
    """
    if not yes:
        typer.confirm(f"Erase {', '.join(what)} for good?", abort=True)
    subjects = [each for each in what if "/" in each]
    ids = [VaultId(each) for each in what if "/" not in each]
    with city() as parts:
        erasure = parts.writer.change(
            lambda tx: erase_asked(tx, subjects=subjects, ids=ids, reason=reason.value, erased=parts.erased),
            actor="operator",
        )
        gone = delete_files(parts.writer, erasure.files, files=parts.files)
        forget_words(parts.writer)
    console.print(
        f"{len(erasure.ids)} pieces and {len(gone)} files are erased; the journal says so in erasure/{erasure.id}."
    )
