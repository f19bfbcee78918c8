"""What every command needs: the city's parts, a progress bar, a table, a plain sentence when it fails."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from msgspec import Struct
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from cityloop.app import Parts, Settings, join, settings_from
from cityloop.db import Database
from cityloop.domain.errors import NotFound
from cityloop.domain.ids import CityId
from cityloop.domain.policy import Policy
from cityloop.keeping.upgrading import before_upgrade, upgrade_folder

console = Console(soft_wrap=True)
stderr = Console(stderr=True, soft_wrap=True)


class NoCity(NotFound):
    """There is no database where the settings point."""

    code = "cli.no_city"


def wrong(sentence: str) -> None:
    """Say on stderr what is wrong."""
    stderr.print(Text(sentence, style="red"))


def database_exists(settings: Settings) -> bool:
    """Whether the city was ever started; a PostgreSQL is asked when it is opened."""
    return bool(settings.database) or Path(settings.database_url).exists()


@contextmanager
def city() -> Iterator[Parts]:
    """The parts of the city that the settings name, with its pack.

    Refuses with `NoCity`.
    """
    settings = settings_from()
    if not database_exists(settings):
        raise NoCity(
            f"There is no city in {settings.home}; start it with `cityloop up`, or set CITYLOOP_HOME or CITYLOOP_DATABASE."
        )
    way_back_kept(settings)
    parts = join(settings)
    try:
        parts.book.refresh()
        yield parts
    finally:
        parts.close()


def way_back_kept(settings: Settings) -> None:
    """Back up a city whose tables this program will change when it opens it."""
    if not database_exists(settings):
        return
    database = Database(settings.database_url, CityId(settings.city))
    try:
        with progress("backing up before the upgrade") as done:
            point = before_upgrade(database, Path(settings.home), on_progress=done, cipher=settings.cipher)
    finally:
        database.close()
    if point:
        stderr.print(f"The way back lies in {upgrade_folder(Path(settings.home))}: {point.size:,} facts.", highlight=False)


@contextmanager
def progress(what: str, total: int | None = None) -> Iterator[Callable[[int, int | None], None]]:
    """A bar on stderr, or a line each tenth where nobody watches; gives `done(count, of)`."""
    if not stderr.is_terminal:
        yield _lines(what, total)
        return
    with Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=stderr
    ) as bar:
        task = bar.add_task(what, total=total)

        def done(count: int, of: int | None = None) -> None:
            bar.update(task, completed=count, total=of if of is not None else total)

        yield done


def _lines(what: str, total: int | None) -> Callable[[int, int | None], None]:
    tenths = 0

    def done(count: int, of: int | None = None) -> None:
        nonlocal tenths
        whole = of or total or 0
        if whole and count * 10 // whole > tenths:
            tenths = count * 10 // whole
            stderr.print(f"{what}: {count:,} of {whole:,}", highlight=False)

    return done


def table(*columns: str, title: str | None = None) -> Table:
    """An empty table."""
    made = Table(title=title, box=None, pad_edge=False, header_style="bold", title_justify="left")
    for column in columns:
        made.add_column(column, overflow="fold")
    return made


def local(moment: datetime, policy: Policy) -> str:
    """A moment on the city's clock, to the minute."""
    return f"{moment.astimezone(ZoneInfo(policy.week.zone)):%Y-%m-%d %H:%M}"


class Line(Struct, frozen=True, kw_only=True):
    """One thing that was looked at."""

    good: bool
    what: str
    next: str = ""  # what to do


def fine(what: str) -> Line:
    return Line(good=True, what=what)


def bad(what: str, next: str) -> Line:
    return Line(good=False, what=what, next=next)
