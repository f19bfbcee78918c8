"""`cityloop devices`: the register of devices, by the file."""

import csv
import io
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from cityloop.cli.say import city, console, table
from cityloop.db import Tx
from cityloop.domain.errors import CityloopError, Invalid
from cityloop.domain.policy import Policy
from cityloop.stages.sense.rules.describing import checked_kind
from cityloop.stages.sense.service.register import ThingAsked, register_things
from cityloop.stages.sense.store.register import thing_id_of

app = typer.Typer(help="The register of devices.", no_args_is_help=True)
COLUMNS = (
    "key", "kind", "name", "state", "lon", "lat", "site", "component", "owner", "vendor", "model", "installed_at",
    "calibrated_at", "calibrate_by", "live_url", "still_url",
)  # fmt: skip
AT_ONCE = 250


class DeviceFileWrong(Invalid):
    """A table of devices that has no key column, or a column that means nothing."""

    code = "cli.device_file_wrong"


class Undone(Exception):
    """Everything went as it would have, and is taken back."""


@app.command("import")
def import_devices(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A CSV file, UTF-8, with a line of names.")],
    dry: Annotated[bool, typer.Option("--dry", help="Only say what is wrong.")] = False,
) -> None:
    """Register the devices of a table. A device whose key is known stays as it is; a line that cannot be is named, and left out.

    Columns, in any order: key, and any of kind, name, state, lon, lat, site, component, owner, vendor, model, installed_at,
    calibrated_at, calibrate_by, live_url, still_url. A device gets the streams of its kind.
    Example: cityloop devices import devices.csv --dry
    """
    with city() as parts:
        policy = parts.book.in_force()
        asked, faults = read_devices(file.read_text(encoding="utf-8-sig"), policy)
        new = 0
        for start in range(0, len(asked), AT_ONCE):
            some = asked[start : start + AT_ONCE]
            try:
                made, more = parts.writer.change(partial(register_some, asked=some, policy=policy, dry=dry), actor="operator")
            except Undone as done:
                made, more = done.args
            new, faults = new + made, [*faults, *more]
    shown = table("line", "what is wrong")
    for line, what in sorted(faults):
        shown.add_row(str(line), what)
    if faults:
        console.print(shown)
    console.print(f"{new:,} devices {'can be' if dry else 'were'} registered, {len(asked) - new:,} not; {len(faults):,} lines are wrong.")
    if faults:
        raise typer.Exit(1)


def read_devices(text: str, policy: Policy) -> tuple[list[tuple[int, ThingAsked]], list[tuple[int, str]]]:
    """The devices of a table with their lines, and what is wrong with the lines that are none.

    Refuses with `DeviceFileWrong`.
    """
    reader = csv.DictReader(io.StringIO(text, newline=""))
    names = [name.strip() for name in reader.fieldnames or ()]
    if "key" not in names or (unknown := sorted(set(names) - set(COLUMNS))):
        what = "no column key" if "key" not in names else f"a column {unknown[0][:40]!r} that means nothing"
        raise DeviceFileWrong(f"The table has {what}; its columns are key and any of {', '.join(COLUMNS[1:])}.")
    reader.fieldnames = names
    found: list[tuple[int, ThingAsked]] = []
    faults: list[tuple[int, str]] = []
    for row in reader:
        given: dict[str, Any] = {name: cell.strip() for name, cell in row.items() if name and isinstance(cell, str) and cell.strip()}
        try:
            if None in row:
                raise DeviceFileWrong("The line has more cells than the table has columns; quote cells that hold a comma.")
            asked = msgspec.convert(given, ThingAsked, strict=False)
            checked_kind(asked.kind, policy)
            found.append((reader.line_num, asked))
        except (msgspec.ValidationError, CityloopError) as error:
            faults.append((reader.line_num, str(error)))
    return found, faults


def register_some(
    tx: Tx, asked: list[tuple[int, ThingAsked]], policy: Policy, *, dry: bool
) -> tuple[int, list[tuple[int, str]]]:  # fmt: skip
    """Register those that nobody knows; gives how many, and what is wrong with others."""
    made, faults = 0, []
    for line, each in asked:
        if thing_id_of(tx, each.key):
            continue
        try:
            register_things(tx, [each], policy=policy)
            made += 1
        except CityloopError as error:
            faults.append((line, str(error)))
    if dry:
        raise Undone(made, faults)
    return made, faults


