"""A backup is good when a city came back from it: restored aside, verified, replayed, each file looked at."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec import Struct

from cityloop.db import Database, open_database
from cityloop.domain.ids import CityId
from cityloop.journal import Journal
from cityloop.journal.prove import verify
from cityloop.journal.replay import differences, replay
from cityloop.journal.tlog.note import VerifierKey
from cityloop.keeping.chest import Chest
from cityloop.keeping.making import Progress, nobody
from cityloop.keeping.restoring import Restored, restore

Step = Callable[[str], Progress]


class Checked(Struct, frozen=True, kw_only=True):
    """What a check came to."""

    restored: Restored
    facts: int
    rows: int
    files: int
    faults: tuple[str, ...]


def check(
    chest: Chest, *, journal: Journal, city: str, keys: Callable[[str], VerifierKey], to_seq: int | None = None,
    to_moment: str | None = None, aside: Path | None = None, step: Step = lambda _: nobody,
) -> Checked:  # fmt: skip
    """Restore into a temporary place and look at all of it.

    Refuses with what `restore` refuses with.
    """
    with TemporaryDirectory(prefix="cityloop-check-", dir=aside) as folder:
        home = Path(folder) / "home"
        restored = restore(
            chest, home, str(home / "city.db"), journal=journal, city=city, to_seq=to_seq, to_moment=to_moment, on_progress=step("restoring")
        )
        database = Database(str(home / "city.db"), CityId(restored.point.city))
        target = open_database(str(Path(folder) / "replayed.db"), database.city)
        try:
            found = verify(database, keys, on_progress=step("verifying"))
            faults = [f"fact {each.seq}: {each.what}" for each in found.faults]
            replay(database, target, journal, on_progress=step("replaying"))
            rows, differing = differences(database, target)
            faults += [f"{each.table} {'/'.join(map(str, each.key[1:]))} is not what the facts make" for each in differing]
            files, wrong = files_sound(home, database)
            faults += wrong
        finally:
            database.close()
            target.close()
    return Checked(restored=restored, facts=found.facts, rows=rows, files=files, faults=tuple(faults))


def files_sound(home: Path, database: Database) -> tuple[int, list[str]]:
    """How many files there are, and what is wrong: one whose bytes are not its name's, one that the tables name and is not there."""
    wrong, count = [], 0
    there: set[str] = set()
    for store in ("files", "bulletins", "models"):
        for path in (home / store).glob("??/??/*"):
            count += 1
            there.add(path.name)
            if sha256(path.read_bytes()).hexdigest() != path.name:
                wrong.append(f"{path.relative_to(home)} is damaged")
    with database.reading() as tx:
        named = tx.tuples("SELECT file FROM vault WHERE city = :city AND file IS NOT NULL")
        segments = tx.tuples("SELECT id, digest FROM segment WHERE city = :city")
    wrong += [f"files: {name} is missing" for (name,) in named if name not in there]
    for id, digest in segments:
        path = home / "telemetry" / "segments" / id[:7] / f"{id}.parquet"
        if not path.exists() or sha256(path.read_bytes()).hexdigest() != digest:
            wrong.append(f"{path.relative_to(home)} is missing or damaged")
    return count, wrong
