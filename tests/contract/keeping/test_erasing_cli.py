"""Somebody is erased everywhere, with proof: tables, free pages, files, search, archive, models, backups."""

import json
import shutil
import sqlite3

import pytest
from tests.kept_world import call

from cityloop.keeping import Chest
from cityloop.keeping.keys import secret_of


@pytest.fixture
def town(played, tmp_path):
    shutil.copytree(played / "home", tmp_path / "home")
    assert call(tmp_path / "home", "wide", "build")[0] == 0
    assert call(tmp_path / "home", "backup", "make", "--to", str(tmp_path / "backup"))[0] == 0
    return tmp_path


def somebody(town) -> tuple[list[str], bytes, bytes]:
    """A report with a contact and one with a photo: which they are, the number, the salt of the photo."""
    with sqlite3.connect(town / "home" / "city.db") as database:
        photo, salt = database.execute("SELECT subject, salt FROM vault WHERE kind = 'photo' AND subject LIKE 'report/%' LIMIT 1").fetchone()
        report, said = database.execute("SELECT subject, bytes FROM vault WHERE kind = 'contact' AND subject LIKE 'report/%' LIMIT 1").fetchone()
    database.close()
    return [photo, report], json.loads(said)["phone"].encode(), salt


def database_bytes(town) -> bytes:
    """The database as it lies on the disk: free pages and the log before it, too."""
    return b"".join(path.read_bytes() for path in (town / "home").glob("city.db*"))


def erased(town, subjects: list[str]) -> tuple[int, str]:
    return call(
        town / "home", "erase", *subjects, "--reason", "asked_by_person", "--yes", "--backup", str(town / "backup"),
        "--certificate", str(town / "erased.json"),
    )  # fmt: skip


def test_nothing_is_left_of_who_was_erased(town):
    subjects, phone, salt = somebody(town)
    assert phone in database_bytes(town)
    assert salt in database_bytes(town)
    code, said = erased(town, subjects)
    assert code == 0, said
    made = json.loads((town / "erased.json").read_text())
    assert made["looked"]["found"] == []
    assert made["looked"]["needles"] >= 8
    assert made["looked"]["pieces"] > 30
    assert made["rewritten_pieces"] >= 3
    assert made["removed_files"] >= 1
    assert phone not in (town / "erased.json").read_bytes()
    assert phone not in database_bytes(town)
    assert salt not in database_bytes(town)
    code, said = call(town / "home", "backup", "check", str(town / "backup"))  # what is left is whole
    assert code == 0, said


@pytest.mark.parametrize("where", ["a table", "a file", "the archive", "a backup"])
def test_what_is_left_anywhere_is_found(town, where):
    """Planted, one by one."""
    subjects, phone, _ = somebody(town)
    if where == "a table":
        with sqlite3.connect(town / "home" / "city.db") as database:
            database.execute("UPDATE case_file SET number = ? WHERE id = (SELECT min(id) FROM case_file)", (phone.decode(),))
        database.close()
    if where == "a file":
        (town / "home" / "files" / "left.txt").write_bytes(b"call " + phone)
    if where == "the archive":
        import pyarrow as pa
        import pyarrow.parquet as pq

        pq.write_table(pa.table({"said": [phone.decode()] * 400}), town / "home" / "wide" / "left.parquet", compression="zstd")
    if where == "a backup":

        chest = Chest.at(town / "backup", secret_of(town / "home"))
        point = chest.point(chest.point_names()[-1])
        from msgspec.structs import replace

        from cityloop.keeping.model import Kept

        piece, _ = chest.put(b"call " + phone)
        chest.add(replace(point, files=(*point.files, Kept("left.txt", 16, 0, (piece,)))))
    code, said = erased(town, subjects)
    assert code == 1
    named = {"a table": "table case_file", "a file": "left.txt", "the archive": "left.parquet", "a backup": "backup backup"}[where]
    assert named in said.replace("\n", "")
