"""Sealing: leaves in the order of `seq`, a signed checkpoint at most once a second, one root a size for ever."""

from datetime import datetime
from pathlib import Path
from typing import Any

from msgspec import Struct

from cityloop.db import Tx
from cityloop.db.durable import make_folder
from cityloop.domain.facts import LogContinued
from cityloop.journal.commit import Writer
from cityloop.journal.tlog import (
    SHA256_ED25519,
    Alg,
    Checkpoint,
    Guard,
    LogBehind,
    LogForked,
    Prover,
    alg_in_facts,
    begin_log,
    empty_root,
    grow,
    guard_path,
    leaves_of,
    load_key,
    sign_checkpoint,
)

AT_ONCE = 20_000


class OriginRow(Struct, frozen=True):
    """A log of this city: its name, and the `seq` of its first leaf. A new one begins after a restore."""

    no: int
    name: str
    first_seq: int
    alg: str | None = None  # as facts name it; None is SHA-256 and Ed25519

    @property
    def alg_used(self) -> Alg:
        return alg_in_facts(self.alg) if self.alg else SHA256_ED25519


class CheckpointRow(Struct, frozen=True):
    """A signed head."""

    origin: int
    size: int
    root: bytes
    note: str
    at: datetime


class TileRow(Struct, frozen=True):
    """A hash tile; a narrower one is a prefix of it."""

    origin: int
    level: int
    place: int
    hashes: bytes


class Sealed(Struct, frozen=True, kw_only=True):
    """A head that was signed, and the tiles that are new with it, by level and place; not kept yet. It grew from the head of
    `after`."""

    after: int
    size: int
    root: bytes
    note: str
    tiles: dict[tuple[int, int], bytes]


def origin_last(tx: Tx) -> OriginRow | None:
    """The log that grows now."""
    row = tx.one("SELECT no, name, first_seq, alg FROM origin WHERE city = :city ORDER BY no DESC LIMIT 1")
    return OriginRow(*row) if row else None


def checkpoint_last(tx: Tx, origin: int) -> CheckpointRow | None:
    """The newest signed head of a log."""
    row = tx.one(
        "SELECT origin, size, root, note, at FROM checkpoint WHERE city = :city AND origin = :origin ORDER BY size DESC LIMIT 1",
        origin=origin,
    )
    return CheckpointRow(*row) if row else None


def tile_hashes(tx: Tx, origin: int, level: int, place: int) -> bytes | None:
    """A stored hash tile."""
    return tx.value(
        "SELECT hashes FROM tile WHERE city = :city AND origin = :origin AND level = :level AND place = :place",
        origin=origin, level=level, place=place,
    )  # fmt: skip


