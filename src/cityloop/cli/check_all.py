"""What `cityloop check` reads from end to end: every page, every fact, every derived row, every piece of the vault, every photo."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec import Struct

from cityloop.app import Parts
from cityloop.cli.say import Line, bad, fine, progress
from cityloop.db import TABLES, open_database
from cityloop.domain.errors import CityloopError
from cityloop.domain.facts import VaultRef
from cityloop.files import commitment
from cityloop.journal import told_from
from cityloop.journal.prove import verify
from cityloop.journal.replay import differences, replay
from cityloop.journal.tlog import load_key
from cityloop.packs import load_bytes

CHUNK = 1_000
NAMED = 3  # of what is wrong, on a line
RESTORE = "stop the city, keep this copy, and restore a backup; see docs/howto/backup.md"


def pages(parts: Parts) -> Line:
    """The database reads each of its pages without finding one broken."""
    if parts.database.on_postgres:
        return _postgres_pages(parts)
    engine = parts.database.connect(read_only=True)
    try:
        said = [row[0] for row in engine.fetch("PRAGMA integrity_check(10)", {})[1]]
    finally:
        engine.close()
    if said != ["ok"]:
        return bad(f"the database file is damaged: {'; '.join(said[:NAMED])[:300]}", RESTORE)
    return fine("every page of the database file is sound")


def _postgres_pages(parts: Parts) -> Line:
    """Each row of each table is read. A page that was changed on the disk shows where the cluster has data checksums."""
    engine = parts.database.connect(read_only=True)
    try:
        for way in ("indexscan", "indexonlyscan", "bitmapscan"):
            engine.execute(f"SET enable_{way} = off", {})
        for table in TABLES:
            engine.fetch(f"SELECT sum(length(each::text)) FROM {table} AS each WHERE city = :city", {"city": parts.database.city})
        summed = engine.fetch("SHOW data_checksums", {})[1][0][0]
    except engine.broken as error:
        return bad(f"the database's files are damaged: {str(error).strip()[:300]}", RESTORE)
    finally:
        engine.close()
    if summed != "on":
        return fine("every row of the database can be read; it keeps no checksums, so a changed byte may not show (pg_checksums --enable)")
    return fine("every row of the database can be read, and every page has its checksum")


def journal(parts: Parts) -> Line:
    """Each fact is as it was signed."""
    keys = Path(parts.settings.home) / "keys"
    with progress("verifying the journal") as done:
        found = verify(parts.database, lambda name: load_key(keys / f"{name.replace('/', '_')}.key").verifier, on_progress=done)
    if found.faults:
        said = "; ".join(f"fact {each.seq}: {each.what}" for each in found.faults[:NAMED])
        return bad(f"the journal is not what was signed: {said}", RESTORE)
    return fine(f"{found.facts:,} facts stand under {found.checkpoints:,} signed heads")


def tables(parts: Parts) -> Line:
    """The tables are what the facts make."""
    with TemporaryDirectory(prefix="cityloop-check-") as folder:
        target = open_database(str(Path(folder) / "replay.db"), parts.database.city)
        try:
            with progress("replaying the journal") as done:
                facts = replay(parts.database, target, parts.journal, on_progress=done)
            rows, found = differences(parts.database, target)
        finally:
            target.close()
    with parts.database.reading() as tx:
        if (tx.value("SELECT size FROM log_head WHERE city = :city") or 0) != facts:
            return fine("the tables were not compared: facts came in meanwhile; check once more while the city stands still")
    if found:
        said = "; ".join(f"{each.table} {'/'.join(map(str, each.key[1:]))}" for each in found[:NAMED])
        return bad(f"rows are not what the facts make: {said}", RESTORE)
    return fine(f"{rows:,} rows are what the facts make")


def packs(parts: Parts) -> Line:
    """The bytes of each version of the pack are those of its digest."""
    with parts.database.reading() as tx:
        rows = tx.all("SELECT digest, bytes FROM pack_version WHERE city = :city ORDER BY digest")
    wrong = [row.digest[:12] for row in rows if load_bytes(bytes(row.bytes)).digest != row.digest]
    if wrong:
        return bad(f"the bytes of pack version {', '.join(wrong)} are damaged", RESTORE)
    return fine(f"{len(rows)} versions of the pack are as they were adopted")


def vault(parts: Parts) -> Line:
    """Each piece of the vault that a fact names is there as it was, or was erased; so is each photo."""
    wrong, count, after = [], 0, 0
    with progress("reading the vault") as done:
        while True:
            with parts.database.reading() as tx:
                facts = tx.all(f"SELECT seq, body FROM fact WHERE city = :city AND seq > :seq ORDER BY seq LIMIT {CHUNK}", seq=after)
                refs = {each.id: each for row in facts for each in _refs(told_from(parts.database.city, row.seq, bytes(row.body)).fact)}
                rows = {row.id: row for id in refs if (row := tx.one("SELECT id, salt, bytes, file FROM vault WHERE city = :city AND id = :id", id=id))}
                gone = {id for id in refs.keys() - rows.keys() if tx.value("SELECT 1 FROM erased WHERE city = :city AND id = :id", id=id)}
            if not facts:
                break
            after, count = facts[-1].seq, count + len(rows)
            wrong += [f"{id} is gone and was not erased" for id in refs.keys() - rows.keys() - gone]
            wrong += [f"{id} {what}" for id, row in rows.items() if (what := _what_is_wrong(parts, row, refs[id].digest))]
            done(after, None)
    if wrong:
        more = f" and {len(wrong) - NAMED} more" if len(wrong) > NAMED else ""
        return bad(f"the vault: {'; '.join(wrong[:NAMED])}{more}", RESTORE)
    return fine(f"{count:,} pieces of the vault are what the facts name")


def _what_is_wrong(parts: Parts, row, digest: str) -> str:
    try:
        content = parts.files.open_sealed(row.file, bytes(row.bytes)) if row.file else bytes(row.bytes)
    except (CityloopError, ValueError) as error:
        return f"cannot be read: its file {row.file} is {error.__class__.__name__}"
    return "" if commitment(bytes(row.salt), content) == digest else "is not what its fact names"


def photos(parts: Parts) -> Line:
    """Each file that is shown is there, and whole."""
    with parts.database.reading() as tx:
        names = [row.digest for row in tx.all("SELECT DISTINCT digest FROM file_shown WHERE city = :city ORDER BY digest")]
    wrong = []
    for name in names:
        try:
            parts.files.get(name)
        except CityloopError as error:
            wrong.append(f"{name[:16]}… is {error.code}")
    if wrong:
        return bad(f"files of photos: {'; '.join(wrong[:NAMED])}", f"bring them back from a backup into {parts.files.root}")
    return fine(f"{len(names):,} files of photos are whole")


def _refs(value: object) -> Iterator[VaultRef]:
    """Every piece of the vault that something names, however deep."""
    if isinstance(value, VaultRef):
        yield value
    elif isinstance(value, Struct):
        for name in value.__struct_fields__:
            yield from _refs(getattr(value, name))
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from _refs(each)
    elif isinstance(value, dict):
        for each in value.values():
            yield from _refs(each)


ALL = (pages, journal, tables, packs, vault, photos)
