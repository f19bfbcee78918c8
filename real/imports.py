"""A real city's old cases through `cityloop import`: all come in, all agree with the old system's own verdict, all is proved."""

import csv
import gzip
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from cityloop.app import Parts, Settings, apply_of_all, join, open_city, settle_memory
from cityloop.cli.telling import Teller, step_of
from cityloop.db import open_database
from cityloop.domain.facts import CaseImported, Told, Untold
from cityloop.domain.lifecycle import OVER
from cityloop.doors.files import Import, Tally, compare_file, import_file, mapping_in
from cityloop.doors.files.compare import Report
from cityloop.journal import Journal, told_from
from cityloop.journal.prove import verify
from cityloop.journal.replay import differences, replay
from cityloop.journal.tlog import load_key
from real.make_boston_pack import MAPPING, PACK
from real.run import BOSTON

PAGE = 5_000
TOLD_EVERY = 50  # of so many stories one is put into words


class Imported(Struct, kw_only=True):
    """What became of the import."""

    first: Tally
    second: Tally
    states: dict[str, int]
    agreement: dict[str, dict[str, int]]  # department -> in time, late, as the old system says, disagree, blank
    blank: list[str]  # numbers of rows in which the old system says nothing
    incomplete: list[str]  # cases whose story leaves a step neither told nor said to be unknown
    stories: int  # put into words
    facts: int
    faults: int
    replay_differences: int
    compared: Report
    rows_per_s: float


def run(path: Path = BOSTON) -> Imported:
    """Import the export into an empty city, twice; count, compare, verify, replay."""
    home = Path(tempfile.mkdtemp(prefix="cityloop-real-"))
    parts = join(Settings(city="boston", home=str(home), pack=str(PACK)))
    try:
        open_city(parts)
        settle_memory()
        mapping, digest = mapping_in(MAPPING)
        policy = parts.book.in_force()
        asked = Import(
            path=path, mapping=mapping, mapping_digest=digest, folder=home / "imports", bad=home / "bad.csv",
            on_progress=lambda done, of: print(f"\rboston import {done:,} of {of or 0:,}", end="", flush=True),
        )  # fmt: skip
        started = time.perf_counter()
        first = import_file(parts.writer, policy, asked)
        per_s = first.records / (time.perf_counter() - started)
        second = import_file(parts.writer, policy, asked)
        print()
        parts.sealer.seal()
        agreement, blank = agreed(parts, path)
        compared = compare_file(parts.database, policy, path, mapping, home / "imports", home / "differences.csv")
        stories, incomplete = told(parts)
        facts, faults, differ = proved(parts, home)
        with parts.database.reading() as tx:
            rows = tx.all("SELECT state, count(*) AS n FROM case_file WHERE city = :city GROUP BY state")
        return Imported(
            first=first, second=second, states={row.state: row.n for row in rows}, agreement=agreement, blank=blank,
            incomplete=incomplete, stories=stories, facts=facts, faults=faults, replay_differences=differ,
            compared=compared, rows_per_s=per_s,
        )  # fmt: skip
    finally:
        parts.close()
        shutil.rmtree(home, ignore_errors=True)


def agreed(parts: Parts, path: Path) -> tuple[dict[str, dict[str, int]], list[str]]:
    """Our verdict of in time beside `ontime`, which the import never read; by department as the export names it."""
    ours = {told.fact.origin.key: told.fact.history.on_time for told in imported(parts)}
    counts: dict[str, Counter] = {}
    blank = []
    with gzip.open(path, "rt", newline="") as text:
        for row in csv.DictReader(text):
            mine = counts.setdefault(row["department"], Counter(in_time=0, late=0, disagree=0, blank=0))
            said = row["ontime"]
            if not said:
                mine["blank"] += 1
                blank.append(row["case_enquiry_id"])
                continue
            mine["in_time" if said == "ONTIME" else "late"] += 1
            mine["disagree"] += (said == "ONTIME") is not ours[row["case_enquiry_id"]]
    return {name: dict(counts[name]) for name in sorted(counts)}, blank


def told(parts: Parts) -> tuple[int, list[str]]:
    """How many stories were put into words, and the cases that leave a step neither told nor said to be unknown."""
    teller, stories, incomplete = Teller(policy=parts.book.in_force(), language="en"), 0, []
    for place, each in enumerate(imported(parts)):
        history = each.fact.history
        over = history.state in OVER
        silent = [s for s in Untold if over and getattr(history, f"{s}_at") is None and s not in history.untold]
        words = dict(step_of(each, teller).lines) if place % TOLD_EVERY == 0 else None
        stories += words is not None
        if silent or (words is not None and over and words["handled"] != "unknown"):
            incomplete.append(each.fact.origin.key)
    return stories, incomplete


def imported(parts: Parts) -> Iterator[Told[CaseImported]]:
    """Every imported case's fact."""
    after = 0
    while True:
        with parts.database.reading() as tx:
            rows = tx.all(
                f"SELECT seq, body FROM fact WHERE city = :city AND seq > :after AND type = 'CaseImported' ORDER BY seq LIMIT {PAGE}",
                after=after,
            )
        yield from (told_from(parts.database.city, row.seq, row.body) for row in rows)
        if len(rows) < PAGE:
            return
        after = rows[-1].seq


def proved(parts: Parts, home: Path) -> tuple[int, int, int]:
    """Facts, faults of the journal, and differences of a replay."""
    keys = home / "keys"
    found = verify(parts.database, lambda name: load_key(keys / f"{name.replace('/', '_')}.key").verifier)
    target = open_database(str(home / "replayed.db"), parts.database.city)
    replay(parts.database, target, Journal(apply_of_all()))
    differ = len(differences(parts.database, target)[1])
    target.close()
    return found.facts, len(found.faults), differ


def shown(found: Imported) -> dict[str, Any]:
    """What the page of real figures keeps."""
    kept = msgspec.to_builtins(msgspec.structs.replace(found, compared=None))  # type: ignore[arg-type]
    differing: Counter = Counter()
    for (_, what), n in found.compared.found.items():
        differing[what] += n
    return kept | {"compared": dict(differing)}


def table(found: Imported) -> str:
    """The agreement by department."""
    lines = [f"{'department':12}{'in time':>9}{'late':>8}{'disagree':>10}{'blank':>7}"]
    total: Counter = Counter()
    for name, counts in found.agreement.items():
        total.update(counts)
        lines.append(f"{name:12}{counts['in_time']:>9,}{counts['late']:>8,}{counts['disagree']:>10,}{counts['blank']:>7,}")
    lines.append(f"{'all':12}{total['in_time']:>9,}{total['late']:>8,}{total['disagree']:>10,}{total['blank']:>7,}")
    return "\n".join(lines)


if __name__ == "__main__":
    result = run()
    print(table(result))
    print(msgspec.json.encode([result.first, result.second, result.states]).decode(), f"{result.rows_per_s:,.0f} rows/s")
