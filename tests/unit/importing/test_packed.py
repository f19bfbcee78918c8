"""Archives that are traps: bombs, and parts that lead out."""

import zipfile

import pytest

from cityloop.doors.files.model import FileUnreadable
from cityloop.doors.files.read.packed import RATIO_FROM, looked_at


def archive(path, parts):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, raw in parts.items():
            packed.writestr(name, raw)
    return path


def test_an_ordinary_workbook_is_none(tmp_path):
    looked_at(archive(tmp_path / "a.xlsx", {"xl/workbook.xml": b"<a/>" * 1000, "[Content_Types].xml": b"<b/>"}))


def test_a_bomb_is_not_opened(tmp_path):
    """Some kilobytes that unpack to a hundred megabytes."""
    path = archive(tmp_path / "bomb.xlsx", {"xl/sharedStrings.xml": bytes(RATIO_FROM + 1)})
    assert path.stat().st_size < 1_000_000
    with pytest.raises(FileUnreadable, match="unpacks to"):
        looked_at(path)


@pytest.mark.parametrize("name", ["../../etc/cron.d/a", "/etc/passwd", "a/../../b.shp", "..\\b.shp", "C:\\b.shp"])
def test_a_part_that_leads_out_is_refused(tmp_path, name):
    with pytest.raises(FileUnreadable, match="outside"):
        looked_at(archive(tmp_path / "slip.zip", {name: b"x"}))


def test_many_parts_are_refused(tmp_path):
    with pytest.raises(FileUnreadable, match="parts"):
        looked_at(archive(tmp_path / "many.zip", {f"{each}": b"" for each in range(10_001)}))


def test_what_is_no_archive_says_so(tmp_path):
    path = tmp_path / "no.xlsx"
    path.write_bytes(b"PK\x03\x04 not really")
    with pytest.raises(FileUnreadable, match="can be opened"):
        looked_at(path)
