"""A byte of what lies on the disk is changed: `cityloop check` finds it, or it lay where nothing is kept."""

import contextlib
import random
import sqlite3
from pathlib import Path

import psycopg

from bench.faults.cluster import OwnPostgres
from bench.faults.outcome import Outcome
from bench.faults.quiet import complaints, copied, quiet
from cityloop.db import TABLES, Kind

UNWATCHED = {Kind.index, Kind.machinery}  # is made anew, or ends by itself
BESIDE = {name for name, table in TABLES.items() if table.kind is Kind.vault} - {"vault"} | {"vault.what it is"}  # names, passwords


def page(seed: int, tries: int) -> Outcome:
    """A byte of the embedded database."""
    found, chance = Outcome(), random.Random(seed)
    with quiet(seed) as town:
        with contextlib.closing(sqlite3.connect(town.home / "city.db")) as base:
            base.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        assert complaints(town) == []
        whole = _contents(town.home / "city.db")
        seen = {"found": 0, "in free space": 0, "in what is made anew": 0, "in what stands beside the facts": 0}
        for _ in range(tries):
            hurt = copied(town, town.home.parent / "copy")
            place = flip(hurt.home / "city.db", chance)
            found.tries += 1
            if complaints(hurt):
                seen["found"] += 1
            elif not (differ := _differ(whole, _contents(hurt.home / "city.db"))):
                seen["in free space"] += 1
            elif differ <= {name for name, table in TABLES.items() if table.kind in UNWATCHED}:
                seen["in what is made anew"] += 1
            elif differ <= BESIDE:
                seen["in what stands beside the facts"] += 1
            else:
                found.wrong.append(f"byte {place} of the database changed {sorted(differ)} unseen")
        found.acknowledged = town.told.count
        found.notes.append(", ".join(f"{many} {what}" for what, many in seen.items()))
    return found


def postgres_page(seed: int, tries: int) -> Outcome:
    """A byte of a table's file in a cluster that keeps checksums."""
    found, chance = Outcome(), random.Random(seed)
    cluster = OwnPostgres()
    try:
        with quiet(seed, cluster.url) as town:
            with psycopg.connect(cluster.url, autocommit=True) as base:
                base.execute("CHECKPOINT")
                asked = "SELECT relname, pg_relation_filepath(oid) FROM pg_class WHERE relname = ANY(%s) AND pg_relation_size(oid) > 0"
                files = base.execute(asked, [list(TABLES)]).fetchall()
            assert complaints(town) == []
            for _ in range(tries):
                name, path = chance.choice(files)
                cluster.stop()
                kept = (cluster.data / path).read_bytes()
                flip(cluster.data / path, chance)
                cluster.start()
                found.tries += 1
                found.wrong += [f"a changed byte of table {name} was not found"] * (not complaints(town))
                cluster.stop()
                (cluster.data / path).write_bytes(kept)
                cluster.start()
            found.acknowledged = town.told.count
            found.wrong += [f"after all was put back: {each}" for each in complaints(town)]
    finally:
        cluster.forget()
    return found


def photo_file(seed: int, tries: int) -> Outcome:
    """A byte of a photo's file, or the file is gone."""
    found, chance = Outcome(), random.Random(seed)
    with quiet(seed) as town:
        for number in range(tries):
            hurt = copied(town, town.home.parent / "copy")
            files = [each for each in (hurt.home / "files").glob("??/??/*") if each.is_file()]
            path = chance.choice(files)
            if number % 3 == 2:
                path.unlink()
            else:
                flip(path, chance)
            found.tries += 1
            found.wrong += [f"a changed photo {path.name[:12]} was not found"] * (not complaints(hurt))
        found.acknowledged = town.told.count
    return found


def flip(path: Path, chance: random.Random) -> int:
    """Change one byte of a file; gives where."""
    with path.open("r+b") as file:
        size = file.seek(0, 2)
        place = chance.randrange(size)
        file.seek(place)
        byte = file.read(1)
        file.seek(place)
        file.write(bytes([byte[0] ^ (1 << chance.randrange(8))]))
    return place


def _contents(path: Path) -> dict[str, list]:
    """All rows of all tables; of the vault, what the facts name apart from what it is."""
    with contextlib.closing(sqlite3.connect(path)) as base:
        found = {name: base.execute(f"SELECT * FROM {name} ORDER BY {', '.join(table.key)}").fetchall() for name, table in TABLES.items()}
    kept = list(TABLES["vault"].columns)
    what = [kept.index(name) for name in ("kind", "subject", "keep_until")]
    found["vault.what it is"] = [tuple(row[at] for at in what) for row in found["vault"]]
    found["vault"] = [tuple(each for at, each in enumerate(row) if at not in what) for row in found["vault"]]
    return found


def _differ(one: dict[str, list], other: dict[str, list]) -> set[str]:
    return {name for name in one if one[name] != other[name]}
