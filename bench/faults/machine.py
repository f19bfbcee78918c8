"""A machine that loses its power, fills its disk and sets its clock, under a server that knows nothing of it.

`machine.c` is preloaded and notes what is not yet synced; `Machine.cut_power`, once the processes were killed, drops some
of that, tears some of it in the middle of a sector's neighbours, and leaves the rest: as a disk may that loses its power.
"""

import contextlib
import mmap
import os
import random
import shutil
import struct
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

SOURCE = Path(__file__).parent / "machine.c"
NOTES_BYTES = 4 << 30  # sparse: only what is noted takes room
FIRST = 4096
SECTOR_BYTES = 512
END, LIMBO, SPILLED, FULL, CLOCK, BYTES = 128, 136, 144, 152, 160, 176
WRITE, CUT, SYNC, CREATE, RENAME, UNLINK, LINK, MKDIR, RMDIR = range(1, 10)
_NOTE = struct.Struct("=IIQQqqqIIII")


class NoCompiler(RuntimeError):
    """There is nothing here that compiles C."""


class Note(Struct, kw_only=True):
    """What the machine did, and what was there before."""

    place: int
    kind: int
    ino: int
    dir: int
    offset: int
    length: int
    size: int
    limbo: int
    path: str
    other: str
    old: bytes

    @property
    def names(self) -> set[str]:
        return {each for each in (self.path, self.other) if each}


class Cut(Struct, kw_only=True):
    """What a power loss took: changes of bytes and of names that were not synced."""

    unsynced: int = 0
    dropped: int = 0
    torn: int = 0
    names_unsynced: int = 0
    names_dropped: int = 0


def compiler() -> str:
    """The machine's C compiler.

    Raises NoCompiler.
    """
    found = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if found is None:
        raise NoCompiler("Power losses need a C compiler: sh scripts/from_debian.sh 'the tests of faults' gcc libc6-dev")
    return found


