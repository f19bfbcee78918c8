"""`cityloop pack`: is a city's data sound?"""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from cityloop.cli.pack_diff import diff
from cityloop.cli.say import city, console, wrong
from cityloop.domain.policy import Policy
from cityloop.packs import PackInvalid, format_problems, load
from cityloop.packs.checks import check as pack_problems
from cityloop.packs.scaffold import Datum, new_pack

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
        f"{folder} is sound: {len(policy.classes)} classes, {len(policy.rules)} rules, {_cells(policy)}, "
        f"{len(policy.units)} units, {len(policy.posts)} posts, {len(policy.components)} components; "
        f"version {policy.digest[:12]}."
    )


def _cells(policy: Policy) -> str:
    """How many cells there are, and how many of them are only provisional."""
    many, provisional = len(policy.cells), sum(cell.provisional for cell in policy.cells)
    return f"{many} cells" + (f" ({provisional} provisional)" if provisional else "")


@app.command("new")
def new(
    folder: Annotated[Path, typer.Argument(help="The folder to write; its name is the pack's id.")],
    boundary: Annotated[Path, typer.Option(help="GeoJSON: a named polygon for each street (or district).")],
    units: Annotated[Path, typer.Option(help="CSV with the columns name and kind: the city's organisations.")],
    name: Annotated[str, typer.Option(help="The city's name.")],
    code: Annotated[str, typer.Option(help="The six digits of the county or city.")],
    name_en: Annotated[str, typer.Option(help="Its name in English.")] = "",
    datum: Annotated[Datum, typer.Option(help="What the boundary's numbers mean.")] = Datum.wgs84,
    over: Annotated[str, typer.Option(help="The layer to start from; without it the sample rules.")] = "",
) -> None:
    """A first pack that passes the check, from a boundary and a list of organisations. No survey is needed.

    Example: cityloop pack new packs/my_county --boundary streets.geojson --units units.csv --name 青山县 --code 990401
    """
    names = {"zh": name, "en": name_en or name}
    made = new_pack(
        folder,
        boundary=boundary,
        units=units,
        name=names,
        code=code,
        today=date.today(),
        datum=datum,
        over=over or None,
    )
    problems = pack_problems(folder)
    if problems:
        console.print(format_problems(problems), highlight=False, markup=False)
        wrong(
            f"{folder} is written and has {len(problems)} problems; correct the boundary or the list, and begin again."
        )
        raise typer.Exit(1)
    console.print(
        f"{folder} is written and sound: {made.districts} districts, {made.streets} streets with {made.cells} "
        f"provisional cells, {made.units} units, {made.posts} posts."
    )
    for what, kind in made.stand_ins.items():
        console.print(f"  {what}: no such unit in the list; {kind} answers for now.", highlight=False, markup=False)
    console.print(
        "What next: look at duties.jdm.json in the JDM editor; add what differs from the sample in classes.csv and "
        f"rules.csv; start with `CITYLOOP_PACK={folder} cityloop up`; draw surveyed cells in cells.geojson when there are "
        "any, under numbers of their own.",
        highlight=False, markup=False,
    )  # fmt: skip


app.command("diff")(diff)


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
