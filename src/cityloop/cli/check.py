"""`cityloop check`: is this installation sound? Each line says what is so, and what to do where it is not."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import psycopg
import typer
from rich.markup import escape

from cityloop.app import Parts, Settings, handlers_of, join, settings_from
from cityloop.cli import check_all, store
from cityloop.cli.check_front import front_looks
from cityloop.cli.say import Line, bad, console, database_exists, fine
from cityloop.db import Database, DatabaseClosed
from cityloop.db.tables import migration_files
from cityloop.domain.ids import CityId
from cityloop.journal.seal import origin_last
from cityloop.journal.tlog import Guard, guard_path, load_key
from cityloop.packs.book import NoPack
from cityloop.packs.checks import check as pack_problems
from cityloop.telemetry.segments import faults_of

BEHIND_MAX = 5_000  # facts a handler may be behind before somebody should look
FREE_BYTES_MIN = 2_000_000_000
DATABASE_ERRORS = (sqlite3.Error, psycopg.Error, OSError)
CLOCK_SLACK = timedelta(minutes=2)


def check(
    quick: Annotated[bool, typer.Option("--quick", help="Do not read every page, fact, row and file: that takes long in a large city.")] = False,
) -> None:
    """Is this installation sound? Database, key, guard, witnesses, disk, pack, cursors, parked facts, clock, observations, the door
    from outside; with them every page, fact, row, piece of the vault and photo.

    Example: cityloop check --quick
    """
    settings = settings_from()
    lines = []
    for line in looked_at(settings, whole=not quick):
        mark = "[green]OK  [/green]" if line.good else "[red]BAD [/red]"
        console.print(f"{mark} {escape(line.what)}", highlight=False)
        if not line.good:
            console.print(f"      next: {escape(line.next)}", highlight=False)
        lines.append(line)
    if not all(line.good for line in lines):
        raise typer.Exit(1)


def looked_at(settings: Settings, *, whole: bool = False) -> Iterator[Line]:
    """Every line, in the order in which things depend on each other; if the `whole` is wanted, everything is read."""
    yield disk(Path(settings.home))
    yield processes(settings)
    yield outside(settings)
    yield shipped_pack(settings.pack)
    if not database_exists(settings):
        yield bad(f"there is no city in {settings.home}", "start it once with `cityloop up`")
        return
    reached = migrated(settings)
    yield reached
    if not reached.good:
        return
    parts = join(settings)
    try:
        for look in (pack_in_force, clock, key_and_guard, cosigned, cursors, parked, files, segments, *(check_all.ALL if whole else ())):
            yield tried(look, parts)
        yield from seen_from_outside(parts)
    finally:
        parts.close()


def seen_from_outside(parts: Parts) -> Iterator[Line]:
    """The door at the pack's address. Without a pack nobody knows where it is, and the line about the pack says so."""
    try:
        address = parts.book.in_force().settings.public_url
    except NoPack:
        return
    yield from front_looks(address)


def tried(look: Callable[[Parts], Line], parts: Parts) -> Line:
    """A look that fails is a line too."""
    try:
        return look(parts)
    except Exception as error:
        said = getattr(error, "detail", None) or f"{type(error).__name__}: {error}"
        return bad(f"{look.__name__.replace('_', ' ')}: {said}", "mend that, then check again")


def disk(home: Path) -> Line:
    there = next(folder for folder in (home, *home.absolute().parents) if folder.exists())
    free = shutil.disk_usage(there).free
    said = f"{free / 1e9:,.1f} GB are free for {home}"
    return fine(said) if free >= FREE_BYTES_MIN else bad(said, f"make room: {FREE_BYTES_MIN / 1e9:.0f} GB at least")


def processes(settings: Settings) -> Line:
    if settings.processes > 1 and not settings.database:
        return bad(
            f"{settings.processes} processes share an embedded database",
            "set CITYLOOP_DATABASE, or CITYLOOP_PROCESSES=1",
        )
    return fine(f"{settings.processes} process{'es' if settings.processes > 1 else ''}")


def outside(settings: Settings) -> Line:
    """Whom webhooks and sign-in providers may lie with."""
    listed = settings.outside_hosts.strip()
    return fine(f"hosts outside that others may name: {listed}" if listed else "any host outside may be named by others: CITYLOOP_OUTSIDE_HOSTS lists those that may")


def shipped_pack(pack: str) -> Line:
    found = pack_problems(pack)
    if found:
        return bad(f"pack {pack} has {len(found)} problems", f"cityloop pack check {pack}")
    return fine(f"pack {pack} is sound")


