"""`cityloop open311`: another city's Open311, read into this one."""

from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from cityloop.cli.say import city, console, progress
from cityloop.domain.time import zone_of
from cityloop.doors.open311 import City, FolderSource, Format, HttpSource, read_city

app = typer.Typer(help="Open311: requests of other cities.", no_args_is_help=True)


@app.command("read")
def read(
    source: Annotated[str, typer.Argument(help="The address of its GeoReport v2, or a folder of answers that were kept.")],
    jurisdiction: Annotated[str, typer.Option(help="How that city is called here: the jurisdiction_id to ask for.")],
    zone: Annotated[str, typer.Option(help="Its time zone, for moments without one; absent: this city's.")] = "",
    since: Annotated[datetime | None, typer.Option(help="From this day; absent: 90 days ago.")] = None,
    until: Annotated[datetime | None, typer.Option(help="Up to this day; absent: now.")] = None,
    format: Annotated[Format, typer.Option(help="How to ask.")] = Format.json,
    their_id: Annotated[str, typer.Option(help="The jurisdiction_id that it wants to be asked with.")] = "",
    prefix: Annotated[str, typer.Option(help="How the files begin, where a folder holds several cities.")] = "",
) -> None:
    """Read another city's services, requests and updates. Run again, it keeps only what is new or has changed.

    Example: cityloop open311 read https://city.example/open311/v2 --jurisdiction city.example --since 2026-01-01
    """
    with city() as parts:
        there: ZoneInfo = zone_of(zone or parts.book.in_force().week.zone)
        last = until.replace(tzinfo=there).astimezone(UTC) if until else parts.database.clock()
        first = since.replace(tzinfo=there).astimezone(UTC) if since else last - timedelta(days=90)
        folder = Path(source)
        opened = (
            nullcontext(FolderSource(folder, prefix=prefix))
            if folder.is_dir()
            else HttpSource(source, format=format, jurisdiction=their_id)
        )
        with opened as asked, progress(f"reading {jurisdiction}") as done:
            found = read_city(parts.writer, City(asked, zone=there), jurisdiction, first, last, done)
    changed = "changed" if found.services_changed else "as before"
    console.print(
        f"{jurisdiction}: {found.services} services ({changed}), {found.requests} requests ({found.requests_new} new or "
        f"changed, {found.undated} without a date), {found.updates} updates ({found.updates_new} new)."
    )
    console.print(f"Ask for them with jurisdiction_id={jurisdiction}.")
