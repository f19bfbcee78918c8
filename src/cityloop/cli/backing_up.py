"""`cityloop backup`: make, follow, restore, check, list; all of it while the city runs."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from cityloop.app import Settings, apply_of_all, settings_from
from cityloop.cli.journal import verifier_in
from cityloop.cli.say import NoCity, console, database_exists, progress, table, wrong
from cityloop.db import Database
from cityloop.domain.ids import CityId
from cityloop.domain.time import utc_text
from cityloop.journal import ErasedList, Journal, Writer
from cityloop.journal.seal import Sealer
from cityloop.keeping import Chest, Follower, make, restore, told_last
from cityloop.keeping.checking import Checked
from cityloop.keeping.checking import check as check_backup
from cityloop.keeping.chest import PATIENCE_S
from cityloop.keeping.forgetting import forget_in_points
from cityloop.keeping.keys import keys_saved, keys_unlocked, secret_of
from cityloop.keeping.model import BackupBusy, MomentUnreadable, Point
from cityloop.keeping.thinning import Stay, thin

app = typer.Typer(help="Backups: made while the city runs, encrypted, and good once a city came back from them.", no_args_is_help=True)
To = Annotated[Path, typer.Option("--to", help="The folder of backups; it may lie on another machine's disk.")]
Secret = Annotated[Path | None, typer.Option(help="A file with the secret that opens the folder; else keys/backup.secret, drawn by the first backup.")]
Passphrase = Annotated[Path | None, typer.Option("--passphrase", help="A file with the passphrase of the keys; else you are asked.")]
ToSeq = Annotated[int | None, typer.Option(min=1, help="The last fact that is wanted.")]
ToMoment = Annotated[str, typer.Option(help="The last moment that is wanted, with its zone, e.g. 2026-03-06T16:00+08:00.")]
Every = Annotated[float, typer.Option(min=0.5, help="Seconds between two looks.")]


@contextmanager
def running() -> Iterator[tuple[Settings, Database]]:
    """The city's database as it is: nothing is migrated. Refuses with `NoCity`."""
    settings = settings_from()
    if not database_exists(settings):
        raise NoCity(f"There is no city in {settings.home}; set CITYLOOP_HOME or CITYLOOP_DATABASE.")
    database = Database(settings.database_url, CityId(settings.city))
    try:
        yield settings, database
    finally:
        database.close()


def erased_in(home: Path) -> list[str]:
    """What the list of the erased says."""
    return ErasedList(home / "keys" / "erased.txt").ids()


@app.command("make")
def make_(
    to: To, secret: Secret = None,
    keys_to: Annotated[Path | None, typer.Option(help="Where to put the keys, encrypted with a passphrase: another place than the backup.")] = None,
    passphrase: Passphrase = None,
    check: Annotated[bool, typer.Option("--check", help="Restore it aside and look at all of it.")] = False,
    daily: Annotated[int, typer.Option(min=1, help="How many days' backups stay.")] = 7,
    weekly: Annotated[int, typer.Option(min=0, help="How many weeks'.")] = 5,
    monthly: Annotated[int, typer.Option(min=0, help="How many months'.")] = 12,
) -> None:  # fmt: skip
    """Back up everything but the keys, as it is in one moment; only what is new is written. Call it by a timer.

    Example: cityloop backup make --to /mnt/backup --keys-to /media/stick --check
    """
    with running() as (settings, database):
        home = Path(settings.home)
        chest = Chest.at(to, secret.read_bytes() if secret else secret_of(home), begin=True, cipher=settings.cipher, patience_s=PATIENCE_S)
        erased = erased_in(home)
        with progress("backing up") as done:
            point = make(database, home, chest, on_progress=done, erased=erased)
        told_last(home, point, chest, checked=False)
        said(point)
        with chest.alone(), progress("forgetting the erased in older backups") as done:
            rewritten = forget_in_points(chest, erased, on_progress=done)
        gone, _ = thin(chest, Stay(daily=daily, weekly=weekly, monthly=monthly))
        if rewritten or gone:
            console.print(f"{gone} older points went; {rewritten} pieces that held erased data are gone.", highlight=False)
        if keys_to:
            path = keys_saved(home, keys_to, word(passphrase, again=True), settings.cipher)
            console.print(f"The keys lie in {path}. Keep it apart from the backup.", highlight=False)
        if check:
            looked(checked(chest, settings, point))
            told_last(home, point, chest, checked=True)


