"""Observations of the past from a file: wide and long ones, what is bad kept with its place, a second time nothing new, no alarm."""

import csv
import gzip
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.engines import Places, at_nine
from tests.sensing_world import SensingWorld, the_sensing_app
from typer.testing import CliRunner

from cityloop.cli.root import app as command_line
from cityloop.doors.past import import_past, mapping_in
from cityloop.doors.past.mapping import PastMappingWrong
from cityloop.telemetry import batch_of

WIDE = """No,year,month,day,hour,PM2.5,TEMP,wd,station
1,2026,2,1,0,4.0,-0.7,NNW,a
2,2026,2,1,1,NA,-1.1,N,a
3,2026,2,1,2,eleven,-1.5,N,a
4,2026,13,1,3,7.0,-1.5,N,a
5,2026,2,1,4,=1+1,inf,N,a
6,2026,2,1,5,8.0,-2.0
7,2026,2,1,6,9.0,-2.5,N,z
8,2026,2,1,0,5.0,-0.7,NNW,b
"""
MAPPING = """thing_column = "station"
at = { columns = ["year", "month", "day", "hour"], zone = "Asia/Shanghai" }
[streams]
"PM2.5" = "pm25"
TEMP = "temp"
"""


@pytest.fixture
def town(places: Places, tmp_path) -> Iterator[SensingWorld]:
    """A town with two stations."""
    for world in at_nine(SensingWorld, the_sensing_app, places, tmp_path):
        for key in "ab":
            world.device(key, streams=[{"key": "pm25"}, {"key": "temp"}])
        world.register.refresh()
        yield world


def bring(town: SensingWorld, path: Path, mapping: Path):
    senses = town.senses
    return import_past(path, mapping_in(mapping), town.register.now(), senses.history, senses.past.append)


def test_a_wide_file_comes_in_once_and_what_is_bad_is_listed(town, tmp_path):
    file, mapping = tmp_path / "air.csv.gz", tmp_path / "air.toml"
    file.write_bytes(gzip.compress(WIDE.encode()))
    mapping.write_text(MAPPING)

    tally = bring(town, file, mapping)

    assert (tally.new, tally.same, tally.bad) == (6, 0, 7)
    found = town.senses.history.points([1, 2, 3, 4], 0, 2**60, 100)
    assert list(zip(found.stream.tolist(), found.value.tolist(), strict=True)) == [(1, 4.0), (2, -0.7), (2, -1.1), (2, -1.5), (3, 5.0), (4, -0.7)]
    assert found.at[0] == 1_769_875_200_000_000  # 2026-02-01 00:00 of the city
    listed = list(csv.reader(io.StringIO(tally.bad_rows.read_text(encoding="utf-8-sig"))))
    assert [row[:3] for row in listed[1:]] == [
        ["4", "PM2.5", "eleven"], ["5", "year/month/day/hour", "2026/13/1/3"], ["6", "PM2.5", "'=1+1"], ["6", "TEMP", "inf"], ["7", "", ""],
        ["0", "", "z/pm25"], ["0", "", "z/temp"],
    ]  # fmt: skip
    assert all(row[4] for row in listed)

    town.senses.segments.seal(town.clock.now)
    again = bring(town, file, mapping)
    assert (again.new, again.same, again.bad) == (0, 6, 7)
    assert len(town.senses.history.points([1, 2, 3, 4], 0, 2**60, 100).at) == 6


def test_history_is_judged_by_nobody(town, tmp_path):
    """It lies in a log of its own, which the rules do not follow."""
    file, mapping = tmp_path / "air.csv", tmp_path / "air.toml"
    file.write_text(WIDE)
    mapping.write_text(MAPPING)
    bring(town, file, mapping)
    assert town.kept().size == 0
    assert town.senses.watcher.look() == 0


@pytest.mark.parametrize(
    "said",
    ['thing = "a"', MAPPING.replace('thing_column = "station"', ""), MAPPING.replace("Asia/Shanghai", "Nowhere"), MAPPING.replace("TEMP", "HEAT"),
     MAPPING.replace("at =", "when ="), "[[["],
)  # fmt: skip
def test_a_mapping_that_cannot_be_used_says_why(town, tmp_path, said):
    file, mapping = tmp_path / "air.csv", tmp_path / "air.toml"
    file.write_text(WIDE)
    mapping.write_text(said)
    with pytest.raises(PastMappingWrong, match=r"air\.|zone"):
        bring(town, file, mapping)


def test_the_command_brings_a_file_in(tmp_path, monkeypatch):
    """With a progress bar, the list of what is bad, and the exit code 3."""
    monkeypatch.setenv("CITYLOOP_HOME", str(tmp_path / "home"))
    from cityloop.app import join, open_city, settings_from

    parts = join(settings_from())
    open_city(parts)
    parts.close()
    (tmp_path / "d.csv").write_text("key,kind\n")
    (tmp_path / "air.csv").write_text(WIDE)
    (tmp_path / "air.toml").write_text(MAPPING)
    done = CliRunner().invoke(command_line, ["observations", "import", str(tmp_path / "air.csv"), "--mapping", str(tmp_path / "air.toml")])
    assert done.exit_code == 3, done.output
    assert "0 new, 0 known already" in done.output
    assert (tmp_path / "air.csv.bad.csv").exists()


def test_a_lost_file_of_observations_is_given_up_by_a_command_and_a_whole_one_is_not(tmp_path, monkeypatch):
    monkeypatch.setenv("CITYLOOP_HOME", str(tmp_path / "home"))
    from cityloop.app import join, open_city, settings_from

    parts = join(settings_from())
    open_city(parts)
    parts.senses.past.append(batch_of([1, 5000], [0, 0], [1.0, 2.0]))
    parts.senses.segments.seal(parts.database.clock())
    lost, whole = [each.id for each in parts.senses.segments.known()[0]]
    parts.senses.segments.path(lost).unlink()
    parts.close()

    refused = CliRunner().invoke(command_line, ["observations", "abandon", lost, whole, "--yes"])
    assert (refused.exit_code, f"{whole}: as sealed" in refused.output) == (1, True)
    done = CliRunner().invoke(command_line, ["observations", "abandon", lost, "--yes"])
    assert done.exit_code == 0, done.output
    parts = join(settings_from())
    assert [each.id for each in parts.senses.segments.known()[0]] == [whole]
    parts.close()
