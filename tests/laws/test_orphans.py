"""Files that nobody names go a day after they came; what anybody names stays, whoever they are."""

import os
from datetime import timedelta

import pytest
from tests.people_world import World

from cityloop import people
from cityloop.files.model import FilesOfOthers
from cityloop.files.store import UNKNOWN_MANY
from cityloop.keeping.orphans import sweep_files

FACE = b"a face 13812345678"


@pytest.fixture
def world(places, tmp_path, clock):
    found = World(places.open(clock=clock), tmp_path)
    yield found
    found.close()


def files_of(world) -> set[str]:
    return {path.name for path in (world.folder / "files").rglob("*") if len(path.name) == 64}


def aged(world, clock, days: float) -> None:
    """Every file came so long ago."""
    moment = (clock.now - timedelta(days=days)).timestamp()
    for path in (world.folder / "files").rglob("*"):
        os.utime(path, (moment, moment))


def erased_and_crashed(world, report: str) -> None:
    """The erasing is durable; the process ends before its files are removed."""
    world.writer.change(
        lambda tx: people.erase_asked(tx, subjects=[f"report/{report}"], ids=[], reason="asked_by_person", erased=world.erased)
    )


def test_what_a_crash_left_goes_after_a_day(world, clock):
    """Files of an erased photo, and of a report that never came to be."""
    kept = world.report(said="路灯不亮", contact=None, photo=b"a lamp")
    lamp = files_of(world)
    gone = world.report(said="邻居", contact=None, photo=FACE)
    erased_and_crashed(world, gone)
    world.files.put_sealed(FACE)
    assert len(files_of(world)) > len(lamp)

    aged(world, clock, 0.5)
    assert sweep_files(world.database, world.files).files == 0
    aged(world, clock, 1.5)
    assert sweep_files(world.database, world.files, is_over=lambda: True).files == 0
    assert sweep_files(world.database, world.files).files == 4  # sealed, shown and small; and the one that no fact names
    assert files_of(world) == lamp
    assert sweep_files(world.database, world.files).files == 0
    assert world.files.exists(next(iter(lamp)))
    assert kept


def test_a_folder_of_others_is_left_alone(world, clock):
    """Somebody set the wrong folder: most files are known to nobody, and all stay."""
    world.report(said="路灯不亮", contact=None, photo=b"a lamp")
    for number in range(UNKNOWN_MANY + 1):
        world.files.put(f"of others {number}".encode())
    aged(world, clock, 30)
    before = files_of(world)
    with pytest.raises(FilesOfOthers):
        sweep_files(world.database, world.files)
    assert files_of(world) == before


def test_a_city_beside_keeps_its_files(world, places, clock):
    """Two cities of one database may keep theirs in one folder."""
    if places.engine == "sqlite":
        pytest.skip("one file, one city")
    beside = World(places.open(f"{world.database.city}-beside", clock=clock), world.folder)
    beside.report(said="井盖", contact=None, photo=b"a lid")
    before = files_of(world)
    aged(world, clock, 3)
    assert sweep_files(world.database, world.files).files == 0
    assert files_of(world) == before
    beside.close()