class Machine:
    """The folder `root` on a disk whose power may be cut. `environment()` is given to whatever runs on it."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.root = folder / "disk"
        self.limbo = folder / "disk.limbo"
        self.notes = folder / "notes"
        self.library = built()
        self.root.mkdir(parents=True, exist_ok=True)
        self._begin()

    def environment(self) -> dict[str, str]:
        return {"LD_PRELOAD": str(self.library), "CITYLOOP_MACHINE_ROOT": str(self.root), "CITYLOOP_MACHINE_NOTES": str(self.notes)}

    def fill(self, full: bool) -> None:
        """From now on no file may grow; or there is room again."""
        self._put(FULL, int(full))

    def shift_clock(self, seconds: int) -> None:
        """Set the clock so far forward, or back."""
        self._put(CLOCK, seconds)

    def cut_power(self, chance: random.Random, *, worst: bool = False) -> Cut:
        """Take back a random part of what was not synced, or the `worst`: all of it. Nothing may run on the machine any more."""
        notes = list(self._noted())
        synced, everything = _synced(notes)
        cut = Cut()
        bytes_ = [each for each in notes if each.kind in (WRITE, CUT)]
        self._cut_bytes([each for each in bytes_ if each.place >= max(synced.get(each.ino, 0), everything)], chance, cut, worst)
        names = [each for each in notes if each.kind >= CREATE]
        for each in reversed(_dropped(names, synced, everything, chance, cut, worst)):
            self._undo(each)
        self._begin()
        return cut

    def forget(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def _begin(self) -> None:
        shutil.rmtree(self.limbo, ignore_errors=True)
        self.limbo.mkdir(mode=0o777)
        self.notes.unlink(missing_ok=True)
        with self.notes.open("wb") as out:
            out.truncate(NOTES_BYTES)
        for each in (self.notes, self.limbo):
            each.chmod(0o777)
        self._put(END, FIRST)
        self._put(BYTES, NOTES_BYTES)

    def _put(self, place: int, value: int) -> None:
        with self.notes.open("r+b") as out, mmap.mmap(out.fileno(), FIRST) as head:
            head[place : place + 8] = value.to_bytes(8, "little", signed=True)

    def _noted(self) -> Iterator[Note]:
        with self.notes.open("rb") as file, mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as all_:
            if int.from_bytes(all_[SPILLED : SPILLED + 8], "little"):
                raise RuntimeError("The notes of the machine are full: cut its power sooner.")
            place, end = FIRST, int.from_bytes(all_[END : END + 8], "little")
            while place < end:
                size, kind, ino, folder, offset, length, was, old, path, other, limbo = _NOTE.unpack_from(all_, place)
                at = place + _NOTE.size
                yield Note(
                    place=place, kind=kind, ino=ino, dir=folder, offset=offset, length=length, size=was, limbo=limbo,
                    path=all_[at : at + path].decode(), other=all_[at + path : at + path + other].decode(),
                    old=all_[at + path + other : at + path + other + old],
                )  # fmt: skip
                place += size

    def _cut_bytes(self, unsynced: list[Note], chance: random.Random, cut: Cut, worst: bool) -> None:
        files = {os.stat(path).st_ino: path for path in _all_files(self.root, self.limbo)}
        for ino in dict.fromkeys(each.ino for each in unsynced):
            if ino in files:
                with open(files[ino], "r+b") as file:
                    _cut_file(file, [each for each in unsynced if each.ino == ino], chance, cut, worst)

    def _undo(self, each: Note) -> None:
        limbo = self.limbo / str(each.limbo)
        with contextlib.suppress(FileNotFoundError):
            if each.kind in (CREATE, MKDIR):
                os.rename(each.path, self.limbo / f"gone-{each.place}")
            elif each.kind == LINK:
                os.unlink(each.other)
            elif each.kind == RMDIR:
                os.mkdir(each.path)
            elif each.kind == UNLINK:
                os.link(limbo, each.path)
            else:
                os.rename(each.other, each.path)
                if each.limbo:
                    os.link(limbo, each.other)


def built() -> Path:
    """The library, built once for each state of its source."""
    folder = Path(tempfile.gettempdir()) / f"cityloop-machine-{os.getuid()}"
    folder.mkdir(mode=0o755, exist_ok=True)
    found = folder / f"{SOURCE.stat().st_mtime_ns}.so"
    if not found.exists():
        fresh = folder / f"{os.getpid()}.so"
        subprocess.run([compiler(), "-O2", "-shared", "-fPIC", "-o", fresh, SOURCE, "-ldl", "-lpthread"], check=True)
        fresh.replace(found)
    return found


def _all_files(*folders: Path) -> Iterator[str]:
    for folder in folders:
        for where, _, names in os.walk(folder):
            yield from (path for name in names if os.path.isfile(path := os.path.join(where, name)))


def _synced(notes: list[Note]) -> tuple[dict[int, int], int]:
    """Up to which note each file and folder is on the disk, and everything is."""
    upto: dict[int, int] = {}
    for each in notes:
        if each.kind == SYNC:
            upto[each.ino] = max(upto.get(each.ino, 0), each.offset)
    return upto, upto.pop(0, 0)


def _dropped(
    names: list[Note], synced: dict[int, int], everything: int, chance: random.Random, cut: Cut, worst: bool
) -> list[Note]:  # fmt: skip
    """The changes of names that the disk never saw: any that were not synced, and all that stand on them."""
    kept: set[int] = set()
    must: set[str] = set()
    for each in reversed(names):
        if each.place < max(synced.get(each.dir, 0), everything) or each.names & must:
            kept.add(each.place)
            must |= each.names
    gone: set[str] = set()
    dropped = []
    share = 1.0 if worst else chance.random()
    for each in names:
        if each.place in kept:
            continue
        cut.names_unsynced += 1
        if each.names & gone or chance.random() < share:
            gone |= each.names
            dropped.append(each)
    cut.names_dropped += len(dropped)
    return dropped


def _cut_file(file, notes: list[Note], chance: random.Random, cut: Cut, worst: bool) -> None:
    """Back to what was synced, then some of the changes again: whole, or some of their sectors."""
    new = []
    for each in reversed(notes):
        file.seek(each.offset)
        new.append(file.read(each.length) if each.kind == WRITE else b"")
        _take_back(file, each)
    cut.unsynced += len(notes)
    share = 1.0 if worst else chance.random()  # some losses take nearly all, some nearly nothing
    for each, bytes_ in zip(notes, reversed(new), strict=True):
        if chance.random() < share:
            cut.dropped += 1
        elif each.kind == CUT:
            file.truncate(each.offset)
        elif chance.random() < 0.3:
            cut.torn += 1
            _write_torn(file, each.offset, bytes_, chance)
        else:
            file.seek(each.offset)
            file.write(bytes_)
    file.flush()


def _take_back(file, each: Note) -> None:
    if each.kind == CUT and each.offset < each.size:
        file.truncate(each.size)
    file.seek(each.offset)
    file.write(each.old)
    file.flush()
    file.truncate(each.size)


def _write_torn(file, offset: int, bytes_: bytes, chance: random.Random) -> None:
    """Some of the sectors, each whole: a sector is the least that a disk writes at once."""
    at = 0
    while at < len(bytes_):
        upto = min(len(bytes_), at + SECTOR_BYTES - (offset + at) % SECTOR_BYTES)
        if chance.random() < 0.5:
            file.seek(offset + at)
            file.write(bytes_[at:upto])
        at = upto
    file.flush()
