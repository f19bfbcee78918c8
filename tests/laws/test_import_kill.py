"""An import that is killed at any moment goes on: nothing is lost, nothing comes twice, the same tables in the end."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.engines import Places
from tests.import_world import write_csv
from tests.laws.journal_world import ALL

from cityloop.db import Database
from cityloop.journal import Journal
from cityloop.journal.replay import differences, replay

ROWS = 3_000
KILLS = 6
CHILD = """
import sys
from pathlib import Path
from cityloop import cases, people
from cityloop.db import open_database
from cityloop.journal import Journal, Writer
from cityloop.journal.apply import APPLY
from cityloop.packs.book import PackBook
from tests.import_world import MAPPING, bring
from tests.world import PACKS
url, city, folder, file = sys.argv[1:]
writer = Writer(open_database(url, city), Journal({**APPLY, **cases.APPLY, **people.APPLY}))
book = PackBook(writer)
book.adopt(PACKS / "mini", actor="machine:start")
print("ready", flush=True)
tally = bring(writer, book.in_force(), Path(folder), Path(file), MAPPING)
print("done", tally.added, tally.same, tally.bad, flush=True)
"""


def rows() -> list[dict[str, str]]:
    found = [
        {"no": f"N{n:05d}", "came_in": "2026-01-05 08:00", "class": "0113", "unit": "roads-north",
         "deadline": "2026-01-08 18:00", "closed": "2026-01-06 08:00" if n % 3 else "", "x": "100.005", "y": "30.015"}
        for n in range(ROWS)
    ]  # fmt: skip
    for n in range(100, ROWS, 500):
        found[n]["unit"] = "nobody"
    return found


def start(places: Places, city: str, folder: Path, file: Path) -> subprocess.Popen:
    words = [sys.executable, "-c", CHILD, places.url(), city, str(folder), str(file)]
    return subprocess.Popen(words, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2])


def counts(database: Database) -> dict[str, int]:
    with database.reading() as tx:
        kinds = tx.all("SELECT type, count(*) AS n FROM fact WHERE city = :city GROUP BY type")
        return {row.type: row.n for row in kinds}


@pytest.mark.faults
@pytest.mark.skipif(sys.platform == "win32", reason="a kill is a signal")
def test_a_killed_import_goes_on_and_ends_the_same(places, tmp_path):
    """Killed with SIGKILL at random moments; the last goes through. Runs on each engine."""
    file = write_csv(tmp_path / "old.csv", rows())
    database = places.open()
    chance = random.Random(20_260_306)
    broken = 0
    for _ in range(KILLS):
        child = start(places, database.city, tmp_path, file)
        assert child.stdout
        assert child.stdout.readline() == "ready\n"
        time.sleep(chance.uniform(0.02, 0.5))
        os.kill(child.pid, signal.SIGKILL)
        broken += child.wait() == -signal.SIGKILL
        child.stdout.close()
    last = start(places, database.city, tmp_path, file)
    said, _ = last.communicate(timeout=120)
    assert last.returncode == 0
    bad = len(range(100, ROWS, 500))

    assert broken, "no import was killed while it ran; give it more rows"
    added, same = (int(each) for each in said.split()[2:4])
    assert (added + same, said.split()[4]) == (ROWS - bad, str(bad))
    found = counts(database)
    assert found["CaseImported"] == found["ReportImported"] == ROWS - bad
    assert "CaseReimported" not in found
    listed = (tmp_path / "old.csv.bad.csv").read_text(encoding="utf-8-sig").splitlines()
    assert [line.partition(",")[0] for line in listed[1:]] == [str(n + 2) for n in range(100, ROWS, 500)]
    target = Places("sqlite", tmp_path, "").open(city=database.city, name="replayed")
    replay(database, target, Journal(ALL))
    assert differences(database, target)[1] == ()
