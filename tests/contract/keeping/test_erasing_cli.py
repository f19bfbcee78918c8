"""Somebody is erased everywhere, with proof: tables, free pages, files, search, archive, models, backups."""

import io
import json
import shutil
import sqlite3

import pytest
from PIL import Image
from tests.kept_world import call

from cityloop.app import Settings, join
from cityloop.files.keep import keep_photo, store_photo
from cityloop.journal import vault_keep
from cityloop.keeping import Chest
from cityloop.keeping.keys import secret_of


@pytest.fixture
def town(played, tmp_path):
    shutil.copytree(played / "home", tmp_path / "home")
    assert call(tmp_path / "home", "wide", "build")[0] == 0
    return tmp_path


def somebody(town) -> tuple[list[str], bytes, bytes]:
    """Somebody who reported with number and photo, whatever the played week holds: which report, the number, the photo's salt."""
    picture = io.BytesIO()
    Image.effect_noise((400, 300), 80).save(picture, "PNG")
    parts = join(Settings(home=str(town / "home")))
    try:
        photo = store_photo(parts.files, picture.getvalue(), parts.book.in_force().settings)

        def report(tx) -> str:
            subject = f"report/{tx.new_id()}"
            vault_keep(tx, "contact", subject, b'{"name":"Ou Yangfei","phone":"13900112233"}', keep_days=365)
            keep_photo(tx, photo, subject, keep_days=365)
            return subject

        subject = parts.writer.whole(report)
    finally:
        parts.close()
    assert call(town / "home", "backup", "make", "--to", str(town / "backup"))[0] == 0
    return [subject], b"13900112233", photo.salt


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
