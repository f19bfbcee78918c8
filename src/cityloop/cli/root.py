"""All commands, put together; and how a refusal is said on a terminal."""

import sqlite3
import sys
from importlib.metadata import version
from typing import Annotated

import psycopg
import typer

from cityloop.cli import (
    backing_up,
    bulletin,
    cameras,
    case,
    check,
    demo,
    devices,
    drill,
    erasing,
    evidence,
    figures,
    importing,
    journal,
    learn,
    leaving,
    moving,
    observations,
    open311,
    openapi,
    pack,
    restart,
    retaining,
    scores,
    searching,
    sense,
    up,
    user,
    weather,
    wide,
    witness,
)
from cityloop.cli.heaps import share_heaps
from cityloop.cli.say import console, wrong
from cityloop.domain.errors import CityloopError
from cityloop.packs import PackInvalid, format_problems

app = typer.Typer(
    name="cityloop",
    help="Runs a city: starts it, checks it, proves what it did. Settings come from CITYLOOP_… in the environment.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    add_completion=False,
)
app.command("up")(up.up)
app.command("restart")(restart.restart)
app.command("demo")(demo.demo)
app.command("check")(check.check)
app.command("drill")(drill.drill)
app.command("erase")(erasing.erase)
app.command("import")(importing.import_)
app.command("leave")(leaving.leave)
app.command("move")(moving.move)
app.command("retain")(retaining.retain)
app.command("index")(searching.index)
app.command("evidence")(evidence.evidence)
app.command("openapi")(openapi.openapi)
app.command("figures")(figures.figures)
app.add_typer(journal.app, name="journal")
app.add_typer(pack.app, name="pack")
app.add_typer(user.app, name="user")
app.add_typer(case.app, name="case")
app.add_typer(bulletin.app, name="bulletin")
app.add_typer(open311.app, name="open311")
app.add_typer(learn.app, name="learn")
app.add_typer(devices.app, name="devices")
app.add_typer(cameras.app, name="cameras")
app.add_typer(observations.app, name="observations")
app.add_typer(sense.app, name="sense")
app.add_typer(scores.app, name="scores")
app.add_typer(wide.app, name="wide")
app.add_typer(weather.app, name="weather")
app.add_typer(backing_up.app, name="backup")
app.add_typer(witness.app, name="witness")


def said_version(asked: bool) -> None:
    """Which version this is."""
    if asked:
        print(version("cityloop"))
        raise typer.Exit


@app.callback()
def first(
    _: Annotated[bool, typer.Option("--version", callback=said_version, is_eager=True, help="Say which version this is.")] = False,
) -> None:
    """Runs a city: starts it, checks it, proves what it did. Settings come from CITYLOOP_… in the environment."""


def main() -> None:
    """Run the command line. A refusal is one clear line and exit code 1; a fault shows where it happened."""
    share_heaps()
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]  # a log must show what a screen shows
    try:
        app()
    except PackInvalid as error:
        console.print(format_problems(error.problems), highlight=False, markup=False)
        sys.exit(1)
    except CityloopError as error:
        wrong(f"{error.code}: {error.detail}")
        sys.exit(1)
    except (sqlite3.Error, psycopg.Error) as error:
        wrong(f"The database does not answer: {str(error).strip()}\nRun `cityloop check` to see what is wrong.")
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
