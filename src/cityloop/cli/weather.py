"""`cityloop weather`: the weather of days, by the file."""

from pathlib import Path
from typing import Annotated

import typer

from cityloop.cli.say import city, console
from cityloop.stages.evaluate import tell_weather_of, weather_in

app = typer.Typer(help="The weather of days, by which causes are looked for.", no_args_is_help=True)


@app.command("import")
def import_weather(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A CSV file with the columns day and code.")],
) -> None:
    """Bring in what the weather of local days was: dry, rain, storm, snow, heat or fog. What is known already is not told again.

    A file with a line that says something else is refused as a whole.

    Example: cityloop weather import weather.csv
    """
    days = weather_in(file.read_text(encoding="utf-8-sig"))
    with city() as parts:
        new = parts.writer.change(lambda tx: tell_weather_of(tx, days, now=tx.now))
    console.print(f"{new:,} new, {len(days) - new:,} known already.", markup=False)
