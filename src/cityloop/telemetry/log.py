"""Observations written ahead: append-only files; what `append` has answered is on the disk, whatever dies next."""

import contextlib
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from cityloop.db.durable import make_folder, sync_folder
from cityloop.domain.errors import Unavailable, kind_of
from cityloop.telemetry.batch import Batch, joined
from cityloop.telemetry.frames import framed, frames_in, length_said

try:
    import fcntl
except ImportError:  # where files cannot be locked so, one process has the folder to itself by agreement
    fcntl = None  # type: ignore[assignment]

ROLL_BYTES = 64 << 20
ROLL_S = 900.0
READ_BYTES = 4 << 20
ROWS_TOLD = 100_000  # rows that `follow` gives at once, or a little more
_SUFFIX = ".obs"
_TAKES_NONE = "The disk does not take observations; send them again in a moment."


class NotKept(Unavailable):
    """The disk did not take the observations; none of them counts as kept."""

    code = "telemetry.not_kept"


class Position(NamedTuple):
    """A place in a log: after everything that was told up to it. Ordered; as JSON a list of two numbers."""

    file: int
    offset: int


START = Position(0, 0)


class Part(NamedTuple):
    """A file of a log. `is_rolled`: nothing is written to it any more."""

    number: int
    path: Path
    size_bytes: int
    is_rolled: bool


class Log:
    """One process's log in a folder of its own. Many threads may append; those who wait together share one sync.

    A torn tail, which a crash leaves, is cut when the log is opened; then a new file begins. Units: `roll_s` in seconds.
    """

    def __init__(
        self, folder: Path, *, roll_bytes: int = ROLL_BYTES, roll_s: float = ROLL_S,
        sync: Callable[[int], None] = os.fdatasync if hasattr(os, "fdatasync") else os.fsync,
    ):  # fmt: skip
        self.folder = folder
        self._roll_bytes, self._roll_s, self._sync = roll_bytes, roll_s, sync
        self._writing, self._syncing = threading.Lock(), threading.Lock()
        self._file = -1
        make_folder(folder)
        numbers = numbers_in(folder)
        if numbers:
            _cut_tail(_path(folder, numbers[-1]))
        self._number = numbers[-1] if numbers else 0
        self._is_broken = False
        self._lost_after: dict[int, int] = {}  # file -> where what is surely on the disk ends
        self._begin()

    @property
    def end(self) -> Position:
        """After everything that is on the disk."""
        return self._synced

    def append(self, batch: Batch) -> Position:
        """Write a batch; the place after it, once it is on the disk.

        Refuses with `NotKept`.
        """
        return self.append_all([batch])

    def append_all(self, batches: Sequence[Batch]) -> Position:
        """Write several, with one sync; the place after the last, once all are on the disk.

        Refuses with `NotKept`: then none of them counts.
        """
        data = b"".join(framed(each) for each in batches if each.size)
        with self._writing:
            end = self._write(data)
        self._sync_to(end)
        return end

    def follow(self, position: Position = START, *, rows: int = ROWS_TOLD) -> Iterator[tuple[Position, Batch]]:
        """What is on the disk after a place: the place after each piece, and the piece. Ends where the log ends now."""
        return follow(self.folder, position, until=self._synced, rows=rows)

    def parts(self) -> list[Part]:
        """The files, the oldest first; the last is the one that grows."""
        return parts_in(self.folder)

    def roll(self, *, if_older_s: float = 0.0) -> None:
        """Begin a new file, where this one holds anything and is so old."""
        with self._writing:
            if self._synced.offset and time.monotonic() - self._began_at >= if_older_s:
                self._end_file()

    def close(self) -> None:
        """Let the file go. What was not answered may be lost."""
        with self._writing, self._syncing:
            if self._file >= 0:
                os.close(self._file)
                self._file = -1

    def _write(self, data: bytes) -> Position:
        if self._is_broken or (self._written.offset and (
            self._written.offset + len(data) > self._roll_bytes or time.monotonic() - self._began_at > self._roll_s
        )):
            self._end_file()
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(self._file, rest) :]
        except OSError as error:
            self._give_up(error)
        self._written = Position(self._number, self._written.offset + len(data))
        return self._written

    def _sync_to(self, end: Position) -> None:
        with self._syncing:
            if end.offset > self._lost_after.get(end.file, end.offset):
                raise NotKept(_TAKES_NONE)
            if self._synced >= end:
                return
            written = self._written
            try:
                self._sync(self._file)
            except OSError as error:
                self._give_up(error)
            self._synced = written

    def _give_up(self, error: OSError) -> None:
        """This file is not written to again: nobody knows what of its end is on the disk. What was answered is."""
        self._is_broken = True
        self._lost_after[self._number] = self._synced.offset
        with contextlib.suppress(OSError):
            os.ftruncate(self._file, self._synced.offset)
        raise NotKept(_TAKES_NONE, log=kind_of(error)) from error

    def _end_file(self) -> None:
        """Sync what is written, and begin the next file. Called with the lock of who writes."""
        with self._syncing:
            if not self._is_broken:
                try:
                    self._sync(self._file)
                except OSError as error:
                    self._give_up(error)
            if self._file >= 0:  # else the last one could not be begun
                os.close(self._file)
                self._file = -1
            self._begin()

    def _begin(self) -> None:
        try:
            self._number += 1
            self._file = os.open(_path(self.folder, self._number), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
            sync_folder(self.folder)
        except OSError as error:
            self._is_broken = True
            raise NotKept(_TAKES_NONE, log=kind_of(error)) from error
        self._written = self._synced = Position(self._number, 0)
        self._began_at = time.monotonic()
        self._is_broken = False


def own_log(root: Path, **how: float) -> tuple[Log, Callable[[], None]]:
    """The first log under a folder that no living process has, and what gives it back."""
    for number in range(4096):
        folder = root / f"{number:04d}"
        make_folder(folder)
        lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o644)
        try:
            if fcntl:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(lock)
            continue
        log = Log(folder, **how)  # type: ignore[arg-type]

        def let_go(log: Log = log, lock: int = lock) -> None:
            log.close()
            os.close(lock)

        return log, let_go
    raise NotKept("Too many processes keep observations here.")


