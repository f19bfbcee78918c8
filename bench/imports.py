"""What a row of another system's file costs: a full history, read, told, applied and kept; beside what the disk would take.

`make bench B=import`. QUICK=1 takes about a minute. Figures are of a shared machine: read ratios, not absolute times.
"""

import importlib.util
import json
import os
import random
import sqlite3
import tempfile
import time
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

from real.old_system import MAPPING, STEPS, write_export

from bench.city import points
from bench.machine import Postgres, rss_mb, say
from cityloop.app import Settings, join, open_city, settle_memory
from cityloop.db import TABLES
from cityloop.domain.policy import Policy
from cityloop.doors.files import Import, import_file, mapping_in
from cityloop.doors.files.service import BATCH
from cityloop.journal.prove import verify
from cityloop.journal.tlog import load_key

QUICK = os.environ.get("QUICK") == "1"
ROWS = 10_000 if QUICK else 60_000
WRITTEN = ("fact", "vault", "report", "case_file", "task", "imported")  # what a row of a file becomes
figures: dict[str, float] = {}


def write_file(path: Path, policy: Policy, count: int) -> None:
    """Histories with every step told, spread over the city and a year."""
    chance, place = random.Random(11), points(policy, 11)
    units = [unit.id for unit in policy.units]
    classes = [each.key for each in policy.classes if policy.rules_of_class.get(each.key) and not each.private_place]
    rows = []
    for n in range(count):
        at = datetime(2025, 1, 1) + timedelta(minutes=n * 500_000 / count)
        moments = sorted(at + timedelta(hours=step * chance.uniform(0.2, 3)) for step in range(len(STEPS)))
        x, y = place()
        rows.append((f"OLD{n:08d}", *moments, at + timedelta(hours=9), "closed", chance.choice(classes), chance.choice(units),
                     f"{x:.7f}", f"{y:.7f}", "路面有坑洞，已经好几天了，请安排人员尽快过来处理，谢谢各位同志，辛苦大家了。", "已修复",
                     "王女士", "13800000000"))  # fmt: skip
    write_export(path, rows)


def one(database: str = "") -> Path:
    """Import into an empty city, twice; gives its home."""
    home = Path(tempfile.mkdtemp(prefix="cityloop-bench-"))
    parts = join(Settings(city="bench", home=str(home), pack="demo", database=database))
    open_city(parts)
    settle_memory()
    policy = parts.book.in_force()
    write_file(home / "old.csv", policy, ROWS)
    mapping, digest = mapping_in(MAPPING)
    seen: list[tuple[int, float]] = []

    def look(done: int, of: int | None) -> None:
        if done % (BATCH * 8) == 0:
            seen.append((done, rss_mb([os.getpid()])))

    def bring() -> tuple[float, float]:
        asked = Import(
            path=home / "old.csv", mapping=mapping, mapping_digest=digest, folder=home / "imports", on_progress=look
        )
        started, cpu = time.perf_counter(), time.process_time()
        tally = import_file(parts.writer, policy, asked)
        assert tally.bad == 0, tally
        assert tally.added + tally.same == ROWS, tally
        return ROWS / (time.perf_counter() - started), (time.process_time() - cpu) / ROWS * 1000

    first, cpu_ms = bring()
    quarter, end = seen[len(seen) // 4][1], seen[-1][1]
    again, _ = bring()
    kind = "_postgres" if database else ""
    figures[f"import_rows_per_s{kind}"], figures[f"import_again_rows_per_s{kind}"] = first, again
    say(
        f"  {first:,.0f} rows/s, {cpu_ms:.3f} ms CPU a row in this process; a second time, adding nothing, {again:,.0f} rows/s"
    )
    if not database:
        figures["cpu_ms_import_row"] = cpu_ms
        figures["import_rss_growth_mb"] = end - quarter
        say(f"  memory after a quarter {quarter:.0f} MB, at the end {end:.0f} MB")
        parts.sealer.seal()
        keys = home / "keys"
        found = verify(parts.database, lambda name: load_key(keys / f"{name.replace('/', '_')}.key").verifier)
        assert not found.faults, found.faults[:3]
        say(f"  the journal of {found.facts:,} facts verifies")
    parts.close()
    return home


def bare(home: Path) -> float:
    """The same rows of the same tables with the same indexes, by plain sqlite3, the same rows to a commit; rows/s."""
    source = sqlite3.connect(home / "city.db")
    made = [
        sql
        for (sql,) in source.execute(
            "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite%' "
            "AND name NOT IN (SELECT name FROM pragma_table_list WHERE type = 'shadow')"  # made with what they stand behind
        )
    ]
    rows = {name: iter(source.execute(f"SELECT * FROM {name} ORDER BY rowid")) for name in WRITTEN}
    marks = {name: ", ".join("?" * (len(TABLES[name].columns))) for name in WRITTEN}
    per = {name: source.execute(f"SELECT count(*) FROM {name}").fetchone()[0] / ROWS for name in WRITTEN}
    target = sqlite3.connect(home / "bare.db", isolation_level=None)
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "wal_autocheckpoint = 8000", "cache_size = -65536"):
        target.execute(f"PRAGMA {pragma}")
    for sql in made:
        target.execute(sql)
    spent = 0.0
    for _ in range(ROWS // BATCH):
        batch = {name: list(islice(rows[name], round(BATCH * per[name]))) for name in WRITTEN}
        started = time.perf_counter()
        target.execute("BEGIN IMMEDIATE")
        for name, some in batch.items():
            target.executemany(f"INSERT INTO {name} VALUES ({marks[name]})", some)
        target.execute("COMMIT")
        spent += time.perf_counter() - started
    target.close()
    source.close()
    return ROWS / spent


def disk(home: Path) -> float:
    """As many bytes as the rows take, written one after the other with a sync a batch: what the disk lets through; rows/s."""
    size = (home / "city.db").stat().st_size
    piece = os.urandom(max(1, size * BATCH // ROWS))
    started = time.perf_counter()
    with (home / "plain.bin").open("wb") as out:
        for _ in range(ROWS // BATCH):
            out.write(piece)
            out.flush()
            os.fsync(out.fileno())
    return ROWS / (time.perf_counter() - started)


def main() -> None:
    say(f"SQLite, {ROWS:,} histories with every step, {BATCH} to a transaction")
    home = one()
    figures["bare_rows_per_s"], figures["disk_rows_per_s"] = bare(home), disk(home)
    say(f"  plain sqlite3, the same rows of the same tables: {figures['bare_rows_per_s']:,.0f} rows/s")
    say(f"  their bytes alone, one after the other, as many syncs: {figures['disk_rows_per_s']:,.0f} rows/s")
    database = Postgres()
    try:
        say("PostgreSQL, the same file")
        one(database.url)
    finally:
        database.drop()
    if importlib.util.find_spec("bench.open311_list"):
        figures["open311_list_p95_ms"] = importlib.import_module("bench.open311_list").list_p95_ms()
        say(f"  Open311 list p95 {figures['open311_list_p95_ms']:.1f} ms")
    print(json.dumps({name: round(value, 4) for name, value in figures.items()}))


if __name__ == "__main__":
    main()
