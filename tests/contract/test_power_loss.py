"""The power goes under load: what was acknowledged is there, and the machine that loses it would see a city that does not sync."""

import os
import random
import subprocess
import sys
import time

import pytest
from bench.faults.cluster import programs
from bench.faults.machine import CUT, SECTOR_BYTES, WRITE, Machine
from bench.faults.power import run
from tests.engines import POSTGRES

from cityloop.db import Database

ENGINES = ["sqlite", *(["postgres"] if POSTGRES and programs() else [])]


@pytest.mark.faults
@pytest.mark.parametrize("engine", ENGINES)
def test_power_losses_take_nothing_that_was_acknowledged(engine):
    found = run(engine, 2)
    assert found.sound, found
    assert found.losses == 2
    assert found.acknowledged > 2
    assert found.cut.unsynced > 0, "the losses took nothing: they show nothing"


@pytest.mark.faults
@pytest.mark.parametrize("engine", ENGINES)
def test_a_database_that_does_not_sync_is_seen_to_lose(engine):
    """The planted fault."""
    assert run(engine, 2, unsynced=True).lost > 0


@pytest.fixture
def machine(tmp_path) -> Machine:
    return Machine(tmp_path)


def on(machine: Machine, program: str) -> None:
    """Run a program on the machine; its folder is `root`."""
    told = os.environ | machine.environment() | {"ROOT": str(machine.root)}
    subprocess.run([sys.executable, "-c", "import os; root = os.environ['ROOT'] + '/'\n" + program], env=told, check=True)


def ended(machine: Machine, program: str, times: int = 40) -> set:
    """What the folder may hold after a power loss, seen over several: names with their bytes."""
    found = set()
    for seed in range(times):
        for each in machine.root.iterdir():
            each.unlink()
        on(machine, program)
        machine.cut_power(random.Random(seed))
        found.add(tuple(sorted((each.name, each.read_bytes()) for each in machine.root.iterdir())))
    return found


WHOLE = """
with open(root + 'new', 'wb') as file:
    file.write(b'new')
    file.flush()
    os.fsync(file.fileno())
os.replace(root + 'new', root + 'it')
"""
FOLDER = "folder = os.open(root, os.O_RDONLY); os.fsync(folder)\n"


def test_what_was_synced_with_its_folder_stays(machine):
    assert ended(machine, WHOLE + FOLDER, 8) == {(("it", b"new"),)}


def test_a_name_whose_folder_was_not_synced_may_be_gone(machine):
    assert ended(machine, WHOLE) == {(), (("it", b"new"),), (("new", b"new"),)}


def test_a_file_that_was_replaced_comes_back(machine):
    old = "open(root + 'it', 'wb').write(b'old')\nfd = os.open(root + 'it', os.O_RDONLY); os.fsync(fd)\n" + FOLDER
    found = ended(machine, old + WHOLE)
    assert {(("it", b"old"), ("new", b"new")), (("it", b"new"),)} <= found
    assert all(("it", b"old") in each or ("it", b"new") in each for each in found)


def test_writes_since_the_last_sync_are_dropped_and_torn_by_sectors(machine):
    """Never half a sector, never a byte that was synced."""
    program = FOLDER.join([
        "fd = os.open(root + 'it', os.O_RDWR | os.O_CREAT)\nos.write(fd, b'a' * 2048); os.fsync(fd)\n",
        "os.pwrite(fd, b'b' * 1024, 512); os.pwrite(fd, b'c' * 1024, 2048)\n",
    ])  # fmt: skip
    found = {each[0][1] for each in ended(machine, program)}
    assert len(found) > 4
    for each in found:
        assert len(each) in (2048, 2560, 3072)
        assert each[:512] + each[1536:2048] == b"a" * 1024
        sectors = {each[at : at + SECTOR_BYTES] for at in range(0, len(each), SECTOR_BYTES)}
        assert all(len(set(sector)) == 1 and len(sector) == SECTOR_BYTES for sector in sectors)


KEPT = {  # what keeps something durably, in folders that are not there yet; and what must be there of it
    "a file by its hash": ("from cityloop.files import FileStore; FileStore(root / 'files').put(b'photo')", "photo"),
    "observations": (
        "from cityloop.telemetry.log import own_log; from cityloop.telemetry.batch import batch_of; import numpy as np\n"
        "log, _ = own_log(root / 'telemetry' / 'log'); log.append(batch_of(*(np.arange(3) for _ in range(3))))",
        "telemetry/log/0000/0000000001.obs",
    ),
    "a table of columns": (
        "from cityloop.telemetry.columns import write_columns; import pyarrow as pa; made = pa.table({'a': [1, 2]})\n"
        "write_columns(root / 'telemetry' / 'segments' / '2026' / 'a.parquet', [made], made.schema)",
        "telemetry/segments/2026/a.parquet",
    ),
    "a part of the archive": (
        "from cityloop.wide.files import write_table; import pyarrow as pa; write_table(root / 'wide' / 'parts' / 'a.parquet', pa.table({'a': [1]}))",
        "wide/parts/a.parquet",
    ),
    "the city's secret": ("from cityloop.http.secret import secret_in; secret_in(root / 'keys' / 'secret')", "keys/secret"),
    "who was erased": (
        "from cityloop.journal import ErasedList; ErasedList(root / 'keys' / 'erased.txt').add(['v1'])", "keys/erased.txt",
    ),
    "a signing key and its guard": (
        "from cityloop.db.durable import make_folder; from cityloop.journal.tlog import begin_log\n"
        "make_folder(root / 'keys'); begin_log(root / 'keys' / 'a.key', 'a')",
        "keys/a.key.published",
    ),
    "an embedded database": (
        "from cityloop.db import Database; base = Database(str(root / 'home' / 'city.db'), 'c'); base.migrate(); os._exit(0)",
        "home/city.db",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", KEPT)
def test_what_is_kept_durably_outlives_the_worst_loss(machine, what):
    """All that was not synced is gone, names of new folders too."""
    program, where = KEPT[what]
    on(machine, f"from pathlib import Path; root = Path(root)\n{program}")
    before = sorted(machine.root.rglob("*"))
    machine.cut_power(random.Random(1), worst=True)
    there = [each for each in machine.root.rglob("*") if each.is_file() and not each.name.endswith(("lock", ".db-shm"))]
    assert any(str(each).endswith(where) or each.read_bytes() == where.encode() for each in there), before
    assert all(each.stat().st_size for each in there if "fresh" not in str(each))
    if where.endswith(".db"):
        assert Database(str(machine.root / where), "c").migrate() == []


def test_a_full_disk_lets_nothing_grow_and_everything_be_read(machine):
    machine.fill(True)
    on(machine, """
fd = os.open(root + 'it', os.O_RDWR | os.O_CREAT)
try:
    os.write(fd, b'x')
except OSError as error:
    assert error.errno == 28, error
else:
    raise SystemExit('it grew')
""")
    machine.fill(False)
    on(machine, "fd = os.open(root + 'it', os.O_RDWR | os.O_CREAT); os.write(fd, b'x')")
    assert [note.kind for note in machine._noted() if note.kind in (WRITE, CUT)] == [WRITE]


def test_the_clock_of_the_machine_can_be_set(machine):
    machine.shift_clock(-7200)
    on(machine, "import time; open(root + 'now', 'w').write(str(time.time()))")
    assert 7100 < time.time() - float((machine.root / "now").read_text()) < 7300
