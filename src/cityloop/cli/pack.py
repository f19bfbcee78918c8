"""`cityloop pack`: is a city's data sound?"""

from pathlib import Path
from typing import Annotated

import typer

from cityloop.cli.say import city, console, wrong
from cityloop.packs import PackInvalid, format_problems, load
from cityloop.packs.checks import check as pack_problems

app = typer.Typer(help="Packs: a city as data.", no_args_is_help=True)


@app.command("check")
def check(
    folder: Annotated[str, typer.Argument(help="The folder of the pack, or the id of one that is shipped.")],
) -> None:
    """Everything that is wrong with a pack: file, line, column, and what to do.

    Example: cityloop pack check packs/my_city
    """
    with console.status(f"checking {folder}"):
        found = pack_problems(folder)
        try:
            policy = None if found else load(folder)
        except PackInvalid:  # a layer alone is sound and is no city
            policy = None
    if found:
        console.print(format_problems(found), highlight=False, markup=False)
        wrong(f"{len(found)} problem{'s' if len(found) > 1 else ''}.")
        raise typer.Exit(1)
    if policy is None:
        console.print(f"{folder} is sound, as a layer.")
        return
    console.print(
        f"{folder} is sound: {len(policy.classes)} classes, {len(policy.rules)} rules, {len(policy.cells)} cells, "
        f"{len(policy.units)} units, {len(policy.posts)} posts, {len(policy.components)} components; "
        f"version {policy.digest[:12]}."
    )


@app.command("adopt")
def adopt(
    folder: Annotated[str, typer.Argument(help="The folder of the pack, or the id of one that is shipped.")],
) -> None:
    """Put a version of a pack in force, from now on. Cases keep the rule that they were filed under.

    Example: cityloop pack adopt packs/my_city
    """
    if found := pack_problems(folder):
        raise PackInvalid(found)
    with city() as parts:
        before = parts.book.in_force().digest
        policy = parts.book.adopt(Path(folder) if Path(folder).is_dir() else folder, actor="operator")
    same = " already" if policy.digest == before else ""
    console.print(f"Version {policy.digest[:12]} of {folder} is in force{same}.")
