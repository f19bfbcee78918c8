"""Backups by the command line: made beside a city that runs, restored on an empty machine, and looked at."""

import json
import shutil
import sqlite3
from contextlib import ExitStack
from types import SimpleNamespace

import pytest
from tests.kept_world import call

from cityloop.cli import backing_up
from cityloop.keeping import Chest
from cityloop.keeping.keys import secret_of


def test_an_empty_machine_has_the_city_again_by_one_command(played, tmp_path):
    home = tmp_path / "new"
    code, said = call(
        home, "backup", "restore", str(played / "backup"), "--home", str(home), "--keys", str(played / "keys.locked"),
        "--passphrase", str(played / "word"),
    )  # fmt: skip
    assert code == 0, said
    assert "Restored in" in said
    assert "begins anew" in said
    assert call(home, "journal", "verify")[0] == 0
    assert call(home, "journal", "replay")[0] == 0
    assert call(home, "backup", "restore", str(played / "backup"), "--home", str(home))[1].startswith("keeping.not_empty")


def test_a_check_says_so_in_the_outcome(played, tmp_path):
    home = tmp_path / "home"
    shutil.copytree(played / "home", home)
    last = home / "backups" / "last.json"
    assert json.loads(last.read_text())["checked"] is False
    code, said = call(home, "backup", "check", str(played / "backup"))
    assert (code, "A city came back" in said) == (0, True)
    told = json.loads(last.read_text())
    assert told["checked"] is True
    assert {"at", "kind", "size", "bytes"} <= told.keys()
    assert told["size"] > 300


def test_a_check_finds_a_row_that_no_fact_made(played, tmp_path):
    """Planted in the city before it is backed up: the backup is faithful, and the check says that it is no city."""
    home = tmp_path / "home"
    shutil.copytree(played / "home", home)
    with sqlite3.connect(home / "city.db") as database:
        database.execute("UPDATE case_file SET unit = 'nobody' WHERE id = (SELECT min(id) FROM case_file)")
    database.close()
    code, said = call(home, "backup", "make", "--to", str(tmp_path / "backup"), "--check")
    assert code == 1
    assert "case_file" in said


def test_a_file_that_is_missing_or_changed_is_found(played, tmp_path):
    home = tmp_path / "home"
    shutil.copytree(played / "home", home)
    there = sorted(path for path in (home / "files").glob("??/??/*"))
    assert len(there) > 2
    with sqlite3.connect(home / "city.db") as database:
        sealed = {row[0] for row in database.execute("SELECT file FROM vault WHERE file IS NOT NULL")}
    database.close()
    gone = next(path for path in there if path.name in sealed)
    gone.unlink()
    other = next(path for path in there if path != gone)
    other.write_bytes(b"something else")
    code, said = call(home, "backup", "make", "--to", str(tmp_path / "backup"), "--check")
    assert code == 1
    assert f"{gone.name} is missing" in said.replace("\n", "")
    assert f"{other.name} is damaged" in said.replace("\n", "")


def test_following_ships_once_and_a_moment_can_be_asked_for(played, tmp_path):
    home = tmp_path / "home"
    shutil.copytree(played / "home", home)
    shutil.copytree(played / "backup", tmp_path / "backup")
    assert call(home, "backup", "follow", "--to", str(tmp_path / "backup"), "--once")[0] == 0
    assert "full" in call(home, "backup", "list", str(tmp_path / "backup"))[1]
    code, said = call(home, "backup", "check", str(tmp_path / "backup"), "--to-moment", "2020-01-01T00:00+08:00")
    assert said.startswith("keeping.no_backup")
    code, said = call(home, "backup", "check", str(tmp_path / "backup"), "--to-moment", "yesterday")
    assert said.startswith("keeping.moment_unreadable")
    (tmp_path / "other").write_text("another")
    code, said = call(home, "backup", "list", str(tmp_path / "backup"), "--secret", str(tmp_path / "other"))
    assert (code, said[:20]) == (1, "keeping.secret_wrong")


class Enough(Exception):
    """It has gone on long enough."""


def test_following_goes_on_after_somebody_else_wrote_into_the_folder(played, tmp_path, monkeypatch):
    """The backup of the night takes longer than the time between two looks."""
    home = tmp_path / "home"
    shutil.copytree(played / "home", home)
    shutil.copytree(played / "backup", tmp_path / "backup")
    looks: list[float] = []
    with ExitStack() as night:
        night.enter_context(Chest.at(tmp_path / "backup", secret_of(home)).alone())

        def slept(seconds: float) -> None:
            looks.append(seconds)
            night.close()
            if len(looks) == 2:
                raise Enough

        monkeypatch.setattr(backing_up, "time", SimpleNamespace(sleep=slept))
        with pytest.raises(Enough):
            call(home, "backup", "follow", "--to", str(tmp_path / "backup"), "--every", "7")
    assert looks == [7.0, 7.0]
