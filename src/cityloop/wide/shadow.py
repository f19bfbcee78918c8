"""The shadow: it hears every fact of the journal, runs the one `apply` into tables of its own, and keeps what each fact did.

So the history of a row follows from the same code as the row itself, for facts that came late, corrections, reports that were
parted again and whatever else a fact may do. It is a file beside the archive and can be made again from the journal.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from msgspec import Struct

from cityloop.db import Database, Tx
from cityloop.db.durable import make_folder
from cityloop.db.tables import migration_files
from cityloop.domain.calendar import epoch_us
from cityloop.domain.errors import Unavailable
from cityloop.domain.facts import FACTS
from cityloop.domain.time import utc_text
from cityloop.journal.emit import Journal, told_from
from cityloop.wide.columns import SPINE
from cityloop.wide.images import prepare, watch

CHUNK = 2_000
CACHE_MAX = 50_000
APART = 1_000  # facts between two marks, so that there are few


class JournalBroken(Unavailable):
    """The journal has a gap, so nothing after it can be told as columns."""

    code = "wide.journal_broken"


class At(Struct, frozen=True):
    """How far the shadow is: the last fact that it heard, up to which its images are sealed, and settled."""

    seq: int
    recorded: int  # the latest moment at which any fact up to there was recorded. Units: µs since 1970
    digest: bytes | None  # of that fact's bytes: another journal has others
    sealed: int
    settled: int
    given: int  # the last number that a file has


class Shadow:
    """The shadow of a city's journal. One process follows; any may look."""

    def __init__(self, folder: Path, source: Database, journal: Journal):
        self.folder = folder
        self.source = source
        self.journal = journal
        self.path = folder / "shadow.db"
        self._seq = 0
        self.database = self._opened()

    def _opened(self) -> Database:
        """The file, made anew if another program made it, or of another journal."""
        database = self._connected()
        run = database.engine.connection.execute
        made_by = run("SELECT key FROM wide_made_by").fetchone()
        if (made_by is None and at_of(run).seq == 0) or (made_by == (made_of(),) and self._is_of_this_journal(at_of(run))):
            run("INSERT OR IGNORE INTO wide_made_by VALUES (?)", (made_of(),))
        else:
            database.close()
            for each in self.folder.glob("shadow.db*"):
                each.unlink()
            return self._opened()
        watch(database.engine.connection)
        return database

    def _connected(self) -> Database:
        make_folder(self.folder)
        database = Database(str(self.path), self.source.city, self.source.clock)
        database.migrate()
        connection = database.engine.connection
        connection.create_function("wide_seq", 0, lambda: self._seq)
        connection.execute("PRAGMA cache_size = -8192")  # rows of now: what is older is not touched again
        prepare(connection)
        return database

    def _is_of_this_journal(self, at: At) -> bool:
        with self.source.reading() as tx:
            body = tx.value("SELECT body FROM fact WHERE city = :city AND seq = :seq", seq=at.seq)
        return at.seq == 0 or (body is not None and hashlib.sha256(body).digest() == at.digest)

    @property
    def at(self) -> At:
        """How far it is."""
        return at_of(self.database.engine.connection.execute)

    def behind(self) -> int:
        """How many facts it has not heard."""
        with self.source.reading() as tx:
            return (tx.value("SELECT size FROM log_head WHERE city = :city") or 0) - self.at.seq

    def follow(self, most: int = CHUNK) -> int:
        """Hear what is new, at most so many facts; gives how many. What they did and how far it is are written together.

        Refuses with `JournalBroken`.
        """
        at = self.at
        with self.source.reading() as tx:
            rows = tx.tuples(
                f"SELECT seq, body FROM fact WHERE city = :city AND seq > :seq ORDER BY seq LIMIT {int(most)}", seq=at.seq
            )
        if not rows:
            return 0
        engine = self.database.engine
        engine.begin()
        try:
            recorded = self._apply(rows, at)
            engine.connection.execute(
                "UPDATE wide_at SET seq = ?, recorded = ?, digest = ?",
                (rows[-1][0], recorded, hashlib.sha256(bytes(rows[-1][1])).digest()),
            )
            _mark(engine.connection.execute, rows[-1][0], recorded)
            engine.commit()
        except BaseException:
            engine.rollback()
            raise
        return len(rows)

    def _apply(self, rows: list[tuple], at: At) -> int:
        """Apply facts, each written before the next is heard; gives the latest moment at which any was recorded."""
        tx = Tx(self.database.engine, self.source.city, self.journal, self.source.clock())
        due, recorded = at.seq + 1, at.recorded
        for seq, body in rows:
            if seq != due:
                raise JournalBroken(
                    f"Fact {due} of the journal is gone: the next one there is {seq}. Run `cityloop journal verify`, and put "
                    "back a backup that has it; nothing after it can be told."
                )
            told = told_from(self.source.city, seq, bytes(body))
            self._seq = seq
            self.journal.run_apply(tx, told)
            tx.flush()
            recorded = max(recorded, epoch_us(told.recorded_at))
            due += 1
            if len(tx.cache) > CACHE_MAX:
                tx.cache.clear()
        return recorded

    def follow_all(self, on_progress: Callable[[int, int], None] = lambda done, of: None, then: Callable[[], Any] = lambda: None) -> int:
        """Hear all there is; `then` is done after each stretch. Gives how many facts."""
        heard, size = 0, self.behind()
        while some := self.follow():
            heard += some
            on_progress(heard, max(size, heard))
            then()
        return heard

    def close(self) -> None:
        """Let go."""
        self.database.close()


def made_of() -> str:
    """What the shadow's tables follow from beside the facts: another program may do otherwise, and then they are made anew."""
    known = [*(f"{path.name} {path.stat().st_size}" for path in migration_files()), repr(SPINE)]
    known += [f"{name} {kind.VERSION}" for name, kind in sorted(FACTS.items())]
    return hashlib.sha256("\n".join(known).encode()).hexdigest()


def at_of(run: Callable[[str], Any]) -> At:
    """How far a shadow is."""
    return At(*run("SELECT seq, recorded, digest, sealed, settled, given FROM wide_at").fetchone())


def _mark(run: Callable[..., Any], seq: int, recorded: int) -> None:
    """Write down until when the journal was so long. The newest mark moves on until it is far enough from the one before it."""
    last = run("SELECT seq FROM wide_mark ORDER BY seq DESC LIMIT 2").fetchall()
    if len(last) == 2 and last[0][0] - last[1][0] < APART:
        run("DELETE FROM wide_mark WHERE seq = ?", last[0])
    run("INSERT INTO wide_mark VALUES (?, ?)", (seq, recorded))


def seq_at(run: Callable[..., Any], source: Database, moment: datetime) -> int:
    """How long the journal was at a moment: its longest beginning all of whose facts were recorded by then.

    Processes record beside each other, so that a fact may have been recorded a little before the one that it follows.
    """
    wanted = epoch_us(moment)
    first = run("SELECT seq FROM wide_mark WHERE recorded <= ? ORDER BY recorded DESC, seq DESC LIMIT 1", (wanted,)).fetchone()
    last = run("SELECT seq FROM wide_mark WHERE recorded > ? ORDER BY recorded, seq LIMIT 1", (wanted,)).fetchone()  # what is marked never falls
    start = first[0] if first else 0
    if last is None:
        return start
    with source.reading() as tx:
        found = tx.value(
            "SELECT MIN(seq) FROM fact WHERE city = :city AND seq > :start AND seq <= :last AND recorded_at > :moment",
            start=start, last=last[0], moment=utc_text(moment),
        )  # fmt: skip
    return found - 1