@app.command("follow")
def follow(
    to: To, secret: Secret = None, every: Every = 10.0,
    full_every: Annotated[float, typer.Option(min=0.1, help="Hours after which everything is backed up anew, where nobody else did into this folder.")] = 26.0,
    once: Annotated[bool, typer.Option("--once", help="Ship what is new, and end.")] = False,
) -> None:  # fmt: skip
    """Ship what is new every few seconds, so that a city comes back to any moment. Runs until it is stopped.

    Example: cityloop backup follow --to /mnt/backup --every 10
    """
    with running() as (settings, database):
        home = Path(settings.home)
        chest = Chest.at(to, secret.read_bytes() if secret else secret_of(home), begin=True, cipher=settings.cipher)
        follower = Follower(database, home, chest, full_after=timedelta(hours=full_every))
        while True:
            try:
                if point := follower.round(erased_in(home)):
                    told_last(home, point, chest, checked=False)
                    said(point)
            except BackupBusy:  # somebody makes a full one here: what is new is shipped on from that
                if once:
                    raise
            if once:
                return
            time.sleep(every)


@app.command("restore")
def restore_(
    source: Annotated[Path, typer.Argument(exists=True, file_okay=False, help="The folder of backups.")],
    home: Annotated[Path | None, typer.Option(help="The empty home to fill; else CITYLOOP_HOME.")] = None,
    database: Annotated[str | None, typer.Option(help="A postgresql:// address of an empty database; else CITYLOOP_DATABASE, or a file in the home.")] = None,
    keys: Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help="The file of keys that --keys-to wrote; not needed where keys/ is still there.")] = None,
    passphrase: Passphrase = None, secret: Secret = None, to_seq: ToSeq = None, to_moment: ToMoment = "",
    back: Annotated[bool, typer.Option("--back", help="Take an upgrade back: the last point that this older program knows, and the facts after it that it knows.")] = False,
) -> None:  # fmt: skip
    """Bring a city back into an empty home: the newest, or as it was at a fact or a moment. It is open once all is there.

    Example: cityloop backup restore /mnt/backup --home /var/lib/cityloop --keys /media/stick/keys.locked
    """
    began = time.monotonic()
    settings = settings_from()
    home = home or Path(settings.home)
    copied = bool(keys) and not (home / "keys").exists()
    if keys and copied:
        keys_unlocked(keys.read_bytes(), word(passphrase), home)
    known = (home / "keys").exists()
    chest = Chest.at(source, secret.read_bytes() if secret else secret_there(home))
    url = settings.database if database is None else database
    with progress("restoring") as done:
        found = restore(
            chest, home, url or str(home / "city.db"), journal=Journal(apply_of_all()), to_seq=to_seq,
            to_moment=moment_of(to_moment), on_progress=done, erased=erased_in(home), back=back,
        )  # fmt: skip
    console.print(
        f"{found.size:,} facts are back, the last recorded {found.recorded or 'never'}; {found.files:,} files; "
        f"{found.erased} erased pieces were erased again.", highlight=False,
    )  # fmt: skip
    if found.newest > found.size:
        console.print(f"The folder knows {found.newest - found.size:,} facts more, which were not asked for or are not known to this program.", highlight=False)
    if found.unknown:
        wrong(f"{found.unknown:,} facts are of a newer program; they stay in the folder and are not in this city.")
    origin(home, url, found.point.city, settings, anew=copied or not known)
    console.print(f"Restored in {time.monotonic() - began:.1f} s. Start it: cityloop up", highlight=False)


def origin(home: Path, url: str, city: str, settings: Settings, *, anew: bool) -> None:
    """Let the log go on, or begin a new origin where it may be behind what was published."""
    opened = Database(url or str(home / "city.db"), CityId(city))
    try:
        sealer = Sealer(Writer(opened, Journal(apply_of_all())), home / "keys", f"{settings.origin}/{city}")
        with opened.reading() as tx:
            before = tx.value("SELECT max(no) FROM origin WHERE city = :city")
        row = sealer.anew() if anew else sealer.start()
        sealer.seal()
    finally:
        opened.close()
    if before and row.no != before:
        console.print(f"The log begins anew as {row.name}; its first fact names the last checkpoint of the old one.", highlight=False)