class Sealer:
    """Seals the facts of one city. Its key and the guard of what was published lie outside the database."""

    def __init__(self, writer: Writer, keys: Path, name: str, alg: Alg = SHA256_ED25519):
        """`alg` is that of logs that begin from now on; one that grows keeps its own."""
        self.writer = writer
        self.alg = alg
        self.database = writer.database
        self.keys = keys
        self.name = name  # e.g. "cityloop.example/demo": no spaces, no plus
        self.origin: OriginRow | None = None
        self._key = None
        self._guard: Guard | None = None
        self._size = 0
        self._tiles: dict[tuple[int, int], bytes] = {}  # the right edge, so that sealing reads nothing back

    def key_path(self, origin: OriginRow) -> Path:
        """Where the key of a log lies."""
        return self.keys / f"{origin.name.replace('/', '_')}.key"

    def heed(self) -> None:
        """Let facts name the algorithm of the log that grows; where there is none yet, of the one that will begin."""
        with self.database.reading() as tx:
            origin = origin_last(tx)
        self.writer.journal.alg = (origin.alg_used if origin else self.alg).in_facts

    def start(self) -> OriginRow:
        """Find the log that grows, or begin one; never continue a log that is behind what it has published.

        Refuses with `GuardMissing` or `KeyFileMissing`: put the files back. Emits `LogContinued` on a new origin.
        """
        with self.database.reading() as tx:
            origin = origin_last(tx)
        origin = origin or self._begin(1, self.name, first_seq=1)
        try:
            self._take(origin)
        except (LogBehind, LogForked):
            old = Guard(guard_path(self.key_path(origin)), origin.name).last()
            origin = self._continue(origin, old.size, old.root)
            self._take(origin)
        self.heed()
        return origin

    def anew(self) -> OriginRow:
        """Begin a new origin though nobody can tell what the old one has published: its key came from a copy, or is lost.

        Emits `LogContinued`, which names the newest head that is known.
        """
        with self.database.reading() as tx:
            origin = origin_last(tx)
            last = checkpoint_last(tx, origin.no) if origin else None
        if origin is None:
            return self.start()
        size, root = (last.size, last.root) if last else (0, empty_root())
        path = guard_path(self.key_path(origin))
        if path.exists() and (known := Guard(path, origin.name).last()).size > size:
            size, root = known.size, known.root
        origin = self._continue(origin, size, root)
        self._take(origin)
        return origin

    def begin_anew(self) -> OriginRow:
        """Leave a sound log and begin another, under the algorithm that is set; nobody else may write meanwhile.

        Its first fact names the last checkpoint of the old one. Emits `LogContinued`.
        """
        while self.seal():
            pass
        assert self.origin, "start the sealer first"
        last = self._guard.last()
        self._take(self._continue(self.origin, last.size, last.root))
        return self.origin

    def seal(self) -> CheckpointRow | None:
        """Seal what is committed and not yet sealed; None if there is nothing, or another process seals."""
        sealed = self.sealed() if self.is_ours() else None
        return self.keep(sealed) if sealed else None

    def is_ours(self) -> bool:
        """Whether this process is the one that seals."""
        return self.database.ready().alone(f"{self.database.city}/seal")

    def sealed(self) -> Sealed | None:
        """What is to be kept of what is committed and not yet sealed; None if there is nothing. The guard knows of it from now on:
        if it is not kept, the next sealing ends there or goes beyond. It only reads, so a thread may do it, one at a time.
        """
        assert self.origin, "start the sealer first"
        with self.database.reading() as tx:
            last = checkpoint_last(tx, self.origin.no)
            if last and last.size != self._size:  # another process has sealed meanwhile
                self._size, self._tiles = last.size, {}
            rows = tx.all(
                f"SELECT salt, body FROM fact WHERE city = :city AND seq >= :first ORDER BY seq LIMIT {AT_ONCE}",
                first=self.origin.first_seq + self._size,
            )
        return self._grown(self._leaves(rows)) if rows else None

    def _leaves(self, rows: list[Any]) -> list[bytes]:
        return leaves_of([row.salt + row.body for row in rows], alg=self.origin.alg_used)

    def _grown(self, leaves: list[bytes]) -> Sealed:
        alg = self.origin.alg_used
        grown = grow(self._size, self._tile, leaves, alg=alg)
        new = {(tile.level, tile.index): tile.hashes for tile in grown.tiles}
        prover = Prover(lambda level, index: new.get((level, index)) or self._tile(level, index), alg=alg)
        self._guard.admit(grown.size, grown.root, prover.root)
        note = sign_checkpoint(Checkpoint(origin=self.origin.name, size=grown.size, root=grown.root), self._key)
        return Sealed(after=self._size, size=grown.size, root=grown.root, note=note, tiles=new)

    def keep(self, sealed: Sealed) -> CheckpointRow | None:
        """Keep the tiles and the head that were made: from now on they are published. None, and nothing is kept, if another
        process has sealed meanwhile: its tiles may be wider."""

        def keep(tx: Tx) -> CheckpointRow | None:
            last = checkpoint_last(tx, self.origin.no)
            if (last.size if last else 0) != sealed.after:
                return None
            for (level, index), hashes in sealed.tiles.items():
                tx.put("tile", TileRow(self.origin.no, level, index, hashes))
            row = CheckpointRow(self.origin.no, sealed.size, sealed.root, sealed.note, tx.now)
            tx.add("checkpoint", row)
            return row

        row = self.writer.whole(keep, actor="machine:seal")
        if row is None:
            return None
        self._size = size = sealed.size
        edge = {}
        for (level, index), hashes in (self._tiles | sealed.tiles).items():
            if index == size >> (8 * (level + 1)) or index == (size - 1) >> (8 * (level + 1)):
                edge[level, index] = hashes
        self._tiles = edge
        return row

    def _tile(self, level: int, index: int) -> bytes | None:
        if (level, index) in self._tiles:
            return self._tiles[level, index]
        with self.database.reading() as tx:
            return tile_hashes(tx, self.origin.no, level, index)

    def _take(self, origin: OriginRow) -> None:
        """Make this log ours, after asking the guard whether it may grow."""
        with self.database.reading() as tx:
            last = checkpoint_last(tx, origin.no)
            head = tx.value("SELECT size FROM log_head WHERE city = :city") or 0
        self.origin, self._size, self._tiles = origin, last.size if last else 0, {}
        self._key = load_key(self.key_path(origin))
        self._guard = Guard(guard_path(self.key_path(origin)), origin.name)
        committed = head - origin.first_seq + 1
        if committed < (published := self._guard.last()).size:
            raise LogBehind(f"{origin.name} has {committed} facts and has published {published.size}.")
        self._guard_agrees(published.size)

    def _guard_agrees(self, published: int) -> None:
        """Ask the guard at the size that it knows; sealed tiles may end before it if we died in between."""
        with self.database.reading() as tx:
            rows = tx.all(
                "SELECT salt, body FROM fact WHERE city = :city AND seq >= :first AND seq < :upto ORDER BY seq",
                first=self.origin.first_seq + self._size, upto=self.origin.first_seq + max(published, self._size),
            )  # fmt: skip
        alg = self.origin.alg_used
        grown = grow(self._size, self._tile, self._leaves(rows), alg=alg)
        new = {(tile.level, tile.index): tile.hashes for tile in grown.tiles}
        prover = Prover(lambda level, index: new.get((level, index)) or self._tile(level, index), alg=alg)
        root = prover.root(published) if published else empty_root()
        self._guard.check(published, root, prover.root)

    def _begin(self, no: int, name: str, *, first_seq: int) -> OriginRow:
        row = OriginRow(no, name, first_seq, self.alg.in_facts)
        if not self.key_path(row).exists():
            make_folder(self.keys)
            begin_log(self.key_path(row), name, alg=self.alg)
        self.writer.whole(lambda tx: tx.put("origin", row), actor="machine:seal")
        return row

    def _continue(self, old: OriginRow, size: int, root: bytes) -> OriginRow:
        no = old.no + 1
        row = OriginRow(no, f"{self.name}/{no}", 0)
        while self.key_path(row).exists():  # a key that has signed for another life of this log
            no += 1
            row = OriginRow(no, f"{self.name}/{no}", 0)
        begin_log(self.key_path(row), row.name, alg=self.alg)
        self.writer.journal.alg = self.alg.in_facts  # its first fact lies in the new log already

        def tell(tx: Tx) -> OriginRow:
            tx.emit(
                LogContinued(origin=row.name, old_origin=old.name, old_size=size, old_root=root.hex(), at=tx.now),
                first=True,
            )
            head = tx.value("SELECT size FROM log_head WHERE city = :city") or 0
            begun = OriginRow(no, row.name, head + 1, self.alg.in_facts)
            tx.put("origin", begun)
            return begun

        return self.writer.whole(tell, actor="machine:seal")
