"""A city's archive as its server has it: kept by one process, asked by any on the machine, as of any moment."""

import os
import threading
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from cityloop.db import Database, Tx
from cityloop.db.durable import make_folder
from cityloop.domain.calendar import epoch_us
from cityloop.domain.errors import Unavailable
from cityloop.journal import Journal
from cityloop.wide.archive import Archive
from cityloop.wide.changes import Changes
from cityloop.wide.reading import looking
from cityloop.wide.shadow import Shadow, at_of, seq_at

try:
    import fcntl
except ImportError:  # on Windows one process runs a city
    fcntl = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from cityloop.wide.engines.duckdb import DuckWide

T = TypeVar("T")
WAIT_S = 3.0  # for facts that were recorded just now
AT_ONCE = 400  # facts that are heard before somebody else may have the interpreter


class KeptElsewhere(Unavailable):
    """Another process keeps the archive."""

    code = "wide.kept_elsewhere"


class NotHeard(Unavailable):
    """The archive has not heard all facts that were recorded by that moment."""

    code = "wide.not_heard"


class Wide:
    """The archive in a folder."""

    def __init__(self, folder: Path, source: Database, journal: Journal):
        self.folder = folder
        self._source = source
        self._journal = journal
        self._lock: int | None = None
        self._keeping = threading.Lock()  # who closes waits for who keeps
        self._archive: Archive | None = None
        self._engine: DuckWide | None = None
        self.changes = Changes(folder, source.city)

    def archive(self) -> Archive:
        """What keeps it: this process, from now on.

        Refuses with `KeptElsewhere`.
        """
        if self._archive is None:
            make_folder(self.folder)
            lock = os.open(self.folder / "lock", os.O_CREAT | os.O_RDWR)
            try:
                if fcntl is not None:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                os.close(lock)
                raise KeptElsewhere(
                    f"Another process keeps the archive in {self.folder}: the server does as long as it runs; stop it first."
                ) from None
            self._lock = lock
            self._archive = Archive(Shadow(self.folder, self._source, self._journal))
        return self._archive

    def keep(self) -> int:
        """Hear some of what is new, and seal and settle where it is time; gives how many facts were heard."""
        with self._keeping:
            return self.archive().keep(most=AT_ONCE)

    def as_of(self, moment: datetime) -> "tuple[DuckWide, int]":
        """What is read wide, and how long the journal was at a moment. Facts that were recorded just now are waited for.

        Refuses with `NotKept` or `NotHeard`.
        """
        until = time.monotonic() + WAIT_S
        while True:
            with looking(self.folder) as connection:
                at = at_of(connection.execute)
                seq = seq_at(connection.execute, self._source, moment)
            size = self.told()
            if seq < at.seq or size <= at.seq or at.recorded > epoch_us(moment):
                break
            if time.monotonic() > until:
                raise NotHeard(
                    f"The archive has heard {at.seq:,} of {size:,} facts and does not know that moment yet; ask again in a while."
                )
            time.sleep(0.05)
        return self._reader(), seq

    def heard(self) -> "tuple[DuckWide, int]":
        """What is read wide, and the last fact that was heard: nobody is waited for.

        Refuses with `NotKept`.
        """
        return self._reader(), self.changes.at()[1].seq

    def _reader(self) -> "DuckWide":
        if self._engine is None:
            from cityloop.wide.engines.duckdb import DuckWide  # Ibis takes a while to load

            self._engine = DuckWide(self.folder)
        self._engine.refresh_later()
        return self._engine

    def read(self, ask: Callable[[Tx], T]) -> T:
        """What the city's own tables say."""
        with self._source.reading() as tx:
            return ask(tx)

    def told(self) -> int:
        """How many facts the city has told."""
        with self._source.reading() as tx:
            return tx.value("SELECT size FROM log_head WHERE city = :city") or 0

    def pack_at(self, seq: int) -> str | None:
        """The version of the pack that was in force when a fact was told."""
        with self._source.reading() as tx:
            return tx.value("SELECT pack FROM fact WHERE city = :city AND seq = :seq", seq=seq)

    def close(self) -> None:
        """Let go."""
        with self._keeping:
            self.changes.close()
            if self._engine is not None:
                self._engine.close()
            if self._archive is not None:
                self._archive.shadow.close()
            if self._lock is not None:
                os.close(self._lock)
            self._engine = self._archive = self._lock = None
