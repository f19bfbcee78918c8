"""Proof that somebody is gone: what was theirs is looked for in every table, file and backup, and must be found nowhere."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from cityloop.db import Database
from cityloop.db.tables import TABLES
from cityloop.domain.ids import VaultId
from cityloop.files import FileStore
from cityloop.keeping.chest import Chest
from cityloop.keeping.making import Progress, nobody
from cityloop.keeping.rows import pages, unpacked

TEXT_LEAST = 4  # characters; shorter words are everybody's
SAMPLE = 65_536  # bytes of a file; a part of a picture may look like a part of another


class Found(Struct, frozen=True, kw_only=True):
    """Where something of an erased person still lies."""

    place: str
    needles: int


class Looked(Struct, frozen=True, kw_only=True):
    """A search: how many needles, what was looked through, what was found."""

    needles: int
    rows: int
    files: int
    bytes: int
    pieces: int
    found: tuple[Found, ...]


class Certificate(Struct, frozen=True, kw_only=True):
    """What one hands out after an erasing. It names nothing of what was erased: the fact in the journal stands for it."""

    city: str
    erasure: str  # the subject of the fact that says so
    at: str
    reason: str
    ids: tuple[str, ...]
    removed_files: int
    rewritten_pieces: int  # of backups
    shared: int  # words that were not looked for, as an item of somebody else that stays says the same
    looked: Looked
    left: tuple[str, ...]  # what nobody can reach from here


LEFT = (
    "paper, screens and messages that people were shown or sent before",
    "backups in folders that were not named, until they are made or thinned the next time",
    "on PostgreSQL: dead rows until the server cleans up (VACUUM), and its write-ahead log until it is recycled",
    "on disks that keep old blocks (SSD, snapshots of a file system): their own ways of erasing",
)


def needles_of(database: Database, files: FileStore, ids: Collection[VaultId]) -> tuple[list[bytes], int]:
    """What can be looked for of vault items, before they are erased: words, numbers, salts, keys, parts of files.

    Gives too how many words are left out, because somebody else's item that stays says the same.
    """
    found: set[bytes] = set()
    with database.reading() as tx:
        for id in ids:
            for salt, content, file in tx.tuples("SELECT salt, bytes, file FROM vault WHERE city = :city AND id = :id", id=id):
                found.add(bytes(salt))
                if file:
                    found.add(bytes(content))  # the key of a sealed file
                    found |= _sample(files, file)
                else:
                    found |= set(_texts(bytes(content)))
            for (digest,) in tx.tuples("SELECT digest FROM file_shown WHERE city = :city AND photo = :id", id=id):
                by = tx.tuples("SELECT photo FROM file_shown WHERE city = :city AND digest = :digest", digest=digest)
                if not {photo for (photo,) in by} - set(ids):
                    found |= _sample(files, digest)
            found |= {code.encode() for (code,) in tx.tuples("SELECT code FROM tracking WHERE city = :city AND said = :id", id=id)}
    others = _said_by_others(database, {each for each in found if _is_text(each)}, set(ids))
    return sorted(found - others), len(others)


def _said_by_others(database: Database, texts: set[bytes], ids: set[VaultId]) -> set[bytes]:
    found: set[bytes] = set()
    with database.reading() as tx:
        for rows in pages(tx.engine, database.city, TABLES["vault"]):
            places = [list(TABLES["vault"].columns).index(name) for name in ("id", "bytes")]
            hay = b"\x00".join(row[places[1]] for row in rows if row[places[0]] not in ids)
            found |= {each for each in texts - found if each in hay}
    return found


def _sample(files: FileStore, digest: str) -> set[bytes]:
    if not files.exists(digest):
        return set()
    return {files.get(digest)[:SAMPLE]}


def _texts(content: bytes) -> Iterator[bytes]:
    try:
        said = msgspec.json.decode(content)
    except msgspec.MsgspecError:
        yield content
        return
    yield from (each.encode() for each in _strings(said) if len(each) >= TEXT_LEAST)


def _strings(said: Any) -> Iterator[str]:
    if isinstance(said, str):
        yield said
    elif isinstance(said, dict):
        for each in said.values():
            yield from _strings(each)
    elif isinstance(said, list):
        for each in said:
            yield from _strings(each)


def look(
    needles: Sequence[bytes], database: Database, home: Path, chests: Iterable[Chest] = (), on_progress: Progress = nobody
) -> Looked:  # fmt: skip
    """Look for needles in every row of every table, in every file of the home, and in every piece of backups."""
    hay = _Hay(needles)
    engine = database.connect(read_only=True)
    try:
        engine.begin()
        for no, table in enumerate(TABLES.values(), 1):
            for rows in pages(engine, database.city, table):
                hay.rows += len(rows)
                hay.look(f"table {table.name}", _joined(rows))
            on_progress(no, len(TABLES))
    finally:
        engine.rollback()
        engine.close()
    for path in sorted(home.rglob("*")) if home.exists() else ():
        if path.is_file() and "backups" not in path.relative_to(home).parts[:1]:
            hay.files += 1
            hay.look(f"file {path.relative_to(home)}", path.read_bytes())
            if path.suffix == ".parquet":
                hay.look(f"columns of {path.relative_to(home)}", _columns(path))
    for chest in chests:
        for name in chest.names():
            hay.pieces += 1
            content = chest.get(name)
            with suppress(msgspec.MsgspecError, TypeError):  # one of a file is looked at as it is
                content = _joined(unpacked(content))
            hay.look(f"backup {chest.folder.name}/{name[:12]}", content)
    return Looked(
        needles=len(needles), rows=hay.rows, files=hay.files, bytes=hay.bytes, pieces=hay.pieces,
        found=tuple(Found(place=place, needles=count) for place, count in sorted(hay.found.items())),
    )  # fmt: skip


class _Hay:
    def __init__(self, needles: Sequence[bytes]):
        self.forms = [{each, msgspec.json.encode(each.decode()).strip(b'"') if _is_text(each) else each} for each in needles]
        self.rows = self.files = self.bytes = self.pieces = 0
        self.found: dict[str, int] = {}

    def look(self, place: str, content: bytes) -> None:
        self.bytes += len(content)
        if count := sum(any(form in content for form in forms) for forms in self.forms):
            self.found[place] = max(count, self.found.get(place, 0))


def _is_text(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def _joined(rows: Iterable[tuple]) -> bytes:
    return b"\x00".join(part if isinstance(part, bytes) else str(part).encode() for row in rows for part in row if part is not None)


def _columns(path: Path) -> bytes:
    import pyarrow.parquet as pq  # a while to load

    table = pq.read_table(path)
    return b"\x00".join(str(each).encode() for column in table.columns for each in column.to_pylist() if isinstance(each, str | bytes))