def migrated(settings: Settings) -> Line:
    """The database answers, and its tables are those of this version."""
    where = "PostgreSQL" if settings.database else settings.database_url
    try:
        database = Database(settings.database_url, CityId(settings.city))
    except DATABASE_ERRORS as error:
        return bad(f"{where} does not answer: {str(error).strip()}", "start it, or correct CITYLOOP_DATABASE")
    try:
        done = set(database.migrated())
    except DatabaseClosed as error:
        return bad(f"{where}: {error.detail}", "start the city where it went, or empty this one and begin again")
    except DATABASE_ERRORS:
        return bad(f"{where} holds no city", "start it once with `cityloop up`")
    finally:
        database.close()
    wanted = {path.stem for path in migration_files()}
    if done - wanted:
        return bad(f"{where} was last used by a newer version", "start that version, or a newer one")
    if wanted - done:
        return bad(
            f"{where} lacks {', '.join(sorted(wanted - done))}", "restart the server: it migrates when it starts"
        )
    return fine(f"{where} answers, with all {len(wanted)} migrations")


def pack_in_force(parts: Parts) -> Line:
    parts.book.refresh()
    policy = parts.book.in_force()
    return fine(f"pack version {policy.digest[:12]} is in force and its bytes are kept")


def clock(parts: Parts) -> Line:
    """The newest fact is not from the future, and the clock is not in the past."""
    now = datetime.now(UTC)
    with parts.database.reading() as tx:
        last = store.fact_last_at(tx)
    if last and last > now + CLOCK_SLACK:
        return bad(f"the newest fact is from {last:%Y-%m-%d %H:%M} UTC and it is {now:%H:%M}", "set the clock (NTP)")
    return fine(f"the clock says {now:%Y-%m-%d %H:%M} UTC")


def key_and_guard(parts: Parts) -> Line:
    """The signing key and its guard are there, for one pair of eyes, and the log is not behind what it published."""
    with parts.database.reading() as tx:
        origin = origin_last(tx)
        size = store.fact_count(tx)
    if origin is None:
        return bad("no log was begun", "start the city once with `cityloop up`")
    path = parts.sealer.key_path(origin)
    load_key(path)
    guard = Guard(guard_path(path), origin.name)
    published = guard.last()
    mode = guard.path.stat().st_mode & 0o777
    if mode & 0o022:
        return bad(f"others may write {guard.path} (mode {mode:03o})", f"chmod 600 {guard.path}")
    facts = size - origin.first_seq + 1
    if facts < published.size:
        return bad(
            f"the log holds {facts} facts and has published {published.size}: an older copy was restored",
            "start the city: it begins a new origin and says so; see docs/howto/backup.md",
        )
    return fine(f"log {origin.name}: {facts:,} facts, {published.size:,} published; its key and guard are in place")


def cosigned(parts: Parts) -> Line:
    """Whoever is asked to cosign the log does so, and has not seen another past of it."""
    if not parts.witnesses.asked:
        return fine("no witness is asked to cosign the log (CITYLOOP_WITNESSES)")
    head, stand = parts.witnesses.look()
    for name, each in stand.items():
        if each.refused:
            return bad(f"witness {name} refuses our log since {each.refused_at:%Y-%m-%d %H:%M} UTC: {each.refused}", "docs/howto/verify.md, A witness refuses")
    names = [each.cosigner.name for each in parts.witnesses.asked]
    missing = [name for name in names if name not in stand]
    if missing or head is None:
        return bad(f"{', '.join(missing) or 'nobody'} has cosigned nothing yet", "is the server running, and is the log known there? cityloop witness add")
    return fine("; ".join(f"{name} has cosigned {stand[name].size:,} of {head.size:,} facts" for name in names))


def cursors(parts: Parts) -> Line:
    """No handler is far behind."""
    with parts.database.reading() as tx:
        size = store.fact_count(tx)
        at = store.cursor_lows(tx)
    behind = {each.name: size - at.get(each.name, 0) for each in handlers_of(parts.book)}
    worst = max(behind, key=lambda name: behind[name], default=None)
    if worst is None or behind[worst] <= BEHIND_MAX:
        return fine("every handler has kept up")
    return bad(f"{worst} is {behind[worst]:,} facts behind", "is the server running? see its log")


def parked(parts: Parts) -> Line:
    """No fact waits for an operator."""
    with parts.database.reading() as tx:
        count = store.parked_count(tx)
    return bad(f"{count} facts are parked", "cityloop journal held") if count else fine("no fact is parked")


def files(parts: Parts) -> Line:
    """A file can be kept and read again."""
    digest = parts.files.put(b"cityloop check\n")
    assert parts.files.get(digest)
    parts.files.delete(digest)
    return fine(f"files can be kept in {parts.files.root}")


def segments(parts: Parts) -> Line:
    """Every sealed file of observations is there, as it was sealed."""
    there = parts.senses.segments.known()[0]
    wrong = list(faults_of(parts.senses.segments))
    if wrong:
        named = ", ".join(f"{segment} is {what}" for segment, what in wrong[:5])
        more = f" and {len(wrong) - 5} more" if len(wrong) > 5 else ""
        return bad(f"observations: {named}{more}", f"bring the files back from a backup into {parts.senses.segments.folder}, or cityloop observations abandon")
    rows = sum(each.observations for each in there)
    return fine(f"{len(there):,} segments hold {rows:,} observations, each as it was sealed")