@app.command("check")
def check(
    source: Annotated[Path, typer.Argument(exists=True, file_okay=False, help="The folder of backups.")],
    secret: Secret = None, to_seq: ToSeq = None, to_moment: ToMoment = "",
) -> None:  # fmt: skip
    """Restore a backup into a temporary place, verify and replay the journal there, and look at every file.

    Example: cityloop backup check /mnt/backup
    """
    settings = settings_from()
    home = Path(settings.home)
    chest = Chest.at(source, secret.read_bytes() if secret else secret_there(home))
    found = checked(chest, settings, None, to_seq=to_seq, to_moment=moment_of(to_moment))
    looked(found)
    if to_seq is None and not to_moment and home.exists():
        told_last(home, found.restored.point, chest, checked=True)


@app.command("list")
def list_(source: Annotated[Path, typer.Argument(exists=True, file_okay=False, help="The folder of backups.")], secret: Secret = None) -> None:
    """The moments to which a city can be brought back.

    Example: cityloop backup list /mnt/backup
    """
    chest = Chest.at(source, secret.read_bytes() if secret else secret_there(Path(settings_from().home)))
    shown = table("made", "kind", "facts", "last fact recorded", "MB", "new MB", "tables of")
    for point in map(chest.point, chest.point_names()):
        last = point.migrations[-1] if point.migrations else ""
        shown.add_row(point.at, point.kind, f"{point.size:,}", point.recorded, f"{point.bytes / 1e6:.1f}", f"{point.new_bytes / 1e6:.1f}", last)
    console.print(shown)


def said(point: Point) -> None:
    """Say what was made."""
    console.print(
        f"{point.kind}: {point.size:,} facts, {point.bytes / 1e6:,.1f} MB, {point.new_bytes / 1e6:,.1f} MB of them new, in {point.seconds:.1f} s.",
        highlight=False,
    )


def checked(chest: Chest, settings: Settings, point: Point | None, *, to_seq: int | None = None, to_moment: str | None = None) -> Checked:
    """Look at a backup, with bars."""
    with progress("checking") as done:
        return check_backup(
            chest, journal=Journal(apply_of_all()), city=point.city if point else settings.city,
            keys=lambda origin: verifier_in(Path(settings.home) / "keys", origin), to_seq=to_seq, to_moment=to_moment, step=lambda _: done,
        )  # fmt: skip


def looked(found: Checked) -> None:
    """Say what a check came to; a fault ends the command."""
    for each in found.faults:
        console.print(each, style="red", markup=False)
    if found.faults:
        wrong(f"{len(found.faults)} faults: this backup is not good. Make another one, and look at the city: cityloop check")
        raise typer.Exit(1)
    console.print(
        f"A city came back from it: {found.facts:,} facts verify, a replay gives the same {found.rows:,} rows, {found.files:,} files are whole.",
        highlight=False,
    )


def secret_there(home: Path) -> bytes:
    """The secret among the keys. Refuses with `NoCity` where there is none."""
    if not (home / "keys" / "backup.secret").exists():
        raise NoCity(f"{home}/keys holds no backup.secret; give --keys with the file of keys, or --secret with the secret.")
    return secret_of(home)


def word(path: Path | None, *, again: bool = False) -> bytes:
    """The passphrase."""
    if path:
        return path.read_bytes()
    return typer.prompt("Passphrase of the keys", hide_input=True, confirmation_prompt=again, err=True).encode()


def moment_of(text: str) -> str | None:
    """A moment as the journal writes it. Refuses with `MomentUnreadable`."""
    if not text:
        return None
    try:
        given = datetime.fromisoformat(text)
    except ValueError:
        given = None
    if given is None or given.tzinfo is None:
        raise MomentUnreadable(f"{text} is no moment with its zone; write it like 2026-03-06T16:00+08:00.")
    return utc_text(given.astimezone(UTC))