def logs_in(root: Path) -> list[Path]:
    """The folders of all logs, of the living and of those that went."""
    return sorted(path for path in root.glob("[0-9]*") if path.is_dir())


def follow(
    folder: Path, position: Position = START, *, until: Position | None = None, rows: int = ROWS_TOLD
) -> Iterator[tuple[Position, Batch]]:  # fmt: skip
    """What stands in a log after a place, of whichever process it is; many small batches as one."""
    for number in numbers_in(folder):
        if number < position.file or (until and number > until.file):
            continue
        offset = position.offset if number == position.file else 0
        most = until.offset if until and until.file == number else None
        yield from _follow_file(_path(folder, number), number, offset, most, rows)


def _follow_file(path: Path, number: int, offset: int, most: int | None, rows: int) -> Iterator[tuple[Position, Batch]]:
    try:
        file = path.open("rb", buffering=0)
    except FileNotFoundError:  # sealed and gone meanwhile
        return
    with file:
        want = READ_BYTES
        while most is None or offset < most:
            file.seek(offset)
            data = file.read(want if most is None else min(want, most - offset))
            found, count, start = [], 0, offset
            for end, batch in frames_in(data):
                found.append(batch)
                offset, count = start + end, count + batch.size
                if count >= rows:
                    break
            if not found:
                longer = length_said(data)
                if len(data) < want or longer <= want:
                    return
                want = longer
                continue
            want = READ_BYTES
            yield Position(number, offset), found[0] if len(found) == 1 else joined(found)


def behind_bytes(folder: Path, position: Position) -> int:
    """How much of a log stands after a place. Units: bytes."""
    parts = [part for part in parts_in(folder) if part.number >= position.file]
    return sum(part.size_bytes for part in parts) - sum(
        min(position.offset, part.size_bytes) for part in parts if part.number == position.file
    )


def parts_in(folder: Path) -> list[Part]:
    """The files of a log, the oldest first; the last is the one that grows, or grew when its process went."""
    numbers, found = numbers_in(folder), []
    for number in numbers:
        with contextlib.suppress(FileNotFoundError):
            path = _path(folder, number)
            found.append(Part(number, path, path.stat().st_size, number != numbers[-1]))
    return found


def end_of(folder: Path) -> Position:
    """After everything that stands in a log now, of whichever process it is."""
    parts = parts_in(folder)
    return Position(parts[-1].number, parts[-1].size_bytes) if parts else START


def numbers_in(folder: Path) -> list[int]:
    """The numbers of a log's files, in their order."""
    return sorted(int(path.stem) for path in folder.glob(f"*{_SUFFIX}"))


def _path(folder: Path, number: int) -> Path:
    return folder / f"{number:010d}{_SUFFIX}"


def _cut_tail(path: Path) -> None:
    """Cut what is no whole frame off the end of a file."""
    good, size = 0, path.stat().st_size
    with path.open("r+b") as file:
        want = READ_BYTES
        while good < size:
            file.seek(good)
            data = file.read(want)
            ends = [end for end, _ in frames_in(data)]
            if ends:
                good, want = good + ends[-1], READ_BYTES
            elif len(data) == want and length_said(data) > want:
                want = length_said(data)
            else:
                break
        if good < size:
            file.truncate(good)
            os.fsync(file.fileno())
